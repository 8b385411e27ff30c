import { isDeepStrictEqual } from 'node:util';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type AgreementItem, agreementKey, type SubscriptionItem, subscriptionItem, subscriptionKey, toSubscription } from './items';
import { Keys, SCHEMA_VERSION, SubscriptionIndex } from '../../../src/names';
import { type AgreementFacts, mergeAgreements, type SubscriptionFacts } from '../../domain/subscription/facts';
import { learn, type Transition } from '../../domain/subscription/subscription';
import { retryOnConflict, unchangedSince } from '../aws/conditional-write';
import { queryIndex } from '../aws/query';
import { withOutbox } from '../events/outbox';

/** Events that never find a license (another product's, say) go; an agreement may start long after it was signed. */
const UNMATCHED_KEPT_SECONDS = 400 * 86_400;

export interface Learned {
  readonly item: SubscriptionItem;
  readonly transition: Transition;
}

export interface StatusCount {
  readonly after: number;
  readonly until: number;
  /** Only those that a buyer should have registered, and nobody has. */
  readonly unregistered?: boolean;
  /** Asked before each further page. */
  readonly mayGoOn: () => boolean;
}

/** Subscriptions and agreements. Every write adds to what is there; none replaces what another wrote. */
export class SubscriptionTable {
  constructor(
    private readonly documentClient: DynamoDBDocumentClient, private readonly tableName: string, private readonly productCode: string,
  ) {}

  async load(licenseId: string): Promise<SubscriptionItem | undefined> {
    return this.get<SubscriptionItem>(subscriptionKey(licenseId));
  }

  /** Adds facts to a subscription, together with the domain events they give rise to, in one write. */
  async learn(licenseId: string, facts: SubscriptionFacts, now: number): Promise<Learned> {
    return retryOnConflict(async () => {
      const stored = await this.load(licenseId);
      const transition = learn(stored && toSubscription(stored), licenseId, facts, now, this.productCode);
      if (stored !== undefined && !transition.changed) {
        return { item: stored, transition };
      }
      const item: SubscriptionItem = {
        ...stored,
        ...subscriptionItem(transition.after, transition.state, (stored?.rev ?? 0) + 1),
        ...withOutbox(subscriptionKey(licenseId).pk, stored, transition.events, now),
      };
      await this.put(item, stored?.rev);
      return { item, transition };
    });
  }

  /**
   * Adds facts to an agreement, and the license it turned out to be for.
   *
   * @returns the agreement after it, all licenses and facts included
   */
  async learnOfAgreement(agreementId: string, facts: AgreementFacts, licenseId: string | undefined, now: number): Promise<AgreementItem> {
    return retryOnConflict(async () => {
      const stored = await this.get<AgreementItem>(agreementKey(agreementId));
      const licenseIds = [...new Set([...stored?.licenseIds ?? [], ...licenseId === undefined ? [] : [licenseId]])].sort();
      const item: AgreementItem = {
        ...stored,
        ...agreementKey(agreementId),
        type: 'Agreement',
        v: SCHEMA_VERSION,
        rev: (stored?.rev ?? 0) + 1,
        agreementId,
        licenseIds,
        facts: mergeAgreements(stored?.facts ?? {}, facts),
        [Keys.TTL]: licenseIds.length > 0 ? undefined : Math.ceil(now / 1000) + UNMATCHED_KEPT_SECONDS,
      };
      const known = stored !== undefined && isDeepStrictEqual(item.facts, stored.facts) && isDeepStrictEqual(item.licenseIds, stored.licenseIds);
      if (!known) {
        await this.put(item, stored?.rev);
      }
      return item;
    });
  }

  /** All subscriptions of a buyer's account to a product; eventually consistent. */
  async ofAccount(customerAwsAccountId: string, productCode: string): Promise<readonly SubscriptionItem[]> {
    const items: SubscriptionItem[] = [];
    for await (const item of queryIndex<SubscriptionItem>(
      this.documentClient, this.tableName, SubscriptionIndex.BY_ACCOUNT, customerAwsAccountId,
    )) {
      if (item.type === 'Subscription' && item.productCode === productCode) {
        items.push(item);
      }
    }
    return items;
  }

  /** Items of a status, by `statusAt`, up to and including `until` (epoch milliseconds); eventually consistent. */
  byStatus(status: string, until: number): AsyncIterable<SubscriptionItem> {
    return queryIndex(this.documentClient, this.tableName, SubscriptionIndex.BY_STATUS, status, new Date(until).toISOString());
  }

  /**
   * How many have had a status since a time between two (epoch milliseconds); eventually consistent, and only the count
   * is read. Not `all`: it is a lower bound.
   */
  async countByStatus(
    status: string, { after, until, unregistered, mayGoOn }: StatusCount,
  ): Promise<{ readonly count: number; readonly all: boolean }> {
    const { name, partitionKey, sortKey } = SubscriptionIndex.BY_STATUS;
    let count = 0;
    let start: Record<string, unknown> | undefined;
    do {
      const page = await this.documentClient.send(new QueryCommand({
        TableName: this.tableName,
        IndexName: name,
        Select: 'COUNT',
        KeyConditionExpression: '#status = :status AND #at BETWEEN :after AND :until',
        ...(unregistered ? { FilterExpression: 'attribute_not_exists(registeredAt) AND attribute_not_exists(continuation)' } : {}),
        ExpressionAttributeNames: { '#status': partitionKey, '#at': sortKey },
        ExpressionAttributeValues: {
          ':status': status, ':after': new Date(after).toISOString(), ':until': new Date(until).toISOString(),
        },
        ExclusiveStartKey: start,
      }));
      count += page.Count ?? 0;
      start = page.LastEvaluatedKey;
    } while (start !== undefined && mayGoOn());
    return { count, all: start === undefined };
  }

  private async get<T>(key: Record<string, string>): Promise<T | undefined> {
    const { Item: item } = await this.documentClient.send(new GetCommand({ TableName: this.tableName, Key: key, ConsistentRead: true }));
    return item as T | undefined;
  }

  private async put(item: object, expectedRev: number | undefined): Promise<void> {
    await this.documentClient.send(new PutCommand({ TableName: this.tableName, Item: item, ...unchangedSince(expectedRev) }));
  }
}
