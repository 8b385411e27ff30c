import { EventBridgeClient, type EventBridgeClientConfig } from '@aws-sdk/client-eventbridge';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { RegistrationLinks } from './registration-links';
import { SubscriptionStore } from './subscription-store';
import { SubscriptionIndex } from '../../src/names';
import { BEST_EFFORT_LIMITS } from '../adapters/aws/client-limits';
import type { Log } from '../adapters/aws/logging';
import { EventBridgePublisher } from '../adapters/events/event-publisher';
import { Outbox } from '../adapters/events/outbox';
import { SubscriptionTable } from '../adapters/subscriptions/subscription-table';
import { UnlinkedRegistrations } from '../adapters/subscriptions/unlinked-registrations';

export interface SubscriptionWiring {
  readonly SUBSCRIPTIONS_TABLE: string;
  readonly EVENT_BUS_NAME: string;
  readonly PRODUCT_CODE: string;
}

/**
 * Puts together what each handler that changes subscriptions needs.
 *
 * @returns makes it for one invocation: an outbox remembers whether the event bus has failed, and must not outlive it
 */
export function wireSubscriptions(
  environment: SubscriptionWiring, documentClient: DynamoDBDocumentClient, log: Log, eventBridge: EventBridgeClientConfig = BEST_EFFORT_LIMITS,
) {
  const { SUBSCRIPTIONS_TABLE: tableName, PRODUCT_CODE: productCode } = environment;
  const publisher = new EventBridgePublisher(new EventBridgeClient(eventBridge), environment.EVENT_BUS_NAME);
  const table = new SubscriptionTable(documentClient, tableName, productCode);
  const unlinked = new UnlinkedRegistrations(documentClient, tableName);
  return () => {
    const outbox = new Outbox(documentClient, publisher, tableName, SubscriptionIndex.OUTBOX);
    const store = new SubscriptionStore(table, outbox, log);
    return { publisher, outbox, store, unlinked, links: new RegistrationLinks(store, unlinked, log) };
  };
}
