import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { queryIndex } from './index-query';
import { retryLostRaces, unchangedSince } from './optimistic';
import { SCHEMA_VERSION, SubscriptionIndex } from '../../src/contract';
import type { UnlinkedRegistration } from '../domain/registration/links';

/** `status` of these items in the index by status: they are looked at until they find their license. */
export const UNLINKED = 'UNLINKED';

/** `pk = P#<productCode>#<accountId>`: registrations of one account and product that wait for a license. */
interface UnlinkedItem {
  readonly rev: number;
  readonly accountId: string;
  readonly productCode: string;
  readonly registrations: Readonly<Record<string, UnlinkedRegistration>>;
  readonly [field: string]: unknown;
}

export interface UnlinkedAccount {
  readonly customerAwsAccountId: string;
  readonly productCode: string;
}

export class UnlinkedRegistrations {
  constructor(private readonly documentClient: DynamoDBDocumentClient, private readonly tableName: string) {}

  async of(account: UnlinkedAccount): Promise<readonly UnlinkedRegistration[]> {
    const item = await this.get(account);
    return Object.values(item?.registrations ?? {}).sort((a, b) => (a.registrationId < b.registrationId ? -1 : 1));
  }

  async add(account: UnlinkedAccount, registration: UnlinkedRegistration): Promise<void> {
    await this.change(account, (registrations) => {
      registrations[registration.registrationId] ??= registration;
    });
  }

  async remove(account: UnlinkedAccount, registrationIds: readonly string[]): Promise<void> {
    await this.change(account, (registrations) => {
      for (const id of registrationIds) {
        delete registrations[id];
      }
    });
  }

  /** Accounts with such registrations, those that wait longest first; eventually consistent. */
  async *accounts(): AsyncIterable<UnlinkedAccount & { readonly waitingSince: number }> {
    for await (const item of queryIndex<UnlinkedItem>(this.documentClient, this.tableName, SubscriptionIndex.BY_STATUS, UNLINKED)) {
      yield { customerAwsAccountId: item.accountId, productCode: item.productCode, waitingSince: Date.parse(String(item.statusAt)) };
    }
  }

  private async get(account: UnlinkedAccount): Promise<UnlinkedItem | undefined> {
    const { Item: item } = await this.documentClient.send(new GetCommand({ TableName: this.tableName, Key: key(account), ConsistentRead: true }));
    return item as UnlinkedItem | undefined;
  }

  private async change(account: UnlinkedAccount, apply: (registrations: Record<string, UnlinkedRegistration>) => void): Promise<void> {
    await retryLostRaces(async () => {
      const stored = await this.get(account);
      const registrations = { ...stored?.registrations };
      apply(registrations);
      await this.write(account, stored, registrations);
    });
  }

  private async write(
    account: UnlinkedAccount, stored: UnlinkedItem | undefined, registrations: Readonly<Record<string, UnlinkedRegistration>>,
  ): Promise<void> {
    const waiting = Object.values(registrations).map((registration) => registration.registeredAt);
    const unchanged = unchangedSince(stored?.rev);
    if (waiting.length === 0) {
      if (stored !== undefined) {
        await this.documentClient.send(new DeleteCommand({ TableName: this.tableName, Key: key(account), ...unchanged }));
      }
      return;
    }
    await this.documentClient.send(new PutCommand({
      TableName: this.tableName,
      Item: {
        ...stored,
        ...key(account),
        type: 'UnlinkedRegistrations',
        v: SCHEMA_VERSION,
        rev: (stored?.rev ?? 0) + 1,
        // Not `customerAwsAccountId`: that index lists the subscriptions of an account.
        accountId: account.customerAwsAccountId,
        productCode: account.productCode,
        status: UNLINKED,
        statusAt: new Date(Math.min(...waiting)).toISOString(),
        registrations,
      },
      ...unchanged,
    }));
  }
}

function key({ customerAwsAccountId, productCode }: UnlinkedAccount) {
  return { pk: `P#${productCode}#${customerAwsAccountId}`, sk: 'REGISTRATIONS' };
}
