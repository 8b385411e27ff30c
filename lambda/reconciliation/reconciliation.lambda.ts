import type { Context } from 'aws-lambda';
import { reconcile } from './reconcile';
import { UsageIndex } from '../../src/contract';
import { createDocumentClient } from '../adapters/document-client';
import { readEnvironment } from '../adapters/environment';
import { createLogger, createMetrics } from '../adapters/logging';
import { Outbox } from '../adapters/outbox';
import { wireSubscriptions } from '../adapters/subscription-wiring';
import { systemClock } from '../adapters/system-clock';
import { UnresolvedHours } from '../adapters/unresolved-hours';
import { WaitingUsage } from '../adapters/waiting-usage';

const environment = readEnvironment(process.env, 'PRODUCT_CODE', 'SUBSCRIPTIONS_TABLE', 'USAGE_TABLE', 'EVENT_BUS_NAME', 'INTEGRATION_ID');
const log = createLogger('reconciliation');
const documentClient = createDocumentClient();
const { publisher, outbox, store, unlinked, links } = wireSubscriptions(environment, documentClient, log);
const dependencies = {
  store,
  unlinked,
  links,
  outboxes: [outbox, new Outbox(documentClient, publisher, environment.USAGE_TABLE, UsageIndex.OUTBOX)],
  waitingUsage: new WaitingUsage(documentClient, environment.USAGE_TABLE, async (licenseId) => await store.table.load(licenseId) !== undefined),
  unresolvedHours: new UnresolvedHours(documentClient, environment.USAGE_TABLE),
  clock: systemClock,
  log,
  metrics: createMetrics(environment.INTEGRATION_ID),
};

export const handler = async (_event: unknown, context: Context): Promise<void> =>
  reconcile(dependencies, () => context.getRemainingTimeInMillis());
