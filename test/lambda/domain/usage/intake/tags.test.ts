import fc from 'fast-check';
import { Amounts, tagSetOf, tagsOf } from '../../../../../lambda/domain/usage/ledger/amounts';
import { freeze, MAX_ALLOCATIONS, MAX_QUANTITY, MAX_TAG_KEYS } from '../../../../../lambda/domain/usage/ledger/freeze';
import { MeteringRecord } from '../../../../../lambda/domain/usage/ledger/outcome';
import { balance, balances, unfinished, violations } from '../../../../support/ledger/invariants';
import { LICENSE, LedgerFixture } from '../../../../support/ledger/ledger-fixture';

function allocations(record: MeteringRecord): Record<string, number> {
  return Object.fromEntries(record.allocations!.map(({ quantity, tags }) => [tags.map((pair) => pair.join('=')).join(',') || 'untagged', quantity]));
}

describe('usage with tags', () => {
  test('usage with tags is sent as one allocation for each tag set, and one for usage without tags', async () => {
    const world = new LedgerFixture();
    await world.report(3, { tags: { team: 'red', env: 'prod' } });
    await world.report(4, { tags: { env: 'prod', team: 'red' } });
    await world.report(5, { tags: { team: 'blue' } });
    await world.report(2);
    await world.at('2026-11-23T06:10:00Z').run();
    const [[record]] = world.api.calls;
    expect(record.quantity).toBe(14);
    expect(allocations(record)).toEqual({ 'env=prod,team=red': 7, 'team=blue': 5, 'untagged': 2 });
  });

  test('usage with tags is sent without allocations when there are no tags', async () => {
    const world = new LedgerFixture();
    await world.report(3);
    await world.at('2026-11-23T06:10:00Z').run();
    expect(world.api.calls[0][0]).not.toHaveProperty('allocations');
  });

  test('keeps its tags when it is carried to a later hour', async () => {
    const world = new LedgerFixture();
    await world.report(3, { tags: { team: 'red' } });
    await world.at('2026-11-23T06:10:00Z').run();
    await world.report(2, { time: '2026-11-23T05:10:00Z', tags: { team: 'blue' } });
    await world.runUntil('2026-11-23T07:20:00Z');
    expect(allocations(world.api.calls[1][0])).toEqual({ 'team=blue': 2 });
    expect([...violations(world), ...unfinished(world)]).toEqual([]);
  });

  test('usage with tags is split by tag set also when each hour has only fractions of a unit', async () => {
    const world = new LedgerFixture();
    for (let hour = 6; hour < 18; hour += 1) {
      world.at(`2026-11-23T${String(hour).padStart(2, '0')}:30:00Z`);
      await world.report('0.5', { tags: { team: 'red' } });
      await world.report('0.25', { tags: { team: 'blue' } });
      await world.report('0.25', { tags: { team: 'green' } });
      await world.run();
    }
    await world.runUntil('2026-11-23T19:00:00Z');
    const sums: Record<string, number> = {};
    for (const call of world.api.calls) {
      for (const [set, units] of Object.entries(allocations(call[0]))) sums[set] = (sums[set] ?? 0) + units;
    }
    expect(sums).toEqual({ 'team=red': 6, 'team=blue': 3, 'team=green': 3 });
  });

  test('usage with tags is sent with the same allocations in each attempt', async () => {
    const world = new LedgerFixture();
    await world.report(3, { tags: { team: 'red' } });
    await world.report(3, { tags: { team: 'blue' } });
    world.at('2026-11-23T06:10:00Z').api.faults.push('DOWN', 'LOST', 'THROTTLED');
    await world.run();
    await world.report(9, { time: '2026-11-23T05:10:00Z', tags: { team: 'green' } });
    await world.run();
    expect(violations(world)).toEqual([]);
    expect(world.billed('2026-11-23T05')).toBe(6);
  });

  test('above the largest quantity of a record is sent in several hours without a loss', async () => {
    const world = new LedgerFixture();
    await world.report(2_000_000_000, { tags: { team: 'red' } });
    await world.report(2_000_000_000, { tags: { team: 'blue' } });
    await world.runUntil('2026-11-23T09:00:00Z');
    expect(world.api.total()).toBe(4_000_000_000);
    expect([...violations(world), ...unfinished(world)]).toEqual([]);
    expect(balances(balance(world, LICENSE))).toBe(true);
  });

  test('usage with more tag sets than a record can have is billed without some of its tags', async () => {
    const world = new LedgerFixture();
    for (let index = 0; index < MAX_ALLOCATIONS + 100; index += 1) await world.report(index < 100 ? 1 : 2, { tags: { customer: `c${index}` } });
    await world.runUntil('2026-11-23T08:00:00Z');
    const [[record]] = world.api.calls;
    expect(record.quantity).toBe(100 + 2 * MAX_ALLOCATIONS);
    expect(record.allocations!.length).toBeLessThanOrEqual(MAX_ALLOCATIONS);
    expect(record.allocations!.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(record.quantity);
    expect(world.api.calls).toHaveLength(1);
    expect(unfinished(world)).toEqual([]);
  });
});

test('the allocations of any frozen quantity sum to it and respect every limit of the API', () => {
  const key = fc.constantFrom('team', 'env', 'app', 'owner', 'stage', 'zone', 'x'.repeat(100));
  const tags = fc.dictionary(key, fc.oneof(fc.stringMatching(/^[a-z]{1,3}$/), fc.constant('v'.repeat(256))), { maxKeys: 5 });
  const units = fc.oneof(
    fc.integer({ min: 0, max: 30 }).map(String), fc.integer({ min: -300, max: 3000 }).map((n) => (n / 100).toFixed(2)), fc.constantFrom('2147483647', '1e12'),
  );
  fc.assert(fc.property(fc.array(fc.tuple(tags, units), { maxLength: 60 }), (parts) => {
    const content = Amounts.sum(parts.map(([set, amount]) => [tagSetOf(set), amount]));
    if (content.total().lt(0)) return;
    const frozen = freeze(content);
    expect(frozen.quantity).toBeLessThanOrEqual(Math.min(MAX_QUANTITY, content.total().toNumber()));
    expect(frozen.quantity).toBe(Math.min(MAX_QUANTITY, Math.floor(content.total().toNumber())));
    const shares = Object.entries(frozen.allocations ?? {});
    if (content.hasTags()) expect(shares.reduce((sum, [, share]) => sum + share, 0)).toBe(frozen.quantity);
    expect(shares.every(([, share]) => Number.isInteger(share) && share > 0 && share <= MAX_QUANTITY)).toBe(true);
    const keys = new Set(shares.flatMap(([set]) => tagsOf(set).map(([name]) => name)));
    expect(keys.size).toBeLessThanOrEqual(MAX_TAG_KEYS);
    expect(shares.length).toBeLessThanOrEqual(MAX_ALLOCATIONS);
  }), { numRuns: 2000 });
});
