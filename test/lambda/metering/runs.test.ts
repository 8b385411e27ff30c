import { Bucket } from '../../../lambda/domain/usage/ledger/bucket';
import { afterFailure } from '../../../lambda/domain/usage/ledger/circuit';
import { MINUTE_MS } from '../../../lambda/domain/usage/ledger/hour';
import { METRICS } from '../../../src/names';
import { RunFixture } from '../../support/ledger/run-fixture';

const HOUR = '2026-11-23T05';

async function withLicenses(count: number, change: ConstructorParameters<typeof RunFixture>[0] = {}): Promise<RunFixture> {
  return new RunFixture(change).withLicenses(count);
}

function isThrottled(world: RunFixture, operation: string): void {
  world.steps.before(operation, async () => { throw Object.assign(new Error('slow down'), { name: 'ProvisionedThroughputExceededException' }); });
}

const SLOW_DOWN = { error: 'ProvisionedThroughputExceededException', reason: 'slow down' };

describe('what an operator sees of a run', () => {
  test('what it did is in the log and in its answer, and it counts as a run', async () => {
    const world = await withLicenses(2);
    const report = await world.run();
    expect(report).toEqual({
      calls: 1, billed: 2, notAccepted: 0, unknown: 0, unresolved: 0, carried: 0, rejected: 0, dryRun: 0, waiting: {}, finished: true,
    });
    expect(world.log.logged('Metering run')).toEqual([{ message: 'Metering run', ...report }]);
    expect(world.metrics.counts.get(METRICS.METERING_RUNS.name)).toBe(1);
  });

  test('a run that leaves the work to another one says so, and does not count', async () => {
    const world = await withLicenses(2);
    world.store.lease = { owner: 'another', until: world.now + MINUTE_MS };
    expect(await world.run()).toMatchObject({ calls: 0, billed: 0, finished: false });
    expect(world.log.logged('Another run is at work')).toHaveLength(1);
    expect(world.metrics.counts.get(METRICS.METERING_RUNS.name)).toBeUndefined();
  });

  test('hours of licenses that AWS never named are counted by themselves', async () => {
    const world = await withLicenses(1);
    const waiting = () => world.metrics.counts.get(METRICS.USAGE_WAITING_FOR_UNKNOWN_LICENSE.name);
    await world.run();
    expect(waiting()).toBeUndefined();
    for (const dimension of ['ApiCalls', 'Units']) await world.report(1, { license: 'l-mistyped', dimension, time: '2026-11-23T05:00:00Z' });
    expect(await world.run()).toMatchObject({ waiting: { UnknownLicense: 2 } });
    expect(waiting()).toBe(2);
  });

  test('an hour of a license that ends and waits for something is counted once', async () => {
    const world = await withLicenses(1);
    world.end('l-0000');
    world.subscribe('l-0000', { ...world.directory.licenses.get('l-0000'), licenseArn: undefined });
    expect(await world.run()).toMatchObject({ billed: 0, waiting: { NoLicenseArn: 1 }, finished: true });
  });
});

describe('a run whose time is over', () => {
  test('reads no licenses that end and no buckets, and freezes nothing', async () => {
    const world = await withLicenses(2);
    world.end('l-0000');
    world.steps.operations = [];
    expect(await world.metering().runAll(world.now)).toMatchObject({ calls: 0, finished: false });
    expect(new Set(world.steps.operations)).toEqual(new Set(['listLicenses', 'listDue', 'acquireLease', 'readCircuits', 'releaseLease']));
  });

  test('does not begin with hours without usage, also where nothing else was left to do', async () => {
    const world = new RunFixture({ rules: { reportZeroUsage: true } });
    world.at('2026-11-23T06:10:00Z');
    expect(await world.metering().runAll(world.now)).toMatchObject({ finished: false });
    expect([world.steps.count('openEmpty'), world.store.zero]).toEqual([0, undefined]);
    expect(await world.run()).toMatchObject({ billed: 2, finished: true });
  });
});

describe('while the table is throttled', () => {
  test('buckets that cannot be read are left, and the log says how many', async () => {
    const world = await withLicenses(30);
    isThrottled(world, 'readMeta');
    expect(await world.run()).toMatchObject({ billed: 5, finished: true });
    expect(world.log.logged('Buckets could not be read, a later run tries again')).toMatchObject([{ buckets: 25, ...SLOW_DOWN }]);
    expect(await world.run()).toMatchObject({ billed: 25 });
  });

  test('a license that cannot be read leaves its bucket alone, and is in the log', async () => {
    const world = await withLicenses(3);
    isThrottled(world, 'readLicense');
    expect(await world.run()).toMatchObject({ billed: 2, finished: true });
    expect(world.log.logged('A license could not be read')).toMatchObject([{ licenseId: 'l-0000', ...SLOW_DOWN }]);
  });

  test('a lease that cannot be given back costs nothing of what the run did, and is in the log', async () => {
    const world = await withLicenses(3);
    isThrottled(world, 'releaseLease');
    expect(await world.run()).toMatchObject({ billed: 3, finished: true });
    expect(world.log.logged('The lease could not be released, it will run out')).toMatchObject([SLOW_DOWN]);
  });
});

test('a full call leaves before more buckets are read', async () => {
  const world = await withLicenses(26);
  world.steps.operations = [];
  await world.run();
  const before = world.steps.operations.slice(0, world.steps.operations.indexOf('BatchMeterUsage'));
  expect(before.filter((operation) => operation === 'readMeta')).toHaveLength(25);
});

test('a bucket that is listed and does not exist any more costs no read of its license', async () => {
  const world = await withLicenses(1);
  const gone = { licenseId: 'l-gone', dimension: 'ApiCalls', hour: HOUR };
  world.steps.operations = [];
  await world.run({ due: { ...dueOf(world), due: () => listed([gone]) } });
  expect([world.steps.count('readMeta'), world.steps.count('readLicense'), world.steps.count('BatchMeterUsage')]).toEqual([1, 0, 0]);
});

test('after AWS refused whole calls for every license so far, each further license has a call of its own until one is taken', async () => {
  const world = await withLicenses(29);
  world.api.refuses = ({ licenseArn }) => (licenseArn < 'arn:aws:license-manager::294406891311:license:l-0027' ? 'InvalidLicenseException' : undefined);
  expect(await world.run()).toMatchObject({ billed: 2, notAccepted: 27 });
  expect(world.sizes().slice(-4)).toEqual([1, 1, 1, 1]);
});

describe('what AWS refused before', () => {
  /** A run in which AWS suspends these, and the time at which they are tried again. */
  async function suspended(count: number): Promise<RunFixture> {
    const world = await withLicenses(count);
    for (const license of world.directory.licenses.keys()) world.api.notSubscribed.add(license);
    expect(await world.run()).toMatchObject({ notAccepted: count });
    world.now += 5 * MINUTE_MS;
    world.steps.operations = [];
    return world;
  }

  test('what AWS refused before is not tried any more once AWS refuses calls of this function', async () => {
    const world = await suspended(3);
    world.api.faults.push('DISABLED');
    expect(await world.run()).toMatchObject({ calls: 1, billed: 0 });
    expect([world.steps.count('noteIntent'), world.intents()]).toEqual([1, 0]);
  });

  test('what AWS refused before is not sent where another run was faster', async () => {
    const world = await suspended(1);
    const partition = world.partition(HOUR, 'ApiCalls', 'l-0000')!;
    world.steps.after('readMeta', async () => { partition.meta = { ...partition.meta!, state: 'BILLED', dueAt: undefined }; });
    expect(await world.run()).toMatchObject({ calls: 0, waiting: { CircuitOpen: 1 }, finished: true });
    expect(world.steps.count('noteIntent')).toBe(0);
  });
});

describe('the record that is asked about while an outcome is unknown', () => {
  /** An earlier run ended with an unknown outcome of the first license. */
  async function afterUnknownOutcome(count: number): Promise<RunFixture> {
    const world = await withLicenses(count);
    const bucket = { licenseId: 'l-0000', dimension: 'ApiCalls', hour: HOUR };
    world.store.circuits.set('ALL', afterFailure(undefined, { scope: 'ALL', bucket, reason: 'TimeoutError', now: world.now }));
    return world;
  }

  test('the record that is asked about is another one where its license cannot be read', async () => {
    const world = await afterUnknownOutcome(3);
    isThrottled(world, 'readLicense');
    expect(await world.run()).toMatchObject({ calls: 2, billed: 3 });
    expect(world.sizes()).toEqual([1, 2]);
    expect(world.api.calls[0][0].quantity).toBe(3);
    expect(world.log.logged('A license could not be read')).toMatchObject([{ licenseId: 'l-0000', ...SLOW_DOWN }]);
  });

  test('the record that is asked about is another one where it has to wait for something else', async () => {
    const world = await afterUnknownOutcome(3);
    world.subscribe('l-0000', { licenseArn: undefined });
    world.subscribe('l-0002', { licenseArn: undefined });
    expect(await world.run()).toMatchObject({ calls: 1, billed: 1, waiting: { NoLicenseArn: 2 } });
    expect(world.store.probe).toBeUndefined();
  });

  test.each([[Infinity, 499], [3, 3]])('the record that is asked about is looked for among 500 and while there is time: with time for %d it reads %d', async (time, read) => {
    const world = await afterUnknownOutcome(1);
    world.subscribe('l-0000', { licenseArn: undefined });
    let listedSoFar = 0;
    const deadline = world.now + 1000;
    const newest = async function* (): AsyncIterable<Bucket> {
      for (let index = 0; index < 600; index += 1) {
        listedSoFar += 1;
        if (listedSoFar >= time) world.now = deadline;
        yield { licenseId: `l-gone${index}`, dimension: 'ApiCalls', hour: HOUR };
      }
    };
    await world.metering({ due: { ...dueOf(world), newest } }).runAll(deadline);
    expect(listedSoFar).toBe(read);
  });
});

function dueOf({ store }: RunFixture) {
  return {
    due: (now: number) => store.due(now),
    newest: (now: number) => store.newest(now),
    dueOfLicense: (licenseId: string) => store.dueOfLicense(licenseId),
  };
}

async function* listed(buckets: readonly Bucket[]): AsyncIterable<Bucket> {
  yield* buckets;
}
