import type { Bucket } from '../../../lambda/domain/usage/ledger/bucket';
import { hourEnd, MINUTE_MS, SECOND_MS } from '../../../lambda/domain/usage/ledger/hour';
import { createHandler } from '../../../lambda/metering/handler';
import { METRICS } from '../../../src/names';
import { LICENSE, LedgerFixture, LedgerFixtureOptions } from '../../support/ledger/ledger-fixture';
import { Telemetry } from '../../support/telemetry';

const HOUR = '2026-11-23T05';
const REQUEST = { license: LICENSE, dimension: 'ApiCalls', hour: HOUR };

/** The function over a table in memory, of which `explain` finds META. */
function metering(options: LedgerFixtureOptions = {}) {
  const log = new Telemetry();
  const world = new LedgerFixture({ log, ...options });
  const readBucket = async ({ hour, dimension, licenseId }: Bucket) => {
    const meta = world.partition(hour, dimension, licenseId)?.meta;
    return meta && { ...meta };
  };
  const handler = createHandler(() => world.deps, { findRecord: async () => undefined, readBucket });
  const invoke = async (event: unknown, remaining = 300 * SECOND_MS) => handler(event, { getRemainingTimeInMillis: () => remaining });
  return { world, invoke, logged: () => log.lines.map((line) => JSON.parse(line)) };
}

/** An hour that AWS has, and whose answer was lost for longer than it accepts the hour. */
async function unresolved() {
  const started = metering();
  await started.world.report(3);
  started.world.at('2026-11-23T06:10:00Z').api.outage = 'LOST';
  await started.invoke({});
  started.world.at('2026-11-24T05:00:00Z').api.outage = undefined;
  await started.invoke({});
  return started;
}

describe('time of an invocation', () => {
  test.each([[30, 0], [31, 1]])('metering keeps the last half minute for what is under way: with %i seconds left it makes %i calls', async (seconds, calls) => {
    const { world, invoke } = metering();
    await world.report(3);
    world.at('2026-11-23T06:10:00Z');
    expect(await invoke({}, seconds * SECOND_MS)).toMatchObject({ calls, finished: calls > 0 });
    expect(world.api.calls).toHaveLength(calls);
  });

  test('metrics are sent when an invocation ends, also where it fails', async () => {
    const flush = jest.fn();
    const { world, invoke } = metering({ metrics: { add: () => {}, flush } });
    await invoke({});
    expect(flush).toHaveBeenCalledTimes(1);
    world.store.gate = { pass: async () => { throw new Error('no table'); } };
    await expect(invoke({})).rejects.toThrow('no table');
    expect(flush).toHaveBeenCalledTimes(2);
  });
});

test('the event of a subscription that ends sends usage of its license only, also while another run is at work', async () => {
  const { world, invoke, logged } = metering();
  world.subscribe('l-other');
  await world.report(3);
  await world.report(4, { license: 'l-other' });
  world.at('2026-11-23T06:10:00Z').end();
  world.store.lease = { owner: 'another', until: world.now + MINUTE_MS };
  expect(await invoke({ 'detail-type': 'Subscription Ending', 'detail': { licenseId: LICENSE } })).toMatchObject({ billed: 1, calls: 1, finished: true });
  expect([world.billed(HOUR), world.billed(HOUR, 'ApiCalls', 'l-other')]).toEqual([3, undefined]);
  expect(logged()).toContainEqual(expect.objectContaining({ message: 'Flushed a license', licenseId: LICENSE, billed: 1, finished: true }));
});

describe('a request that is not valid', () => {
  const EXPECTED = 'Expected {"settle": {"license", "dimension", "hour", "outcome"}}, {"explain": {"license", "dimension", "hour"}}, '
    + '{"explain": {"license", "id"}}, or {} for a run';
  const settle = { ...REQUEST, outcome: 'BILLED' };
  const noHour = 'must be ISO 8601 in UTC, like 2026-11-23T05 or 2026-11-23T05:00:00Z';
  const noLicense = 'must be the ARN of a license, or its id (l-…)';

  test.each<[unknown, string]>([
    ['text', 'request: Invalid input: expected object, received string'],
    [[1], 'request: Invalid input: expected object, received array'],
    [{ setle: settle }, 'request: Unrecognized key: "setle"'],
    [{ settle, explain: REQUEST }, 'request: send settle or explain, not both'],
    [{ settle: { ...settle, license: 'x' } }, `settle.license: ${noLicense}`],
    [{ settle: { ...settle, hour: 'yesterday' } }, `settle.hour: ${noHour}`],
    [{ settle: { ...settle, license: 'x', hour: '' } }, `settle.license: ${noLicense}; settle.hour: ${noHour}`],
    [{ settle: { ...settle, dimension: '' } }, 'settle.dimension: Too small: expected string to have >=1 characters'],
    [{ settle: { ...settle, outcome: 'LOST' } }, 'settle.outcome: Invalid option: expected one of "BILLED"|"REFUSED"'],
    [{ settle: { ...settle, id: 'r1' } }, 'settle: Unrecognized key: "id"'],
    [{ explain: { license: 'x', id: 'r1' } }, `explain.license: ${noLicense}`],
    [{ explain: { ...REQUEST, hour: 'yesterday' } }, `explain.hour: ${noHour}`],
    [{ explain: { license: LICENSE, id: '' } }, 'explain.id: Too small: expected string to have >=1 characters'],
    [{ explain: { license: LICENSE } }, 'explain: either dimension and hour, or id'],
    [{ explain: { license: LICENSE, hour: HOUR } }, 'explain: either dimension and hour, or id'],
    [{ explain: { license: LICENSE, dimension: 'ApiCalls' } }, 'explain: either dimension and hour, or id'],
    [{ explain: { license: LICENSE, id: 'r1', hour: HOUR } }, 'explain: either dimension and hour, or id'],
    [{ explain: { license: LICENSE, id: 'r1', dimension: 'ApiCalls' } }, 'explain: either dimension and hour, or id'],
    [{ explain: { ...REQUEST, id: 'r1' } }, 'explain: either dimension and hour, or id'],
    [{ explain: { ...REQUEST, outcome: 'BILLED' } }, 'explain: Unrecognized key: "outcome"'],
  ])('%j is answered with what is wrong, and what is right', async (request, problem) => {
    const { invoke } = metering();
    expect(await invoke(request)).toEqual({ error: { code: 'INVALID_REQUEST', message: `${problem}. ${EXPECTED}` } });
  });
});

describe('settle', () => {
  test.each([HOUR, '2026-11-23T05:59:59Z', '2026-11-23T06:30:00+01:00'])('an unresolved hour is settled by the time %s, and the log says so', async (hour) => {
    const { invoke, logged } = await unresolved();
    expect(await invoke({ settle: { ...REQUEST, hour, outcome: 'BILLED' } })).toEqual({ settled: true, state: 'BILLED' });
    expect(logged()).toContainEqual({ message: 'An unresolved hour was settled', bucket: `${LICENSE}#ApiCalls#${HOUR}`, outcome: 'BILLED' });
  });

  test('usage of an hour that is settled as refused without time to carry it stays due, and is carried by the next run', async () => {
    const { world, invoke } = await unresolved();
    expect(await invoke({ settle: { ...REQUEST, outcome: 'REFUSED' } }, 10 * SECOND_MS)).toEqual({ settled: true, state: 'REFUSED' });
    expect(world.partition(HOUR)!.meta!.dueAt).toBe(hourEnd(HOUR) + 10 * MINUTE_MS);
    expect(world.partition(HOUR)!.out).toEqual([]);
    await invoke({});
    expect(world.partition(HOUR)!.out).toMatchObject([{ to: '2026-11-24T05', done: true }]);
  });

  test('an hour that waits to be sent is not settled, and not sent either', async () => {
    const { world, invoke, logged } = metering();
    await world.report(3);
    world.at('2026-11-23T06:10:00Z');
    expect(await invoke({ settle: { ...REQUEST, outcome: 'BILLED' } })).toEqual({
      settled: false, state: 'OPEN', message: 'Only an UNRESOLVED hour can be settled',
    });
    expect([world.api.calls, logged()]).toEqual([[], []]);
  });

  test('an hour without usage cannot be settled', async () => {
    const { invoke } = metering();
    expect(await invoke({ settle: { ...REQUEST, outcome: 'REFUSED' } })).toEqual({
      settled: false, state: 'NONE', message: 'Only an UNRESOLVED hour can be settled',
    });
  });
});

describe('explain', () => {
  const circuit = { key: `LICENSE#${LICENSE}`, scope: 'LICENSE', reason: 'CustomerNotSubscribed', failures: 2, failedAt: 0, retryAt: Date.parse('2026-11-23T06:20:00Z') } as const;

  test('an hour without usage has nothing to show', async () => {
    const { invoke } = metering();
    expect(await invoke({ explain: REQUEST })).toEqual({ bucket: null });
    expect(await invoke({ explain: { license: LICENSE, id: 'r1' } })).toEqual({ record: null, bucket: null });
  });

  test('an hour that waits shows what AWS refuses of its own license and dimension, and of no other', async () => {
    const { world, invoke } = metering();
    await world.report(3);
    world.at('2026-11-23T06:10:00Z');
    for (const key of [circuit.key, 'LICENSE#l-other', `DIMENSION#${LICENSE}#Units`]) world.store.circuits.set(key, { ...circuit, key });
    const { bucket } = await invoke({ explain: REQUEST }) as { bucket: Record<string, unknown> };
    expect(bucket).toMatchObject({ state: 'OPEN' });
    expect(bucket.circuits).toEqual([{ scope: 'LICENSE', reason: 'CustomerNotSubscribed', failures: 2, retryAt: '2026-11-23T06:20:00.000Z' }]);
    world.store.circuits.clear();
    expect(await invoke({ explain: REQUEST })).toEqual({ bucket: world.partition(HOUR)!.meta });
  });

  test('an hour with nothing left to send shows nothing that AWS refuses: it waits for nothing', async () => {
    const { world, invoke } = metering();
    await world.report(3);
    world.at('2026-11-23T06:10:00Z');
    await invoke({});
    world.store.circuits.set(circuit.key, circuit);
    expect(await invoke({ explain: REQUEST })).toEqual({ bucket: world.partition(HOUR)!.meta });
    expect(world.state(HOUR)).toBe('BILLED');
  });
});

describe('a run that finds nothing due', () => {
  test('reads only, takes no lease, and counts as a run', async () => {
    const operations: string[] = [];
    const { world, invoke, logged } = metering({ gate: { pass: async (operation, when) => { if (when === 'before') operations.push(operation); } } });
    expect(await invoke({})).toMatchObject({ calls: 0, billed: 0, waiting: {}, finished: true });
    expect(operations.sort()).toEqual(['listDue', 'listLicenses']);
    expect(logged()).toEqual([expect.objectContaining({ message: 'Metering run', finished: true })]);
    expect(world.metrics.counts.get(METRICS.METERING_RUNS.name)).toBe(1);
  });
});
