import { type DynamoDBDocumentClient, QueryCommand, type QueryCommandInput, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { IndexConfig } from '../../../src/names';

/** Pages of a query, one request each. With a filter, a page may be empty though more follow. */
export async function* queryPages<T>(documentClient: DynamoDBDocumentClient, input: QueryCommandInput): AsyncIterable<readonly T[]> {
  let start: QueryCommandInput['ExclusiveStartKey'];
  do {
    const page = await documentClient.send(new QueryCommand({ ...input, ExclusiveStartKey: start }));
    yield (page.Items ?? []) as T[];
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
}

/** Items of a query, all pages of it. `Limit` is the size of a page. */
export async function* query<T>(documentClient: DynamoDBDocumentClient, input: QueryCommandInput): AsyncIterable<T> {
  for await (const page of queryPages<T>(documentClient, input)) {
    yield* page;
  }
}

/**
 * How many items a query matches. Reads as much as the query itself would, and transfers the counts only.
 *
 * @param hasTime asked before each further page
 * @returns not `complete`: time was up, and the count is a lower bound
 */
export async function countItems(
  documentClient: DynamoDBDocumentClient, input: QueryCommandInput, hasTime: () => boolean = () => true,
): Promise<{ readonly count: number; readonly complete: boolean }> {
  let count = 0;
  let start: QueryCommandInput['ExclusiveStartKey'];
  do {
    const page = await documentClient.send(new QueryCommand({ ...input, Select: 'COUNT', ExclusiveStartKey: start }));
    count += page.Count ?? 0;
    start = page.LastEvaluatedKey;
  } while (start !== undefined && hasTime());
  return { count, complete: start === undefined };
}

/** Whether an index of several shards has no item at all: where it nearly always has none, one read shows it instead of one a shard. */
export async function isIndexEmpty(documentClient: DynamoDBDocumentClient, tableName: string, { name }: IndexConfig): Promise<boolean> {
  const { Count: count, LastEvaluatedKey: more } = await documentClient.send(new ScanCommand({
    TableName: tableName, IndexName: name, Select: 'COUNT', Limit: 1,
  }));
  return count === 0 && more === undefined;
}

/** Sort keys, both included. */
export interface IndexBounds {
  readonly from?: string;
  readonly until?: string;
}

/** A query of one partition of an index. */
export function indexQuery(tableName: string, index: IndexConfig, partition: string, { from, until }: IndexBounds = {}) {
  const bounds = [['from', '>=', from], ['until', '<=', until]] as const;
  const given = bounds.filter(([, , value]) => value !== undefined);
  const condition = given.length === 2 ? ['#sort BETWEEN :from AND :until'] : given.map(([name, operator]) => `#sort ${operator} :${name}`);
  return {
    TableName: tableName,
    IndexName: index.name,
    KeyConditionExpression: ['#partition = :partition', ...condition].join(' AND '),
    ExpressionAttributeNames: { '#partition': index.partitionKey, ...(given.length > 0 && { '#sort': index.sortKey }) },
    ExpressionAttributeValues: { ':partition': partition, ...Object.fromEntries(given.map(([name, , value]) => [`:${name}`, value])) },
  };
}
