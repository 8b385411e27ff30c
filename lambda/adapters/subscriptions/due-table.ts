import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { type DueItem, dueItem, type DueKind } from './items';
import { SubscriptionIndex } from '../../../src/names';
import type { DueStore } from '../../domain/subscription/ports';
import { isoTime } from '../../domain/time';
import { indexQuery, query } from '../aws/query';

/** Licenses for which something of one kind is due, in the index by status until it is done. */
export class DueTable implements DueStore {
  constructor(private readonly documentClient: DynamoDBDocumentClient, private readonly tableName: string, private readonly kind: DueKind) {}

  async watch(licenseId: string, until: number): Promise<void> {
    await this.put(dueItem(this.kind, licenseId, until));
  }

  async *due(until: number): AsyncIterable<string> {
    const dueUntil = indexQuery(this.tableName, SubscriptionIndex.BY_STATUS, this.kind, { until: isoTime(until) });
    for await (const { licenseId } of query<DueItem>(this.documentClient, dueUntil)) {
      yield licenseId;
    }
  }

  async forget(licenseId: string, now: number): Promise<void> {
    await this.put(dueItem(this.kind, licenseId, undefined, now));
  }

  private async put(item: DueItem): Promise<void> {
    await this.documentClient.send(new PutCommand({ TableName: this.tableName, Item: item }));
  }
}
