import { HOUR_MS, hourOf, MINUTE_MS } from '../../../lambda/domain/usage/ledger/hour';
import { METRICS } from '../../../src/names';
import { unfinished, violations } from '../../support/ledger/invariants';
import { DIMENSIONS, LICENSE, LedgerFixture } from '../../support/ledger/ledger-fixture';

const OTHER = 'l-bbbb2222';

/** Two buyers and a run every five minutes; hours without usage are reported. */
class ReportingLedger extends LedgerFixture {
  constructor() {
    super({ rules: { reportZeroUsage: true }, dimensions: DIMENSIONS });
    this.subscribe(OTHER);
  }

  /** What alarms look at, over so many hours. */
  async live(hours: number) {
    const { counts } = this.metrics;
    const before = new Map(counts);
    const calls = this.api.calls.length;
    let highestAge = 0;
    for (const end = this.now + hours * HOUR_MS; this.now < end;) {
      const started = this.now;
      await this.run();
      highestAge = Math.max(highestAge, await this.pendingAge());
      this.now = started + 5 * MINUTE_MS;
    }
    const since = ({ name }: { readonly name: string }) => (counts.get(name) ?? 0) - (before.get(name) ?? 0);
    return {
      calls: this.api.calls.length - calls,
      highestAge,
      notAccepted: since(METRICS.METERING_RECORDS_NOT_ACCEPTED),
      configurationErrors: since(METRICS.METERING_CONFIGURATION_ERRORS),
      unresolved: since(METRICS.METERING_RECORDS_UNRESOLVED),
    };
  }
}

const NO_ALARM = { highestAge: 0, notAccepted: 0, configurationErrors: 0, unresolved: 0 };

test('a buyer whom AWS suspended and who used nothing raises no alarm, and costs one call a day', async () => {
  const world = new ReportingLedger();
  await world.live(2);
  world.api.notSubscribed.add(LICENSE);
  expect(await world.live(48)).toMatchObject(NO_ALARM);
  const refused = world.api.calls.flat().filter(({ licenseArn, timestamp }) => licenseArn.endsWith(LICENSE) && timestamp >= Date.parse('2026-11-23T07:00:00Z'));
  expect(refused.length).toBeLessThanOrEqual(3 * DIMENSIONS.length);
  expect(world.billed(hourOf(world.now - 2 * HOUR_MS), 'ApiCalls', OTHER)).toBe(0);
  expect([...violations(world), ...unfinished(world)]).toEqual([]);
});

test('usage of a suspended buyer stays pending, is counted, and is billed when the suspension ends', async () => {
  const world = new ReportingLedger();
  await world.live(2);
  world.api.notSubscribed.add(LICENSE);
  await world.live(2);
  await world.report(7);
  const { highestAge, notAccepted } = await world.live(8);
  expect(highestAge).toBeGreaterThan(6 * 3600);
  expect(notAccepted).toBeGreaterThan(0);
  expect(notAccepted).toBeLessThan(14);
  world.api.notSubscribed.clear();
  await world.live(2);
  expect(world.api.total(LICENSE)).toBe(7);
  expect(await world.pendingAge()).toBe(0);
  expect([...violations(world), ...unfinished(world)]).toEqual([]);
});

test('a dimension that is not in a buyer\'s offer raises no alarm while it has no usage', async () => {
  const world = new ReportingLedger();
  world.api.refuses = ({ licenseArn, dimension }) =>
    (dimension === 'Units' && licenseArn.endsWith(LICENSE) ? 'InvalidUsageDimensionException' : undefined);
  expect(await world.live(6)).toMatchObject(NO_ALARM);
  expect(world.api.calls.flat().filter(({ licenseArn, dimension }) => dimension === 'Units' && licenseArn.endsWith(LICENSE)).length).toBeLessThan(6);
  const hour = hourOf(world.now - 2 * HOUR_MS);
  expect({ sameBuyer: world.billed(hour), otherBuyer: world.billed(hour, 'Units', OTHER) }).toEqual({ sameBuyer: 0, otherBuyer: 0 });
  expect([...violations(world), ...unfinished(world)]).toEqual([]);
});

test('zero records are sent again a day after AWS refused one, so that a dimension that was added is noticed', async () => {
  const world = new ReportingLedger();
  world.api.refuses = ({ dimension }) => (dimension === 'Units' ? 'InvalidUsageDimensionException' : undefined);
  await world.live(3);
  world.api.refuses = () => undefined;
  await world.live(26);
  expect(world.billed(hourOf(world.now - 2 * HOUR_MS), 'Units')).toBe(0);
});
