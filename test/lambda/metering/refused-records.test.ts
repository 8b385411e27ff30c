import { afterFailure } from '../../../lambda/domain/usage/ledger/circuit';
import { HOUR_MS, hourOf, MINUTE_MS } from '../../../lambda/domain/usage/ledger/hour';
import { LicenseRecord } from '../../../lambda/domain/usage/ledger/outcome';
import { RunReport } from '../../../lambda/metering/run';
import { unfinished, violations } from '../../support/ledger/invariants';
import { LedgerFixture } from '../../support/ledger/ledger-fixture';

const REFUSAL = 'InvalidUsageDimensionException';

/** Licenses with usage in two dimensions, hour by hour. */
class SellingLedger extends LedgerFixture {
  readonly licenses: readonly string[];

  constructor(count: number) {
    super({ lanes: 6, concurrency: 8 });
    this.directory.licenses.clear();
    this.licenses = Array.from({ length: count }, (_each, index) => `l-${String(index).padStart(4, '0')}`);
    this.licenses.forEach((license) => this.subscribe(license));
  }

  async use(time = this.now, licenses = this.licenses): Promise<void> {
    const at = { time: new Date(time).toISOString() };
    for (const license of licenses) await this.take(this.record(1, { license, ...at }), this.record(1, { license, ...at, dimension: 'Units' }));
  }

  /** An hour of usage, and one run when it is closed. */
  async hourAndRun(): Promise<RunReport> {
    const start = this.now;
    await this.use();
    this.now = start + 70 * MINUTE_MS;
    const did = await this.run();
    this.now = start + HOUR_MS;
    return did;
  }

  /** Licenses whose usage of the hour before was taken. */
  took(dimension: string, hour = hourOf(this.now - HOUR_MS)): number {
    return this.licenses.filter((license) => this.billed(hour, dimension, license) !== undefined).length;
  }
}

function refuse(...licenses: readonly string[]): (record: LicenseRecord) => string | undefined {
  const refused = new Set(licenses);
  return ({ dimension, licenseArn }) => (dimension === 'Units' && refused.has(licenseArn.slice(-6)) ? REFUSAL : undefined);
}

describe('a dimension that AWS does not know', () => {
  test('keeps no usage of others from being billed within the hour, hour after hour; once it is known, all is billed', async () => {
    const world = new SellingLedger(300);
    world.api.refuses = refuse(...world.licenses);
    for (let hour = 0; hour < 8; hour += 1) {
      const calls = world.api.calls.length;
      await world.hourAndRun();
      expect({ hour, apiCalls: world.took('ApiCalls'), units: world.took('Units') }).toEqual({ hour, apiCalls: 300, units: 0 });
      // all of it is certainly unsent, and can be carried
      expect([...world.store.partitions.values()].filter(({ meta }) => meta?.intent !== undefined)).toEqual([]);
      expect(world.api.calls.length - calls).toBeLessThan(hour === 0 ? 1200 : 320);
    }
    world.api.refuses = () => undefined;
    await world.hourAndRun();
    world.now += 20 * MINUTE_MS;
    await world.run();
    expect(world.api.total()).toBe(2 * 9 * 300);
    expect([...violations(world), ...unfinished(world)]).toEqual([]);
  }, 30_000);

  test('a dimension that only some offers lack is billed for the others within the hour', async () => {
    const world = new SellingLedger(120);
    const without = world.licenses.filter((_license, index) => index % 3 === 0);
    world.api.refuses = refuse(...without);
    for (let hour = 0; hour < 5; hour += 1) {
      await world.hourAndRun();
      expect({ hour, apiCalls: world.took('ApiCalls'), units: world.took('Units') }).toEqual({ hour, apiCalls: 120, units: 80 });
    }
    // one offer gets the dimension
    world.api.refuses = refuse(...without.slice(1));
    await world.hourAndRun();
    const { now } = world;
    world.now += 20 * MINUTE_MS;
    await world.run();
    world.now = now;
    expect({ units: world.took('Units'), ofThisOffer: world.api.total(without[0]) }).toEqual({ units: 81, ofThisOffer: 12 });
  });
});

describe('refused records', () => {
  /** Each hour of the past ones is refused for reasons of its own: no record tells of another. */
  async function refusedAlone(count: number): Promise<SellingLedger> {
    const world = new SellingLedger(count);
    await world.use();
    for (const license of world.licenses) world.api.poison.set(`${license}#Units#${world.hour()}`, 'InvalidTagException');
    world.now += 70 * MINUTE_MS;
    await world.run();
    return world;
  }

  test('take at most a minute of calls in each run, longest overdue first, so that each is tried', async () => {
    const world = await refusedAlone(250);
    const tried: string[] = [];
    const runs: number[] = [];
    for (let run = 0; run < 3; run += 1) {
      world.now += 5 * MINUTE_MS;
      const calls = world.api.calls.length;
      await world.run({ maxCallsPerSecond: 2 });
      tried.push(...world.api.calls.slice(calls).flat().map(({ licenseArn }) => licenseArn));
      runs.push(world.api.calls.length - calls);
    }
    expect(runs).toEqual([120, 120, 120]);
    expect(new Set(tried).size).toBe(250);
  });

  test('refused records are tried ever more rarely, at least once an hour, and billed soon after AWS accepts them', async () => {
    const world = await refusedAlone(1);
    const triedAt: number[] = [];
    const start = world.now;
    for (let minute = 5; minute <= 240; minute += 5) {
      world.now = start + minute * MINUTE_MS;
      const calls = world.api.calls.length;
      await world.run();
      if (world.api.calls.length > calls) {
        triedAt.push(minute);
      }
    }
    expect(triedAt).toEqual([5, 15, 35, 75, 135, 195]);
    world.api.poison.clear();
    world.now = start + 256 * MINUTE_MS;
    await world.run();
    expect(world.took('Units', '2026-11-23T05')).toBe(1);
    expect(world.store.circuits.size).toBe(0);
  });

  test('refused records are tried in each run where the license ends', async () => {
    const world = await refusedAlone(250);
    world.now += 5 * MINUTE_MS;
    await world.run();
    world.licenses.slice(0, 120).forEach((license) => world.end(license));
    world.now += 5 * MINUTE_MS;
    const calls = world.api.calls.length;
    await world.run();
    expect(world.api.calls.length - calls).toBe(120);
  });

  test('refused records that a run does not try are counted as waiting, and stay pending', async () => {
    const world = await refusedAlone(250);
    const { waiting, notAccepted, finished } = await world.run();
    expect({ waiting, notAccepted, finished }).toEqual({ waiting: { CircuitOpen: 250 }, notAccepted: 0, finished: true });
    expect(await world.pendingAge()).toBeGreaterThanOrEqual(600);
  });

  test('a record that is refused for its own content delays no other hour of the license', async () => {
    const world = await refusedAlone(1);
    await world.use();
    world.now += 70 * MINUTE_MS;
    await world.run();
    expect([world.took('ApiCalls'), world.took('Units')]).toEqual([1, 1]);
  });

  test('refused records of a license delay its other dimensions until AWS knows the license again', async () => {
    const world = new SellingLedger(2);
    world.api.refuses = ({ licenseArn }) => (licenseArn.endsWith('l-0000') ? 'InvalidLicenseException' : undefined);
    await world.hourAndRun();
    await world.hourAndRun();
    expect(world.api.total()).toBe(4);
    world.api.refuses = () => undefined;
    await world.hourAndRun();
    expect(world.api.total()).toBe(12);
  });

  test('refused records of licenses that end keep neither these nor other licenses from being billed', async () => {
    const world = new SellingLedger(40);
    world.api.refuses = refuse(...world.licenses);
    const ending = world.licenses.slice(0, 30);
    for (let hour = 0; hour < 10; hour += 1) {
      await world.use(world.now, ending);
      world.now += HOUR_MS;
    }
    await world.use();
    ending.forEach((license) => world.end(license));
    world.now += 11 * MINUTE_MS;
    for (let run = 0; run < 3; run += 1) {
      const calls = world.api.calls.length;
      await world.metering().runAll(world.now + 60_000);
      expect([run, world.took('ApiCalls', '2026-11-23T05'), world.took('ApiCalls', '2026-11-23T15')]).toEqual([run, 30, 30]);
      expect(world.api.calls.length - calls).toBeLessThan(run === 0 ? 500 : 110);
    }
    world.api.refuses = () => undefined;
    await world.run();
    expect(world.api.total()).toBe(2 * 11 * 30);
  });

  test('refused records of licenses that end do not make another license that ends wait for usage that has time', async () => {
    const world = new SellingLedger(300);
    const ending = world.licenses.slice(0, 6);
    world.api.refuses = refuse(...ending.slice(0, 5));
    await world.use();
    world.now += HOUR_MS;
    ending.forEach((license) => world.end(license));
    world.now += 10 * MINUTE_MS;
    await world.metering().runAll(world.now + 2500);
    expect(world.took('ApiCalls', '2026-11-23T05')).toBeLessThan(300);
    expect([world.billed('2026-11-23T05', 'ApiCalls', ending[5]), world.billed('2026-11-23T05', 'Units', ending[5])]).toEqual([1, 1]);
  });

  test('records behind a circuit that opens right before their call are known to be unsent', async () => {
    const world = new SellingLedger(75);
    await world.use();
    world.api.refuses = refuse(...world.licenses);
    world.now += 70 * MINUTE_MS;
    const aMoment = async () => new Promise((resolve) => { setImmediate(resolve); });
    const refusedAlready = () => world.api.calls.filter((call) => call.length === 1 && call[0].dimension === 'Units').length;
    // the later ones are frozen, and about to be sent, while the first are sent and refused
    const freeze = world.store.freeze.bind(world.store);
    world.store.freeze = async (bucket, ...rest) => {
      const done = await freeze(bucket, ...rest);
      while (bucket.licenseId > 'l-0040' && refusedAlready() < 3) await aMoment();
      return done;
    };
    const submit = world.api.submit.bind(world.api);
    world.api.submit = async (records) => {
      await aMoment();
      return submit(records);
    };
    await world.run();
    expect(world.took('ApiCalls', '2026-11-23T05')).toBe(75);
    expect([...world.store.partitions.values()].filter(({ meta }) => meta?.intent !== undefined)).toEqual([]);
  });

  test('refused records are never the probe that has to show whether calls work', async () => {
    const world = await refusedAlone(1);
    await world.use();
    world.now += 70 * MINUTE_MS;
    const bucket = { licenseId: 'l-0000', dimension: 'Units', hour: '2026-11-23T05' };
    world.store.circuits.set('ALL', afterFailure(undefined, { scope: 'ALL', bucket, reason: 'TimeoutError', now: world.now }));
    const calls = world.api.calls.length;
    await world.run();
    expect(world.api.calls[calls].map(({ timestamp }) => hourOf(timestamp))).toEqual([hourOf(world.now - HOUR_MS)]);
    expect({ probe: world.store.probe, tookApiCalls: world.took('ApiCalls') }).toEqual({ probe: undefined, tookApiCalls: 1 });
  });
});
