import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as fc from 'fast-check';
import { type LocalDynamo, startDynamo } from '../support/dynoxide';

type Handler = (event: object) => Promise<void>;

let dynamo: LocalDynamo;
let resize: Handler;
beforeAll(async () => {
  dynamo = await startDynamo();
  await dynamo.documentClient.send(new CreateTableCommand({
    TableName: 'plans',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'licenseId', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'licenseId', KeyType: 'HASH' }],
  }));
  Object.assign(process.env, {
    PLANS_TABLE: 'plans', AWS_ENDPOINT_URL: dynamo.endpoint, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test',
  });
  // It reads its environment when it is loaded.
  resize = jest.requireActual<{ handler: Handler }>('../../examples/typescript/functions/resize/index.js').handler;
});
afterAll(async () => dynamo.stop());

const users = (value: number) => ({ Users: { valueType: 'INTEGER', value } });
const HISTORY = [users(10), users(25), users(5), {}].map((entitlements, hour) => (
  { changedAt: new Date(Date.UTC(2026, 10, 23, hour)).toISOString(), entitlements }
));

let licenses = 0;

test('in any order of events, and however often each comes, the plan is what the contract said last', async () => {
  const orders = fc.shuffledSubarray([...HISTORY, ...HISTORY], { minLength: HISTORY.length * 2 });
  await fc.assert(fc.asyncProperty(orders, async (events) => {
    const licenseId = `l-${licenses += 1}`;
    for (const event of events) {
      await resize({ detail: { licenseId, ...event } });
    }
    const { Item: plan } = await dynamo.documentClient.send(new GetCommand({ TableName: 'plans', Key: { licenseId } }));
    expect(plan).toEqual({ licenseId, ...HISTORY.at(-1) });
  }), { numRuns: 20 });
}, 30_000);
