import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { watchMemory } from './memory';
import { Table } from './report';
import { recordItem } from '../../lambda/adapters/usage/items';
import { Bucket } from '../../lambda/domain/usage/ledger/bucket';
import { hourEnd, HOUR_MS } from '../../lambda/domain/usage/ledger/hour';
import { type LocalDynamo, startDynamo } from '../support/dynoxide';
import { LICENSE, RULES } from '../support/ledger/ledger-fixture';
import { tableWorld } from '../support/ledger/table-world';

const BUCKET: Bucket = { licenseId: LICENSE, dimension: 'ApiCalls', hour: '2026-11-23T05' };
const ITEMS_PER_WRITE = 25;

type World = Awaited<ReturnType<typeof tableWorld>>;

/** What the runs of metering read of one bucket with many records. */
export async function bucket(sizes: readonly number[]): Promise<Table> {
  const rows: (string | number)[][] = [];
  for (const size of sizes) {
    const dynamo = await startDynamo();
    try {
      rows.push(...await measure(dynamo, size));
    } finally {
      await dynamo.stop();
    }
  }
  return {
    title: 'One bucket with many records',
    columns: ['records', 'run', 'DynamoDB requests', 'read units', 'seconds', 'peak heap MB', 'peak RSS MB'],
    rows,
  };
}

async function measure(dynamo: LocalDynamo, size: number): Promise<(string | number)[][]> {
  const used = countUse(dynamo);
  const on = await tableWorld(dynamo);
  await putRecords(dynamo, on, size);
  const { world } = on;
  const rows: (string | number)[][] = [];
  const run = async (what: string, at: string): Promise<void> => {
    world.at(at);
    globalThis.gc?.();
    Object.assign(used, { requests: 0, readUnits: 0 });
    const memory = watchMemory();
    const begun = performance.now();
    await on.invoke({});
    const seconds = (performance.now() - begun) / 1000;
    const { heap, rss } = memory.stop();
    rows.push([size, what, used.requests, used.readUnits, seconds.toFixed(1), heap, rss]);
  };
  world.subscribe(LICENSE, { pending: true });
  await run('the license is pending', '2026-11-23T06:10:00Z');
  world.subscribe(LICENSE);
  await run('freeze and send', '2026-11-23T06:15:00Z');
  for (const [at, next] of [['06:20', 'first late record'], ['06:25', 'second late record'], ['06:30', 'third late record']]) {
    world.at(`2026-11-23T${at}:00Z`);
    await on.report(1, { time: '2026-11-23T05:30:00Z' });
    await run(next, `2026-11-23T${at}:30Z`);
  }
  await run('nothing is due', '2026-11-23T06:35:00Z');
  return rows;
}

/** As intake leaves them, without its claims. */
async function putRecords(dynamo: LocalDynamo, { table, stores }: World, count: number): Promise<void> {
  const receivedAt = hourEnd(BUCKET.hour) - HOUR_MS / 2;
  for (let from = 0; from < count; from += ITEMS_PER_WRITE) {
    const records = Array.from({ length: Math.min(ITEMS_PER_WRITE, count - from) }, (_, index) => recordItem({
      id: `01234567-89ab-cdef-0123-${String(from + index).padStart(12, '0')}`,
      bucket: BUCKET,
      units: { amount: '1' },
      quantity: '1',
      time: '2026-11-23T05:30:00.000Z',
      receivedAt,
    }));
    await dynamo.documentClient.send(new BatchWriteCommand({ RequestItems: { [table]: records.map((Item) => ({ PutRequest: { Item } })) } }));
  }
  await stores.intake.markChanged(BUCKET, hourEnd(BUCKET.hour) + RULES.closeGrace);
}

/** Counts the requests of the client, and the read units that the engine answers. */
function countUse({ documentClient }: LocalDynamo): { requests: number; readUnits: number } {
  const used = { requests: 0, readUnits: 0 };
  documentClient.middlewareStack.add((next, context) => async (args) => {
    used.requests += 1;
    const answer = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } });
    const { ConsumedCapacity: consumed = [] } = answer.output as { ConsumedCapacity?: Consumed | Consumed[] };
    if (/^(Query|Get|BatchGet)Command$/.test(context.commandName ?? '')) {
      used.readUnits += [consumed].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
    }
    return answer;
  }, { step: 'initialize' });
  return used;
}

interface Consumed { readonly CapacityUnits?: number }
