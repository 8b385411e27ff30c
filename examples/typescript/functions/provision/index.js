'use strict';
const { DynamoDBClient, UpdateItemCommand } = require('@aws-sdk/client-dynamodb');

const dynamodb = new DynamoDBClient({});

/**
 * Opens a tenant when its subscription is activated, closes it when the subscription has ended. Events come at least
 * once and in any order: each writes its own attribute, so a redelivery or a late event changes nothing.
 */
exports.handler = async (event) => {
  const { licenseId } = event.detail;
  const attribute = event['detail-type'] === 'Subscription Activated' ? 'activatedAt' : 'closedAt';
  await dynamodb.send(new UpdateItemCommand({
    TableName: process.env.TENANTS_TABLE,
    Key: { licenseId: { S: licenseId } },
    UpdateExpression: 'SET #at = if_not_exists(#at, :time)',
    ExpressionAttributeNames: { '#at': attribute },
    ExpressionAttributeValues: { ':time': { S: event.time } },
  }));
};
