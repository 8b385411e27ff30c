import type { Context } from 'aws-lambda';
import { reconcile } from './reconcile';
import { PendingUsageGauge } from './usage-gauges';
import { UsageIndex } from '../../src/names';
import { createDocumentClient } from '../adapters/aws/document-client';
import { readEnvironment } from '../adapters/aws/environment';
import { createLogger, createMetrics } from '../adapters/aws/logging';
import { systemClock } from '../adapters/aws/system-clock';
import { Outbox } from '../adapters/events/outbox';
import { UsageTableGauges } from '../adapters/usage/gauges';
import { UsageTable } from '../adapters/usage/table';
import { wireSubscriptions } from '../subscriptions/wiring';

const environment = readEnvironment(process.env, 'PRODUCT_CODE', 'SUBSCRIPTIONS_TABLE', 'USAGE_TABLE', 'EVENT_BUS_NAME', 'INTEGRATION_ID');
const documentClient = createDocumentClient();
const usageGauges = new UsageTableGauges(new UsageTable(documentClient, environment.USAGE_TABLE));
const common = {
  usageGauges,
  clock: systemClock,
  log: createLogger('reconciliation'),
  metrics: createMetrics(environment.INTEGRATION_ID),
};
const forInvocation = wireSubscriptions({ environment, documentClient, ...common });

export const handler = async (_event: unknown, context: Context): Promise<void> => {
  const { publisher, outbox, ...subscriptions } = forInvocation();
  await reconcile({
    ...common,
    ...subscriptions,
    outboxes: [outbox, new Outbox(documentClient, publisher, environment.USAGE_TABLE, UsageIndex.OUTBOX)],
    pendingUsage: new PendingUsageGauge(usageGauges, async (licenseId) => await subscriptions.store.read(licenseId) !== undefined),
  }, () => context.getRemainingTimeInMillis());
};
