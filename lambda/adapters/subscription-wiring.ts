import { EventBridgeClient, type EventBridgeClientConfig } from '@aws-sdk/client-eventbridge';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { IN_BACKGROUND } from './client-limits';
import { EventBridgePublisher } from './event-publisher';
import type { Log } from './logging';
import { Outbox } from './outbox';
import { RegistrationLinks } from './registration-links';
import { SubscriptionStore } from './subscription-store';
import { SubscriptionTable } from './subscription-table';
import { UnlinkedRegistrations } from './unlinked-registrations';
import { SubscriptionIndex } from '../../src/contract';

export interface SubscriptionWiring {
  readonly SUBSCRIPTIONS_TABLE: string;
  readonly EVENT_BUS_NAME: string;
  readonly PRODUCT_CODE: string;
}

/** What each handler that changes subscriptions needs, put together once. */
export function wireSubscriptions(
  environment: SubscriptionWiring, documentClient: DynamoDBDocumentClient, log: Log, eventBridge: EventBridgeClientConfig = IN_BACKGROUND,
) {
  const { SUBSCRIPTIONS_TABLE: tableName, PRODUCT_CODE: productCode } = environment;
  const publisher = new EventBridgePublisher(new EventBridgeClient(eventBridge), environment.EVENT_BUS_NAME);
  const outbox = new Outbox(documentClient, publisher, tableName, SubscriptionIndex.OUTBOX);
  const store = new SubscriptionStore(new SubscriptionTable(documentClient, tableName, productCode), outbox, log);
  const unlinked = new UnlinkedRegistrations(documentClient, tableName);
  return { publisher, outbox, store, unlinked, links: new RegistrationLinks(store, unlinked, log) };
}
