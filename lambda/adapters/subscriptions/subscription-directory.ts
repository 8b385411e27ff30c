import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { type SubscriptionItem, subscriptionKey, toSubscription } from './items';
import { SubscriptionIndex } from '../../../src/names';
import { meteredLicense } from '../../domain/subscription/subscription';
import type { MeteredLicense, SubscriptionDirectory, SubscriptionStatus } from '../../domain/subscription-directory';
import { indexQuery, query } from '../aws/query';

/** Reads subscriptions from the table. Here the final hour closes on time, even before reconciliation has stored the end. */
export class DynamoSubscriptionDirectory implements SubscriptionDirectory {
  constructor(private readonly documentClient: DynamoDBDocumentClient, private readonly tableName: string) {}

  async get(licenseId: string, now: number): Promise<MeteredLicense | undefined> {
    const { Item: item } = await this.documentClient.send(new GetCommand({
      TableName: this.tableName, Key: subscriptionKey(licenseId), ConsistentRead: true,
    }));
    return item === undefined ? undefined : meteredLicense(toSubscription(item as SubscriptionItem), now);
  }

  async *list(status: SubscriptionStatus, now: number): AsyncIterable<MeteredLicense> {
    // A subscription whose final hour is over is stored as ENDING until the next reconciliation.
    const stored: readonly SubscriptionStatus[] = status === 'ENDED' ? ['ENDED', 'ENDING'] : [status];
    for (const partition of stored) {
      for await (const item of query<SubscriptionItem>(this.documentClient, indexQuery(this.tableName, SubscriptionIndex.BY_STATUS, partition))) {
        const license = meteredLicense(toSubscription(item), now);
        if (license.status === status) {
          yield license;
        }
      }
    }
  }
}
