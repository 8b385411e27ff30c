import type { Clock, Timers } from '../../../src/ports';
import type { DynamoDb } from '../../../src/services/dynamodb/engine';
import { planTtlSweeps, type SweptTable } from '../../../src/services/dynamodb/ttl-sweep';

/** Sweeps of an app whose template has no table with a time to live. */
function plannedSweeps(others: () => Promise<readonly SweptTable[]>, expired: readonly object[]) {
  const runs: (() => void | Promise<void>)[] = [];
  const deleted: unknown[] = [];
  let writes = 0;
  const engine = {
    async *scan() { yield* expired; },
    call: async (_: string, input: { Key: unknown }) => { deleted.push(input.Key); },
  };
  const timers = { at: (_time, _label, run) => runs.push(run) } as Timers;
  planTtlSweeps([], others, timers, { now: () => 0 } as Clock, engine as unknown as DynamoDb, () => { writes++; });
  return { sweep: () => runs.shift()!(), deleted, writes: () => writes };
}

test('a restored table that got a time to live is swept, also where no table of the template has one', async () => {
  const tables: SweptTable[] = [];
  const { sweep, deleted } = plannedSweeps(async () => tables, [{ pk: { S: 'old' }, expiresAt: { N: '1' } }]);
  await sweep();
  expect(deleted).toEqual([]);
  tables.push({ name: 'restored', ttlAttribute: 'expiresAt', keys: ['pk'] });
  await sweep();
  expect(deleted).toEqual([{ pk: { S: 'old' } }]);
});

test('a sweep that finds no expired item is no write to a table', async () => {
  const table = { name: 'restored', ttlAttribute: 'expiresAt', keys: ['pk'] };
  const empty = plannedSweeps(async () => [table], []);
  await empty.sweep();
  const one = plannedSweeps(async () => [table], [{ pk: { S: 'old' } }]);
  await one.sweep();
  expect([empty.writes(), one.writes()]).toEqual([0, 1]);
});
