'use strict';
const { DynamoDBClient } = require('@aws-sdk/client-dynamodb');
const { DynamoDBDocumentClient, UpdateCommand } = require('@aws-sdk/lib-dynamodb');

const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const TableName = process.env.PLANS_TABLE;

/**
 * Gives a tenant what its contract entitles it to. Events come at least once and in any order: each has all entitlements
 * in force since `changedAt`, so the latest one decides, and an older or repeated one changes nothing. Without entitlements the
 * tenant may use nothing.
 */
exports.handler = async ({ detail: { licenseId, changedAt, entitlements } }) => {
  try {
    await dynamodb.send(new UpdateCommand({
      TableName,
      Key: { licenseId },
      UpdateExpression: 'SET entitlements = :entitlements, changedAt = :changedAt',
      ConditionExpression: 'attribute_not_exists(changedAt) OR changedAt < :changedAt',
      ExpressionAttributeValues: { ':entitlements': entitlements, ':changedAt': changedAt },
    }));
  } catch (error) {
    if (error.name !== 'ConditionalCheckFailedException') throw error;
  }
};
