import { HOUR_MS } from '../../../lambda/domain/usage/ledger/hour';
import { DetailType } from '../../../src/names';
import { balance, balances, unfinished, violations } from '../../support/ledger/invariants';
import { LICENSE, START, LedgerFixture } from '../../support/ledger/ledger-fixture';

function sound(world: LedgerFixture): void {
  expect([...violations(world), ...unfinished(world)]).toEqual([]);
  expect(balances(balance(world, LICENSE))).toBe(true);
}

describe('late usage', () => {
  test('an hour without usage so far is billed in its own hour as long as AWS takes it', async () => {
    const world = new LedgerFixture().at('2026-11-23T12:20:00Z');
    await world.report(5, { time: '2026-11-22T14:30:00Z' });
    await world.run();
    expect(world.billed('2026-11-22T14')).toBe(5);
    sound(world);
  });

  test('a missed hour that is too old to send goes, whole, into the hour that is open', async () => {
    const world = new LedgerFixture().at('2026-11-23T12:20:00Z');
    await world.report(5, { time: '2026-11-20T14:30:00Z' });
    await world.run();
    await world.run();
    await world.at('2026-11-23T13:10:00Z').run();
    expect(world.billed('2026-11-23T12')).toBe(5);
    expect(world.state('2026-11-20T14')).toBe('REFUSED');
    sound(world);
  });

  test('an hour is not sent in the last hour before AWS refuses it', async () => {
    const world = new LedgerFixture();
    await world.report(5);
    await world.at('2026-11-24T04:00:00Z').run();
    expect(world.api.calls).toHaveLength(0);
    await world.at('2026-11-24T05:10:00Z').run();
    expect(world.billed('2026-11-24T04')).toBe(5);
    sound(world);
  });

  test('late usage is rejected, with its reason, where the seller wants no usage to change its hour', async () => {
    const world = new LedgerFixture({ rules: { lateUsage: 'REJECT' } });
    await world.report('3.5');
    await world.at('2026-11-23T06:10:00Z').run();
    await world.at('2026-11-23T06:20:00Z').report('2.25', { time: '2026-11-23T05:30:00Z' });
    await world.report(7, { time: '2026-11-20T05:30:00Z' });
    await world.runUntil('2026-11-23T08:00:00Z');
    expect(world.events(DetailType.USAGE_REJECTED).map(({ detail }) => [detail.reason, detail.hour, detail.quantity])).toEqual([
      ['LateUsage', '2026-11-20T05:00:00.000Z', '7'], ['LateUsage', '2026-11-23T05:00:00.000Z', '2.25'],
    ]);
    // half a unit was in time: it is carried
    expect(balance(world, LICENSE)).toMatchObject({ metered: '3', rejected: '9.25', pending: '0.5' });
    sound(world);
  });

  test('usage that came in time is not late because metering was away', async () => {
    const world = new LedgerFixture({ rules: { lateUsage: 'REJECT' } });
    await world.report(4);
    await world.at('2026-11-25T10:05:00Z').run();
    await world.runUntil('2026-11-25T12:00:00Z');
    expect(balance(world, LICENSE)).toMatchObject({ metered: '4', rejected: '0' });
    sound(world);
  });
});

describe('an hour that was summed', () => {
  /** How often a run reads the records that were stored in time. */
  async function reads(world: LedgerFixture, operations: string[]): Promise<number> {
    operations.length = 0;
    await world.run();
    return operations.filter((operation) => operation === 'readRecords').length;
  }

  test('an hour that was summed is not read again for a late record: only what came late is', async () => {
    const operations: string[] = [];
    const world = new LedgerFixture({ gate: { pass: async (operation, when) => { if (when === 'before') operations.push(operation); } } });
    await world.report('3.5', { tags: { team: 'red' } });
    await world.report('2.25');
    world.at('2026-11-23T06:10:00Z');
    expect(await reads(world, operations)).toBe(1);
    for (const [quantity, at] of [['1.25', '2026-11-23T06:20:00Z'], ['2', '2026-11-23T06:30:00Z']]) {
      await world.at(at).report(quantity, { time: '2026-11-23T05:30:00Z', tags: { team: 'blue' } });
      expect(await reads(world, operations)).toBe(0);
    }
    await world.runUntil('2026-11-23T07:20:00Z');
    expect(world.api.total()).toBe(9);
    sound(world);
  });

  test('an hour that was summed is read again when a record that was stored in time is delivered again', async () => {
    const operations: string[] = [];
    const world = new LedgerFixture({ gate: { pass: async (operation, when) => { if (when === 'before') operations.push(operation); } } });
    const record = world.record(3);
    await world.take(record);
    await world.at('2026-11-23T06:11:00Z').run();
    await world.take(record, world.record(2, { time: '2026-11-23T05:30:00Z' }));
    expect(await reads(world, operations)).toBe(1);
    await world.report(1, { time: '2026-11-23T05:30:00Z' });
    expect(await reads(world, operations)).toBe(0);
    sound(world);
  });

  test('knows how much of it came late where late usage is rejected', async () => {
    const world = new LedgerFixture({ rules: { lateUsage: 'REJECT' } });
    await world.report(3);
    await world.at('2026-11-23T06:10:00Z').run();
    for (const [quantity, at] of [[2, '2026-11-23T06:20:00Z'], [4, '2026-11-23T06:30:00Z']] as const) {
      await world.at(at).report(quantity, { time: '2026-11-23T05:30:00Z' });
      await world.run();
    }
    expect(world.events(DetailType.USAGE_REJECTED).map(({ detail }) => [detail.reason, detail.quantity])).toEqual([['LateUsage', '2'], ['LateUsage', '4']]);
    sound(world);
  });
});

describe('month end', () => {
  test('usage of the old month is sent until 06:00 UTC on the 1st', async () => {
    const world = new LedgerFixture().at('2026-11-30T20:30:00Z');
    await world.report(5);
    await world.at('2026-12-01T05:59:00Z').run();
    expect(world.billed('2026-11-30T20')).toBe(5);
    sound(world);
  });

  test('after that it is carried into the new month, whatever its age', async () => {
    const world = new LedgerFixture().at('2026-11-30T23:30:00Z');
    await world.report(5);
    await world.at('2026-12-01T06:00:00Z').run();
    expect(world.api.calls).toHaveLength(0);
    await world.at('2026-12-01T07:10:00Z').run();
    expect(world.billed('2026-12-01T06')).toBe(5);
    sound(world);
  });
});

describe('quantities', () => {
  test('above the limit of a record are split over hours, and nothing is lost', async () => {
    const world = new LedgerFixture();
    await world.report(3_000_000_000);
    await world.report(2_000_000_000);
    await world.runUntil('2026-11-23T09:00:00Z');
    expect(['05', '06', '07'].map((hour) => world.billed(`2026-11-23T${hour}`))).toEqual([2_147_483_647, 2_147_483_647, 705_032_706]);
    sound(world);
  });

  test('quantities of metrics are added exactly', async () => {
    const world = new LedgerFixture();
    for (let count = 0; count < 300; count += 1) await world.report('0.1', { dimension: undefined, metric: 'BackupGb' });
    await world.report(2, { dimension: undefined, metric: 'Users' });
    await world.report('0.7', { dimension: 'Units' });
    await world.at('2026-11-23T06:10:00Z').run();
    expect(world.billed('2026-11-23T05', 'Units')).toBe(7);
    expect(balance(world, LICENSE, 'Units')).toMatchObject({ accepted: '7', metered: '7', pending: '0' });
  });
});

describe('a license that is not active yet', () => {
  test('keeps its usage, which is billed in its own hour once it is active', async () => {
    const world = new LedgerFixture();
    world.subscribe(LICENSE, { pending: true });
    await world.report(5);
    await world.at('2026-11-23T06:10:00Z').run();
    expect(world.api.calls).toHaveLength(0);
    expect(await world.pendingAge()).toBe(600);
    world.subscribe(LICENSE);
    await world.at('2026-11-23T07:10:00Z').run();
    expect(world.billed('2026-11-23T05')).toBe(5);
    expect(await world.pendingAge()).toBe(0);
  });

  test('keeps its usage over days; usage of a license that is never activated is rejected in the end', async () => {
    const world = new LedgerFixture();
    await world.report(5, { license: 'l-unknown' });
    await world.runUntil('2026-11-28T05:00:00Z', 60);
    expect(balance(world, 'l-unknown')).toMatchObject({ pending: '5', rejected: '0' });
    await world.runUntil('2026-12-26T05:00:00Z', 120);
    expect(balance(world, 'l-unknown')).toMatchObject({ pending: '0', rejected: '5' });
    expect(world.events(DetailType.USAGE_REJECTED).map(({ detail }) => detail.reason)).toEqual(['NeverActivated']);
  });

  test('a license that is activated after 32 days is billed for all but the first 24 hours, as each hour is judged by its own age', async () => {
    const world = new LedgerFixture();
    world.subscribe(LICENSE, { pending: true });
    const begin = world.now;
    for (let hour = 0; hour < 32 * 24; hour += 1) {
      world.now = begin + hour * HOUR_MS;
      await world.report(1);
      if (hour % 6 === 0) {
        await world.run();
      }
    }
    world.now = begin + 32 * 24 * HOUR_MS - 1;
    await world.run();
    world.subscribe(LICENSE);
    await world.runUntil(new Date(world.now + 3 * HOUR_MS).toISOString(), 30);
    const { accepted, metered, rejected, pending } = balance(world, LICENSE);
    expect({ accepted, metered, rejected, pending }).toEqual({ accepted: '768', metered: '744', rejected: '24', pending: '0' });
    expect([...violations(world), ...unfinished(world)]).toEqual([]);
  }, 30_000);

  test('costs no reading of its usage while it waits', async () => {
    const operations: string[] = [];
    const world = new LedgerFixture({ gate: { pass: async (operation) => { operations.push(operation); } } });
    world.subscribe(LICENSE, { pending: true });
    await world.report(5);
    await world.at('2026-11-23T06:10:00Z').run();
    expect(operations).not.toContain('readRecords');
  });

  test('a license of which only the short form of its ARN is known waits for the full one', async () => {
    const world = new LedgerFixture();
    world.subscribe(LICENSE, { licenseArn: undefined });
    await world.report(5);
    await world.at('2026-11-23T06:10:00Z').run();
    expect(world.api.calls).toHaveLength(0);
    expect(world.state('2026-11-23T05')).toBe('OPEN');
  });
});

describe('zero records', () => {
  const rules = { reportZeroUsage: true };

  test('zero records are sent for each closed hour and dimension without usage of an active license', async () => {
    const world = new LedgerFixture({ rules });
    await world.report(2);
    await world.runUntil('2026-11-23T08:05:00Z');
    expect(['05', '06', '07'].map((hour) => [world.billed(`2026-11-23T${hour}`), world.billed(`2026-11-23T${hour}`, 'Units')]))
      .toEqual([[2, 0], [0, 0], [undefined, undefined]]);
    expect(world.api.total()).toBe(2);
  });

  test('zero records are never sent for an hour that may still get usage', async () => {
    const world = new LedgerFixture({ rules });
    await world.at('2026-11-23T06:09:00Z').run();
    expect(world.billed('2026-11-23T05')).toBeUndefined();
    await world.report(2, { time: '2026-11-23T05:30:00Z' });
    await world.at('2026-11-23T06:10:00Z').run();
    expect(world.billed('2026-11-23T05')).toBe(2);
  });

  test('cover the hours that metering missed', async () => {
    const world = new LedgerFixture({ rules });
    await world.at('2026-11-23T06:10:00Z').run();
    await world.at('2026-11-23T09:30:00Z').run();
    expect(['06', '07', '08', '09'].map((hour) => world.billed(`2026-11-23T${hour}`))).toEqual([0, 0, 0, undefined]);
  });

  test('leave alone licenses that were not active for the whole hour, or are not any more', async () => {
    const world = new LedgerFixture({ rules });
    world.subscribe('l-new', { activeSince: START + HOUR_MS / 2 });
    world.subscribe('l-pending', { pending: true });
    world.at('2026-11-23T05:50:00Z').end(LICENSE);
    await world.at('2026-11-23T06:10:00Z').run();
    await world.at('2026-11-23T07:10:00Z').run();
    expect([...world.api.accepted.keys()]).toEqual(['l-new#ApiCalls#2026-11-23T06', 'l-new#Units#2026-11-23T06']);
  });

  test('continue where a run ran out of time', async () => {
    const world = new LedgerFixture({ rules });
    for (let index = 0; index < 120; index += 1) world.subscribe(`l-${String(index).padStart(4, '0')}`);
    world.at('2026-11-23T06:10:00Z');
    const { clock } = world.deps;
    const slow = { ...world.deps, ledger: world.store, clock };
    const open = world.store.openEmpty.bind(world.store);
    world.store.openEmpty = async (bucket, dueAt) => {
      world.now += 1000;
      return open(bucket, dueAt);
    };
    expect((await world.metering(slow).runAll(world.now + 90_000)).finished).toBe(false);
    world.store.openEmpty = open;
    // the list gets shorter before it goes on
    for (let index = 0; index < 20; index += 1) world.end(`l-${String(index).padStart(4, '0')}`);
    for (let turn = 0; turn < 3; turn += 1) await world.run();
    const zeroes = (license: string) => [world.billed('2026-11-23T05', 'ApiCalls', license), world.billed('2026-11-23T05', 'Units', license)];
    const missing = [...world.directory.licenses.keys()].slice(21).filter((license) => zeroes(license).includes(undefined));
    expect(missing).toEqual([]);
  });

  test('start from the beginning when the license they came to has ended', async () => {
    const world = new LedgerFixture({ rules });
    for (let index = 0; index < 60; index += 1) world.subscribe(`l-${String(index).padStart(4, '0')}`);
    world.at('2026-11-23T06:10:00Z').store.zero = { hour: '2026-11-23T05', after: 'l-0024' };
    world.end('l-0024');
    await world.run();
    expect(world.billed('2026-11-23T05', 'ApiCalls', 'l-0059')).toBe(0);
    expect(world.billed('2026-11-23T05', 'ApiCalls', 'l-0001')).toBe(0);
  });

  test('zero records are not sent where the seller does not want them', async () => {
    const world = new LedgerFixture();
    await world.report('0.5');
    await world.runUntil('2026-11-23T09:00:00Z');
    expect(world.api.calls).toHaveLength(0);
    expect(balance(world, LICENSE)).toMatchObject({ pending: '0.5' });
  });
});
