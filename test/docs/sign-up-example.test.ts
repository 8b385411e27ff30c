import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { Browser } from '../support/browser';
import { type LocalDynamo, startDynamo } from '../support/dynoxide';
import { fixture } from '../support/events';
import { ARN, LICENSE } from '../support/facts';
import { ACCOUNT, PRODUCT, startIntegration, TOKEN } from '../support/integration';

interface Answer { readonly statusCode: number; readonly headers: Record<string, string>; readonly body: string }
type Handler = (event: object) => Promise<Answer>;

const TABLE = 'sign-up-tenants';
let dynamo: LocalDynamo;
let app: Awaited<ReturnType<typeof startIntegration>>;
let signUp: Handler;
/** Answers of the registration function that get lost on their way. */
let lost = 0;

const lambda = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => void (async () => {
    const answer = await app.register(JSON.parse(Buffer.concat(chunks).toString()));
    lost -= 1;
    response.writeHead(lost >= 0 ? 400 : 200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
  })());
});

beforeAll(async () => {
  dynamo = await startDynamo();
  await dynamo.documentClient.send(new CreateTableCommand({
    TableName: TABLE,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'licenseId', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'licenseId', KeyType: 'HASH' }],
  }));
  await new Promise<void>((resolve) => { lambda.listen(0, '127.0.0.1', resolve); });
  Object.assign(process.env, {
    TENANTS_TABLE: TABLE,
    REGISTRATION_FUNCTION: 'registration',
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
    AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:${(lambda.address() as AddressInfo).port}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  // It reads its environment when it is loaded.
  signUp = jest.requireActual<{ handler: Handler }>('../../examples/typescript/functions/sign-up/index.js').handler;
});
afterAll(async () => {
  await dynamo.stop();
  lambda.closeAllConnections();
  await new Promise((resolve) => { lambda.close(resolve); });
});

beforeEach(async () => {
  lost = 0;
  await dynamo.documentClient.send(new DeleteCommand({ TableName: TABLE, Key: { licenseId: LICENSE } }));
  app = await startIntegration(dynamo, { signUpUrl: 'https://app.example.com/sign-up' });
  app.time.now = Date.parse('2026-08-20T14:24:30Z');
  app.resolver.answer = () => ({ customerAwsAccountId: ACCOUNT, productCode: PRODUCT, licenseArn: ARN });
});

async function arrive(): Promise<{ code: string; answer: Answer; Cookie: string }> {
  const sent = await new Browser(app).arrive({ 'x-amzn-marketplace-token': TOKEN });
  const code = new URL(String(sent.headers?.location)).searchParams.get('code') ?? '';
  const answer = await signUp({ httpMethod: 'GET', queryStringParameters: { code } });
  return { code, answer, Cookie: String(answer.headers['Set-Cookie']).split(';')[0] ?? '' };
}

test('the example\'s sign-up redeems the code at once, leaves its URL, and asks before it links the account', async () => {
  const { answer, Cookie, code } = await arrive();
  expect(answer).toMatchObject({ statusCode: 303, headers: { 'Location': '/sign-up', 'Referrer-Policy': 'no-referrer' } });
  const asked = await signUp({ httpMethod: 'GET', headers: { Cookie } });
  expect(asked.body).toContain(ACCOUNT);
  const { Items: kept } = await dynamo.documentClient.send(new ScanCommand({ TableName: TABLE }));
  expect(JSON.stringify(kept)).not.toContain(code);
  expect(await signUp({ httpMethod: 'GET', queryStringParameters: { code } })).toMatchObject({ statusCode: 400 });
});

test('the example\'s sign-up has one owner for each license, and asks everyone after to log in', async () => {
  const first = await arrive();
  expect((await signUp({ httpMethod: 'POST', headers: { Cookie: first.Cookie } })).body).toContain('Welcome');
  const second = await arrive();
  for (const httpMethod of ['GET', 'POST']) {
    expect((await signUp({ httpMethod, headers: { Cookie: second.Cookie } })).body).toContain('has an account');
  }
  const { Item: tenant } = await dynamo.documentClient.send(new GetCommand({ TableName: TABLE, Key: { licenseId: LICENSE } }));
  expect(tenant?.owner).toBe('registration-1');
});

test('the example\'s sign-up creates nothing for a subscription that has ended', async () => {
  await app.deliver(fixture('observed-2-license-updated-manufacturer'), fixture('observed-3-ended-proposer'));
  const { Cookie } = await arrive();
  expect((await signUp({ httpMethod: 'POST', headers: { Cookie } })).body).toContain('has ended');
  const { Item: tenant } = await dynamo.documentClient.send(new GetCommand({ TableName: TABLE, Key: { licenseId: LICENSE } }));
  expect(tenant).toBeUndefined();
});

test('the example\'s sign-up gets an answer that was lost by claiming again with the same claim id', async () => {
  lost = 2;
  expect((await arrive()).answer.statusCode).toBe(303);
});
