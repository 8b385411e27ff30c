import { MINUTE_MS } from '../../../lambda/domain/usage/ledger/hour';
import { SHARED_INTENT } from '../../../lambda/domain/usage/ledger/ledger';
import { DetailType, METRICS } from '../../../src/names';
import { Interleaving } from '../../support/ledger/interleaving';
import { unfinished, violations } from '../../support/ledger/invariants';
import { arn, DIMENSIONS, LICENSE, LedgerFixture } from '../../support/ledger/ledger-fixture';

async function withLicenses(count: number, change: ConstructorParameters<typeof LedgerFixture>[0] = {}): Promise<LedgerFixture> {
  return new LedgerFixture(change).withLicenses(count);
}

function sizes(world: LedgerFixture): number[] {
  return world.api.calls.map((call) => call.length);
}

describe('calls', () => {
  test('calls are full: 25 records, over licenses and hours', async () => {
    const world = await withLicenses(60);
    await world.run();
    expect(sizes(world)).toEqual([25, 25, 10]);
    expect(world.api.accepted.size).toBe(60);
    expect(world.api.calls[0][0]).toEqual({
      licenseArn: arn('l-0000'), customerAwsAccountId: '111122223333', dimension: 'ApiCalls', timestamp: Date.parse('2026-11-23T05:00:00Z'), quantity: 1,
    });
  });

  test('carry the oldest hours first', async () => {
    const world = new LedgerFixture();
    for (const hour of ['08', '06', '09', '05', '07']) await world.at(`2026-11-23T${hour}:30:00Z`).report(1);
    await world.at('2026-11-23T12:00:00Z').run();
    expect(world.api.calls[0].map(({ timestamp }) => new Date(timestamp).getUTCHours())).toEqual([5, 6, 7, 8, 9]);
  });

  test.each([1, 4])('calls keep below the rate, with %i at a time', async (lanes) => {
    const world = await withLicenses(25 * 30, { lanes });
    await world.run();
    const { callTimes } = world.api;
    expect(callTimes).toHaveLength(30);
    for (let index = 10; index < callTimes.length; index += 1) expect(callTimes[index] - callTimes[index - 10]).toBeGreaterThanOrEqual(1000);
    expect(callTimes[29] - callTimes[0]).toBeLessThan(3100);
  });

  test('calls are tried again after throttling, later and no larger, and no outcome counts as unknown', async () => {
    const world = await withLicenses(30);
    world.api.faults.push('THROTTLED', 'THROTTLED', 'THROTTLED');
    const before = world.now;
    await world.run();
    expect(sizes(world)).toEqual([25, 25, 25, 25, 5]);
    expect(world.api.accepted.size).toBe(30);
    expect(world.api.callTimes[3] - before).toBeGreaterThan(600);
    expect(world.store.probe).toBeUndefined();
    expect([...violations(world), ...unfinished(world)]).toEqual([]);
  });

  test('calls that are throttled without end are left to the next run', async () => {
    const world = await withLicenses(3);
    world.api.outage = 'THROTTLED';
    await world.run();
    expect(world.api.calls.length).toBeLessThan(10);
    expect(world.metrics.counts.get(METRICS.METERING_RECORDS_NOT_ACCEPTED.name)).toBe(3);
    expect(world.partition('2026-11-23T05', 'ApiCalls', 'l-0001')!.meta).toMatchObject({ state: 'FROZEN', intent: undefined });
    world.api.outage = undefined;
    await world.run();
    expect(world.api.accepted.size).toBe(3);
  });

  test('end in time: what does not fit into the invocation is left, and the next run continues', async () => {
    const world = await withLicenses(25 * 40);
    const report = await world.metering().runAll(world.now + 2000);
    expect(report.finished).toBe(false);
    expect(world.api.accepted.size).toBeLessThan(25 * 25);
    expect(await world.pendingAge()).toBeGreaterThan(599);
    await world.run();
    expect(world.api.accepted.size).toBe(25 * 40);
  });
});

describe('outcomes', () => {
  test('unprocessed records are sent again as they are', async () => {
    const world = await withLicenses(5);
    world.api.faults.push('UNPROCESSED');
    await world.run();
    expect(sizes(world)).toEqual([5, 3]);
    expect(world.api.accepted.size).toBe(5);
    expect(violations(world)).toEqual([]);
  });

  test('usage that AWS answers with not subscribed while the license is active waits, raises an alarm, is tried again, and is carried when its hour is too old', async () => {
    const world = await withLicenses(2);
    world.api.notSubscribed.add('l-0000');
    await world.run();
    expect(world.billed('2026-11-23T05', 'ApiCalls', 'l-0001')).toBe(2);
    expect(world.metrics.counts.get(METRICS.METERING_RECORDS_NOT_ACCEPTED.name)).toBe(1);
    expect(await world.pendingAge()).toBeGreaterThanOrEqual(600);
    await world.at('2026-11-24T05:00:00Z').run();
    world.api.notSubscribed.clear();
    await world.at('2026-11-24T06:10:00Z').run();
    expect(world.billed('2026-11-24T05', 'ApiCalls', 'l-0000')).toBe(1);
    expect([...violations(world), ...unfinished(world)]).toEqual([]);
  });

  test('an hour that somebody else has metered is an alarm of its own, and not claimed', async () => {
    const world = await withLicenses(1);
    world.api.accepted.set('l-0000#ApiCalls#2026-11-23T05', { ...world.api.calls[0]?.[0], quantity: 99 } as never);
    await world.run();
    expect(world.state('2026-11-23T05', 'ApiCalls', 'l-0000')).toBe('UNRESOLVED');
    expect(world.metrics.counts.get(METRICS.METERING_CONFLICTS.name)).toBe(1);
    expect(world.events(DetailType.USAGE_UNRESOLVED).map(({ detail }) => detail.reason)).toEqual(['MeteredElsewhere']);
  });

  test('an hour without usage that somebody else has metered is the same alarm', async () => {
    const world = new LedgerFixture({ rules: { reportZeroUsage: true } });
    world.api.accepted.set(`${LICENSE}#ApiCalls#2026-11-23T05`, { quantity: 99 } as never);
    await world.at('2026-11-23T06:10:00Z').run();
    expect(world.state('2026-11-23T05')).toBe('UNRESOLVED');
    expect(world.metrics.counts.get(METRICS.METERING_CONFLICTS.name)).toBe(1);
  });

  test('an hour of which AWS has another quantity after a crash before the call is an alarm, and not claimed', async () => {
    const meanwhile = new Interleaving();
    const world = new LedgerFixture({ gate: meanwhile });
    await world.report(500);
    world.at('2026-11-23T06:10:00Z');
    const run = meanwhile.start('run', async () => world.run());
    await meanwhile.until(run, 'BatchMeterUsage');
    meanwhile.kill(run);
    world.api.accepted.set(`${LICENSE}#ApiCalls#2026-11-23T05`, { quantity: 0 } as never);
    world.store.lease = undefined;
    await world.run();
    expect(world.partition('2026-11-23T05')!.meta).toMatchObject({ state: 'UNRESOLVED', reason: 'MaybeMeteredElsewhere' });
    expect(world.metrics.counts.get(METRICS.METERING_CONFLICTS.name)).toBe(1);
    expect(world.metrics.counts.get(METRICS.METERING_RECORDS_UNRESOLVED.name)).toBe(1);
    expect(world.events(DetailType.USAGE_UNRESOLVED).map(({ detail }) => detail.reason)).toEqual(['MaybeMeteredElsewhere']);
    await world.store.settle({ licenseId: LICENSE, dimension: 'ApiCalls', hour: '2026-11-23T05' }, 'REFUSED', world.now, world.now);
    await world.run();
    await world.at('2026-11-23T07:10:00Z').run();
    expect(world.billed('2026-11-23T06')).toBe(500);
  });

  test('an hour of 0 of which AWS has another quantity is no case for a person after a crash: nothing is lost with it', async () => {
    const meanwhile = new Interleaving();
    const world = new LedgerFixture({ gate: meanwhile, rules: { reportZeroUsage: true }, dimensions: DIMENSIONS.slice(0, 1) });
    world.at('2026-11-23T06:10:00Z');
    const run = meanwhile.start('run', async () => world.run());
    await meanwhile.until(run, 'BatchMeterUsage', 'after');
    meanwhile.kill(run);
    world.api.identicalIsDuplicate = true;
    world.store.lease = undefined;
    await world.run();
    expect(world.state('2026-11-23T05')).toBe('BILLED');
    expect(world.metrics.counts.get(METRICS.METERING_CONFLICTS.name)).toBeUndefined();
  });

  test.each([false, true])('a send whose answer got lost is sent again, unchanged, and counts once (identical is duplicate: %s)', async (duplicate) => {
    const world = await withLicenses(3);
    world.api.identicalIsDuplicate = duplicate;
    world.api.faults.push('LOST');
    await world.run();
    expect(['l-0000', 'l-0001', 'l-0002'].map((license) => world.state('2026-11-23T05', 'ApiCalls', license))).toEqual(['BILLED', 'BILLED', 'BILLED']);
    expect(world.metrics.counts.get(METRICS.METERING_CONFLICTS.name)).toBeUndefined();
    expect(violations(world)).toEqual([]);
  });
});

describe('a record that sinks its call', () => {
  test('a record that sinks its call is found by halving; the others are billed', async () => {
    const world = await withLicenses(25);
    world.api.poison.set('l-0007#ApiCalls#2026-11-23T05', 'InvalidUsageDimensionException');
    await world.run();
    expect(world.api.accepted.size).toBe(24);
    expect(world.api.calls.length).toBeLessThan(12);
    expect(world.partition('2026-11-23T05', 'ApiCalls', 'l-0007')!.meta)
      .toMatchObject({ state: 'FROZEN', intent: undefined, reason: 'InvalidUsageDimensionException' });
    expect(world.metrics.counts.get(METRICS.METERING_CONFIGURATION_ERRORS.name)).toBe(1);
    world.api.poison.clear();
    world.now += 5 * MINUTE_MS;
    await world.run();
    expect(world.api.accepted.size).toBe(25);
  });

  test('a record that sinks its call is looked for no longer once the outcome of one half is unknown: the other half stays certainly unsent', async () => {
    const world = await withLicenses(4);
    world.api.poison.set('l-0003#ApiCalls#2026-11-23T05', 'InvalidUsageDimensionException');
    world.api.faults.push(undefined as never, 'DOWN', 'DOWN', 'DOWN');
    await world.run();
    expect(sizes(world)).toEqual([4, 2, 1, 1]);
    const intents = ['l-0000', 'l-0001', 'l-0002', 'l-0003'].map((license) => world.partition('2026-11-23T05', 'ApiCalls', license)!.meta!.intent);
    expect(intents.map((intent) => intent !== undefined)).toEqual([true, true, false, false]);
  });

  test('records of one license that AWS refuses are found together, and what is left of a call that it divides is not asked about again', async () => {
    const world = await withLicenses(4);
    await world.report(1, { license: 'l-0003', dimension: 'Units', time: '2026-11-23T05:00:00Z' });
    world.api.refuses = ({ licenseArn }) => (licenseArn === arn('l-0003') ? 'InvalidLicenseException' : undefined);
    await world.run();
    // AWS takes the first three of five, and then the fourth license alone is left
    expect(sizes(world)).toEqual([5, 3]);
    expect(world.api.accepted.size).toBe(3);
    for (const dimension of ['ApiCalls', 'Units']) {
      expect(world.partition('2026-11-23T05', dimension, 'l-0003')!.meta).toMatchObject({ state: 'FROZEN', intent: undefined, reason: 'InvalidLicenseException' });
    }
    // one failure, however many records it meant
    expect([...world.store.circuits.values()].map(({ key, failures }) => [key, failures])).toEqual([['LICENSE#l-0003', 1]]);
  });

  test('a record that sinks its call is asked about itself where the other half was not answered', async () => {
    const world = await withLicenses(2);
    world.api.poison.set('l-0001#ApiCalls#2026-11-23T05', 'InvalidLicenseException');
    world.api.faults.push(undefined as never, ...Array.from({ length: 6 }, () => 'THROTTLED' as const));
    await world.run();
    expect(sizes(world)).toEqual([2, 1, 1, 1, 1, 1, 1, 1]);
    expect(world.partition('2026-11-23T05', 'ApiCalls', 'l-0001')!.meta).toMatchObject({ state: 'FROZEN', intent: undefined, reason: 'InvalidLicenseException' });
  });

  test('a record whose call is refused for another one is asked about itself, though that other one was answered earlier in the run', async () => {
    const world = await withLicenses(4);
    // The first call leaves two of four for later; from then on AWS refuses one of these two.
    world.api.faults.push('UNPROCESSED');
    world.api.refuses = ({ licenseArn }) => (world.api.calls.length > 1 && licenseArn === arn('l-0000') ? 'InvalidLicenseException' : undefined);
    await world.run();
    expect(sizes(world)).toEqual([4, 2, 1, 1]);
    expect(world.partition('2026-11-23T05', 'ApiCalls', 'l-0000')!.meta).toMatchObject({ state: 'FROZEN', reason: 'InvalidLicenseException' });
    expect(world.billed('2026-11-23T05', 'ApiCalls', 'l-0002')).toBe(3);
  });

  test('a record that may have been taken before keeps its intent where its call is refused for it', async () => {
    const world = await withLicenses(2);
    world.api.faults.push('DOWN', 'DOWN', 'DOWN');
    world.api.poison.set('l-0001#ApiCalls#2026-11-23T05', 'InvalidLicenseException');
    await world.run();
    await world.run();
    expect(world.partition('2026-11-23T05', 'ApiCalls', 'l-0001')!.meta).toMatchObject({ state: 'FROZEN', intent: SHARED_INTENT });
    expect(world.api.accepted.size).toBe(1);
  });

  test('a record that sinks its call for its time is asked about itself: its hour is given up for good', async () => {
    const world = await withLicenses(2);
    world.api.poison.set('l-0001#ApiCalls#2026-11-23T05', 'TimestampOutOfBoundsException');
    await world.run();
    expect(sizes(world)).toEqual([2, 1, 1]);
  });

  test('licenses that are new share no call while every other one turns out to be refused, and ride with those that AWS takes', async () => {
    const world = await withLicenses(100);
    for (let index = 0; index < 100; index += 1) await world.report(1, { license: `l-${String(index).padStart(4, '0')}`, dimension: 'Units', time: '2026-11-23T05:00:00Z' });
    world.api.refuses = ({ licenseArn }) => (Number(licenseArn.slice(-4)) % 2 === 0 ? 'InvalidLicenseException' : undefined);
    await world.run();
    expect(world.api.accepted.size).toBe(100);
    // a call shows of one license whether it is refused: 100, and a few to find out how many are
    expect(world.api.calls.length).toBeLessThan(115);
    expect([...violations(world)]).toEqual([]);
  });

  test('a record that sinks its call for its time is carried into an hour that AWS accepts', async () => {
    const world = await withLicenses(2);
    world.api.poison.set('l-0001#ApiCalls#2026-11-23T05', 'TimestampOutOfBoundsException');
    await world.run();
    await world.at('2026-11-23T07:10:00Z').run();
    expect(world.billed('2026-11-23T06', 'ApiCalls', 'l-0001')).toBe(2);
    expect([...violations(world), ...unfinished(world)]).toEqual([]);
  });

  test.each(['THROTTLED', 'DOWN', 'DISABLED'] as const)('a record that sinks its call is not looked for when the call failed for another reason (%s)', async (outage) => {
    const world = await withLicenses(20);
    world.api.outage = outage;
    await world.run();
    expect(sizes(world).filter((size) => size !== 20 && size !== 1)).toEqual([]);
  });
});

describe('configuration', () => {
  test('a disabled API is reported as that, stops the run, and loses nothing', async () => {
    const world = await withLicenses(60);
    world.api.outage = 'DISABLED';
    await world.run();
    expect(sizes(world)).toEqual([25]);
    expect(world.metrics.counts.get(METRICS.METERING_CONFIGURATION_ERRORS.name)).toBe(1);
    world.api.outage = undefined;
    await world.run();
    expect(world.api.accepted.size).toBe(60);
  });

  test('a dry run does all but send, and does not claim that anything was metered', async () => {
    const world = await withLicenses(3, { mode: 'DRY_RUN' });
    await world.report(1, { license: 'l-0000', time: '2026-11-20T05:00:00Z' });
    await world.run();
    expect(world.api.calls).toHaveLength(0);
    expect(world.partition('2026-11-23T05', 'ApiCalls', 'l-0001')!.meta).toMatchObject({ state: 'DRY_RUN', frozen: { quantity: 2 }, dueAt: undefined });
    expect(world.metrics.counts.get(METRICS.METERING_RECORDS_ACCEPTED.name)).toBeUndefined();
    expect(world.metrics.counts.get(METRICS.USAGE_CARRIED_FORWARD.name)).toBe(1);
    await world.at('2026-11-23T07:10:00Z').run({ mode: 'LIVE' });
    expect(world.api.total('l-0000')).toBe(1);
    expect([...violations(world), ...unfinished(world)]).toEqual([]);
  });

  test('a run leaves the work to one that is at it, and takes over from one that died', async () => {
    const world = await withLicenses(1);
    world.store.lease = { owner: 'another', until: world.now + 60_000 };
    await world.run();
    expect(world.api.calls).toHaveLength(0);
    world.now += 60_000;
    await world.run();
    expect(world.api.calls).toHaveLength(1);
    expect(world.store.lease).toBeUndefined();
  });

  test('a license that just ended is flushed even so', async () => {
    const world = await withLicenses(1);
    world.store.lease = { owner: 'another', until: world.now + 60_000 };
    world.end('l-0000');
    await world.metering().flushLicense('l-0000', world.now + 270_000);
    expect(world.billed('2026-11-23T05', 'ApiCalls', 'l-0000')).toBe(1);
  });
});
