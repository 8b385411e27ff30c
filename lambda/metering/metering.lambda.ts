import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { STSClient } from '@aws-sdk/client-sts';
import { createHandler } from './handler';
import { Metering } from './metering-run';
import { type MeteringOptions, rulesOf } from './options';
import { Env, UsageIndex } from '../../src/contract';
import { answerWithin, IN_BACKGROUND } from '../adapters/client-limits';
import { createDocumentClient } from '../adapters/document-client';
import { readEnvironment } from '../adapters/environment';
import { EventBridgePublisher } from '../adapters/event-publisher';
import { createLogger, createMetrics } from '../adapters/logging';
import { createMeteringApi } from '../adapters/metering-client';
import { Outbox } from '../adapters/outbox';
import { sellerCredentials } from '../adapters/seller-credentials';
import { DynamoSubscriptionDirectory } from '../adapters/subscription-directory';
import { systemClock } from '../adapters/system-clock';
import { UsageTable } from '../adapters/usage-table';
import { UsageTableAudit } from '../adapters/usage-table-audit';
import { UsageTableControl } from '../adapters/usage-table-control';
import { UsageTableDue } from '../adapters/usage-table-due';
import { UsageTableLedger } from '../adapters/usage-table-ledger';

const env = readEnvironment(
  process.env, Env.PRODUCT_CODE, Env.DIMENSIONS, Env.SUBSCRIPTIONS_TABLE, Env.USAGE_TABLE, Env.EVENT_BUS_NAME, Env.SELLER_ROLE_ARN,
  Env.SELLER_EXTERNAL_ID, Env.METERING_REGION, Env.METERING_MODE, Env.MAX_CALLS_PER_SECOND, Env.CLOSE_GRACE_SECONDS,
  Env.FINAL_USAGE_GRACE_SECONDS, Env.LATE_USAGE_POLICY, Env.REPORT_ZERO_USAGE, Env.INTEGRATION_ID,
);
const clock = systemClock;
const documentClient = createDocumentClient();
const table = new UsageTable(documentClient, env.USAGE_TABLE);
const publisher = new EventBridgePublisher(new EventBridgeClient(IN_BACKGROUND), env.EVENT_BUS_NAME);
const outbox = new Outbox(documentClient, publisher, env.USAGE_TABLE, UsageIndex.OUTBOX);
// with the call that waits for them, within the time that a run keeps at its end
const seller = { roleArn: env.SELLER_ROLE_ARN, externalId: env.SELLER_EXTERNAL_ID };
const credentials = sellerCredentials(new STSClient(answerWithin(3_000)), clock, seller);

const options: MeteringOptions = {
  ledger: new UsageTableLedger(table, outbox, sleep),
  due: new UsageTableDue(table),
  control: new UsageTableControl(table),
  directory: new DynamoSubscriptionDirectory(documentClient, env.SUBSCRIPTIONS_TABLE),
  api: createMeteringApi(env.METERING_REGION, credentials),
  clock,
  sleep,
  random: Math.random,
  newToken: randomUUID,
  log: createLogger('metering'),
  metrics: createMetrics(env.INTEGRATION_ID),
  rules: rulesOf(env),
  mode: env.METERING_MODE,
  productCode: env.PRODUCT_CODE,
  dimensions: env.DIMENSIONS,
  maxCallsPerSecond: env.MAX_CALLS_PER_SECOND,
  lanes: 6,
  concurrency: 8,
};

export const handler = createHandler(new Metering(options), options, new UsageTableAudit(table), () => outbox.beginInvocation());
