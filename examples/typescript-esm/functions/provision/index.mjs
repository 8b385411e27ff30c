import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';

const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions: { removeUndefinedValues: true } });
const TableName = process.env.TENANTS_TABLE;

/**
 * Opens a tenant when its subscription is activated, closes it when the subscription has ended. Events come at least once
 * and in any order, and a license that has ended may be activated again, under another agreement: what is known of each
 * agreement is kept, and decides anew. Products of the legacy kind have no agreement ids: each event then stands for itself.
 */
export const handler = async ({ 'detail-type': type, time, detail }) => {
  const { licenseId, eventId, agreementId = eventId, endedAt } = detail;
  const news = type === 'Subscription Activated' ? { activatedAt: time } : { endedAt, closedAt: time };
  const { Item: tenant = {} } = await dynamodb.send(new GetCommand({ TableName, Key: { licenseId }, ConsistentRead: true }));
  const agreements = { ...tenant.agreements, [agreementId]: { ...tenant.agreements?.[agreementId], ...news } };
  const last = lastOf(agreements);
  // Of two events at the same time, one is refused here, and delivered again.
  await dynamodb.send(new PutCommand({
    TableName,
    Item: {
      ...tenant, licenseId, agreements, activatedAt: last.activatedAt, closedAt: last.closedAt, revision: (tenant.revision ?? 0) + 1,
    },
    ...tenant.revision === undefined
      ? { ConditionExpression: 'attribute_not_exists(licenseId)' }
      : { ConditionExpression: 'revision = :read', ExpressionAttributeValues: { ':read': tenant.revision } },
  }));
};

/** The agreement that came to hold the license last: one that was renewed has no end of its own. */
function lastOf(agreements) {
  const since = ({ activatedAt, endedAt }) => Date.parse(activatedAt ?? endedAt);
  return Object.values(agreements).sort((a, b) => since(a) - since(b)).at(-1);
}
