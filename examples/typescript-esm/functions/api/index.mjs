import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';

const dynamodb = new DynamoDBClient({});
const sqs = new SQSClient({});

/**
 * `POST /{licenseId}/{dimension}` with `{"id", "quantity", "time"?}`: does the work (here: none) and reports it as usage.
 * A caller that retries sends the id and the time of its first try: the same usage record, billed once.
 */
export const handler = async (event) => {
  const [license, dimension] = event.path.split('/').filter(Boolean).map(decodeURIComponent);
  const { id, quantity, time = new Date().toISOString() } = JSON.parse(event.body ?? '{}');
  const { Item: tenant } = await dynamodb.send(new GetItemCommand({
    TableName: process.env.TENANTS_TABLE,
    Key: { licenseId: { S: license } },
  }));
  if (!tenant?.activatedAt || tenant.closedAt) {
    return { statusCode: 403, body: JSON.stringify({ message: 'No active subscription' }) };
  }
  await sqs.send(new SendMessageCommand({
    QueueUrl: process.env.USAGE_QUEUE_URL,
    MessageBody: JSON.stringify({ id, license, dimension, quantity, time }),
  }));
  return { statusCode: 202, body: JSON.stringify({ id }) };
};
