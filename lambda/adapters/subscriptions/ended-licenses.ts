import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type SubscriptionItem, subscriptionKey, toSubscription } from './items';
import { meteredLicense } from '../../domain/subscription/subscription';
import type { EndedLicenses } from '../../domain/usage/ports';

const KEYS_PER_BATCH_GET = 100;

/** Reads subscriptions in batches: one read unit for each license. */
export class DynamoEndedLicenses implements EndedLicenses {
  constructor(private readonly documentClient: DynamoDBDocumentClient, private readonly tableName: string) {}

  async among(licenseIds: readonly string[], now: number): Promise<ReadonlySet<string>> {
    const ended = new Set<string>();
    for (let from = 0; from < licenseIds.length; from += KEYS_PER_BATCH_GET) {
      const Keys = licenseIds.slice(from, from + KEYS_PER_BATCH_GET).map(subscriptionKey);
      const { Responses: responses } = await this.documentClient.send(new BatchGetCommand({
        RequestItems: { [this.tableName]: { Keys, ConsistentRead: true } },
      }));
      // Keys that a throttled table left unread are not known to have ended.
      for (const item of (responses?.[this.tableName] ?? []) as SubscriptionItem[]) {
        if (meteredLicense(toSubscription(item), now).status === 'ENDED') {
          ended.add(item.licenseId);
        }
      }
    }
    return ended;
  }
}
