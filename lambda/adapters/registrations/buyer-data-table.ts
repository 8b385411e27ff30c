import { DeleteCommand, type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { buyerDetails, type BuyerItem, buyerKey, emailHash } from './items';
import { type IndexConfig, RegistrationIndex } from '../../../src/names';
import type { BuyerDetails } from '../../domain/registration/buyer-form';
import type { BuyerDataStore, StoredBuyer } from '../../domain/registration/ports';
import { indexQuery, query } from '../aws/query';

/** What buyers entered, in the registrations table. */
export class BuyerDataTable implements BuyerDataStore {
  constructor(private readonly documentClient: DynamoDBDocumentClient, private readonly tableName: string) {}

  async ofAccount(customerAwsAccountId: string): Promise<readonly StoredBuyer[]> {
    return this.find(RegistrationIndex.BY_ACCOUNT, customerAwsAccountId);
  }

  async ofEmail(email: string): Promise<readonly StoredBuyer[]> {
    return this.find(RegistrationIndex.BY_EMAIL, emailHash(email));
  }

  /** Strongly consistent. */
  async read(registrationId: string): Promise<BuyerDetails | undefined> {
    const { Item: item } = await this.documentClient.send(new GetCommand({
      TableName: this.tableName, Key: buyerKey(registrationId), ConsistentRead: true,
    }));
    return item === undefined ? undefined : buyerDetails(item as BuyerDetails);
  }

  async remove(registrationId: string): Promise<void> {
    await this.documentClient.send(new DeleteCommand({ TableName: this.tableName, Key: buyerKey(registrationId) }));
  }

  private async find(index: IndexConfig, value: string): Promise<readonly StoredBuyer[]> {
    const found: StoredBuyer[] = [];
    for await (const item of query<BuyerItem>(this.documentClient, indexQuery(this.tableName, index, value))) {
      if (item.type === 'Buyer') {
        const { pk, sk, type, v, emailHash: hash, outbox, outboxShard, outboxAt, confirmation, welcomedHash, confirmedHash, ...buyer } = item;
        found.push(buyer);
      }
    }
    return found;
  }
}
