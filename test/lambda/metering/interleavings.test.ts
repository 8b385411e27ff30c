import { Bucket } from '../../../lambda/domain/usage/ledger/bucket';
import { MINUTE_MS } from '../../../lambda/domain/usage/ledger/hour';
import { balance, balances, unfinished, violations } from '../../support/ledger/invariants';
import { DIMENSIONS, LICENSE, LedgerFixture } from '../../support/ledger/ledger-fixture';
import { MemoryStore } from '../../support/ledger/memory-store';
import { collect } from '../../support/ledger/table-stores';

const HOUR = '2026-11-23T05';

function sound(world: LedgerFixture, dimension?: string): void {
  expect([...violations(world), ...unfinished(world)]).toEqual([]);
  expect(balances(balance(world, LICENSE, dimension))).toBe(true);
}

type Operation = keyof MemoryStore & string;
const WRITES = [
  'claim', 'putRecord', 'markChanged', 'freeze', 'noteIntent', 'bill', 'appendOut', 'putCarriedIn', 'markDone', 'clearDue', 'openEmpty', 'withdrawIntent',
  'refuse', 'acquireLease', 'writeCircuit', 'closeCircuit',
] as const satisfies readonly Operation[];

/** The answer to one write is lost, and the client sends it again: the second one finds what the first one wrote. */
function repeatFirst(world: LedgerFixture, operation: Operation): () => boolean {
  const store = world.store as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  const write = store[operation].bind(store);
  let repeated = false;
  store[operation] = async (...args) => {
    const answer = await write(...args);
    if (repeated) {
      return answer;
    }
    repeated = true;
    return write(...args);
  };
  return () => repeated;
}

test.each(WRITES)('a client that repeats %s and finds what it wrote itself loses and doubles nothing', async (operation) => {
  const world = new LedgerFixture({ rules: { reportZeroUsage: true } });
  const wasRepeated = repeatFirst(world, operation);
  await world.report('3.5');
  world.at('2026-11-23T06:10:00Z').api.faults.push('DISABLED', 'DOWN');
  await world.run();
  await world.at('2026-11-23T06:15:00Z').report(4, { time: '2026-11-23T05:30:00Z' });
  await world.report(2, { time: '2026-11-20T05:30:00Z' });
  await world.runUntil('2026-11-23T09:20:00Z', 20);
  expect(wasRepeated()).toBe(true);
  expect(balance(world, LICENSE)).toMatchObject({ accepted: '9.5', metered: '9', unresolved: '0', rejected: '0' });
  sound(world);
});

describe('indexes that lag', () => {
  test('a due index that shows what is finished, or what is gone, leads to no call', async () => {
    const world = new LedgerFixture();
    await world.report(3);
    await world.at('2026-11-23T06:10:00Z').run();
    await world.report(2);
    const shown: Bucket[] = [HOUR, '2026-11-23T06', '2026-11-22T05'].map((hour) => ({ licenseId: LICENSE, dimension: 'ApiCalls', hour }));
    const list = async function* () { yield* shown; };
    const before = world.partition(HOUR)!.meta;
    await world.run({ due: { due: list, newest: list, dueOfLicense: list } });
    expect(world.api.calls).toHaveLength(1);
    expect(world.partition(HOUR)!.meta).toEqual(before);
    expect(world.state('2026-11-23T06')).toBe('OPEN');
  });

  test('a due index that does not show a bucket yet costs a run, and no usage', async () => {
    const world = new LedgerFixture();
    await world.report(3);
    const list = async function* () {};
    await world.at('2026-11-23T06:10:00Z').run({ due: { due: list, newest: list, dueOfLicense: list } });
    expect(world.api.calls).toHaveLength(0);
    await world.at('2026-11-23T06:15:00Z').run();
    expect(world.billed(HOUR)).toBe(3);
    sound(world);
  });

  test('a due index that shows a bucket which another run billed meanwhile leads to no second call', async () => {
    const world = new LedgerFixture();
    await world.report(3);
    world.at('2026-11-23T06:10:00Z');
    const shown = await collect(world.store.due(world.now));
    await world.run();
    const list = async function* () { yield* shown; };
    await world.run({ due: { due: list, newest: list, dueOfLicense: list } });
    expect(world.api.calls).toHaveLength(1);
    sound(world);
  });
});

describe('a change of the metering mode', () => {
  test('a dry run turned live sends no hour of the dry run, and carries what comes late for one', async () => {
    const world = new LedgerFixture();
    await world.report(3);
    await world.at('2026-11-23T06:10:00Z').run({ mode: 'DRY_RUN' });
    await world.report(5);
    await world.report(4, { time: '2026-11-23T05:30:00Z' });
    await world.run({ mode: 'DRY_RUN' });
    await world.at('2026-11-23T06:30:00Z').report(1, { time: '2026-11-23T05:40:00Z' });
    await world.runUntil('2026-11-23T08:20:00Z');
    expect(world.state(HOUR)).toBe('DRY_RUN');
    expect(world.api.calls.flat().map(({ quantity }) => quantity)).toEqual([10]);
    expect([...violations(world), ...unfinished(world)]).toEqual([]);
  });

  test('a live integration turned into a dry run leaves hours of unknown outcome alone, and asks again when it is live again', async () => {
    const world = new LedgerFixture();
    await world.report(3);
    world.at('2026-11-23T06:10:00Z').api.outage = 'LOST';
    await world.run();
    world.api.outage = undefined;
    const calls = world.api.calls.length;
    await world.at('2026-11-23T06:30:00Z').run({ mode: 'DRY_RUN' });
    expect(world.api.calls).toHaveLength(calls);
    expect(world.state(HOUR)).toBe('FROZEN');
    await world.at('2026-11-23T06:40:00Z').run();
    expect(world.state(HOUR)).toBe('BILLED');
    sound(world);
  });
});

test('usage of a dimension that is removed from the product while it is pending is billed, and gets no zero records any more', async () => {
  const world = new LedgerFixture({ rules: { reportZeroUsage: true } });
  const units = { dimension: 'Units' };
  const record = world.record(3, units);
  await world.take(record);
  const dimensions = DIMENSIONS.slice(0, 1);
  await world.at('2026-11-23T06:10:00Z').run({ dimensions });
  expect(world.billed(HOUR, 'Units')).toBe(3);
  const without = world.intake({ dimensions });
  expect(await without.take([{ original: record }])).toMatchObject([{ status: 'DUPLICATE' }]);
  expect(await without.take([{ original: world.record(1, units) }])).toMatchObject([{ status: 'REJECTED', reason: 'UnknownDimension' }]);
  for (let run = 0; run < 30; run += 1) {
    world.now += 5 * MINUTE_MS;
    await world.run({ dimensions });
  }
  expect([world.billed('2026-11-23T06', 'Units'), world.billed('2026-11-23T06')]).toEqual([undefined, 0]);
  sound(world, 'Units');
});
