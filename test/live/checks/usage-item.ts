import { paginateScan } from '@aws-sdk/client-dynamodb';
import type { LiveContext } from '../context';

/** A record of a license that no one has: it is stored, and never sent. */
export function usageRecord({ clock, runId }: LiveContext, name: string) {
  const time = new Date(clock.now()).toISOString();
  return { id: `${runId}-${name}`, license: 'l-00000000000000000000000000000000', dimension: 'ApiCalls', quantity: 1, time };
}

/** Whether the usage table, by default that of the example, has anything of a record. It is nearly empty, so reading all of it is cheap. */
export async function usageStored(
  { clientsOf, region, outputs }: LiveContext, recordId: string, TableName = outputs.UsageTableName,
): Promise<boolean> {
  const { dynamodb: client } = clientsOf(region);
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true })) {
    if (Items.some((item) => JSON.stringify(item).includes(recordId))) {
      return true;
    }
  }
  return false;
}
