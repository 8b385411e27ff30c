import { isDeepStrictEqual } from 'node:util';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import {
  type AgreementItem, agreementItem, agreementKey, type SubscriptionItem, subscriptionItem, subscriptionKey,
  NOT_AWAITED_FILTER, toSubscription, UNREGISTERED_FILTER,
} from './items';
import { SubscriptionReader } from './subscription-reader';
import { SubscriptionIndex } from '../../../src/names';
import { type AgreementFacts, mergeAgreements, type SubscriptionFacts } from '../../domain/subscription/facts';
import type { CountOptions, KnownAgreement, RecordedSubscription, SubscriptionStore } from '../../domain/subscription/ports';
import { applyFacts, type Transition } from '../../domain/subscription/subscription';
import type { SubscriptionStatus } from '../../domain/subscription-directory';
import { isoTime } from '../../domain/time';
import { retryOnConflict, unchangedSince } from '../aws/conditional-write';
import { countItems, indexQuery } from '../aws/query';
import { type Outbox, withOutbox } from '../events/outbox';

/** Subscriptions and agreements in DynamoDB. */
export class SubscriptionTable extends SubscriptionReader implements SubscriptionStore {
  /** @param productCode of the integration, for events of subscriptions whose product is not known yet */
  constructor(
    documentClient: DynamoDBDocumentClient, tableName: string, private readonly outbox: Outbox, private readonly productCode: string,
  ) {
    super(documentClient, tableName);
  }

  async readAgreement(agreementId: string): Promise<KnownAgreement | undefined> {
    const item = await this.get<AgreementItem>(agreementKey(agreementId));
    return item && { licenseIds: item.licenseIds, facts: item.facts };
  }

  async addFacts(licenseId: string, facts: SubscriptionFacts, now: number): Promise<RecordedSubscription> {
    return retryOnConflict(async () => {
      const stored = await this.load(licenseId);
      const transition = applyFacts(stored && toSubscription(stored), licenseId, facts, now, this.productCode);
      if (stored !== undefined && !transition.changed) {
        return recorded(stored, transition);
      }
      const item: SubscriptionItem = {
        ...stored,
        ...subscriptionItem(transition.after, transition.state, (stored?.revision ?? 0) + 1),
        ...withOutbox(subscriptionKey(licenseId).pk, stored, transition.events, now),
      };
      await this.put(item, stored?.revision);
      return recorded(item, transition);
    });
  }

  async addAgreementFacts(agreementId: string, facts: AgreementFacts, licenseId: string | undefined, now: number): Promise<KnownAgreement> {
    return retryOnConflict(async () => {
      const stored = await this.get<AgreementItem>(agreementKey(agreementId));
      const agreement = {
        licenseIds: [...new Set([...stored?.licenseIds ?? [], ...licenseId === undefined ? [] : [licenseId]])].sort(),
        facts: mergeAgreements(stored?.facts ?? {}, facts),
      };
      const known = stored !== undefined && isDeepStrictEqual(agreement, { licenseIds: stored.licenseIds, facts: stored.facts });
      if (!known) {
        await this.put({ ...stored, ...agreementItem(agreementId, agreement, (stored?.revision ?? 0) + 1, now) }, stored?.revision);
      }
      return agreement;
    });
  }

  async publishPendingEvents({ licenseId, pendingEvents }: RecordedSubscription): Promise<void> {
    await this.outbox.publishAndClear({ ...subscriptionKey(licenseId), outbox: pendingEvents });
  }

  async *licensesByStatus(status: SubscriptionStatus, until: number): AsyncIterable<string> {
    for await (const { licenseId } of this.query(SubscriptionIndex.BY_STATUS, status, { until: isoTime(until) })) {
      yield licenseId;
    }
  }

  async countByStatus(status: SubscriptionStatus, { after, until, unregistered, hasTime }: CountOptions) {
    const since = indexQuery(this.tableName, SubscriptionIndex.BY_STATUS, status, { from: isoTime(after + 1), until: isoTime(until) });
    const { values, ...filter } = NOT_AWAITED_FILTER;
    return countItems(this.documentClient, {
      ...since,
      ...(unregistered && { FilterExpression: UNREGISTERED_FILTER }),
      ...(status === 'PENDING' && { ...filter, ExpressionAttributeValues: { ...since.ExpressionAttributeValues, ...values } }),
    }, hasTime);
  }

  private async put(item: object, expectedRev: number | undefined): Promise<void> {
    await this.documentClient.send(new PutCommand({ TableName: this.tableName, Item: item, ...unchangedSince(expectedRev) }));
  }
}

function recorded({ licenseId, outbox = [] }: SubscriptionItem, { state, events }: Transition): RecordedSubscription {
  return { licenseId, state, events, pendingEvents: outbox };
}
