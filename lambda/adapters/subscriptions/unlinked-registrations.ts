import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { Keys, SCHEMA_VERSION, SubscriptionIndex } from '../../../src/names';
import type { UnlinkedRegistration } from '../../domain/registration/links';
import { LATEST_KEPT } from '../../domain/subscription/registrations';
import { retryOnConflict, unchangedSince } from '../aws/conditional-write';
import { queryIndex } from '../aws/query';

/** `status` of these items in the index by status: they are looked at until they find their license. */
export const UNLINKED = 'UNLINKED';

/** With nothing left in it, an item leaves the index at once and expires later. */
const EMPTY_KEPT_SECONDS = 86_400;

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

  /** Beside the first, the latest 20 wait: whoever holds a valid token can register again and again. */
  async add(account: UnlinkedAccount, registration: UnlinkedRegistration, now: number): Promise<void> {
    await this.change(account, now, (registrations) => {
      registrations[registration.registrationId] ??= registration;
      const inOrder = Object.values(registrations).sort((a, b) => a.registeredAt - b.registeredAt);
      for (const { registrationId } of inOrder.slice(1, -LATEST_KEPT)) {
        delete registrations[registrationId];
      }
    });
  }

  async remove(account: UnlinkedAccount, registrationIds: readonly string[], now: number): Promise<void> {
    await this.change(account, now, (registrations) => {
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

  private async change(
    account: UnlinkedAccount, now: number, apply: (registrations: Record<string, UnlinkedRegistration>) => void,
  ): Promise<void> {
    await retryOnConflict(async () => {
      const stored = await this.get(account);
      const registrations = { ...stored?.registrations };
      apply(registrations);
      await this.write(account, stored, registrations, now);
    });
  }

  private async write(
    account: UnlinkedAccount, stored: UnlinkedItem | undefined, registrations: Readonly<Record<string, UnlinkedRegistration>>, now: number,
  ): Promise<void> {
    const waiting = Object.values(registrations).map((registration) => registration.registeredAt);
    if (waiting.length === 0 && stored === undefined) {
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
        registrations,
        ...(waiting.length === 0
          ? { status: undefined, statusAt: undefined, [Keys.TTL]: Math.ceil(now / 1000) + EMPTY_KEPT_SECONDS }
          : { status: UNLINKED, statusAt: new Date(Math.min(...waiting)).toISOString(), [Keys.TTL]: undefined }),
      },
      ...unchangedSince(stored?.rev),
    }));
  }
}

function key({ customerAwsAccountId, productCode }: UnlinkedAccount) {
  return { pk: `P#${productCode}#${customerAwsAccountId}`, sk: 'REGISTRATIONS' };
}
