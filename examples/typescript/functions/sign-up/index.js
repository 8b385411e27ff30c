'use strict';
const { createHash, randomBytes, randomUUID } = require('node:crypto');
const { DynamoDBClient } = require('@aws-sdk/client-dynamodb');
const { InvokeCommand, LambdaClient } = require('@aws-sdk/client-lambda');
const { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } = require('@aws-sdk/lib-dynamodb');

const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const lambda = new LambdaClient({});
const { TENANTS_TABLE: TableName, REGISTRATION_FUNCTION: FunctionName } = process.env;
const COOKIE = '__Host-sign-up';
const HEADERS = { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' };

/**
 * The backend of a seller's own sign-up page, at `/sign-up`. It redeems the code at once, leads the browser to a URL without
 * it, shows the AWS account and asks before it links anything, and never makes a second owner of a license.
 */
exports.handler = async ({ httpMethod, queryStringParameters, headers }) => {
  const code = queryStringParameters?.code;
  if (httpMethod === 'GET' && code) {
    const claim = await claimRegistration(code, randomUUID());
    return claim.error ? page(400, '<h1>This link is used up</h1><p>In AWS Marketplace, choose "Set up your account" again.</p>') : open(claim);
  }
  const claim = await claimOf(headers);
  if (!claim) {
    return page(400, '<h1>Start in AWS Marketplace</h1><p>Choose "Set up your account" at your subscription.</p>');
  }
  if (claim.status === 'ENDING' || claim.status === 'ENDED') {
    return page(200, '<h1>This subscription has ended</h1>');
  }
  if (httpMethod === 'POST') {
    // The licenses of a buyer who comes before AWS names one are linked when `Buyer Registered` names it.
    return claim.licenseId === undefined || await becomeOwner(claim) ? page(200, '<h1>Welcome</h1>') : logIn(claim);
  }
  return claim.registeredBefore ? logIn(claim) : page(200, `<h1>Set up your account</h1>
<p>This links the subscription of the AWS account <strong>${claim.customerAwsAccountId}</strong>. Continue only if that is yours.</p>
<form method="post"><button>Link it and create my account</button></form>`);
};

/** An answer that is lost is asked for again with the same claim id: any other one is refused. */
async function claimRegistration(code, claimId, attempts = 3) {
  try {
    const { Payload, FunctionError } = await lambda.send(new InvokeCommand({
      FunctionName, Payload: JSON.stringify({ claimRegistration: { code, claimId } }),
    }));
    if (FunctionError) {
      throw new Error(FunctionError);
    }
    return JSON.parse(Buffer.from(Payload).toString());
  } catch (error) {
    if (attempts === 1) {
      throw error;
    }
    return claimRegistration(code, claimId, attempts - 1);
  }
}

/** Keeps the claim on the server for an hour, and leads the browser to a URL without the code. */
async function open(claim) {
  const session = randomBytes(32).toString('base64url');
  await dynamodb.send(new PutCommand({ TableName, Item: { licenseId: sessionId(session), claim, expiresAt: Math.floor(Date.now() / 1000) + 3600 } }));
  const cookie = `${COOKIE}=${session}; Path=/; Max-Age=3600; HttpOnly; Secure; SameSite=Lax`;
  return { statusCode: 303, headers: { ...HEADERS, 'Location': '/sign-up', 'Set-Cookie': cookie }, body: '' };
}

async function claimOf(headers) {
  const sent = headers?.Cookie ?? headers?.cookie ?? '';
  const session = sent.split('; ').find((cookie) => cookie.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
  if (!session) {
    return undefined;
  }
  const { Item: item } = await dynamodb.send(new GetCommand({ TableName, Key: { licenseId: sessionId(session) }, ConsistentRead: true }));
  return item && item.expiresAt > Date.now() / 1000 ? item.claim : undefined;
}

/** Makes this registration the owner of the tenant, unless another one is. */
async function becomeOwner({ licenseId, registrationId, registeredBefore }) {
  if (registeredBefore) {
    return false;
  }
  try {
    await dynamodb.send(new UpdateCommand({
      TableName,
      Key: { licenseId },
      UpdateExpression: 'SET #owner = :id',
      ConditionExpression: 'attribute_not_exists(#owner) OR #owner = :id',
      ExpressionAttributeNames: { '#owner': 'owner' },
      ExpressionAttributeValues: { ':id': registrationId },
    }));
    return true;
  } catch (error) {
    if (error.name === 'ConditionalCheckFailedException') {
      return false;
    }
    throw error;
  }
}

const logIn = ({ firstRegisteredAt }) => page(200, `<h1>This subscription has an account</h1>
<p>It was set up${firstRegisteredAt ? ` on ${firstRegisteredAt.slice(0, 10)}` : ''}. Log in as its owner, or ask the owner to invite you.</p>`);

const page = (statusCode, body) => ({ statusCode, headers: HEADERS, body: `<!doctype html><title>Acme</title>${body}` });
const sessionId = (session) => `session-${createHash('sha256').update(session).digest('hex')}`;
