import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as fc from 'fast-check';
import { type LocalDynamo, startDynamo } from '../support/dynoxide';

type Handler = (event: object) => Promise<void>;

let dynamo: LocalDynamo;
let provision: Handler;
beforeAll(async () => {
  dynamo = await startDynamo();
  await dynamo.documentClient.send(new CreateTableCommand({
    TableName: 'tenants',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'licenseId', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'licenseId', KeyType: 'HASH' }],
  }));
  Object.assign(process.env, {
    TENANTS_TABLE: 'tenants',
    AWS_ENDPOINT_URL: dynamo.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  // It reads its environment when it is loaded.
  provision = jest.requireActual<{ handler: Handler }>('../../examples/typescript/functions/provision/index.js').handler;
});
afterAll(async () => dynamo.stop());

const iso = (hour: number) => new Date(Date.UTC(2026, 10, 23, hour)).toISOString();
// EventBridge tells the time of an event in seconds.
const seconds = (hour: number) => iso(hour).replace('.000Z', 'Z');
/** Without an agreement id, as of a product of the legacy kind. */
const LEGACY = undefined;
const activated = (agreementId: string | undefined, hour: number) => ({
  'detail-type': 'Subscription Activated',
  'time': seconds(hour),
  'detail': { eventId: `activated:${agreementId ?? iso(hour)}`, agreementId, activatedAt: iso(hour) },
});
const ended = (agreementId: string | undefined, hour: number) => ({
  'detail-type': 'Subscription Ended',
  'time': seconds(hour + 1),
  'detail': { eventId: `ended:${agreementId ?? iso(hour)}`, agreementId, endedAt: iso(hour), finalWindowClosesAt: iso(hour + 1) },
});

let licenses = 0;
/** Whether the API lets the buyer in. */
async function isOpenAfter(events: readonly { readonly 'detail-type': string; readonly 'detail': object }[]): Promise<boolean> {
  const licenseId = `l-${(licenses += 1)}`;
  for (const event of events) {
    await provision({ ...event, detail: { ...event.detail, licenseId } });
  }
  const { Item: tenant } = await dynamo.documentClient.send(new GetCommand({ TableName: 'tenants', Key: { licenseId } }));
  return tenant?.activatedAt !== undefined && tenant.closedAt === undefined;
}

test.each([
  ['subscribed', [activated('a', 1)], true],
  ['cancelled', [activated('a', 1), ended('a', 5)], false],
  ['subscribed again under another agreement', [activated('a', 1), ended('a', 5), activated('b', 9)], true],
  ['subscribed again and cancelled again', [activated('a', 1), ended('a', 5), activated('b', 9), ended('b', 12)], false],
  ['subscribed to a legacy product', [activated(LEGACY, 1)], true],
  ['unsubscribed from a legacy product', [activated(LEGACY, 1), ended(LEGACY, 5)], false],
  ['subscribed again to a legacy product', [activated(LEGACY, 1), ended(LEGACY, 5), activated(LEGACY, 9)], true],
  ['renewed', [activated('a', 1), activated('b', 9)], true],
  ['renewed and cancelled', [activated('a', 1), activated('b', 9), ended('b', 12)], false],
  ['cancelled an agreement that was never told of', [activated('a', 1), ended('b', 12)], false],
  ['activated again before the end before it is told', [activated('a', 1), activated('b', 4), ended('a', 5)], true],
])('the example\'s tenant of a buyer who has %s, in any order, is open: %p', async (_, events, open) => {
  await fc.assert(fc.asyncProperty(fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }), async (told) => {
    expect(await isOpenAfter(told)).toBe(open);
  }), { numRuns: 20 });
});
