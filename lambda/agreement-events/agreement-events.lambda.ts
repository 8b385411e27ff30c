import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { handleBatch } from './handle-batch';
import { createDocumentClient } from '../adapters/aws/document-client';
import { readEnvironment } from '../adapters/aws/environment';
import { createLogger, createMetrics } from '../adapters/aws/logging';
import { systemClock } from '../adapters/aws/system-clock';
import { wireSubscriptions } from '../subscriptions/wiring';

const environment = readEnvironment(process.env, 'PRODUCT_CODE', 'SUBSCRIPTIONS_TABLE', 'EVENT_BUS_NAME', 'INTEGRATION_ID');
const log = createLogger('agreement-events');
const subscriptions = wireSubscriptions(environment, createDocumentClient(), log);
const dependencies = {
  productCode: environment.PRODUCT_CODE,
  clock: systemClock,
  log,
  metrics: createMetrics(environment.INTEGRATION_ID),
};

export const handler = async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
  handleBatch(event, { ...dependencies, ...subscriptions() }, () => context.getRemainingTimeInMillis());
