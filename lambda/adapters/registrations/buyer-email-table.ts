import { type DynamoDBDocumentClient, GetCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { buyerKey } from './items';
import type { DomainEvent } from '../../domain/domain-event';
import type { BuyerEmail, EmailConfirmation } from '../../domain/registration/buyer-email';
import type { BuyerEmailStore } from '../../domain/registration/ports';
import { isoTime } from '../../domain/time';
import { isConditionalCheckFailed } from '../aws/conditional-write';
import { addedToOutbox } from '../events/outbox';

/** The e-mail addresses of registrations, in the registrations table. */
export class BuyerEmailTable implements BuyerEmailStore {
  constructor(private readonly documentClient: DynamoDBDocumentClient, private readonly tableName: string) {}

  async read(registrationId: string): Promise<BuyerEmail | undefined> {
    const { Item: item } = await this.documentClient.send(new GetCommand({
      TableName: this.tableName, Key: buyerKey(registrationId), ConsistentRead: true,
    }));
    return item as BuyerEmail | undefined;
  }

  async offerConfirmation(registrationId: string, confirmation: EmailConfirmation): Promise<boolean> {
    return this.update(registrationId, {
      UpdateExpression: 'SET #confirmation = :confirmation',
      ConditionExpression: '#emailHash = :emailHash',
      ExpressionAttributeNames: { '#confirmation': 'confirmation', '#emailHash': 'emailHash' },
      ExpressionAttributeValues: { ':confirmation': confirmation, ':emailHash': confirmation.emailHash },
    });
  }

  async noteWelcome(registrationId: string, emailHash: string, now: number): Promise<void> {
    await this.update(registrationId, {
      UpdateExpression: 'SET #welcomedHash = :emailHash, #welcomedAt = :now ADD #welcomes :one',
      // A buyer whose data were deleted meanwhile leaves nothing behind.
      ConditionExpression: 'attribute_exists(#pk)',
      ExpressionAttributeNames: { '#pk': 'pk', '#welcomedHash': 'welcomedHash', '#welcomedAt': 'welcomedAt', '#welcomes': 'welcomes' },
      ExpressionAttributeValues: { ':emailHash': emailHash, ':now': isoTime(now), ':one': 1 },
    });
  }

  async confirm({ registrationId, emailHash }: BuyerEmail, event: DomainEvent, now: number): Promise<boolean> {
    const pending = addedToOutbox(buyerKey(registrationId).pk, [event], now);
    return this.update(registrationId, {
      UpdateExpression: `SET ${['#confirmedHash = :emailHash', '#emailConfirmedAt = :now', ...pending.sets].join(', ')}`,
      ConditionExpression: '#emailHash = :emailHash AND (attribute_not_exists(#confirmedHash) OR #confirmedHash <> :emailHash)',
      ExpressionAttributeNames: { '#emailHash': 'emailHash', '#confirmedHash': 'confirmedHash', '#emailConfirmedAt': 'emailConfirmedAt', ...pending.names },
      ExpressionAttributeValues: { ':emailHash': emailHash, ':now': isoTime(now), ...pending.values },
    });
  }

  /** @returns whether the condition was true */
  private async update(registrationId: string, change: Omit<UpdateCommandInput, 'TableName' | 'Key'>): Promise<boolean> {
    try {
      await this.documentClient.send(new UpdateCommand({ TableName: this.tableName, Key: buyerKey(registrationId), ...change }));
      return true;
    } catch (error) {
      if (isConditionalCheckFailed(error)) {
        return false;
      }
      throw error;
    }
  }
}
