import { indexQuery, query } from '../../../../lambda/adapters/aws/query';
import { Item } from '../../../../lambda/adapters/usage/items';
import { rejectedRecord, RejectionReason } from '../../../../lambda/domain/usage/intake/rejection';
import { INDEX_SHARDS, UsageIndex } from '../../../../src/names';
import { LocalDynamo, startDynamo } from '../../../support/dynoxide';
import { collect, tableStores } from '../../../support/ledger/table-stores';

const NOW = Date.parse('2026-11-23T06:10:00Z');

let dynamo: LocalDynamo;
beforeAll(async () => { dynamo = await startDynamo(); });
afterAll(async () => dynamo.stop());

test.each([
  ['a letter', '{'],
  ['the largest message', `[${'{"id":1},'.repeat(116_000)}`],
  ['characters of four bytes, at an odd place', `{"records":[${'\u{1F4B6}é'.repeat(80_000)}`],
])('the original of a rejected record is stored complete: %s', async (_name, original) => {
  const { intake, table } = await tableStores(dynamo);
  const rejection = rejectedRecord(original, { reason: RejectionReason.INVALID_JSON, message: 'm' }, NOW, { licenseId: 'l-1' });
  expect(await intake.reject(rejection, [])).toBe(true);
  expect(await intake.reject(rejection, [])).toBe(false);
  const items = await collect(table.query({
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)', ExpressionAttributeValues: { ':pk': 'X#l-1', ':sk': rejection.key },
  }));
  expect(items.map((item) => item.original).join('') === original).toBe(true);
  // people list rejections by the index, which does not repeat what may be large
  const listed = (await Promise.all(Array.from({ length: INDEX_SHARDS }, async (_each, shard) =>
    collect(query<Item>(dynamo.documentClient, indexQuery(table.tableName, UsageIndex.ATTENTION, `REJECTED_RECORD#${shard}`)))))).flat();
  expect(listed).toEqual([expect.objectContaining({ pk: 'X#l-1', sk: rejection.key, licenseId: 'l-1', reason: 'InvalidJson', message: 'm' })]);
  expect(Object.keys(listed[0])).not.toContain('original');
  expect(items[0].originalContinues).toBe(items.length > 1 ? items.length - 1 : undefined);
});
