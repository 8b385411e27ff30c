import { bucketId, parseBucketId } from '../../../../../lambda/domain/usage/ledger/bucket';

test.each(['ApiCalls', 'Api#Calls', '#', 'Api#Calls#'])('a bucket of the dimension %j is found by its id', (dimension) => {
  const bucket = { licenseId: 'l-1', dimension, hour: '2026-11-23T05' };
  expect(parseBucketId(bucketId(bucket))).toEqual(bucket);
});

test.each(['', 'l-1', 'l-1#2026-11-23T05'])('%j is no id of a bucket', (id) => {
  expect(() => parseBucketId(id)).toThrow(`Not a bucket id: ${id}`);
});
