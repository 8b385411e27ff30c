import { createHash } from 'node:crypto';
import { attentionAttributes, claimItem, recordItem, rejectionKey } from '../../../../lambda/adapters/usage/items';
import { UsageRecord } from '../../../../lambda/domain/usage/intake/usage-record';
import { INDEX_SHARDS } from '../../../../src/names';

const DAY_SECONDS = 24 * 3600;
/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html, and 100 bytes for the storage of an item. */
const sizeOf = (item: object) => Object.entries(item).filter(([, value]) => value !== undefined).reduce(
  (bytes, [name, value]) => bytes + name.length + (typeof value === 'number' ? Math.ceil(String(value).length / 2) + 1 : String(value).length), 100,
);
const RECORD: UsageRecord = {
  id: '0d6cf6c4-9f0f-4d5b-8a3e-0a4d7f8f2f11',
  bucket: { licenseId: `l-${'a'.repeat(32)}`, dimension: 'ApiCalls', hour: '2026-11-23T09' },
  units: { amount: '12' },
  quantity: '12',
  time: '2026-11-23T09:41:07.000Z',
  receivedAt: Date.parse('2026-11-23T09:41:12.015Z'),
};

test('a record and its claim take no more room than the benchmark page calculates with', () => {
  expect([sizeOf(recordItem(RECORD)), sizeOf(claimItem(RECORD))]).toEqual([304, 305]);
});

test('a claim outlives every message of a queue, and a record outlives its claim', () => {
  const received = Math.ceil(RECORD.receivedAt / 1000);
  expect(claimItem(RECORD).expiresAt).toBe(received + 60 * DAY_SECONDS);
  expect(recordItem(RECORD).expiresAt).toBe(received + 400 * DAY_SECONDS);
});

test('a flood of rejected records of one license spreads over all partitions of the index for people', () => {
  const counts = new Map<unknown, number>();
  for (let i = 0; i < 1_000; i++) {
    const key = rejectionKey({ licenseId: RECORD.bucket.licenseId, key: createHash('sha256').update(String(i)).digest('hex') });
    const { attentionShard } = attentionAttributes('REJECTED_RECORD', key, RECORD.receivedAt);
    counts.set(attentionShard, (counts.get(attentionShard) ?? 0) + 1);
  }
  expect(counts.size).toBe(INDEX_SHARDS);
  expect(Math.max(...counts.values())).toBeLessThan(1.3 * 1_000 / INDEX_SHARDS);
});
