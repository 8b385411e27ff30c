import { DynamoDb } from './engine';
import type { TableModel } from './model';
import { Timers, Clock } from '../../ports';

/** A table whose items expire. */
export interface SweptTable {
  readonly name: string;
  readonly ttlAttribute: string;
  readonly keys: readonly string[];
}

/** AWS deletes within a few days; code must not rely on it being sooner. */
const PERIOD_MILLIS = 6 * 3_600_000;

/**
 * Deletes expired items every six hours of virtual time, as the tables' time-to-live settings say.
 *
 * @param others tables that the template does not have
 */
export function planTtlSweeps(
  tables: readonly TableModel[], others: () => Promise<readonly SweptTable[]>, timers: Timers, clock: Clock, engine: DynamoDb, onWrite: () => void,
): void {
  const swept = tables.flatMap(({ name, ttlAttribute, definition }): SweptTable[] =>
    ttlAttribute === undefined ? [] : [{ name, ttlAttribute, keys: definition.KeySchema.map(({ AttributeName }) => AttributeName) }]);
  const plan = (): void => {
    const next = (Math.floor(clock.now() / PERIOD_MILLIS) + 1) * PERIOD_MILLIS;
    timers.at(next, 'time-to-live sweep', async () => {
      plan();
      let deleted = 0;
      for (const table of [...swept, ...await others()]) {
        deleted += await sweep(table, engine, Math.floor(clock.now() / 1000));
      }
      if (deleted > 0) {
        onWrite();
      }
    }, true);
  };
  plan();
}

/** @returns how many items it deleted */
async function sweep(table: SweptTable, engine: DynamoDb, nowSeconds: number): Promise<number> {
  let deleted = 0;
  const expired = engine.scan({
    TableName: table.name,
    FilterExpression: '#ttl < :now',
    ExpressionAttributeNames: { '#ttl': table.ttlAttribute },
    ExpressionAttributeValues: { ':now': { N: String(nowSeconds) } },
  });
  for await (const item of expired) {
    const Key = Object.fromEntries(table.keys.map((key) => [key, item[key]]));
    await engine.call('DeleteItem', { TableName: table.name, Key });
    deleted++;
  }
  return deleted;
}
