import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { createUsageIntakeHandler } from './handler';
import { Intake, type IntakeDeps } from './intake';
import { Env, UsageIndex } from '../../src/names';
import { BEST_EFFORT_LIMITS } from '../adapters/aws/client-limits';
import { createDocumentClient } from '../adapters/aws/document-client';
import { readEnvironment } from '../adapters/aws/environment';
import { createLogger, createMetrics } from '../adapters/aws/logging';
import { readSettings } from '../adapters/aws/settings';
import { systemClock } from '../adapters/aws/system-clock';
import { EventBridgePublisher } from '../adapters/events/event-publisher';
import { Outbox } from '../adapters/events/outbox';
import { DynamoEndedLicenses } from '../adapters/subscriptions/ended-licenses';
import { UsageTableIntake } from '../adapters/usage/intake';
import { UsageTable } from '../adapters/usage/table';
import { SECOND_MS } from '../domain/usage/ledger/hour';

const environment = readEnvironment(
  process.env, Env.PRODUCT_CODE, Env.AGREEMENT_MODE, Env.USAGE_TABLE, Env.SUBSCRIPTIONS_TABLE, Env.EVENT_BUS_NAME, Env.CLOSE_GRACE_SECONDS,
  Env.INTEGRATION_ID, Env.METERING_MODE,
);
const settings = readSettings(process.env, 'dimensions');
const documentClient = createDocumentClient();
const subscriptions = createDocumentClient(BEST_EFFORT_LIMITS);
const publisher = new EventBridgePublisher(new EventBridgeClient(BEST_EFFORT_LIMITS), environment.EVENT_BUS_NAME, environment.METERING_MODE);
const table = new UsageTable(documentClient, environment.USAGE_TABLE);
const metrics = createMetrics(environment.INTEGRATION_ID);

const deps: Omit<IntakeDeps, 'store'> = {
  endedLicenses: new DynamoEndedLicenses(subscriptions, environment.SUBSCRIPTIONS_TABLE),
  clock: systemClock,
  log: createLogger('usage-intake'),
  metrics,
  productCode: environment.PRODUCT_CODE,
  agreementMode: environment.AGREEMENT_MODE,
  dimensions: settings.dimensions,
  closeGrace: environment.CLOSE_GRACE_SECONDS * SECOND_MS,
};

function forInvocation(): Intake {
  const outbox = new Outbox(documentClient, publisher, environment.USAGE_TABLE, UsageIndex.OUTBOX);
  return new Intake({ ...deps, store: new UsageTableIntake(table, outbox) });
}

export const handler = createUsageIntakeHandler({ forInvocation, metrics, clock: systemClock });
