// Not bundled: the clients are those of Lambda's runtime.
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { BatchMeterUsageCommand, MarketplaceMeteringClient, ResolveCustomerCommand } from '@aws-sdk/client-marketplace-metering';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

const { DATABASE_SECRET_ARN, PLAN, TABLE, TOPIC_ARN } = process.env;
const db = new DynamoDBClient({});
const metering = new MarketplaceMeteringClient({ region: 'us-east-1' });
const secrets = new SecretsManagerClient({});

/** A buyer arrives from AWS Marketplace: registers it, and meters its first call. */
export async function handler({ body }) {
  const token = new URLSearchParams(body).get('x-amzn-marketplace-token');
  const { CustomerAWSAccountId, LicenseArn } = await metering.send(new ResolveCustomerCommand({ RegistrationToken: token }));
  await db.send(new PutItemCommand({ TableName: TABLE, Item: { id: { S: CustomerAWSAccountId }, plan: { S: PLAN } } }));
  await metering.send(new BatchMeterUsageCommand({
    UsageRecords: [{ Timestamp: new Date(), Dimension: 'ApiCalls', Quantity: 1, CustomerAWSAccountId, LicenseArn }],
  }));
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: DATABASE_SECRET_ARN }));
  const { dbname, host } = JSON.parse(SecretString);
  return { statusCode: 200, body: JSON.stringify({ plan: PLAN, topic: TOPIC_ARN, database: `${dbname} at ${host}` }) };
}
