import { Duration } from 'aws-cdk-lib';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { AgreementEventSource } from '../../agreement-event-source';
import { AlarmSeverity } from '../../alarm-severity';
import { Env, SubscriptionIndex } from '../../names';
import { NotificationTopics } from '../../notification-topics';
import { agreementEventPattern, notificationPattern } from '../event-patterns';
import { HandlerFunction } from '../handler-function';
import { agreementModeEnvironment, IntegrationContext } from '../integration-context';
import { READ_ENTITLEMENTS } from '../marketplace-permissions';
import { NotificationSubscriptions } from '../notification-subscriptions';
import { MARKETPLACE } from '../partition';
import { hasAgreementEvents, hasEntitlements, hasNotifications } from '../product';
import { createDeadLetterQueue, createWorkQueue } from '../queues';
import { PermittedRule, toQueue } from '../rule-targets';
import { grantTable } from '../tables';

const TIMEOUT = Duration.seconds(30);

interface AgreementEventsSource {
  readonly agreementEvents: AgreementEventSource;
  readonly notificationTopics?: NotificationTopics;
}

/** Receives AWS Marketplace's agreement and license events, or a legacy product's notifications, and keeps the subscriptions. */
export class AgreementEventsPart extends Construct {
  public readonly handler: HandlerFunction;

  public constructor(scope: Construct, id: string, context: IntegrationContext, { agreementEvents, notificationTopics }: AgreementEventsSource) {
    super(scope, id);
    const { tables, alarms, product, sellerAccess, encryptionKey } = context;
    const deadLetters = createDeadLetterQueue(this, 'DeadLetters', context);
    const queue = createWorkQueue(this, 'Queue', deadLetters, TIMEOUT, context);

    if (hasAgreementEvents(product)) {
      new PermittedRule(this, 'Rule', {
        description: 'AWS Marketplace agreement and license events',
        eventBus: agreementEvents.bus,
        eventPattern: agreementEventPattern(product.productCode),
      }, toQueue(queue, deadLetters));
    }
    if (hasNotifications(product) && agreementEvents.bus) {
      new PermittedRule(this, 'ForwardedNotifications', {
        description: 'AWS Marketplace notifications of a legacy product, forwarded from the seller account',
        eventBus: agreementEvents.bus,
        eventPattern: notificationPattern(product.productCode),
      }, toQueue(queue, deadLetters));
    } else if (hasNotifications(product)) {
      new NotificationSubscriptions(this, 'Notifications', { ...product, topics: notificationTopics, queue, deadLetters, encryptionKey });
    }

    const handler = this.handler = new HandlerFunction(this, 'Handler', context, {
      asset: 'agreement-events',
      description: 'AWS Marketplace agreement and license events: keeps the subscriptions',
      timeout: TIMEOUT,
      environment: {
        [Env.PRICING_MODEL]: product.pricingModel,
        ...agreementModeEnvironment(product),
        [Env.SUBSCRIPTIONS_TABLE]: tables.subscriptions.tableName,
        ...hasEntitlements(product) && { [Env.MARKETPLACE_REGION]: MARKETPLACE.apiRegion, ...sellerAccess._environment() },
      },
    });
    handler.fn.addEventSource(new sources.SqsEventSource(queue, { batchSize: 10, reportBatchItemFailures: true, maxConcurrency: 2 }));
    if (hasEntitlements(product)) {
      handler.allowMarketplace(context, READ_ENTITLEMENTS);
    }
    grantTable(handler.role, tables, 'subscriptions', ['GetItem', 'PutItem', 'UpdateItem'], [SubscriptionIndex.BY_ACCOUNT]);

    alarms.addDeadLetters('AgreementEventsDeadLetters', deadLetters, 'Agreement events', AlarmSeverity.CRITICAL);
    alarms.addQueueAge('AgreementEventsAge', queue, 'Agreement events');
    alarms.addErrors('AgreementEventsErrors', handler.fn, 'agreement-events');
  }
}
