import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { createHandler } from './handler';
import { Intake } from './intake';
import { Env, UsageIndex } from '../../src/contract';
import { IN_BACKGROUND } from '../adapters/client-limits';
import { createDocumentClient } from '../adapters/document-client';
import { readEnvironment } from '../adapters/environment';
import { EventBridgePublisher } from '../adapters/event-publisher';
import { createLogger, createMetrics } from '../adapters/logging';
import { Outbox } from '../adapters/outbox';
import { systemClock } from '../adapters/system-clock';
import { UsageTable } from '../adapters/usage-table';
import { UsageTableIntake } from '../adapters/usage-table-intake';
import { SECOND_MS } from '../domain/usage/hour';

const environment = readEnvironment(
  process.env, Env.PRODUCT_CODE, Env.DIMENSIONS, Env.USAGE_TABLE, Env.EVENT_BUS_NAME, Env.CLOSE_GRACE_SECONDS, Env.INTEGRATION_ID,
);
const documentClient = createDocumentClient();
const publisher = new EventBridgePublisher(new EventBridgeClient(IN_BACKGROUND), environment.EVENT_BUS_NAME);
const outbox = new Outbox(documentClient, publisher, environment.USAGE_TABLE, UsageIndex.OUTBOX);
const metrics = createMetrics(environment.INTEGRATION_ID);

export const handler = createHandler(new Intake({
  store: new UsageTableIntake(new UsageTable(documentClient, environment.USAGE_TABLE), outbox),
  clock: systemClock,
  log: createLogger('usage-intake'),
  metrics,
  productCode: environment.PRODUCT_CODE,
  dimensions: environment.DIMENSIONS,
  closeGrace: environment.CLOSE_GRACE_SECONDS * SECOND_MS,
}), { metrics, clock: systemClock }, () => outbox.beginInvocation());
