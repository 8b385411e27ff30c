import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { handleBatch } from './handle-batch';
import { createDocumentClient } from '../adapters/aws/document-client';
import { readEnvironment } from '../adapters/aws/environment';
import { createLogger, createMetrics } from '../adapters/aws/logging';
import { systemClock } from '../adapters/aws/system-clock';
import { wireEntitlementSource } from '../adapters/marketplace/entitlement-source';
import { wireSubscriptions } from '../subscriptions/wiring';

const environment = readEnvironment(process.env, 'PRODUCT_CODE', 'PRICING_MODEL', 'SUBSCRIPTIONS_TABLE', 'EVENT_BUS_NAME', 'INTEGRATION_ID',
  'MARKETPLACE_REGION', 'SELLER_ROLE_ARN', 'SELLER_EXTERNAL_ID', 'METERING_MODE', 'AGREEMENT_MODE');
const deps = {
  productCode: environment.PRODUCT_CODE,
  clock: systemClock,
  log: createLogger('agreement-events'),
  metrics: createMetrics(environment.INTEGRATION_ID),
};
const entitlementSource = wireEntitlementSource(environment, deps.log);
const forInvocation = wireSubscriptions({ environment, documentClient: createDocumentClient(), entitlementSource, ...deps });

export const handler = async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
  handleBatch(event, { ...deps, ...forInvocation() }, () => context.getRemainingTimeInMillis());
