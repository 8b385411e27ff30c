import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { type SubscriptionItem, subscriptionKey, toSubscription } from './items';
import { type IndexConfig, SubscriptionIndex } from '../../../src/names';
import type { BuyerAccount } from '../../domain/subscription/ports';
import type { Subscription } from '../../domain/subscription/subscription';
import { type IndexBounds, indexQuery, query } from '../aws/query';

/** Reads subscriptions in DynamoDB. */
export class SubscriptionReader {
  constructor(protected readonly documentClient: DynamoDBDocumentClient, protected readonly tableName: string) {}

  async read(licenseId: string): Promise<Subscription | undefined> {
    const item = await this.load(licenseId);
    return item && toSubscription(item);
  }

  async licensesOf({ customerAwsAccountId, productCode }: BuyerAccount): Promise<readonly string[]> {
    const licenseIds: string[] = [];
    for await (const item of this.query(SubscriptionIndex.BY_ACCOUNT, customerAwsAccountId)) {
      if (item.type === 'Subscription' && item.productCode === productCode) {
        licenseIds.push(item.licenseId);
      }
    }
    return licenseIds;
  }

  protected query(index: IndexConfig, partition: string, bounds?: IndexBounds): AsyncIterable<SubscriptionItem> {
    return query(this.documentClient, indexQuery(this.tableName, index, partition, bounds));
  }

  protected async load(licenseId: string): Promise<SubscriptionItem | undefined> {
    return this.get<SubscriptionItem>(subscriptionKey(licenseId));
  }

  protected async get<T>(key: Record<string, string>): Promise<T | undefined> {
    const { Item: item } = await this.documentClient.send(new GetCommand({ TableName: this.tableName, Key: key, ConsistentRead: true }));
    return item as T | undefined;
  }
}
