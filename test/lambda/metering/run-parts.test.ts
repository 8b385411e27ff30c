import { MeteredLicense, SubscriptionDirectory } from '../../../lambda/domain/subscription-directory';
import { Lease } from '../../../lambda/metering/lease';
import { LicenseCache } from '../../../lambda/metering/license-cache';
import { RunState } from '../../../lambda/metering/run-state';
import { OPEN_GATE } from '../../support/ledger/gate';
import { MemoryStore } from '../../support/ledger/memory-store';

const NOW = Date.parse('2026-11-23T06:10:00Z');
const clock = { now: () => NOW };

describe('the licenses that a run has read', () => {
  /** The directory, and the licenses that were read from it, in order. */
  function directory(facts: Record<string, Partial<MeteredLicense>> = {}) {
    const read: string[] = [];
    const failures: string[] = [];
    const get = async (licenseId: string): Promise<MeteredLicense | undefined> => {
      read.push(licenseId);
      const index = failures.indexOf(licenseId);
      if (index >= 0) {
        failures.splice(index, 1);
        throw new Error('slow down');
      }
      return licenseId === 'l-unknown' ? undefined : { licenseId, status: 'ACTIVE', ...facts[licenseId] };
    };
    return { read, failures, cache: new LicenseCache({ get } as unknown as SubscriptionDirectory, clock) };
  }

  test('each is read once, also by readers at the same time, and also one that is not known', async () => {
    const { cache, read } = directory();
    const [a, same] = await Promise.all([cache.get('l-a'), cache.get('l-a')]);
    expect([a, same, await cache.get('l-unknown'), await cache.get('l-unknown'), await cache.get('l-a')])
      .toEqual([a, a, undefined, undefined, { licenseId: 'l-a', status: 'ACTIVE' }]);
    expect(read).toEqual(['l-a', 'l-unknown']);
  });

  test('one that could not be read is read again for the next bucket', async () => {
    const { cache, read, failures } = directory();
    failures.push('l-a');
    await expect(cache.get('l-a')).rejects.toThrow('slow down');
    expect(await cache.get('l-a')).toEqual({ licenseId: 'l-a', status: 'ACTIVE' });
    expect(read).toEqual(['l-a', 'l-a']);
  });

  test('a migrated buyer has the license with which it continues; one that has gone is left out', async () => {
    const { cache } = directory({ 'l-a': { continuesAs: 'l-b' }, 'l-c': { continuesAs: 'l-unknown' } });
    expect(await cache.get('l-a')).toEqual({ licenseId: 'l-a', status: 'ACTIVE', continuesAs: 'l-b', continuation: { licenseId: 'l-b', status: 'ACTIVE' } });
    expect(await cache.get('l-c')).toEqual({ licenseId: 'l-c', status: 'ACTIVE', continuesAs: 'l-unknown' });
  });

  test('5000 stay in memory; the one that was read first makes room', async () => {
    const { cache, read } = directory();
    const all = Array.from({ length: 5000 }, (_each, index) => `l-${index}`);
    for (const licenseId of all) {
      await cache.get(licenseId);
    }
    await cache.get('l-0');
    expect(read).toEqual(all);
    await cache.get('l-one-more');
    await cache.get('l-1');
    await cache.get('l-4999');
    await cache.get('l-0');
    expect(read.slice(5000)).toEqual(['l-one-more', 'l-0']);
  });
});

describe('the lease', () => {
  test('one run has it until it gives it back or its time is over; another run takes nothing from it', async () => {
    const store = new MemoryStore(OPEN_GATE);
    const [first, second] = ['first', 'second'].map((owner) => new Lease(store, clock, owner));
    expect(await first.take(NOW + 1000)).toBe(true);
    expect(await second.take(NOW + 1000)).toBe(false);
    await second.release();
    expect(store.lease).toEqual({ owner: 'first', until: NOW + 1000 });
    await first.release();
    expect(await second.take(NOW)).toBe(true);
    expect(await first.take(NOW + 1000)).toBe(true);
  });
});

describe('what a run keeps in mind', () => {
  test('it has time before its deadline, and sends nothing more when it was halted', () => {
    let now = NOW;
    const run = new RunState({ now: () => now }, NOW + 1);
    expect([run.hasTime(), run.maySend()]).toEqual([true, true]);
    run.halted = true;
    expect([run.hasTime(), run.maySend()]).toEqual([true, false]);
    run.halted = false;
    now += 1;
    expect([run.hasTime(), run.maySend()]).toEqual([false, false]);
  });

  test('hours that wait are counted by what they wait for, but not those that are not closed', () => {
    const run = new RunState(clock, NOW);
    run.wait('NotClosed');
    run.wait('NotActive');
    run.wait('CircuitOpen');
    run.wait('NotActive');
    expect(run.waiting).toEqual({ NotActive: 2, CircuitOpen: 1 });
  });

  test('it begins with nothing counted and nothing to work on', () => {
    const { counts, toWorkOn, waiting } = new RunState(clock, NOW);
    expect({ ...counts, toWorkOn, waiting }).toEqual({
      calls: 0, billed: 0, notAccepted: 0, unknown: 0, unresolved: 0, carried: 0, rejected: 0, dryRun: 0, toWorkOn: [], waiting: {},
    });
  });
});
