import { createHash } from 'node:crypto';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { Keys, SCHEMA_VERSION } from '../../../src/names';
import type { BuyerDetails } from '../../domain/registration/buyer-form';
import { CLAIM_GRACE_SECONDS, CODE_SECONDS, type RegistrationSession, SESSION_SECONDS } from '../../domain/registration/session';
import { isConditionalCheckFailed } from '../aws/conditional-write';

export interface ClaimedCode {
  readonly session: RegistrationSession;
  /** Epoch milliseconds: of the first claim. */
  readonly claimedAt: number;
  readonly repeated: boolean;
}

/** Sessions, one-time codes and what buyers told of themselves. Handles and codes are kept as hashes only. */
export class RegistrationTable {
  constructor(private readonly documentClient: DynamoDBDocumentClient, private readonly tableName: string) {}

  async openSession(handle: string, session: RegistrationSession, now: number): Promise<void> {
    await this.put({ ...sessionKey(handle), type: 'RegistrationSession', session, [Keys.TTL]: ttl(now, SESSION_SECONDS) });
  }

  /** @returns undefined when there is none or its time is over (the table's own expiry may take days) */
  async session(handle: string, now: number): Promise<RegistrationSession | undefined> {
    const item = await this.get(sessionKey(handle), now);
    return item?.session as RegistrationSession | undefined;
  }

  async completeSession(handle: string, registeredAt: number, licenseId: string | undefined): Promise<void> {
    await this.documentClient.send(new UpdateCommand({
      TableName: this.tableName,
      Key: sessionKey(handle),
      UpdateExpression: licenseId === undefined
        ? 'SET #session.registeredAt = :at'
        : 'SET #session.registeredAt = :at, #session.licenseId = :license',
      ConditionExpression: 'attribute_exists(#pk)',
      ExpressionAttributeNames: { '#session': 'session', '#pk': 'pk' },
      ExpressionAttributeValues: { ':at': registeredAt, ...(licenseId === undefined ? {} : { ':license': licenseId }) },
    }));
  }

  async saveBuyer(registrationId: string, details: BuyerDetails, session: RegistrationSession, now: number): Promise<void> {
    await this.put({
      pk: `R#${registrationId}`,
      sk: 'BUYER',
      type: 'Buyer',
      registrationId,
      ...details,
      customerAwsAccountId: session.customerAwsAccountId,
      productCode: session.productCode,
      licenseId: session.licenseId,
      savedAt: new Date(now).toISOString(),
    });
  }

  async offerCode(code: string, session: RegistrationSession, now: number): Promise<void> {
    await this.put({ ...codeKey(code), type: 'RegistrationCode', session, [Keys.TTL]: ttl(now, CODE_SECONDS) });
  }

  /**
   * Redeems a code. The first claim uses it up; repeating it is answered the same for a short grace.
   *
   * @returns undefined for a code that is unknown, expired or used
   */
  async claimCode(code: string, now: number): Promise<ClaimedCode | undefined> {
    const item = await this.get(codeKey(code), now);
    if (item === undefined) {
      return undefined;
    }
    const session = item.session as RegistrationSession;
    if (item.claimedAt !== undefined) {
      return withinGrace(item.claimedAt, now) ? { session, claimedAt: Number(item.claimedAt), repeated: true } : undefined;
    }
    try {
      await this.documentClient.send(new UpdateCommand({
        TableName: this.tableName,
        Key: codeKey(code),
        UpdateExpression: 'SET #claimedAt = :now',
        ConditionExpression: 'attribute_exists(#pk) AND attribute_not_exists(#claimedAt)',
        ExpressionAttributeNames: { '#pk': 'pk', '#claimedAt': 'claimedAt' },
        ExpressionAttributeValues: { ':now': now },
      }));
    } catch (error) {
      if (isConditionalCheckFailed(error)) {
        return this.claimCode(code, now);
      }
      throw error;
    }
    return { session, claimedAt: now, repeated: false };
  }

  private async get(key: Record<string, string>, now: number): Promise<Record<string, unknown> | undefined> {
    const { Item: item } = await this.documentClient.send(new GetCommand({ TableName: this.tableName, Key: key, ConsistentRead: true }));
    return item !== undefined && Number(item[Keys.TTL]) * 1000 > now ? item : undefined;
  }

  private async put(item: Record<string, unknown>): Promise<void> {
    await this.documentClient.send(new PutCommand({ TableName: this.tableName, Item: { ...item, v: SCHEMA_VERSION } }));
  }
}

function withinGrace(claimedAt: unknown, now: number): boolean {
  return now - Number(claimedAt) <= CLAIM_GRACE_SECONDS * 1000;
}

const sessionKey = (handle: string) => ({ pk: `S#${sha256(handle)}`, sk: 'SESSION' });
const codeKey = (code: string) => ({ pk: `K#${sha256(code)}`, sk: 'CODE' });

function sha256(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}

function ttl(now: number, seconds: number): number {
  return Math.ceil(now / 1000) + seconds;
}
