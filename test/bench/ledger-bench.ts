import { LedgerWorld } from './ledger-world';
import { watchMemory } from './memory';
import { Table } from './report';

/** Practically no pace: the quota is 10. */
const UNPACED = 1_000_000;

/** How fast a backlog drains at the quota of AWS. */
export async function drain(sizes: readonly number[]): Promise<Table> {
  const rows: (string | number)[][] = [];
  for (const buckets of sizes) {
    const world = await LedgerWorld.start(10);
    try {
      await world.report(buckets);
      const seconds = await timed(async () => { await world.metering(10).runAll(Date.now() + 900_000); });
      const { records, calls } = await world.metered();
      if (records !== buckets) throw new Error(`${records} of ${buckets} buckets were metered`);
      const rate = records / seconds;
      rows.push([records, seconds.toFixed(1), rate.toFixed(1), `${(rate / 2.5).toFixed(1)} %`, calls.total, calls.throttled, calls.failed]);
    } finally {
      await world.stop();
    }
  }
  return { title: 'Backlogs at 10 calls a second', columns: ['due buckets', 'seconds', 'records/s', 'of 250/s', 'calls', 'throttled', 'failed'], rows };
}

/** What the code itself can do, and how it grows. */
export async function growth(sizes: readonly number[]): Promise<Table> {
  const rows: (string | number)[][] = [];
  for (const buckets of sizes) {
    const world = await LedgerWorld.start(0);
    try {
      const reported = await world.report(buckets);
      world.requests = 0;
      globalThis.gc?.();
      const memory = watchMemory();
      const seconds = await timed(async () => { await world.metering(UNPACED).runAll(Date.now() + 900_000); });
      const { heap, rss } = memory.stop();
      const { records } = await world.metered();
      if (records !== buckets) throw new Error(`${records} of ${buckets} buckets were metered`);
      rows.push([
        buckets, seconds.toFixed(1), Math.round(records / seconds), (world.requests / buckets).toFixed(2), heap, rss, Math.round(buckets / reported),
      ]);
      console.error(`${buckets} buckets: ${seconds.toFixed(1)} s`);
    } finally {
      await world.stop();
    }
  }
  return {
    title: 'Metering with the pacing off',
    columns: ['due buckets', 'seconds', 'buckets/s', 'DynamoDB requests/bucket', 'peak heap MB', 'peak RSS MB', 'seeded records/s'],
    rows,
  };
}

/** What a usage record costs at the door. `perBucket` records share a bucket. */
export async function intake(batches: readonly number[], count: number): Promise<Table> {
  const rows: (string | number)[][] = [];
  for (const batch of batches) {
    const world = await LedgerWorld.start(0);
    try {
      const records = batch === 1 ? Math.ceil(count / 10) : count;
      const seconds = await world.report(records, batch);
      const spread = world.requests / records;
      world.requests = 0;
      const secondsAgain = await world.report(records, batch, 'DUPLICATE');
      const again = world.requests / records;
      const shared = await sharedBucket(world, batch, records);
      rows.push([
        batch, records, Math.round(records / seconds), spread.toFixed(2), shared.toFixed(2), Math.round(records / secondsAgain), again.toFixed(2),
      ]);
    } finally {
      await world.stop();
    }
  }
  return {
    title: 'Intake, one process',
    columns: [
      'records a batch', 'records', 'records/s', 'DynamoDB requests/record, each its own bucket', 'DynamoDB requests/record, one bucket a batch',
      'redelivered records/s', 'DynamoDB requests/redelivered record',
    ],
    rows,
  };
}

async function sharedBucket(world: LedgerWorld, batch: number, count: number): Promise<number> {
  const intakeOf = world.intake();
  const [first] = [...world.usage(1)];
  world.requests = 0;
  for (let i = 0; i < count; i += batch) {
    const records = Array.from({ length: Math.min(batch, count - i) }, (_, n) => ({ original: { ...first, id: `shared-${i + n}` } }));
    await intakeOf.take(records);
  }
  return world.requests / count;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}
