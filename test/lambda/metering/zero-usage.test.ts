import { Bucket } from '../../../lambda/domain/usage/ledger/bucket';
import { HOUR_MS, MINUTE_MS } from '../../../lambda/domain/usage/ledger/hour';
import { Circuits } from '../../../lambda/metering/circuits';
import { RunState } from '../../../lambda/metering/run-state';
import { hasZeroHours, openZeroBuckets } from '../../../lambda/metering/zero-usage';
import { Steps } from '../../support/ledger/gate';
import { LedgerFixture, overage, SILENT, START } from '../../support/ledger/ledger-fixture';
import { collect } from '../../support/ledger/table-stores';

const HOUR = '2026-11-23T05';

/** Many licenses with one metered dimension, at the close of an hour. */
class ZeroFixture extends LedgerFixture {
  readonly steps: Steps;
  private readonly gate: { secondsToOpen: number };

  constructor(count: number) {
    const steps = new Steps();
    const gate = { secondsToOpen: 0 };
    const pass = async (operation: string, when: 'before' | 'after') => {
      if (operation === 'openEmpty' && when === 'after') {
        this.now += gate.secondsToOpen * 1000;
      }
      await steps.pass(operation, when);
    };
    super({ gate: { pass }, dimensions: overage('HOUR'), rules: { reportZeroUsage: true } });
    this.steps = steps;
    this.gate = gate;
    this.directory.licenses.clear();
    Array.from({ length: count }, (_each, index) => this.subscribe(license(index)));
    this.at('2026-11-23T06:10:00Z');
  }

  /** Each bucket takes a second to be opened: a time that ends in the middle of a run. */
  takesSeconds(): this {
    this.gate.secondsToOpen = 1;
    return this;
  }

  async openedBuckets(deadline = Infinity): Promise<Bucket[]> {
    const parts = { run: new RunState(this.clock, deadline), circuits: await Circuits.load(this.store, this.clock, SILENT) };
    return collect(openZeroBuckets(this.deps, parts));
  }

  /** Of which licenses, in order. */
  async opened(deadline?: number): Promise<string[]> {
    return (await this.openedBuckets(deadline)).map(({ licenseId }) => licenseId);
  }
}

function license(index: number): string {
  return `l-${String(index).padStart(4, '0')}`;
}

function licenses(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_each, index) => license(from + index));
}

test('a bucket is opened for each metered dimension of a license without usage, due when its hour is closed', async () => {
  const world = new ZeroFixture(1);
  expect(await world.openedBuckets()).toEqual([{ licenseId: license(0), dimension: 'ApiCalls', hour: HOUR }]);
  expect(world.partition(HOUR, 'ApiCalls', license(0))!.meta).toMatchObject({ state: 'OPEN', dueAt: Date.parse('2026-11-23T06:10:00Z') });
  expect(world.store.partitions.size).toBe(1);
});

test('a bucket that has usage is not opened again', async () => {
  const world = new ZeroFixture(3);
  await world.report(2, { license: license(1), time: '2026-11-23T05:30:00Z' });
  expect(await world.opened()).toEqual([license(0), license(2)]);
});

test.each([['06:09:59', '2026-11-23T04'], ['06:10:00', HOUR]])('at %s the last hour that is closed is %s', async (time, last) => {
  const world = new ZeroFixture(1).at(`2026-11-23T${time}Z`);
  expect((await world.openedBuckets()).map(({ hour }) => hour)).toEqual([last]);
});

test('each hour is opened once: until the next one closes nothing is left', async () => {
  const world = new ZeroFixture(1);
  expect(await hasZeroHours(world.deps)).toBe(true);
  await world.opened();
  expect(await hasZeroHours(world.deps)).toBe(false);
  expect(await world.opened()).toEqual([]);
  world.at('2026-11-23T07:10:00Z');
  expect(await hasZeroHours(world.deps)).toBe(true);
  expect((await world.openedBuckets()).map(({ hour }) => hour)).toEqual(['2026-11-23T06']);
});

test('after days without a run only hours are opened that AWS still takes', async () => {
  const world = new ZeroFixture(1);
  world.store.zero = { hour: '2026-11-21T00' };
  const hours = (await world.openedBuckets()).map(({ hour }) => hour);
  expect([hours[0], hours.at(-1), hours.length]).toEqual(['2026-11-22T08', HOUR, 22]);
  expect(world.store.zero).toEqual({ hour: '2026-11-23T06' });
});

test('an hour is opened for licenses that were active from its beginning on', async () => {
  const world = new ZeroFixture(0);
  world.subscribe('l-from-the-start', { activeSince: START });
  world.subscribe('l-from-later', { activeSince: START + 1 });
  world.subscribe('l-from-when', { activeSince: undefined });
  world.subscribe('l-pending', { pending: true });
  world.subscribe('l-other-key', { meteredUntil: HOUR });
  expect(await world.opened()).toEqual(['l-from-the-start']);
});

describe('more licenses than a run has time for', () => {
  test('buckets without usage are opened in groups of 50, the time is looked at before each, and the next run continues after the last group', async () => {
    const world = new ZeroFixture(160).takesSeconds();
    expect(await world.opened(world.now + 50_001)).toEqual(licenses(0, 100));
    expect(world.store.zero).toEqual({ hour: HOUR, after: license(99) });
    expect(await world.opened()).toEqual(licenses(100, 160));
    expect(world.store.zero).toEqual({ hour: '2026-11-23T06' });
  });

  test('a run that has no time opens nothing, and the next run begins where it did', async () => {
    const world = new ZeroFixture(60);
    expect(await world.opened(world.now)).toEqual([]);
    expect(world.store.zero).toEqual({ hour: HOUR });
    expect(await world.opened()).toEqual(licenses(0, 60));
  });

  test('exactly one group is opened while there is time, and none is left', async () => {
    const world = new ZeroFixture(50).takesSeconds();
    expect(await world.opened(world.now + 1)).toEqual(licenses(0, 50));
    expect(world.store.zero).toEqual({ hour: '2026-11-23T06' });
  });

  test('where the last license has ended in the meantime, all are listed again, and none is opened twice', async () => {
    const world = new ZeroFixture(160).takesSeconds();
    await world.opened(world.now + 50_001);
    world.directory.licenses.delete(license(99));
    world.steps.operations = [];
    expect(await world.opened()).toEqual(licenses(100, 160));
    expect(world.steps.count('listLicenses')).toBe(2);
  });

  test('the hours after an unfinished one begin with the first license', async () => {
    const world = new ZeroFixture(60);
    world.store.zero = { hour: '2026-11-23T04', after: license(49) };
    expect(await world.opened()).toEqual([...licenses(50, 60), ...licenses(0, 60)]);
    expect(world.steps.count('listLicenses')).toBe(2);
  });
});

test('no bucket is opened where AWS refuses usage now, and again when that is a day ago', async () => {
  const world = new ZeroFixture(2);
  const circuits = await Circuits.load(world.store, world.clock, SILENT);
  await circuits.refused('DIMENSION', { licenseId: license(0), dimension: 'ApiCalls', hour: HOUR }, 'InvalidUsageDimensionException');
  expect(await world.opened()).toEqual([license(1)]);
  world.now += 25 * HOUR_MS + MINUTE_MS;
  expect(await world.opened()).toContain(license(0));
});
