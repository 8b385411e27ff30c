import * as fc from 'fast-check';
import { hourOf, hourStart } from '../../../lambda/domain/usage/ledger/hour';
import { DetailType } from '../../../src/names';
import { unfinished, violations } from '../../support/ledger/invariants';
import { LICENSE, LedgerFixture, LedgerFixtureOptions, overage } from '../../support/ledger/ledger-fixture';

/** Any key will do: the ledger does not look into it. */
const FORMER = 'l-former';
/** The hour that is metered in neither way. */
const BETWEEN = '2026-11-23T06';
const FROM = '2026-11-23T07';

/** A buyer who is migrated at 06:00. */
function migrating(options: LedgerFixtureOptions = {}): LedgerFixture {
  const world = new LedgerFixture(options).at('2026-11-23T05:10:00Z');
  world.subscribe(FORMER, { meteredUntil: BETWEEN, continuesAs: LICENSE });
  world.subscribe(LICENSE, { meteredFrom: FROM, migratedFrom: FORMER });
  return world;
}

/** Hours that were sent, zero records included. */
const sentHours = (world: LedgerFixture, licenseId: string) => [...world.api.sent.keys()]
  .filter((key) => key.startsWith(`${licenseId}#`)).map((key) => key.slice(-13)).sort();

function sound(world: LedgerFixture): void {
  expect([...violations(world), ...unfinished(world)]).toEqual([]);
  expect(sentHours(world, FORMER).filter((hour) => hour >= BETWEEN)).toEqual([]);
  expect(sentHours(world, LICENSE).filter((hour) => hour < FROM)).toEqual([]);
}

test('usage under either key is billed once: before the cut-over under the one, from an hour after it under the other', async () => {
  const world = migrating();
  await world.report(1, { license: FORMER });
  await world.report(2);
  await world.at('2026-11-23T06:20:00Z').report(4, { license: FORMER });
  await world.report(8);
  await world.runUntil('2026-11-23T07:30:00Z');
  await world.report(16, { license: FORMER });
  await world.report(32);
  await world.runUntil('2026-11-23T10:30:00Z');
  expect(world.billed('2026-11-23T05', 'ApiCalls', FORMER)).toBe(1);
  expect([FROM, '2026-11-23T08'].map((hour) => world.billed(hour))).toEqual([2 + 4 + 8 + 32, 16]);
  expect(world.events(DetailType.USAGE_REJECTED)).toEqual([]);
  sound(world);
});

test('usage that is late for the former key is billed by the license', async () => {
  const world = migrating();
  await world.report(1, { license: FORMER });
  await world.runUntil('2026-11-23T09:20:00Z');
  await world.report(5, { license: FORMER, time: '2026-11-23T05:30:00Z' });
  await world.runUntil('2026-11-23T12:30:00Z');
  expect([world.billed('2026-11-23T05', 'ApiCalls', FORMER), world.billed('2026-11-23T09')]).toEqual([1, 5]);
  sound(world);
});

test('an hour of the former key that AWS never took is billed by the license when it is too old', async () => {
  const world = migrating();
  await world.report(3, { license: FORMER });
  world.api.notSubscribed.add(FORMER);
  await world.runUntil('2026-11-24T07:30:00Z', 60);
  expect(world.api.total(FORMER)).toBe(0);
  expect(world.api.total(LICENSE)).toBe(3);
  sound(world);
});

test('an hour whose outcome is unknown is sent again under the key that it was sent under, and billed once', async () => {
  const world = migrating();
  await world.report(3, { license: FORMER });
  world.api.faults.push('LOST');
  await world.runUntil('2026-11-23T09:30:00Z');
  expect([world.api.total(FORMER), world.api.total(LICENSE)]).toEqual([3, 0]);
  sound(world);
});

test('usage of a buyer who leaves after the migration is billed in the final hour, or rejected with its reason', async () => {
  const world = migrating();
  await world.runUntil('2026-11-23T09:20:00Z');
  await world.report(5, { license: FORMER });
  world.end(LICENSE);
  await world.runUntil('2026-11-23T12:30:00Z');
  const rejected = world.events(DetailType.USAGE_REJECTED).reduce((sum, { detail }) => sum + Number(detail.quantity), 0);
  expect(world.api.total(LICENSE) + rejected).toBe(5);
  sound(world);
});

test('both keys draw on one entitlement: the month of the migration has no second one', async () => {
  const world = migrating({ dimensions: overage('MONTH') });
  for (const licenseId of [FORMER, LICENSE]) {
    world.entitlements.grant(Date.parse('2026-11-01T00:00:00Z'), 10, { licenseId });
  }
  await world.report(8, { license: FORMER });
  await world.runUntil('2026-11-23T07:20:00Z');
  await world.report(5);
  await world.runUntil('2026-11-23T09:30:00Z');
  expect([world.api.total(FORMER), world.api.total(LICENSE)]).toEqual([0, 3]);
});

test('whatever is reported when, under whichever key, each unit is billed once and no hour in both ways', async () => {
  const usage = fc.record({
    minute: fc.integer({ min: 0, max: 300 }), age: fc.constantFrom(0, 20, 90, 2000), quantity: fc.integer({ min: 1, max: 9 }), former: fc.boolean(),
  });
  await fc.assert(fc.asyncProperty(fc.array(usage, { maxLength: 12 }), fc.array(fc.constantFrom('LOST', 'DOWN', 'THROTTLED'), { maxLength: 2 }), async (all, faults) => {
    const world = migrating();
    world.api.faults.push(...faults);
    const start = world.now;
    for (const { minute, age, quantity, former } of [...all].sort((a, b) => a.minute - b.minute)) {
      const at = start + minute * 60_000;
      await world.runUntil(new Date(at).toISOString(), 20);
      const time = new Date(at - age * 60_000).toISOString();
      await world.report(quantity, { time, license: former ? FORMER : LICENSE });
    }
    await world.runUntil('2026-11-24T16:00:00Z', 30);
    expect(world.api.total(FORMER) + world.api.total(LICENSE)).toBe(all.reduce((sum, { quantity }) => sum + quantity, 0));
    const hours = new Set([...sentHours(world, FORMER), ...sentHours(world, LICENSE)].map((hour) => hourOf(hourStart(hour))));
    expect(hours.has(BETWEEN)).toBe(false);
    sound(world);
  }), { numRuns: 60 });
});
