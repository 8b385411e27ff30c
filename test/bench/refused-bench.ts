import { createHash } from 'node:crypto';
import { Table } from './report';
import { Bucket, bucketId } from '../../lambda/domain/usage/ledger/bucket';
import { HOUR_MS, MINUTE_MS } from '../../lambda/domain/usage/ledger/hour';
import { LedgerFixture } from '../support/ledger/ledger-fixture';
import { MemoryStore } from '../support/ledger/memory-store';

const LICENSES = 1000;
const DIMENSIONS = Array.from({ length: 10 }, (_, index) => `Dimension${index}`);
const RUN_MS = 5 * MINUTE_MS;
/** Two runs in a row that bill nothing: what is left is refused. */
const IDLE_RUNS = 2;

/** Lists buckets that became due at the same time as an index of DynamoDB does: in no order of their keys. */
class IndexOrder extends MemoryStore {
  async *due(now: number): AsyncIterable<Bucket> {
    const buckets: { bucket: Bucket; order: string }[] = [];
    for await (const bucket of super.due(now)) buckets.push({ bucket, order: createHash('sha256').update(bucketId(bucket)).digest('hex') });
    buckets.sort((a, b) => (a.bucket.hour + a.order < b.bucket.hour + b.order ? -1 : 1));
    for (const { bucket } of buckets) yield bucket;
  }
}

/** How AWS refuses a license: its records one by one (a suspended buyer), or each call that has one of them. */
type Refusal = 'CustomerNotSubscribed' | 'InvalidLicenseException';

/**
 * How fast a backlog of 10,000 due buckets drains at the quota of AWS when AWS refuses some of the licenses: when that is new, and two hours
 * later, when it is known. In virtual time: only the pace and the calls count, so the figures are the same on any machine.
 */
export async function drainBesideRefusals(cases: readonly (readonly [Refusal, number])[]): Promise<Table> {
  const rows: (string | number)[][] = [];
  for (const [refusal, share] of cases) {
    const { world, refused, report } = shop(refusal, share);
    const billable = (LICENSES - refused.size) * DIMENSIONS.length;
    const rates: string[] = [];
    for (let round = 0; round < 2; round++) {
      await report();
      const { seconds, calls } = await drain(world, billable);
      const rate = billable / seconds;
      rates.push(seconds.toFixed(1), rate.toFixed(1), `${(rate / 2.5).toFixed(1)} %`, String(calls));
    }
    rows.push([`${share * 100} %`, share === 0 ? '' : refusal, billable, ...rates]);
  }
  const columns = ['seconds', 'records/s', 'of 250/s', 'calls'];
  return {
    title: 'A backlog of 10,000 buckets, some of licenses that AWS refuses',
    columns: ['refused licenses', 'answer', 'records to bill', ...columns, ...columns.map((column) => `later: ${column}`)],
    rows,
  };
}

/** Until the last record that AWS takes is taken, and all calls up to then. */
async function drain(world: LedgerFixture, billable: number): Promise<{ seconds: number; calls: number }> {
  const begun = world.now;
  const [accepted, called] = [world.api.accepted.size, world.api.calls.length];
  let last = { at: begun, known: accepted, calls: called };
  world.api.gate = {
    pass: async () => {
      if (world.api.accepted.size > last.known) {
        last = { at: world.now, known: world.api.accepted.size, calls: world.api.calls.length };
      }
    },
  };
  for (let idle = 0; idle < IDLE_RUNS;) {
    const [started, before] = [world.now, last.known];
    await world.run();
    idle = last.known === before ? idle + 1 : 0;
    world.now = Math.max(world.now, started + RUN_MS);
  }
  if (last.known - accepted !== billable) throw new Error(`${last.known - accepted} of ${billable} records were billed`);
  return { seconds: (last.at - begun) / 1000, calls: last.calls - called };
}

/** Buyers, some of whom AWS refuses, and usage of all of them for one hour, which is due when it is reported. */
function shop(refusal: Refusal, share: number): { world: LedgerFixture; refused: Set<string>; report: () => Promise<void> } {
  const world = new LedgerFixture({ Store: IndexOrder, dimensions: DIMENSIONS.map((name) => ({ name, kind: 'METERED' })) });
  world.directory.licenses.clear();
  const licenses = Array.from({ length: LICENSES }, (_, index) => `l-${String(index).padStart(4, '0')}`);
  licenses.forEach((license) => world.subscribe(license));
  // spread evenly: calls have records of both
  const refusedIds = licenses.filter((_, index) => Math.floor((index + 1) * share) > Math.floor(index * share));
  const refused = new Set(refusedIds.map((license) => world.directory.licenses.get(license)!.licenseArn!));
  if (refusal === 'CustomerNotSubscribed') refusedIds.forEach((license) => world.api.notSubscribed.add(license));
  else world.api.refuses = ({ licenseArn }) => (refused.has(licenseArn) ? refusal : undefined);
  const report = async (): Promise<void> => {
    const intake = world.intake();
    for (const dimension of DIMENSIONS) {
      await intake.take(licenses.map((license) => ({ original: world.record(1, { license, dimension }) })));
    }
    world.now += 2 * HOUR_MS;
  };
  return { world, refused, report };
}
