import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import {
  buyerDetails, type BuyerItem, buyerItem, buyerKey, claimantOf, codeItem, codeKey, ENTERED, type SessionItem, sessionItem, sessionKey,
} from './items';
import { RegistrationIndex } from '../../../src/names';
import { defined } from '../../domain/defined';
import type { DomainEvent } from '../../domain/domain-event';
import type { BuyerDetails } from '../../domain/registration/buyer-form';
import type { ClaimedCode, RegistrationStore } from '../../domain/registration/ports';
import { FORMER_BUYER_SECONDS, type RegistrationSession } from '../../domain/registration/session';
import type { BuyerAccount } from '../../domain/subscription/ports';
import { isConditionalCheckFailed } from '../aws/conditional-write';
import { indexQuery, query } from '../aws/query';
import { expiresAfter, isExpired } from '../aws/ttl';
import { addedToOutbox, type Outbox } from '../events/outbox';

/** Sessions, one-time codes and buyers in DynamoDB. */
export class RegistrationTable implements RegistrationStore {
  /** @param retentionSeconds how long what buyers entered is kept; undefined: until it is deleted */
  constructor(
    private readonly documentClient: DynamoDBDocumentClient, private readonly tableName: string, private readonly outbox: Outbox,
    private readonly retentionSeconds?: number,
  ) {}

  async openSession(handle: string, session: RegistrationSession, now: number): Promise<void> {
    await this.put(sessionItem(handle, session, now));
  }

  async session(handle: string, now: number): Promise<RegistrationSession | undefined> {
    return (await this.get(sessionKey(handle), now))?.session;
  }

  async completeSession(handle: string, registeredAt: number, licenseId: string | undefined): Promise<boolean> {
    const { Attributes: before } = await this.documentClient.send(new UpdateCommand({
      TableName: this.tableName,
      Key: sessionKey(handle),
      UpdateExpression: licenseId === undefined
        ? 'SET #session.registeredAt = :at'
        : 'SET #session.registeredAt = :at, #session.licenseId = :license',
      ConditionExpression: 'attribute_exists(#pk)',
      ExpressionAttributeNames: { '#session': 'session', '#pk': 'pk' },
      ExpressionAttributeValues: defined({ ':at': registeredAt, ':license': licenseId }),
      ReturnValues: 'ALL_OLD',
    }));
    return (before as SessionItem | undefined)?.session.registeredAt === undefined;
  }

  async buyer(registrationId: string): Promise<BuyerDetails | undefined> {
    const { Item: item } = await this.documentClient.send(new GetCommand({
      TableName: this.tableName, Key: buyerKey(registrationId), ConsistentRead: true,
    }));
    return item === undefined ? undefined : buyerDetails(item as BuyerDetails);
  }

  async saveBuyer(details: BuyerDetails, session: RegistrationSession, now: number, events: readonly DomainEvent[]): Promise<void> {
    const { registrationId } = session;
    const item = buyerItem(details, session, now, this.retentionSeconds);
    const sets = ENTERED.filter((name) => item[name] !== undefined);
    const removes = ENTERED.filter((name) => item[name] === undefined);
    const pending = addedToOutbox(buyerKey(registrationId).pk, events, now);
    await this.documentClient.send(new UpdateCommand({
      TableName: this.tableName,
      Key: buyerKey(registrationId),
      UpdateExpression: `SET ${[...sets.map((name) => `#${name} = :${name}`), ...pending.sets].join(', ')} REMOVE ${removes.map((name) => `#${name}`).join(', ')}`,
      ExpressionAttributeNames: { ...Object.fromEntries(ENTERED.map((name) => [`#${name}`, name])), ...pending.names },
      ExpressionAttributeValues: { ...Object.fromEntries(sets.map((name) => [`:${name}`, item[name]])), ...pending.values },
    }));
  }

  async publishPendingEvents(registrationId: string): Promise<void> {
    await this.outbox.publish(buyerKey(registrationId));
  }

  async expireFormerBuyers(licenseId: string, registrationId: string, account: BuyerAccount, now: number): Promise<void> {
    const expiresAt = expiresAfter(now, FORMER_BUYER_SECONDS);
    const former = query<BuyerItem>(this.documentClient, indexQuery(this.tableName, RegistrationIndex.BY_ACCOUNT, account.customerAwsAccountId));
    for await (const item of former) {
      const stays = item.type !== 'Buyer' || item.licenseId !== licenseId || item.registrationId === registrationId;
      if (!stays && !(Number(item.expiresAt) <= expiresAt)) {
        await this.documentClient.send(new UpdateCommand({
          TableName: this.tableName,
          Key: buyerKey(item.registrationId),
          UpdateExpression: 'SET #expiresAt = :at',
          ConditionExpression: 'attribute_exists(#pk)',
          ExpressionAttributeNames: { '#expiresAt': 'expiresAt', '#pk': 'pk' },
          ExpressionAttributeValues: { ':at': expiresAt },
        }));
      }
    }
  }

  async offerCode(code: string, session: RegistrationSession, now: number): Promise<void> {
    await this.put(codeItem(code, session, now));
  }

  async claimCode(code: string, claimId: string, now: number): Promise<ClaimedCode | undefined> {
    const item = await this.get(codeKey(code), now);
    if (item === undefined) {
      return undefined;
    }
    const { session, claimedAt, claimedBy } = item;
    if (claimedAt !== undefined) {
      return claimedBy === claimantOf(claimId) ? { session, claimedAt, repeated: true } : undefined;
    }
    try {
      await this.documentClient.send(new UpdateCommand({
        TableName: this.tableName,
        Key: codeKey(code),
        UpdateExpression: 'SET #claimedAt = :now, #claimedBy = :claimant',
        ConditionExpression: 'attribute_exists(#pk) AND attribute_not_exists(#claimedAt)',
        ExpressionAttributeNames: { '#pk': 'pk', '#claimedAt': 'claimedAt', '#claimedBy': 'claimedBy' },
        ExpressionAttributeValues: { ':now': now, ':claimant': claimantOf(claimId) },
      }));
    } catch (error) {
      if (isConditionalCheckFailed(error)) {
        return this.claimCode(code, claimId, now);
      }
      throw error;
    }
    return { session, claimedAt: now, repeated: false };
  }

  private async get(key: Record<string, string>, now: number): Promise<SessionItem | undefined> {
    const { Item: item } = await this.documentClient.send(new GetCommand({ TableName: this.tableName, Key: key, ConsistentRead: true }));
    return item === undefined || isExpired(item.expiresAt, now) ? undefined : item as SessionItem;
  }

  private async put(item: object): Promise<void> {
    await this.documentClient.send(new PutCommand({ TableName: this.tableName, Item: item }));
  }
}
