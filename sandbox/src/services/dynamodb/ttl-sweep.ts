import { DynamoDb } from './engine';
import type { TableModel } from './model';
import { Timers, Clock } from '../../ports';

/** AWS deletes within a few days; code must not rely on it being sooner. */
const PERIOD_MILLIS = 6 * 3_600_000;

/** Deletes expired items every six hours of virtual time, as the tables' time-to-live settings say. */
export function planTtlSweeps(tables: readonly TableModel[], timers: Timers, clock: Clock, engine: DynamoDb, onWrite: () => void): void {
  const swept = tables.filter((table) => table.ttlAttribute !== undefined);
  if (swept.length === 0) {
    return;
  }
  const plan = (): void => {
    const next = (Math.floor(clock.now() / PERIOD_MILLIS) + 1) * PERIOD_MILLIS;
    timers.at(next, 'time-to-live sweep', async () => {
      plan();
      for (const table of swept) {
        await sweep(table, engine, Math.floor(clock.now() / 1000));
      }
      onWrite();
    }, true);
  };
  plan();
}

async function sweep(table: TableModel, engine: DynamoDb, nowSeconds: number): Promise<void> {
  const expired = engine.scan({
    TableName: table.name,
    FilterExpression: '#ttl < :now',
    ExpressionAttributeNames: { '#ttl': table.ttlAttribute },
    ExpressionAttributeValues: { ':now': { N: String(nowSeconds) } },
  });
  for await (const item of expired) {
    const Key = Object.fromEntries(table.definition.KeySchema.map(({ AttributeName }) => [AttributeName, item[AttributeName]]));
    await engine.call('DeleteItem', { TableName: table.name, Key });
  }
}
