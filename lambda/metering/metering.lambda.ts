import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { MeteringDependencies } from './dependencies';
import { createHandler } from './handler';
import { Env, UsageIndex } from '../../src/names';
import { BEST_EFFORT_LIMITS } from '../adapters/aws/client-limits';
import { createDocumentClient } from '../adapters/aws/document-client';
import { readEnvironment } from '../adapters/aws/environment';
import { createLogger, createMetrics } from '../adapters/aws/logging';
import { wireSellerCredentials } from '../adapters/aws/seller-access';
import { readSettings } from '../adapters/aws/settings';
import { systemClock } from '../adapters/aws/system-clock';
import { EventBridgePublisher } from '../adapters/events/event-publisher';
import { Outbox } from '../adapters/events/outbox';
import { meteringApiPerInvocation } from '../adapters/marketplace/metering-client';
import { DynamoEntitlementHistory } from '../adapters/subscriptions/entitlement-history';
import { DynamoSubscriptionDirectory } from '../adapters/subscriptions/subscription-directory';
import { UsageTableAllowances } from '../adapters/usage/allowances';
import { UsageTableAudit } from '../adapters/usage/audit';
import { UsageTableControl } from '../adapters/usage/control';
import { UsageTableDue } from '../adapters/usage/due';
import { UsageTableLedger } from '../adapters/usage/ledger';
import { UsageTable } from '../adapters/usage/table';
import { SECOND_MS } from '../domain/time';

const env = readEnvironment(
  process.env, Env.PRODUCT_CODE, Env.SUBSCRIPTIONS_TABLE, Env.USAGE_TABLE, Env.EVENT_BUS_NAME, Env.SELLER_ROLE_ARN,
  Env.SELLER_EXTERNAL_ID, Env.METERING_REGION, Env.METERING_MODE, Env.MAX_CALLS_PER_SECOND, Env.CLOSE_GRACE_SECONDS,
  Env.FINAL_USAGE_GRACE_SECONDS, Env.LATE_USAGE_POLICY, Env.REPORT_ZERO_USAGE, Env.INTEGRATION_ID,
);
const settings = readSettings(process.env, 'dimensions');
const clock = systemClock;
const documentClient = createDocumentClient();
const table = new UsageTable(documentClient, env.USAGE_TABLE);
const publisher = new EventBridgePublisher(new EventBridgeClient(BEST_EFFORT_LIMITS), env.EVENT_BUS_NAME, env.METERING_MODE);
const seller = { roleArn: env.SELLER_ROLE_ARN, externalId: env.SELLER_EXTERNAL_ID };
const credentials = wireSellerCredentials(env.METERING_REGION, clock, seller);
const newMeteringApi = meteringApiPerInvocation(env.METERING_REGION, credentials);

const deps: Omit<MeteringDependencies, 'api' | 'ledger'> = {
  due: new UsageTableDue(table),
  control: new UsageTableControl(table),
  directory: new DynamoSubscriptionDirectory(documentClient, env.SUBSCRIPTIONS_TABLE),
  clock,
  sleep,
  random: Math.random,
  newToken: randomUUID,
  log: createLogger('metering'),
  metrics: createMetrics(env.INTEGRATION_ID),
  rules: {
    closeGrace: env.CLOSE_GRACE_SECONDS * SECOND_MS,
    finalUsageGrace: env.FINAL_USAGE_GRACE_SECONDS * SECOND_MS,
    lateUsage: env.LATE_USAGE_POLICY,
    reportZeroUsage: env.REPORT_ZERO_USAGE,
  },
  mode: env.METERING_MODE,
  meteringRegion: env.METERING_REGION,
  productCode: env.PRODUCT_CODE,
  dimensions: settings.dimensions,
  draws: {
    entitlements: new DynamoEntitlementHistory(documentClient, env.SUBSCRIPTIONS_TABLE), allowances: new UsageTableAllowances(table),
  },
  maxCallsPerSecond: env.MAX_CALLS_PER_SECOND,
  lanes: 6,
  concurrency: 8,
};

function forInvocation(): MeteringDependencies {
  const outbox = new Outbox(documentClient, publisher, env.USAGE_TABLE, UsageIndex.OUTBOX);
  return { ...deps, api: newMeteringApi(), ledger: new UsageTableLedger(table, outbox, sleep) };
}

export const handler = createHandler(forInvocation, new UsageTableAudit(table));
