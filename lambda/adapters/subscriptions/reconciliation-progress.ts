import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { RECONCILIATION_KEY } from './items';
import { SCHEMA_VERSION } from '../../../src/names';
import type { ReconciliationProgress } from '../../domain/subscription/ports';
import { isoTime } from '../../domain/time';

/** The progress of reconciliation, one item of the subscriptions table. */
export class ReconciliationProgressItem implements ReconciliationProgress {
  constructor(private readonly documentClient: DynamoDBDocumentClient, private readonly tableName: string) {}

  async unregisteredCheckedUntil(): Promise<number | undefined> {
    const { Item: item } = await this.documentClient.send(new GetCommand({ TableName: this.tableName, Key: RECONCILIATION_KEY }));
    return item && Date.parse(String(item.unregisteredCheckedUntil));
  }

  async setUnregisteredCheckedUntil(activeSince: number): Promise<void> {
    await this.documentClient.send(new PutCommand({
      TableName: this.tableName,
      Item: { ...RECONCILIATION_KEY, type: 'ReconciliationProgress', v: SCHEMA_VERSION, unregisteredCheckedUntil: isoTime(activeSince) },
    }));
  }
}
