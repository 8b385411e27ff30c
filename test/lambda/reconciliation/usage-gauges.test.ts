import { UsageTableGauges } from '../../../lambda/adapters/usage/gauges';
import { UsageTableIntake } from '../../../lambda/adapters/usage/intake';
import { metaKey } from '../../../lambda/adapters/usage/items';
import { UsageTableLedger } from '../../../lambda/adapters/usage/ledger';
import { UsageTable } from '../../../lambda/adapters/usage/table';
import { mapBounded } from '../../../lambda/domain/bounded';
import { EMPTY_FACTS } from '../../../lambda/domain/subscription/facts';
import type { Bucket } from '../../../lambda/domain/usage/ledger/bucket';
import { hourEnd, hourOf } from '../../../lambda/domain/usage/ledger/hour';
import { PendingUsageGauge } from '../../../lambda/reconciliation/usage-gauges';
import { METRICS } from '../../../src/names';
import { type LocalDynamo, startDynamo } from '../../support/dynoxide';
import { fact, factsOf, LICENSE } from '../../support/facts';
import { startIntegration } from '../../support/integration';

let dynamo: LocalDynamo;
beforeAll(async () => { dynamo = await startDynamo(); });
afterAll(async () => dynamo.stop());

const NOW = Date.parse('2026-11-23T12:20:00Z');
const GRACE = 600_000;
const minutesAgo = (minutes: number) => NOW - minutes * 60_000;

async function setUp() {
  const app = await startIntegration(dynamo);
  await app.recorder.recordFacts(LICENSE, factsOf(fact('LICENSE_UPDATED', 0)), NOW);
  const table = new UsageTable(dynamo.documentClient, app.tables.usage);
  const intake = new UsageTableIntake(table, { publishAndClear: async () => {} });
  const set = async (bucket: Bucket, state: string, quantity?: number) =>
    table.update(metaKey(bucket), { set: { state, quantity } });
  const open = async (bucket: Bucket) => intake.markChanged(bucket, hourEnd(bucket.hour) + GRACE);
  const report = async (time: string, receivedAt: number, dimension = 'ApiCalls', licenseId = LICENSE) => {
    const hour = hourOf(Date.parse(time));
    const bucket = { licenseId, dimension, hour };
    await intake.putRecord({ id: `${time}-${receivedAt}`, bucket, units: { amount: '1' }, quantity: '1', time, receivedAt });
    await open(bucket);
    return bucket;
  };
  const age = async () => {
    app.time.now = NOW;
    await app.reconcile();
    return app.telemetry.values[METRICS.OLDEST_PENDING_USAGE_AGE.name];
  };
  return { app, report, set, open, age };
}

describe('the age of pending usage', () => {
  test('the gauge shows the oldest hour over all shards, without any run of metering', async () => {
    const { report, age } = await setUp();
    expect(await age()).toBe(0);
    await report('2026-11-23T12:05:00Z', minutesAgo(15));
    expect(await age()).toBe(0);
    for (const dimension of ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H']) {
      await report('2026-11-23T10:30:00Z', minutesAgo(110), dimension);
    }
    expect(await age()).toBe(80 * 60);
    await report('2026-11-23T05:30:00Z', minutesAgo(410));
    expect(await age()).toBe((6 * 60 + 20) * 60);
  });

  test('usage of a subscription that AWS has not activated does not count: the gauge of stuck subscriptions shows it', async () => {
    const { app, report, age } = await setUp();
    await app.recorder.recordFacts('l-pending', { ...EMPTY_FACTS, registrations: { first: NOW - 3_600_000 } }, NOW);
    await report('2026-11-23T05:30:00Z', minutesAgo(410), 'ApiCalls', 'l-pending');
    expect(await age()).toBe(0);
    await app.recorder.recordFacts('l-pending', factsOf(fact('LICENSE_UPDATED', 0)), NOW);
    expect(await age()).toBe((6 * 60 + 20) * 60);
  });

  test('old usage that has just arrived does not count: the next run handles it', async () => {
    const { report, age } = await setUp();
    await report('2026-11-22T03:00:00Z', minutesAgo(14));
    expect(await age()).toBe(0);
    await report('2026-11-23T08:00:00Z', minutesAgo(16));
    expect(await age()).toBe((3 * 60 + 20) * 60);
  });

  test('a frozen hour with usage counts, and one without usage does not', async () => {
    const { report, set, open, age } = await setUp();
    await set(await report('2026-11-23T09:30:00Z', minutesAgo(170)), 'FROZEN');
    expect(await age()).toBe(140 * 60);
    await open({ licenseId: LICENSE, dimension: 'Other', hour: '2026-11-23T08' });
    const zero = { licenseId: LICENSE, dimension: 'Zero', hour: '2026-11-23T08' };
    await open(zero);
    await set(zero, 'FROZEN', 0);
    expect(await age()).toBe(140 * 60);
  });

  test('late usage of a billed hour does not count, and does not hide a pending hour', async () => {
    const { report, set, age } = await setUp();
    for (let day = 10; day < 22; day += 1) {
      await set(await report(`2026-11-${day}T03:00:00Z`, minutesAgo(600)), 'BILLED');
    }
    expect(await age()).toBe(0);
    await report('2026-11-23T10:30:00Z', minutesAgo(110));
    expect(await age()).toBe(80 * 60);
  });

  test('usage of an unknown license does not count, and does not hide a pending hour', async () => {
    const { report, open, age } = await setUp();
    await mapBounded([...Array(400).keys()], 16, async (hour) =>
      open({ licenseId: 'l-mistyped', dimension: 'ApiCalls', hour: hourOf(minutesAgo(60 * (hour + 24))) }));
    expect(await age()).toBe(0);
    await report('2026-11-23T10:30:00Z', minutesAgo(110));
    expect(await age()).toBe(80 * 60);
  }, 20_000);
});

test('a gauge of 0 is not written when there was no time to look everywhere', async () => {
  const { app, report, open } = await setUp();
  await report('2026-11-23T10:30:00Z', minutesAgo(110));
  await unresolve(app, open, '2026-11-23T05');
  app.time.now = NOW;
  const gauges = [METRICS.OLDEST_PENDING_USAGE_AGE.name, METRICS.METERING_RECORDS_UNRESOLVED.name, METRICS.METERING_CONFLICTS.name];
  await app.reconcile(() => 0);
  expect(gauges.map((gauge) => app.telemetry.values[gauge])).toEqual([undefined, undefined, undefined]);
  await app.reconcile();
  expect(gauges.map((gauge) => app.telemetry.values[gauge])).toEqual([80 * 60, 1, 0]);
});

test('the gauges are written although the bus takes all the time', async () => {
  const { app, report, open } = await setUp();
  app.bus.available = false;
  await app.recorder.recordFacts('l-other', factsOf(fact('LICENSE_UPDATED', 0)), NOW - 60_000);
  await report('2026-11-23T10:30:00Z', minutesAgo(110));
  await unresolve(app, open, '2026-11-23T05');
  app.time.now = NOW;
  app.bus.attempts = 0;
  await app.reconcile(() => app.bus.attempts > 0 ? 0 : 60_000);
  expect(app.bus.attempts).toBe(1);
  expect(app.telemetry.values).toMatchObject({ [METRICS.OLDEST_PENDING_USAGE_AGE.name]: 80 * 60, [METRICS.METERING_RECORDS_UNRESOLVED.name]: 1 });
});

test('an age that is only a lower bound is written', async () => {
  const { app, report } = await setUp();
  const gauges = new UsageTableGauges(new UsageTable(dynamo.documentClient, app.tables.usage));
  const waiting = new PendingUsageGauge(gauges, async () => true);
  for (const dimension of ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H']) await report('2026-11-23T10:30:00Z', minutesAgo(110), dimension);
  let left = 1;
  expect(await waiting.oldest(gauges.unfinished(NOW), NOW, () => (left -= 1) >= 0)).toEqual({ hourEnd: Date.parse('2026-11-23T11:00:00Z'), all: false });
  expect(await waiting.oldest(gauges.unfinished(NOW), NOW, () => true)).toEqual({ hourEnd: Date.parse('2026-11-23T11:00:00Z'), all: true });
});

async function unresolve({ tables, outbox }: Awaited<ReturnType<typeof startIntegration>>, open: (bucket: Bucket) => Promise<void>, hour: string, reason = 'HourTooOld') {
  const ledger = new UsageTableLedger(new UsageTable(dynamo.documentClient, tables.usage), outbox, async () => {});
  const bucket = { licenseId: LICENSE, dimension: 'ApiCalls', hour };
  await open(bucket);
  await ledger.freeze(bucket, { quantity: 3 }, '3');
  await ledger.noteIntent(bucket, undefined, 'token', 'us-east-1');
  await ledger.unresolve(bucket, 'token', reason, [], NOW);
  return { ledger, bucket };
}

describe('hours whose outcome is unknown', () => {
  test('an unresolved hour is in the gauge of every run until it is settled', async () => {
    const { app, open } = await setUp();
    const { ledger, bucket: first } = await unresolve(app, open, '2026-11-23T05');
    const { bucket: second } = await unresolve(app, open, '2026-11-23T06', 'MeteredElsewhere');
    const reported = async () => {
      const { values: counts } = app.telemetry;
      [counts[METRICS.METERING_RECORDS_UNRESOLVED.name], counts[METRICS.METERING_CONFLICTS.name]] = [0, 0];
      await app.reconcile();
      return [counts[METRICS.METERING_RECORDS_UNRESOLVED.name], counts[METRICS.METERING_CONFLICTS.name]];
    };
    expect(await reported()).toEqual([2, 1]);
    await ledger.settle(second, 'BILLED', NOW, NOW);
    expect(await reported()).toEqual([1, 0]);
    await ledger.settle(first, 'REFUSED', NOW, NOW);
    expect(await reported()).toEqual([0, 0]);
  });
});
