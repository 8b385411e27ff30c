import { EventBridgeClient, type EventBridgeClientConfig } from '@aws-sdk/client-eventbridge';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { EntitlementChecks } from './entitlement-checks';
import { type AgreementMode, Subscriptions } from './subscriptions';
import { SubscriptionIndex } from '../../src/names';
import { BEST_EFFORT_LIMITS } from '../adapters/aws/client-limits';
import { EventBridgePublisher } from '../adapters/events/event-publisher';
import { Outbox } from '../adapters/events/outbox';
import { EntitlementTable } from '../adapters/subscriptions/entitlement-table';
import { SubscriptionTable } from '../adapters/subscriptions/subscription-table';
import { UnlinkedRegistrations } from '../adapters/subscriptions/unlinked-registrations';
import type { Clock } from '../domain/clock';
import type { EntitlementSource } from '../domain/entitlements/ports';
import type { Log, MetricSink } from '../domain/ports';

export interface SubscriptionWiring {
  readonly environment: {
    readonly SUBSCRIPTIONS_TABLE: string;
    readonly EVENT_BUS_NAME: string;
    readonly PRODUCT_CODE: string;
    readonly METERING_MODE: 'LIVE' | 'DRY_RUN';
    readonly AGREEMENT_MODE?: AgreementMode;
  };
  readonly documentClient: DynamoDBDocumentClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: MetricSink;
  /** Absent: the pricing model has no entitlements. */
  readonly entitlementSource?: EntitlementSource | undefined;
  readonly eventBridge?: EventBridgeClientConfig;
}

/**
 * Puts together what each handler that changes subscriptions needs.
 *
 * @returns makes it for one invocation: an outbox remembers whether the event bus has failed, and must not outlive it
 */
export function wireSubscriptions(
  { environment, documentClient, clock, log, metrics, entitlementSource: source, eventBridge = BEST_EFFORT_LIMITS }: SubscriptionWiring,
) {
  const { SUBSCRIPTIONS_TABLE: tableName, PRODUCT_CODE: productCode } = environment;
  const publisher = new EventBridgePublisher(new EventBridgeClient(eventBridge), environment.EVENT_BUS_NAME, environment.METERING_MODE);
  const unlinked = new UnlinkedRegistrations(documentClient, tableName);
  return () => {
    const outbox = new Outbox(documentClient, publisher, tableName, SubscriptionIndex.OUTBOX);
    const store = new SubscriptionTable(documentClient, tableName, outbox, productCode);
    const entitlements = new EntitlementTable(documentClient, tableName, outbox);
    const entitlementChecks = source && new EntitlementChecks({ source, entitlements, store, productCode, clock, log, metrics });
    const subscriptions = new Subscriptions({
      store, unlinked, log, metrics, entitlementChecks, agreementMode: environment.AGREEMENT_MODE,
    });
    return { publisher, outbox, store, unlinked, entitlements, entitlementChecks, subscriptions };
  };
}
