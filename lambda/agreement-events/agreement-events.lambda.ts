import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { handleBatch } from './handle-batch';
import { createDocumentClient } from '../adapters/document-client';
import { readEnvironment } from '../adapters/environment';
import { createLogger, createMetrics } from '../adapters/logging';
import { wireSubscriptions } from '../adapters/subscription-wiring';
import { systemClock } from '../adapters/system-clock';

const environment = readEnvironment(process.env, 'PRODUCT_CODE', 'SUBSCRIPTIONS_TABLE', 'EVENT_BUS_NAME', 'INTEGRATION_ID');
const log = createLogger('agreement-events');
const dependencies = {
  productCode: environment.PRODUCT_CODE,
  ...wireSubscriptions(environment, createDocumentClient(), log),
  clock: systemClock,
  log,
  metrics: createMetrics(environment.INTEGRATION_ID),
};

export const handler = async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
  handleBatch(event, dependencies, () => context.getRemainingTimeInMillis());
