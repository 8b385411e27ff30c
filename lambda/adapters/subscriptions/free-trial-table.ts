import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { FREE_TRIAL, type FreeTrialItem, freeTrialItem, MIGRATION, migrationItem } from './items';
import { SubscriptionIndex } from '../../../src/names';
import type { FreeTrialStore } from '../../domain/subscription/ports';
import { isoTime } from '../../domain/time';
import { indexQuery, query } from '../aws/query';

/** Free trials whose outcome is open, in the index by status until it is decided. */
export class FreeTrialTable implements FreeTrialStore {
  constructor(private readonly documentClient: DynamoDBDocumentClient, private readonly tableName: string) {}

  async watch(licenseId: string, until: number): Promise<void> {
    await this.put(freeTrialItem(licenseId, until));
  }

  async *due(until: number): AsyncIterable<string> {
    const dueUntil = indexQuery(this.tableName, SubscriptionIndex.BY_STATUS, FREE_TRIAL, { until: isoTime(until) });
    for await (const { licenseId } of query<FreeTrialItem>(this.documentClient, dueUntil)) {
      yield licenseId;
    }
  }

  async forget(licenseId: string, now: number): Promise<void> {
    await this.put(freeTrialItem(licenseId, undefined, now));
  }

  private async put(item: FreeTrialItem): Promise<void> {
    await this.documentClient.send(new PutCommand({ TableName: this.tableName, Item: item }));
  }
}

/** Buyers whose cut-over lies ahead, in the index by status until then. */
export class MigrationTable implements FreeTrialStore {
  constructor(private readonly documentClient: DynamoDBDocumentClient, private readonly tableName: string) {}

  async watch(licenseId: string, until: number): Promise<void> {
    await this.documentClient.send(new PutCommand({ TableName: this.tableName, Item: migrationItem(licenseId, until) }));
  }

  async *due(until: number): AsyncIterable<string> {
    const dueUntil = indexQuery(this.tableName, SubscriptionIndex.BY_STATUS, MIGRATION, { until: isoTime(until) });
    for await (const { licenseId } of query<FreeTrialItem>(this.documentClient, dueUntil)) {
      yield licenseId;
    }
  }

  async forget(licenseId: string, now: number): Promise<void> {
    await this.documentClient.send(new PutCommand({ TableName: this.tableName, Item: migrationItem(licenseId, undefined, now) }));
  }
}
