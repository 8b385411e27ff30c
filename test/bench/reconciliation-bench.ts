import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from './report';
import { subscriptionItem } from '../../lambda/adapters/subscriptions/items';
import { applyFacts } from '../../lambda/domain/subscription/subscription';
import { DAY_MS, MINUTE_MS } from '../../lambda/domain/time';
import { startDynamo } from '../support/dynoxide';
import { at, fact, factsOf } from '../support/facts';
import { ACCOUNT, PRODUCT, startIntegration } from '../support/integration';

const PAGE_BYTES = 4096;
/** Assumed of one subscription, with the facts of some years. */
const ITEM_BYTES = 8 * 1024;
const RUNS_A_DAY = DAY_MS / (5 * MINUTE_MS);

/** What a call reads, in read units: an item is counted as {@link ITEM_BYTES}, an index is read eventually consistently. */
function unitsOf(result: { readonly ScannedCount?: number }): number {
  return result.ScannedCount === undefined ? 1 : Math.max(0.5, Math.ceil(result.ScannedCount * ITEM_BYTES / PAGE_BYTES) / 2);
}

/** Read units of one day of reconciliation, by the number of active subscriptions, 1 % of them new each day. */
export async function reconciliation(sizes: readonly number[]): Promise<Table> {
  const rows: string[][] = [];
  for (const size of sizes) {
    const dynamo = await startDynamo();
    let units = 0;
    const app = await startIntegration(dynamo, undefined, async (call) => {
      const result = await call() as { ScannedCount?: number };
      units += unitsOf(result ?? {});
      return result;
    });
    const start = at(0);
    const puts = Array.from({ length: size }, (_, index) => {
      const licenseId = `l-${String(index).padStart(8, '0')}`;
      const time = start - Math.floor(index * 100 * DAY_MS / size);
      const updated = fact('LICENSE_UPDATED', 0, { time, productCode: PRODUCT, customerAwsAccountId: ACCOUNT });
      const { after, state } = applyFacts(undefined, licenseId, { ...factsOf(updated), registrations: { r: time } }, start, PRODUCT);
      return { PutRequest: { Item: subscriptionItem(after, state, 1) } };
    });
    for (let from = 0; from < size; from += 25) {
      await dynamo.documentClient.send(new BatchWriteCommand({ RequestItems: { [app.tables.subscriptions]: puts.slice(from, from + 25) } }));
    }
    app.time.now = start;
    units = 0;
    await app.store.countByStatus('ACTIVE', { after: 0, until: start, unregistered: true, hasTime: () => true });
    const everyRun = units * RUNS_A_DAY;
    await app.reconcile();
    units = 0;
    for (let run = 1; run <= RUNS_A_DAY; run += 1) {
      app.time.now = start + run * 5 * MINUTE_MS;
      await app.reconcile();
    }
    rows.push([size.toLocaleString('en'), Math.round(everyRun).toLocaleString('en'), Math.round(units).toLocaleString('en')]);
    await dynamo.stop();
  }
  return { title: 'Read units of a day of reconciliation', columns: ['active subscriptions', 'if each run read all', 'now'], rows };
}
