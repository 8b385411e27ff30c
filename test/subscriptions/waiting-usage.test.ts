import { type LocalDynamo, startDynamo } from './support/dynoxide';
import { fact, factsOf, LICENSE } from './support/facts';
import { startIntegration } from './support/harness';
import { bucketPk, UsageTable } from '../../lambda/adapters/usage-table';
import { UsageTableIntake } from '../../lambda/adapters/usage-table-intake';
import { UsageTableLedger } from '../../lambda/adapters/usage-table-ledger';
import type { Bucket } from '../../lambda/domain/usage/bucket';
import { hourEnd, hourOf } from '../../lambda/domain/usage/hour';
import { Metric } from '../../src/contract';

let dynamo: LocalDynamo;
beforeAll(async () => { dynamo = await startDynamo(); });
afterAll(async () => dynamo.stop());

const NOW = Date.parse('2026-11-23T12:20:00Z');
const GRACE = 600_000;
const minutesAgo = (minutes: number) => NOW - minutes * 60_000;

async function setUp() {
  const app = await startIntegration(dynamo);
  await app.store.learn(LICENSE, factsOf(fact('LICENSE_UPDATED', 0)), NOW);
  const table = new UsageTable(dynamo.documentClient, app.tables.usage);
  const intake = new UsageTableIntake(table, { settle: async () => {} });
  const set = async (bucket: Bucket, state: string) =>
    table.update({ pk: bucketPk(bucket), sk: 'META' }, { set: { state } });
  const open = async (bucket: Bucket) => intake.bump(bucket, hourEnd(bucket.hour) + GRACE);
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
    return app.telemetry.counts[Metric.OLDEST_PENDING_USAGE_AGE];
  };
  return { app, report, set, open, age };
}

describe('the age of usage that waits', () => {
  test('is told though no run of metering is: the oldest hour over all shards', async () => {
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

  test('does not count usage of long ago that has only just come: the next run takes it', async () => {
    const { report, age } = await setUp();
    await report('2026-11-22T03:00:00Z', minutesAgo(14));
    expect(await age()).toBe(0);
    await report('2026-11-23T08:00:00Z', minutesAgo(16));
    expect(await age()).toBe((3 * 60 + 20) * 60);
  });

  test('counts a frozen hour, and one that was opened for a quantity of zero', async () => {
    const { report, set, open, age } = await setUp();
    await set(await report('2026-11-23T09:30:00Z', minutesAgo(170)), 'FROZEN');
    expect(await age()).toBe(140 * 60);
    await open({ licenseId: LICENSE, dimension: 'Other', hour: '2026-11-23T08' });
    expect(await age()).toBe(200 * 60);
  });

  test('does not count what came late for a settled hour, nor let it hide what waits', async () => {
    const { report, set, age } = await setUp();
    for (let day = 10; day < 22; day += 1) {
      await set(await report(`2026-11-${day}T03:00:00Z`, minutesAgo(600)), 'BILLED');
    }
    expect(await age()).toBe(0);
    await report('2026-11-23T10:30:00Z', minutesAgo(110));
    expect(await age()).toBe(80 * 60);
  });

  test('does not count usage of a license that nobody knows, nor let a month of it hide what waits', async () => {
    const { report, open, age } = await setUp();
    for (let hour = 0; hour < 400; hour += 1) {
      await open({ licenseId: 'l-mistyped', dimension: 'ApiCalls', hour: hourOf(minutesAgo(60 * (hour + 24))) });
    }
    expect(await age()).toBe(0);
    await report('2026-11-23T10:30:00Z', minutesAgo(110));
    expect(await age()).toBe(80 * 60);
  });
});

describe('hours whose outcome is unknown', () => {
  test('are told by every run until somebody settles them', async () => {
    const { app, open } = await setUp();
    const ledger = new UsageTableLedger(new UsageTable(dynamo.documentClient, app.tables.usage), app.outbox, async () => {});
    const hours = ['2026-11-23T05', '2026-11-23T06'].map((hour) => ({ licenseId: LICENSE, dimension: 'ApiCalls', hour }));
    for (const [index, bucket] of hours.entries()) {
      await open(bucket);
      await ledger.freeze(bucket, { quantity: 3 }, '3', 'token');
      await ledger.unresolve(bucket, 'token', index === 0 ? 'HourTooOld' : 'MeteredElsewhere', [], NOW);
    }
    const told = async () => {
      const { counts } = app.telemetry;
      [counts[Metric.METERING_RECORDS_UNRESOLVED], counts[Metric.METERING_CONFLICTS]] = [0, 0];
      await app.reconcile();
      return [counts[Metric.METERING_RECORDS_UNRESOLVED], counts[Metric.METERING_CONFLICTS]];
    };
    expect(await told()).toEqual([2, 1]);
    await ledger.settle(hours[1], 'BILLED', NOW, NOW);
    expect(await told()).toEqual([1, 0]);
    await ledger.settle(hours[0], 'REFUSED', NOW, NOW);
    expect(await told()).toEqual([0, 0]);
  });
});
