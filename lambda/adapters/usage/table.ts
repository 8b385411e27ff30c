import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, type QueryCommandInput, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { dueAttributes, type Item, type ItemKey, metaAttributes, metaKey } from './items';
import { Keys } from '../../../src/names';
import type { Bucket } from '../../domain/usage/ledger/bucket';
import type { ChangedLines } from '../../domain/usage/ports';
import { isConditionalCheckFailed } from '../aws/conditional-write';
import { query } from '../aws/query';

/** A change of one item, and its condition. */
export interface Change {
  readonly set?: Readonly<Record<string, unknown>>;
  readonly setIfAbsent?: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
  readonly increment?: readonly string[];
  /** `#name` stands for an attribute, `:name` for one of `values`. */
  readonly condition?: string;
  readonly values?: Readonly<Record<string, unknown>>;
}

/** Writes and reads of single items of the usage table. */
export class UsageTable {
  constructor(readonly client: DynamoDBDocumentClient, readonly tableName: string) {}

  async get(key: ItemKey): Promise<Item | undefined> {
    const { Item: item } = await this.client.send(new GetCommand({ TableName: this.tableName, Key: { ...key }, ConsistentRead: true }));
    return item;
  }

  /** The item that is there instead, or undefined when `item` was put: one operation, so that a redelivery takes no longer. */
  async putIfAbsent(item: Item & ItemKey): Promise<Item | undefined> {
    try {
      await this.client.send(new PutCommand({
        TableName: this.tableName,
        Item: item,
        ConditionExpression: 'attribute_not_exists(#pk)',
        ExpressionAttributeNames: { '#pk': Keys.PK },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }));
      return undefined;
    } catch (error) {
      if (!isConditionalCheckFailed(error)) {
        throw error;
      }
      // not every engine that plays DynamoDB returns it
      const found = itemOf(error) ?? await this.get({ pk: item.pk, sk: item.sk });
      if (!found) {
        throw new Error(`Item ${item.pk} ${item.sk} was there and is gone`, { cause: error });
      }
      return found;
    }
  }

  async put(item: Item & ItemKey): Promise<void> {
    await this.client.send(new PutCommand({ TableName: this.tableName, Item: item }));
  }

  /** False when the condition was not met. */
  async update(key: ItemKey, change: Change): Promise<boolean> {
    try {
      await this.client.send(new UpdateCommand({ TableName: this.tableName, Key: { ...key }, ...expressions(change) }));
      return true;
    } catch (error) {
      if (isConditionalCheckFailed(error)) {
        return false;
      }
      throw error;
    }
  }

  /** Counts a change of a bucket, after its lines are put: metering looks at the bucket again. */
  async markChanged(bucket: Bucket, dueAt: number, lines?: ChangedLines): Promise<void> {
    await this.update(metaKey(bucket), {
      setIfAbsent: { ...metaAttributes(bucket), ...dueAttributes(bucket, dueAt) },
      increment: lines === 'OTHERS' ? ['revision', 'revisionOfOthers'] : ['revision'],
    });
  }

  /** Items of a query, all pages of it. */
  query(input: Omit<QueryCommandInput, 'TableName'>, pageSize?: number): AsyncIterable<Item> {
    return query(this.client, { TableName: this.tableName, ...input, Limit: pageSize });
  }
}

/** The document client does not convert the item that an error carries (aws-sdk-js-v3 issue 6723). */
function itemOf(error: unknown): Item | undefined {
  const { Item: marshalled } = error as { readonly Item?: Record<string, AttributeValue> };
  return marshalled && unmarshall(marshalled);
}

function expressions(change: Change) {
  const { set = {}, setIfAbsent = {}, remove = [], increment = [], condition, values = {} } = change;
  const placed: Item = {};
  const named = [...(condition ?? '').matchAll(/#(\w+)/g)].map(([, name]) => name);
  const attributes = new Set<string>([...named, ...remove, ...increment]);
  const sets: string[] = [];
  for (const [name, value] of Object.entries(set)) {
    if (value === undefined) {
      continue;
    }
    placed[`:set_${name}`] = value;
    attributes.add(name);
    sets.push(`#${name} = :set_${name}`);
  }
  for (const [name, value] of Object.entries(setIfAbsent)) {
    placed[`:absent_${name}`] = value;
    attributes.add(name);
    sets.push(`#${name} = if_not_exists(#${name}, :absent_${name})`);
  }
  if (increment.length > 0) {
    placed[':one'] = 1;
  }
  for (const [name, value] of Object.entries(values)) {
    placed[`:${name}`] = value;
  }
  const parts = [
    sets.length > 0 ? `SET ${sets.join(', ')}` : '',
    remove.length > 0 ? `REMOVE ${remove.map((name) => `#${name}`).join(', ')}` : '',
    increment.length > 0 ? `ADD ${increment.map((name) => `#${name} :one`).join(', ')}` : '',
  ];
  return {
    UpdateExpression: parts.filter(Boolean).join(' '),
    ConditionExpression: condition,
    ExpressionAttributeNames: Object.fromEntries([...attributes].map((name) => [`#${name}`, name])),
    ...(Object.keys(placed).length > 0 && { ExpressionAttributeValues: placed }),
  };
}
