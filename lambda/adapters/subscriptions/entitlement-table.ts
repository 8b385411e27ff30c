import { isDeepStrictEqual } from 'node:util';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import {
  ENTITLEMENTS_DUE, entitlementPeriodItem, entitlementPeriodKey, type EntitlementsItem, entitlementsItem, entitlementsKey, toEntitlementPeriod,
  toLicenseEntitlements,
} from './items';
import { SubscriptionIndex } from '../../../src/names';
import { entitlementEvents } from '../../domain/entitlements/entitlement-events';
import {
  applyAnswer, type EntitlementAnswer, type LicenseCircumstances, type LicenseEntitlements,
} from '../../domain/entitlements/license-entitlements';
import type { EntitlementPeriod, EntitlementStore, EventSubject, RecordedEntitlements } from '../../domain/entitlements/ports';
import { isoTime } from '../../domain/time';
import { retryOnConflict, unchangedSince } from '../aws/conditional-write';
import { indexQuery, query } from '../aws/query';
import { type Outbox, withOutbox } from '../events/outbox';

/** Entitlements in the subscriptions table, in items that no other code writes. */
export class EntitlementTable implements EntitlementStore {
  constructor(
    private readonly documentClient: DynamoDBDocumentClient, private readonly tableName: string, private readonly outbox: Outbox,
  ) {}

  async read(licenseId: string): Promise<LicenseEntitlements | undefined> {
    const item = await this.load(licenseId);
    return item && toLicenseEntitlements(item);
  }

  async addAnswer(
    circumstances: LicenseCircumstances, answer: EntitlementAnswer, subject: EventSubject, now: number,
  ): Promise<RecordedEntitlements> {
    return retryOnConflict(async () => {
      const { licenseId } = circumstances;
      const stored = await this.load(licenseId);
      const before = stored && toLicenseEntitlements(stored);
      const transition = applyAnswer(before, circumstances, answer, now);
      const { after } = transition;
      if (before !== undefined && isDeepStrictEqual(before, after)) {
        return { entitlements: after, events: [], pendingEvents: stored?.outbox ?? [] };
      }
      const period = before !== undefined && after.since !== before.since ? entitlementPeriodItem(before) : undefined;
      if (period !== undefined) {
        // Before the change: after a crash in between, the period is written again, and the current item still says the same.
        await this.documentClient.send(new PutCommand({ TableName: this.tableName, Item: period }));
      }
      const events = entitlementEvents(transition, subject);
      const item: EntitlementsItem = {
        ...entitlementsItem(after, subject.productCode, (stored?.revision ?? 0) + 1),
        ...withOutbox(entitlementsKey(licenseId).pk, stored, events, now),
      };
      await this.documentClient.send(new PutCommand({ TableName: this.tableName, Item: item, ...unchangedSince(stored?.revision) }));
      return { entitlements: after, events, pendingEvents: item.outbox ?? [] };
    });
  }

  async publishPendingEvents({ entitlements: { licenseId }, pendingEvents }: RecordedEntitlements): Promise<void> {
    await this.outbox.publishAndClear({ ...entitlementsKey(licenseId), outbox: pendingEvents });
  }

  async *due(until: number): AsyncIterable<string> {
    const dueUntil = indexQuery(this.tableName, SubscriptionIndex.BY_STATUS, ENTITLEMENTS_DUE, { until: isoTime(until) });
    for await (const { licenseId } of query<EntitlementsItem>(this.documentClient, dueUntil)) {
      yield licenseId;
    }
  }

  async inForceAt(licenseId: string, time: number): Promise<EntitlementPeriod | undefined> {
    const current = await this.load(licenseId);
    const period = current && toEntitlementPeriod(current);
    if (period === undefined || period.since <= time) {
      return period;
    }
    const { pk, sk: until } = entitlementPeriodKey(licenseId, isoTime(time));
    const { Items: [earlier] = [] } = await this.documentClient.send(new QueryCommand({
      TableName: this.tableName,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :until',
      ExpressionAttributeValues: { ':pk': pk, ':from': `${entitlementsKey(licenseId).sk}#`, ':until': until },
      ScanIndexForward: false,
      Limit: 1,
      ConsistentRead: true,
    }));
    return earlier && toEntitlementPeriod(earlier as EntitlementsItem);
  }

  private async load(licenseId: string): Promise<EntitlementsItem | undefined> {
    const { Item: item } = await this.documentClient.send(new GetCommand({
      TableName: this.tableName, Key: entitlementsKey(licenseId), ConsistentRead: true,
    }));
    return item as EntitlementsItem | undefined;
  }
}
