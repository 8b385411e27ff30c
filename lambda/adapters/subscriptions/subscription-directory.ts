import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { type SubscriptionItem, subscriptionKey, toSubscription } from './items';
import { SubscriptionIndex } from '../../../src/names';
import { meteredLicense } from '../../domain/subscription/subscription';
import type { MeteredLicense, SubscriptionDirectory, SubscriptionStatus } from '../../domain/subscription-directory';
import { queryIndex } from '../aws/query';

/** Reads subscriptions from the table. The final hour closes on time here, whether or not the sweep has come by. */
export class DynamoSubscriptionDirectory implements SubscriptionDirectory {
  constructor(private readonly documentClient: DynamoDBDocumentClient, private readonly tableName: string) {}

  async get(licenseId: string, now: number): Promise<MeteredLicense | undefined> {
    const { Item: item } = await this.documentClient.send(new GetCommand({
      TableName: this.tableName, Key: subscriptionKey(licenseId), ConsistentRead: true,
    }));
    return item === undefined ? undefined : meteredLicense(toSubscription(item as SubscriptionItem), now);
  }

  async *list(status: SubscriptionStatus, now: number): AsyncIterable<MeteredLicense> {
    // Stored as ENDING until the sweep comes by, though its final hour is over.
    const stored: readonly SubscriptionStatus[] = status === 'ENDED' ? ['ENDED', 'ENDING'] : [status];
    for (const partition of stored) {
      for await (const item of queryIndex<SubscriptionItem>(this.documentClient, this.tableName, SubscriptionIndex.BY_STATUS, partition)) {
        const license = meteredLicense(toSubscription(item), now);
        if (license.status === status) {
          yield license;
        }
      }
    }
  }
}
