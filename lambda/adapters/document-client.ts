import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { TABLES_IN_BACKGROUND } from './client-limits';

/** Plain objects in and out of DynamoDB; absent fields are left out of items. */
export function createDocumentClient(config: DynamoDBClientConfig = TABLES_IN_BACKGROUND): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(new DynamoDBClient(config), { marshallOptions: { removeUndefinedValues: true } });
}
