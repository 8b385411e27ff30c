import { paginateScan } from '@aws-sdk/client-dynamodb';
import type { LiveContext } from '../context';

/** Whether the usage table has anything of a record. The table is new, so reading all of it is cheap. */
export async function usageStored({ clientsOf, region, outputs }: LiveContext, recordId: string): Promise<boolean> {
  const { dynamodb: client } = clientsOf(region);
  for await (const { Items = [] } of paginateScan({ client }, { TableName: outputs.UsageTableName, ConsistentRead: true })) {
    if (Items.some((item) => JSON.stringify(item).includes(recordId))) {
      return true;
    }
  }
  return false;
}
