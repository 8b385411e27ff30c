import { bisect, fittingCount, MAX_CALL_BYTES, MAX_RECORDS, newLicensesPerCall, recordBytes } from '../../../../../lambda/domain/usage/ledger/batching';
import { MeteringRecord } from '../../../../../lambda/domain/usage/ledger/outcome';

function record(change: Partial<MeteringRecord> = {}): MeteringRecord {
  return { licenseArn: 'a'.repeat(40), customerAwsAccountId: '111122223333', dimension: 'ApiCalls', timestamp: 0, quantity: 1, ...change } as MeteringRecord;
}
/** A record of about this many bytes in a call. */
function big(bytes: number): MeteringRecord {
  return record({ allocations: [{ quantity: 1, tags: [['key', 'v'.repeat(bytes)]] }] });
}

test('a call has at most 25 records, of which each takes under 1 MB together', () => {
  expect([MAX_RECORDS, MAX_CALL_BYTES]).toEqual([25, 1_000_000]);
  expect(fittingCount([])).toBe(0);
  expect(fittingCount(Array.from({ length: 24 }, () => record()))).toBe(24);
  expect(fittingCount(Array.from({ length: 30 }, () => record()))).toBe(25);
});

test('what does not fit any more goes into the next call, and one record goes into a call however large it is', () => {
  expect(fittingCount([big(400_000), big(400_000), big(400_000)])).toBe(2);
  expect(fittingCount([big(2_000_000), record()])).toBe(1);
});

test('the size of a call is counted to the byte', () => {
  const one = record();
  const rest = MAX_CALL_BYTES - 100 - recordBytes(one);
  const exact = rest - recordBytes(big(0));
  expect(fittingCount([one, big(exact)])).toBe(2);
  expect(fittingCount([one, big(exact + 1)])).toBe(1);
});

test('records of another product or region go into another call', () => {
  expect(fittingCount([record(), record(), record({ region: 'us-west-2' }), record()])).toBe(2);
});

test('a record takes what its names, allocations and tags take, in bytes of UTF-8 and JSON', () => {
  expect(recordBytes(record())).toBe(260 + 40 + 8);
  expect(recordBytes({ productCode: 'p', customerIdentifier: 'c'.repeat(12), dimension: 'Käse', timestamp: 0, quantity: 1 })).toBe(260 + 12 + 5);
  expect(recordBytes(record({ allocations: [{ quantity: 1, tags: [] }, { quantity: 1, tags: [['k', 'v"'], ['k2', 'v']] }] })))
    .toBe(308 + 60 + 60 + (30 + 3 + 5) + (30 + 4 + 3));
});

test.each([[0, 0, 25], [500, 0, 25], [0, 1, 1], [1, 1, 1], [3, 1, 2], [9, 1, 6], [19, 1, 13], [99, 1, 25]])(
  'with %d licenses taken and %d refused, %d new ones share a call', (taken, refused, expected) => {
    expect(newLicensesPerCall(taken, refused)).toBe(expected);
  });

test('a refused call is halved, the first half being the larger one', () => {
  expect([bisect([1, 2, 3, 4, 5]), bisect([1, 2]), bisect([1])]).toEqual([[[1, 2, 3], [4, 5]], [[1], [2]], [[1], []]]);
});
