import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { BACKGROUND_TABLE_LIMITS } from './client-limits';

/** Plain objects in and out of DynamoDB; absent fields are left out of items. */
export function createDocumentClient(config: DynamoDBClientConfig = BACKGROUND_TABLE_LIMITS): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(new DynamoDBClient(config), { marshallOptions: { removeUndefinedValues: true } });
}
