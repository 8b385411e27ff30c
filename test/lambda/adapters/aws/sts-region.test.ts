import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { createDocumentClient } from '../../../../lambda/adapters/aws/document-client';
import { createStsClient } from '../../../../lambda/adapters/aws/seller-credentials';
import { Outbox } from '../../../../lambda/adapters/events/outbox';
import { SubscriptionTable } from '../../../../lambda/adapters/subscriptions/subscription-table';
import { UsageTableIntake } from '../../../../lambda/adapters/usage/intake';
import { UsageTable } from '../../../../lambda/adapters/usage/table';
import { HOUR_MS, isoTime } from '../../../../lambda/domain/time';
import { Intake } from '../../../../lambda/usage-intake/intake';
import { SubscriptionIndex } from '../../../../src/names';
import { type LocalDynamo, startDynamo } from '../../../support/dynoxide';
import { ARN, fact, factsOf, LICENSE } from '../../../support/facts';
import { ACCOUNT, FakeBus, gatewayEvent, PRODUCT, TOKEN } from '../../../support/integration';
import { SILENT, Telemetry } from '../../../support/telemetry';

const context = { getRemainingTimeInMillis: () => 60_000 };
const DIMENSIONS = [{ name: 'ApiCalls', kind: 'METERED' }] as const;

/** Refuses every call, and notes the region that it was signed for. */
const signedFor: string[] = [];
const taskRoot = mkdtempSync(path.join(tmpdir(), 'task-root-'));
let sts: Server;
let dynamo: LocalDynamo;
let tables: Awaited<ReturnType<LocalDynamo['createTables']>>;

beforeAll(async () => {
  dynamo = await startDynamo();
  tables = await dynamo.createTables();
  sts = createServer((incoming, response) => {
    signedFor.push(/Credential=[^/]+\/\d+\/([^/]+\/[^/]+)\//.exec(incoming.headers.authorization ?? '')?.[1] ?? 'not signed');
    response.writeHead(403, { 'content-type': 'text/xml' }).end('<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>');
  });
  writeFileSync(path.join(taskRoot, 'settings.json'), JSON.stringify({ dimensions: DIMENSIONS, registration: {} }));
  sts.listen(0, '127.0.0.1');
  await once(sts, 'listening');
  const endpoint = `http://127.0.0.1:${(sts.address() as AddressInfo).port}`;
  Object.assign(process.env, {
    AWS_REGION: 'ap-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
    LAMBDA_TASK_ROOT: taskRoot,
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
    PRODUCT_CODE: PRODUCT,
    SUBSCRIPTIONS_TABLE: tables.subscriptions,
    REGISTRATIONS_TABLE: tables.registrations,
    USAGE_TABLE: tables.usage,
    EVENT_BUS_NAME: 'bus',
    INTEGRATION_ID: 'test',
    METERING_MODE: 'LIVE',
    REPORT_ZERO_USAGE: 'false',
    SELLER_ROLE_ARN: `arn:aws:iam::${ACCOUNT}:role/marketplace`,
    MARKETPLACE_REGION: 'us-east-1',
    METERING_REGION: 'eu-west-1',
  });
});
afterAll(async () => {
  sts.closeAllConnections();
  sts.close();
  rmSync(taskRoot, { recursive: true });
  await dynamo.stop();
});
beforeEach(() => { signedFor.length = 0; });

test('the client of STS is in the region of the Marketplace API', async () => {
  expect(await createStsClient('us-east-1').config.region()).toBe('us-east-1');
});

test('a registration in an opt-in region assumes the seller\'s role in the region of the Marketplace API', async () => {
  const { handler } = jest.requireActual<{ handler: (event: unknown) => Promise<unknown> }>('../../../../lambda/registration/registration.lambda');
  const event = gatewayEvent({ method: 'POST', path: '/', form: { 'x-amzn-marketplace-token': TOKEN } });
  expect(await handler(event)).toMatchObject({ statusCode: 503 });
  expect(new Set(signedFor)).toEqual(new Set(['us-east-1/sts']));
});

test('metering in an opt-in region assumes the seller\'s role in the metering region', async () => {
  const now = Date.now();
  const documentClient = createDocumentClient();
  const outbox = new Outbox(documentClient, new FakeBus(), tables.subscriptions, SubscriptionIndex.OUTBOX);
  const activated = { time: now - 5 * HOUR_MS, licenseArn: ARN, productCode: PRODUCT, customerAwsAccountId: ACCOUNT };
  await new SubscriptionTable(documentClient, tables.subscriptions, outbox, PRODUCT).addFacts(LICENSE, factsOf(fact('LICENSE_UPDATED', 0, activated)), now);
  const intake = new Intake({
    store: new UsageTableIntake(new UsageTable(documentClient, tables.usage), outbox),
    endedLicenses: { among: async () => new Set() },
    clock: { now: () => now - 3 * HOUR_MS },
    log: SILENT,
    metrics: new Telemetry(),
    productCode: PRODUCT,
    dimensions: DIMENSIONS,
    closeGrace: 0,
  });
  const record = { id: 'r', license: LICENSE, dimension: 'ApiCalls', quantity: 1, time: isoTime(now - 3 * HOUR_MS) };
  expect(await intake.take([{ original: record }])).toMatchObject([{ status: 'ACCEPTED' }]);
  const { handler } = jest.requireActual<{ handler: (event: unknown, context: unknown) => Promise<unknown> }>('../../../../lambda/metering/metering.lambda');
  await handler({}, context);
  expect(new Set(signedFor)).toEqual(new Set(['eu-west-1/sts']));
  documentClient.destroy();
}, 20_000);
