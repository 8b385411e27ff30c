import { MINUTE_MS } from '../../../lambda/domain/usage/ledger/hour';
import { METRICS } from '../../../src/names';
import { balance, unfinished, violations } from '../../support/ledger/invariants';
import { DIMENSIONS, LICENSE, SILENT, LedgerFixture } from '../../support/ledger/ledger-fixture';

/** Eighty licenses with usage in each of the coming hours. */
class BusyLedger extends LedgerFixture {
  readonly licenses = Array.from({ length: 80 }, (_each, index) => `l-${String(index).padStart(4, '0')}`);

  constructor() {
    super();
    this.licenses.forEach((license) => this.subscribe(license));
  }

  /** Hours of life: usage, and a run every `minutes`. */
  async live(hours: number, minutes = 20): Promise<void> {
    for (let hour = 0; hour < hours; hour += 1) {
      const start = this.now;
      for (const license of this.licenses) await this.report(1, { license, time: new Date(start).toISOString() });
      for (let minute = 0; minute < 60; minute += minutes) {
        this.now = start + minute * MINUTE_MS + 10 * MINUTE_MS;
        await this.run();
      }
      this.now = start + 60 * MINUTE_MS;
    }
  }

  sum(part: 'accepted' | 'metered' | 'pending' | 'unresolved' | 'rejected'): number {
    return this.licenses.reduce((sum, license) => sum + Number(balance(this, license)[part]), 0);
  }
}

describe('while Marketplace does not answer', () => {
  test('one record at a time is sent, and all others stay certainly unsent', async () => {
    const world = new BusyLedger();
    await world.live(1);
    world.at('2026-11-23T06:10:00Z').api.outage = 'DOWN';
    await world.run();
    expect(world.store.probe).toBeDefined();
    await world.at('2026-11-23T06:15:00Z').run();
    await world.at('2026-11-23T06:20:00Z').run();
    const sent = new Set(world.api.calls.flat().map(({ licenseArn }) => licenseArn));
    expect(world.api.calls.map((call) => call.length)).toEqual([25, ...Array.from({ length: world.api.calls.length - 1 }, () => 1)]);
    expect(sent.size).toBe(25);
    expect(world.api.calls.length).toBeLessThan(12);
    world.api.outage = undefined;
    await world.at('2026-11-23T06:25:00Z').run();
    expect(world.store.probe).toBeUndefined();
    expect(world.api.accepted.size).toBe(80);
    expect([...violations(world), ...unfinished(world)]).toEqual([]);
  });

  test('one record at a time is sent while the answers of Marketplace mention none of the records', async () => {
    const world = new BusyLedger();
    await world.live(1);
    world.at('2026-11-23T06:10:00Z').api.outage = 'SILENT';
    await world.run();
    expect(world.store.probe).toBeDefined();
    expect(world.api.calls.map((call) => call.length)).toEqual([25, 1, 1]);
    world.api.outage = undefined;
    await world.at('2026-11-23T06:15:00Z').run();
    expect(world.api.accepted.size).toBe(80);
    expect([...violations(world), ...unfinished(world)]).toEqual([]);
  });

  test('a record answered in an unknown word delays no other', async () => {
    const world = new BusyLedger();
    await world.live(1);
    world.at('2026-11-23T06:10:00Z').api.faults.push('STRANGE');
    await world.run();
    expect(world.store.probe).toBeUndefined();
    expect(world.api.calls.map((call) => call.length)).toEqual([25, 25, 25, 5]);
    await world.at('2026-11-23T06:15:00Z').run();
    expect([...violations(world), ...unfinished(world)]).toEqual([]);
  });

  test.each(['THROTTLED', 'UNREACHABLE'] as const)('few outcomes are unknown while most calls do not get through (%s)', async (most) => {
    const world = new BusyLedger();
    for (let hour = 0; hour < 6; hour += 1) {
      for (const license of world.licenses) await world.report(1, { license });
      world.now += 60 * MINUTE_MS;
    }
    world.now += 10 * MINUTE_MS;
    for (let call = 0; call < 3000; call += 1) world.api.faults.push(call % 10 === 3 ? 'DOWN' : most);
    for (let run = 0; run < 5; run += 1) {
      await world.run();
      world.now += 5 * MINUTE_MS;
    }
    const unknown = [...world.store.partitions.values()].filter(({ meta }) => meta!.intent !== undefined);
    expect(unknown.length).toBeGreaterThan(0);
    expect(unknown.length).toBeLessThan(40);
    world.api.faults.length = 0;
    await world.run();
    expect(world.api.accepted.size).toBe(480);
    expect([...violations(world), ...unfinished(world)]).toEqual([]);
  });

  test('a refusal does not show that calls are answered again', async () => {
    const world = new BusyLedger();
    await world.live(1);
    world.at('2026-11-23T06:10:00Z').api.outage = 'DOWN';
    await world.run();
    world.api.outage = undefined;
    world.api.refuses = () => 'InvalidUsageDimensionException';
    await world.at('2026-11-23T06:15:00Z').run();
    expect(world.store.probe).toBeDefined();
    expect(world.api.calls.filter((call) => call.length > 1)).toHaveLength(1);
  });

  test('a single failure costs nothing but a moment', async () => {
    const world = new BusyLedger();
    await world.live(1);
    world.at('2026-11-23T06:10:00Z').api.faults.push('DOWN');
    await world.run();
    expect(world.api.accepted.size).toBe(80);
    expect(world.store.probe).toBeUndefined();
  });

  test.each(['DOWN', 'LOST'] as const)('an outage of three days carries nearly all usage into the hour that is open after it (%s)', async (outage) => {
    const world = new BusyLedger();
    await world.live(2);
    world.api.outage = outage;
    await world.live(72);
    world.api.outage = undefined;
    await world.live(3);
    await world.runUntil(new Date(world.now + 130 * MINUTE_MS).toISOString(), 20);
    expect([...violations(world), ...unfinished(world)]).toEqual([]);
    expect(world.sum('rejected')).toBe(0);
    // the records of the first call, and a few probes that grew too old: to be looked up in CloudTrail
    expect(world.metrics.counts.get(METRICS.METERING_RECORDS_UNRESOLVED.name)).toBeLessThanOrEqual(25 + 5);
    expect(world.sum('metered')).toBe(world.sum('accepted') - world.sum('unresolved') - world.sum('pending'));
    expect(world.sum('metered')).toBeGreaterThan(0.97 * 77 * 80);
  }, 60_000);

  test('usage of an hour that was tried is not carried: its outcome is unknown', async () => {
    const world = new LedgerFixture();
    await world.report(3);
    world.at('2026-11-23T06:10:00Z').api.outage = 'LOST';
    await world.run();
    await world.at('2026-11-24T04:00:00Z').run();
    world.api.outage = undefined;
    await world.runUntil('2026-11-24T08:00:00Z');
    expect(world.state('2026-11-23T05')).toBe('UNRESOLVED');
    expect(world.api.total()).toBe(3);
    expect(balance(world, LICENSE)).toMatchObject({ unresolved: '3', pending: '0' });
  });

  test.each(['LOST', 'DOWN'] as const)('an hour of 0 that was tried (%s) is no case for a person: taken or not, it comes to the same', async (outage) => {
    const world = new LedgerFixture({ rules: { reportZeroUsage: true } });
    await world.report(50, { dimension: undefined, metric: 'BackupGb' });
    world.at('2026-11-23T06:10:00Z').api.outage = outage;
    await world.run();
    const quantities = ['ApiCalls', 'Units'].map((dimension) => world.partition('2026-11-23T05', dimension)!.meta);
    expect(quantities).toMatchObject([{ state: 'FROZEN', frozen: { quantity: 0 } }, { state: 'FROZEN', frozen: { quantity: 0 } }]);
    world.api.outage = undefined;
    await world.at('2026-11-24T05:30:00Z').run();
    for (const dimension of ['ApiCalls', 'Units']) {
      const { state, reason, intent, dueAt } = world.partition('2026-11-23T05', dimension)!.meta!;
      expect({ state, reason, intent, dueAt }).toEqual({ state: 'REFUSED', reason: 'HourTooOld', intent: undefined, dueAt: undefined });
    }
    await world.report(3, { time: '2026-11-23T05:30:00Z' });
    await world.report(50, { dimension: undefined, metric: 'BackupGb' });
    await world.runUntil('2026-11-24T06:30:00Z');
    expect([world.billed('2026-11-24T05'), world.billed('2026-11-24T05', 'Units'), world.api.total()]).toEqual([3, 1, 4]);
    expect(world.metrics.counts.get(METRICS.METERING_RECORDS_UNRESOLVED.name)).toBeUndefined();
    expect([...violations(world), ...unfinished(world)]).toEqual([]);
  });

  test('a zero record that AWS calls too old after it was tried is not an hour for a person', async () => {
    const world = new LedgerFixture({ rules: { reportZeroUsage: true }, dimensions: DIMENSIONS.slice(0, 1) });
    world.at('2026-11-23T06:10:00Z').api.faults.push('LOST');
    world.api.refuses = () => world.api.calls.length > 1 ? 'TimestampOutOfBoundsException' : undefined;
    await world.runUntil('2026-11-23T06:40:00Z');
    expect(world.partition('2026-11-23T05')!.meta).toMatchObject({ state: 'REFUSED', reason: 'TimestampOutOfBoundsException', dueAt: undefined });
    expect(world.metrics.counts.get(METRICS.METERING_RECORDS_UNRESOLVED.name)).toBeUndefined();
    expect([...violations(world), ...unfinished(world)]).toEqual([]);
  });
});

test('usage of a license that AWS never named is counted by itself, and does not hide the age of other usage', async () => {
  const world = new LedgerFixture();
  await world.report(3, { license: 'l-mistyped' });
  await world.report(3);
  await world.at('2026-11-23T23:00:00Z').run();
  expect(await world.pendingAge()).toBe(0);
  const counted = () => world.metrics.counts.get(METRICS.USAGE_WAITING_FOR_UNKNOWN_LICENSE.name);
  expect(counted()).toBe(1);
  await world.at('2026-11-25T05:10:00Z').run();
  expect(counted()).toBe(2);
  expect(await world.pendingAge()).toBe(0);
});

test('a bucket that has given away more than it got is reported', async () => {
  const log = { ...SILENT, error: jest.fn() };
  const world = new LedgerFixture({ log });
  await world.report(3);
  await world.at('2026-11-23T06:10:00Z').run();
  await world.report(4, { time: '2026-11-23T05:40:00Z' });
  world.partition('2026-11-23T05')!.records.clear();
  await world.run();
  expect(log.error).toHaveBeenCalledWith(expect.stringContaining('given away more'), { bucket: `${LICENSE}#ApiCalls#2026-11-23T05` });
});

test('a run without time does not look at the licenses that end', async () => {
  const looks: string[] = [];
  const world = new LedgerFixture({ gate: { pass: async (operation) => { looks.push(operation); } } });
  world.end();
  await world.metering().runAll(world.now);
  expect(looks).not.toContain('listDueOfLicense');
});

test('the age of the oldest pending usage is that of its hour, for alarms at 6 and at 20 hours', async () => {
  const world = new LedgerFixture();
  await world.report(3);
  world.api.outage = 'THROTTLED';
  await world.at('2026-11-23T12:00:00Z').run();
  expect((await world.pendingAge()) / 3600).toBeCloseTo(6, 1);
  await world.at('2026-11-24T02:00:00Z').run();
  expect((await world.pendingAge()) / 3600).toBeCloseTo(20, 1);
});
