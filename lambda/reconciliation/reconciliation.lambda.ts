import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from 'aws-lambda';
import { migrate } from './migrate';
import { isMigrate } from './migrate-request';
import { rebuild } from './rebuild';
import { isRebuild } from './rebuild-request';
import { CONTRACT_STUCK_PENDING_AFTER_MS, reconcile, STUCK_PENDING_AFTER_MS } from './reconcile';
import { isReplay, replay } from './replay';
import { activationCheck, PendingUsageGauge } from './usage-gauges';
import { Env, RegistrationIndex, UsageIndex } from '../../src/names';
import { createDocumentClient } from '../adapters/aws/document-client';
import { readEnvironment } from '../adapters/aws/environment';
import { createLogger, createMetrics } from '../adapters/aws/logging';
import { wireSellerCredentials } from '../adapters/aws/seller-access';
import { systemClock } from '../adapters/aws/system-clock';
import { Outbox } from '../adapters/events/outbox';
import { createAgreementSource } from '../adapters/marketplace/agreement-client';
import { wireEntitlementSource } from '../adapters/marketplace/entitlement-source';
import { DueTable } from '../adapters/subscriptions/due-table';
import { ReconciliationProgressItems } from '../adapters/subscriptions/reconciliation-progress';
import { UsageTableGauges } from '../adapters/usage/gauges';
import { UsageTable } from '../adapters/usage/table';
import { wireSubscriptions } from '../subscriptions/wiring';

const environment = readEnvironment(
  process.env, 'PRODUCT_CODE', 'PRICING_MODEL', 'SUBSCRIPTIONS_TABLE', 'EVENT_BUS_NAME', 'INTEGRATION_ID', 'MARKETPLACE_REGION',
  'SELLER_ROLE_ARN', 'SELLER_EXTERNAL_ID', 'METERING_MODE', 'AGREEMENT_MODE',
);
const documentClient = createDocumentClient();
/** Absent: the pricing model has no metering. */
const usageTable = environment.PRICING_MODEL === 'CONTRACT' ? undefined : readEnvironment(process.env, 'USAGE_TABLE').USAGE_TABLE;
const usageGauges = usageTable === undefined ? undefined : new UsageTableGauges(new UsageTable(documentClient, usageTable));
/** Absent: no e-mail is sent to buyers, and that table has no events. */
const registrationsTable = process.env[Env.REGISTRATIONS_TABLE] === undefined ? undefined : readEnvironment(process.env, 'REGISTRATIONS_TABLE').REGISTRATIONS_TABLE;
const common = {
  progress: new ReconciliationProgressItems(documentClient, environment.SUBSCRIPTIONS_TABLE),
  clock: systemClock,
  log: createLogger('reconciliation'),
  metrics: createMetrics(environment.INTEGRATION_ID),
};
const entitlementSource = wireEntitlementSource(environment, common.log);
const forInvocation = wireSubscriptions({ environment, documentClient, entitlementSource, ...common });

const seller = { roleArn: environment.SELLER_ROLE_ARN, externalId: environment.SELLER_EXTERNAL_ID };
const credentials = wireSellerCredentials(environment.MARKETPLACE_REGION, systemClock, seller);
const source = createAgreementSource(environment.MARKETPLACE_REGION, credentials, { now: () => systemClock.now(), sleep, random: Math.random });

const trials = new DueTable(documentClient, environment.SUBSCRIPTIONS_TABLE, 'FREE_TRIAL');
const migrations = new DueTable(documentClient, environment.SUBSCRIPTIONS_TABLE, 'MIGRATION');

/**
 * Reconciles, on a schedule. A person's `{"rebuild": {…}}` rebuilds subscriptions (docs/recovery.md), `{"replay": {…}}` publishes events again,
 * `{"migrate": {…}}` moves buyers of a legacy product to their licenses (docs/legacy-migration.md).
 */
export const handler = async (event: unknown, context: Context): Promise<unknown> => {
  const { publisher, outbox, ...subscriptions } = forInvocation();
  const remainingMs = () => context.getRemainingTimeInMillis();
  if (isRebuild(event)) {
    return rebuild(event, { ...common, ...subscriptions, source, productCode: environment.PRODUCT_CODE }, remainingMs);
  }
  if (isMigrate(event)) {
    return migrate(event, { ...common, ...subscriptions, migrations, source, productCode: environment.PRODUCT_CODE }, remainingMs);
  }
  if (isReplay(event)) {
    const { store, entitlements } = subscriptions;
    return replay(event, {
      ...common, store, publisher, productCode: environment.PRODUCT_CODE, entitlements: entitlementSource && entitlements,
    });
  }
  return reconcile({
    ...common,
    ...subscriptions,
    outboxes: [
      outbox,
      ...usageTable === undefined ? [] : [new Outbox(documentClient, publisher, usageTable, UsageIndex.OUTBOX)],
      ...registrationsTable === undefined ? [] : [new Outbox(documentClient, publisher, registrationsTable, RegistrationIndex.OUTBOX)],
    ],
    usage: usageGauges && { gauges: usageGauges, pending: new PendingUsageGauge(usageGauges, activationCheck(subscriptions.store, systemClock)) },
    agreements: environment.AGREEMENT_MODE === 'LEGACY' ? undefined : { source, trials, productCode: environment.PRODUCT_CODE },
    migrations: environment.AGREEMENT_MODE === 'MIGRATING' ? migrations : undefined,
    stuckPendingAfterMs: environment.PRICING_MODEL === 'SUBSCRIPTION' ? STUCK_PENDING_AFTER_MS : CONTRACT_STUCK_PENDING_AFTER_MS,
  }, remainingMs);
};
