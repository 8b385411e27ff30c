import { LocalDynamo, startDynamo } from '../../support/dynoxide';
import { LICENSE, LedgerFixture } from '../../support/ledger/ledger-fixture';
import { tableWorld } from '../../support/ledger/table-world';

let dynamo: LocalDynamo;
beforeAll(async () => { dynamo = await startDynamo(); });
afterAll(async () => dynamo.stop());

test('the whole way over a real table: hours, late usage, tags, fractions, an end', async () => {
  const { world, invoke, report } = await tableWorld(dynamo, { lanes: 4, concurrency: 8 });
  await report(3);
  await report(4, { tags: { team: 'red' } });
  await report(250, { dimension: undefined, metric: 'BackupGb' });
  world.at('2026-11-23T06:10:00Z');
  await invoke({ 'detail-type': 'Scheduled Event' });
  expect([world.billed('2026-11-23T05'), world.billed('2026-11-23T05', 'Units')]).toEqual([7, 2]);
  await report(5, { time: '2026-11-23T05:59:59Z' });
  await invoke({});
  await report(50, { dimension: undefined, metric: 'BackupGb' });
  world.end();
  world.now += 60_000;
  await invoke({ 'detail-type': 'Subscription Ending', 'detail': { licenseId: LICENSE } });
  expect(world.billed('2026-11-23T06')).toBeUndefined();
  world.now += 10 * 60_000;
  await invoke({});
  expect([world.billed('2026-11-23T06'), world.billed('2026-11-23T06', 'Units')]).toEqual([5, 1]);
  expect(world.api.total()).toBe(15);
});

test('from a metered record one finds the usage in it, and back', async () => {
  const { world, invoke, report } = await tableWorld(dynamo);
  await report(3, { id: 'first' });
  await report(4, { id: 'second', tags: { team: 'red' } });
  world.at('2026-11-23T06:10:00Z');
  await invoke({});
  await report(5, { id: 'late', time: '2026-11-23T05:59:59Z' });
  await invoke({});
  expect(await invoke({ explain: { license: LICENSE, dimension: 'ApiCalls', hour: '2026-11-23T05:00:00Z' } })).toMatchObject({
    bucket: {
      state: 'BILLED',
      quantity: 7,
      meteringRecordId: `${LICENSE}#ApiCalls#2026-11-23T05`,
      records: [{ id: 'first', quantity: '3' }, { id: 'late', quantity: '5' }, { id: 'second', quantity: '4', tags: { team: 'red' } }],
      carriedOut: [{ to: '2026-11-23T06', amount: '5', done: true }],
      rejected: [],
    },
  });
  expect(await invoke({ explain: { license: `arn:aws:license-manager::1:license:${LICENSE}`, id: 'late' } })).toMatchObject({
    record: { id: 'late', quantity: '5' }, bucket: { state: 'BILLED', carriedOut: [{ to: '2026-11-23T06' }] },
  });
  expect(await invoke({ explain: { license: LICENSE, dimension: 'ApiCalls', hour: '2026-11-23T06' } })).toMatchObject({
    bucket: { state: 'OPEN', carriedIn: [{ source: '2026-11-23T05', amount: '5' }] },
  });
  expect(await invoke({ explain: { license: LICENSE, id: 'nobody' } })).toEqual({ record: null, bucket: null });
});

describe('explain shows what a closed hour that cannot be sent waits for', () => {
  const request = { license: LICENSE, dimension: 'ApiCalls', hour: '2026-11-23T05' };

  test.each<[string, (world: LedgerFixture) => void]>([
    ['UnknownLicense', (world) => world.directory.licenses.clear()],
    ['NotActive', (world) => world.subscribe(LICENSE, { pending: true })],
    ['NoLicenseArn', (world) => world.subscribe(LICENSE, { licenseArn: undefined })],
    ['NoCustomerAccount', (world) => world.subscribe(LICENSE, { customerAwsAccountId: undefined })],
  ])('%s', async (reason, change) => {
    const { world, invoke, report } = await tableWorld(dynamo);
    await report(3);
    expect(await invoke({ explain: request })).toMatchObject({ bucket: { waitsFor: 'NotClosed' } });
    world.at('2026-11-23T06:10:00Z');
    change(world);
    expect(await invoke({})).toMatchObject({ billed: 0, waiting: { [reason]: 1 }, finished: true });
    expect(await invoke({ explain: request })).toMatchObject({ bucket: { state: 'OPEN', waitsFor: reason } });
    world.subscribe(LICENSE);
    expect(await invoke({})).toMatchObject({ billed: 1, waiting: {} });
    expect(await invoke({ explain: request })).not.toHaveProperty('bucket.waitsFor');
  });
});

describe('an hour whose outcome is unknown', () => {
  async function unresolved() {
    const told = await tableWorld(dynamo);
    await told.report(3);
    told.world.at('2026-11-23T06:10:00Z').api.outage = 'LOST';
    await told.invoke({});
    told.world.at('2026-11-24T04:00:00Z').api.outage = undefined;
    await told.invoke({});
    return told;
  }
  const request = { license: LICENSE, dimension: 'ApiCalls', hour: '2026-11-23T05' };

  test('an hour whose outcome is unknown that CloudTrail shows as taken is settled as billed', async () => {
    const { world, invoke } = await unresolved();
    expect(await invoke({ settle: { ...request, outcome: 'BILLED' } })).toEqual({ settled: true, state: 'BILLED' });
    await invoke({});
    expect(world.api.total()).toBe(3);
  });

  test('an hour whose outcome is unknown that CloudTrail does not show is settled as refused, and its usage is carried at once', async () => {
    const { invoke } = await unresolved();
    expect(await invoke({ settle: { ...request, outcome: 'REFUSED' } })).toEqual({ settled: true, state: 'REFUSED' });
    expect(await invoke({ explain: { ...request, hour: '2026-11-24T04' } })).toMatchObject({ bucket: { carriedIn: [{ amount: '3' }] } });
  });

  test('an hour whose outcome is unknown is settled once, and no other hour can be settled', async () => {
    const { invoke } = await unresolved();
    await invoke({ settle: { ...request, outcome: 'BILLED' } });
    expect(await invoke({ settle: { ...request, outcome: 'REFUSED' } })).toMatchObject({ settled: false, state: 'BILLED' });
    expect(await invoke({ settle: { ...request, hour: '2026-11-23T04', outcome: 'REFUSED' } })).toMatchObject({ settled: false, state: 'NONE' });
  });

  test('an hour whose outcome is unknown is found by a license id in any shape', async () => {
    const { invoke } = await tableWorld(dynamo);
    const license = 'arn:aws:license-manager::123456789012:license/lic-12.ab';
    expect(await invoke({ settle: { ...request, license, outcome: 'BILLED' } })).toMatchObject({ settled: false, state: 'NONE' });
  });

  test.each([{ license: 'x' }, { hour: 'yesterday' }, { outcome: 'LOST' }])('an hour whose outcome is unknown is not settled by a request that is wrong: %j', async (change) => {
    const { invoke } = await tableWorld(dynamo);
    expect(await invoke({ settle: { ...request, outcome: 'BILLED', ...change } })).toEqual({ error: { code: 'INVALID_REQUEST', message: expect.any(String) } });
  });
});

test('explain shows what AWS refuses of a waiting hour, and when it is tried again', async () => {
  const { world, invoke, report } = await tableWorld(dynamo);
  await report(3);
  world.at('2026-11-23T06:10:00Z').api.refuses = () => 'InvalidUsageDimensionException';
  expect(await invoke({})).toMatchObject({ notAccepted: 1 });
  const request = { explain: { license: LICENSE, dimension: 'ApiCalls', hour: '2026-11-23T05' } };
  expect(await invoke(request)).toMatchObject({
    bucket: { state: 'FROZEN', circuits: [{ scope: 'DIMENSION', reason: 'InvalidUsageDimensionException', failures: 1, retryAt: expect.stringMatching(/^2026-11-23T06:15:/) }] },
  });
  world.at('2026-11-23T06:16:00Z').api.refuses = () => undefined;
  expect(await invoke({})).toMatchObject({ billed: 1 });
  expect(await invoke(request)).toMatchObject({ bucket: expect.not.objectContaining({ circuits: expect.anything() }) });
});

test.each([
  { setle: {} }, { settle: {}, explain: {} }, { explain: { license: LICENSE } }, { explain: { license: LICENSE, id: 'a', hour: '2026-11-23T05' } }, 'text', [1],
])('a request that is not known is answered with an error, and does not run metering: %j', async (request) => {
  const { world, invoke, report } = await tableWorld(dynamo);
  await report(3);
  world.at('2026-11-23T06:10:00Z');
  expect(await invoke(request)).toEqual({ error: { code: 'INVALID_REQUEST', message: expect.stringContaining('Expected {"settle"') } });
  expect(world.api.calls).toHaveLength(0);
});

test.each([{}, undefined, null, { 'detail-type': 'Scheduled Event', 'source': 'aws.events' }])('an event of the schedule, or nothing, runs metering: %j', async (event) => {
  const { world, invoke, report } = await tableWorld(dynamo);
  await report(3);
  world.at('2026-11-23T06:10:00Z');
  expect(await invoke(event)).toMatchObject({ billed: 1 });
});
