import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { IndexConfig } from '../../../src/names';

/** Items of one partition of an index, all pages, optionally up to and including a sort key; eventually consistent. */
export async function* queryIndex<T>(
  documentClient: DynamoDBDocumentClient, tableName: string, index: IndexConfig, partition: string, until?: string,
): AsyncIterable<T> {
  const bounded = until !== undefined;
  let start: Record<string, unknown> | undefined;
  do {
    const page = await documentClient.send(new QueryCommand({
      TableName: tableName,
      IndexName: index.name,
      KeyConditionExpression: bounded ? '#partition = :partition AND #sort <= :until' : '#partition = :partition',
      ExpressionAttributeNames: { '#partition': index.partitionKey, ...(bounded ? { '#sort': index.sortKey } : {}) },
      ExpressionAttributeValues: { ':partition': partition, ...(bounded ? { ':until': until } : {}) },
      ExclusiveStartKey: start,
    }));
    yield* (page.Items ?? []) as T[];
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
}
