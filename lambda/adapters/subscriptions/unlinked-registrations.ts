import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { UNLINKED, type UnlinkedItem, unlinkedItem, unlinkedKey } from './items';
import { SubscriptionIndex } from '../../../src/names';
import { compare } from '../../domain/compare';
import type { UnlinkedRegistration } from '../../domain/registration/links';
import type { UnlinkedRegistrationStore } from '../../domain/registration/ports';
import type { BuyerAccount } from '../../domain/subscription/ports';
import { retryOnConflict, unchangedSince } from '../aws/conditional-write';
import { indexQuery, query } from '../aws/query';

/** Registrations without a license, one item per account and product in the subscriptions table. */
export class UnlinkedRegistrations implements UnlinkedRegistrationStore {
  constructor(private readonly documentClient: DynamoDBDocumentClient, private readonly tableName: string) {}

  async read(account: BuyerAccount): Promise<readonly UnlinkedRegistration[]> {
    return registrationsOf(await this.get(account));
  }

  async update(
    account: BuyerAccount, change: (waiting: readonly UnlinkedRegistration[]) => readonly UnlinkedRegistration[], now: number,
  ): Promise<void> {
    await retryOnConflict(async () => {
      const stored = await this.get(account);
      const waiting = change(registrationsOf(stored));
      if (waiting.length === 0 && stored === undefined) {
        return;
      }
      await this.documentClient.send(new PutCommand({
        TableName: this.tableName,
        Item: { ...stored, ...unlinkedItem(account, waiting, (stored?.revision ?? 0) + 1, now) },
        ...unchangedSince(stored?.revision),
      }));
    });
  }

  async *accounts(): AsyncIterable<BuyerAccount & { readonly waitingSince: number }> {
    for await (const item of query<UnlinkedItem>(this.documentClient, indexQuery(this.tableName, SubscriptionIndex.BY_STATUS, UNLINKED))) {
      yield { customerAwsAccountId: item.accountId, productCode: item.productCode, waitingSince: Date.parse(String(item.statusAt)) };
    }
  }

  private async get(account: BuyerAccount): Promise<UnlinkedItem | undefined> {
    const { Item: item } = await this.documentClient.send(new GetCommand({
      TableName: this.tableName, Key: unlinkedKey(account), ConsistentRead: true,
    }));
    return item as UnlinkedItem | undefined;
  }
}

function registrationsOf(item: UnlinkedItem | undefined): readonly UnlinkedRegistration[] {
  return Object.values(item?.registrations ?? {}).sort((a, b) => compare(a.registrationId, b.registrationId));
}
