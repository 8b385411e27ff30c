import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { Env, RegistrationIndex, SubscriptionIndex, UsageIndex } from '../../names';
import { RUN_INTERVAL } from '../alarms';
import { HandlerFunction } from '../handler-function';
import { agreementModeEnvironment, IntegrationContext } from '../integration-context';
import { READ_AGREEMENTS, READ_ENTITLEMENTS } from '../marketplace-permissions';
import { MARKETPLACE } from '../partition';
import { hasEntitlements } from '../product';
import { createDeadLetterQueue } from '../queues';
import { grantScan, grantTable } from '../tables';

/** Publishes events that are left in an outbox, ends subscriptions whose final window is over, reports what is stuck. */
export class ReconciliationPart extends Construct {
  public readonly handler: HandlerFunction;

  /** @param hasBuyerEmails whether the registrations table has events to publish */
  public constructor(scope: Construct, id: string, context: IntegrationContext, hasBuyerEmails: boolean) {
    super(scope, id);
    const { tables, alarms, sellerAccess, product } = context;
    const deadLetters = createDeadLetterQueue(this, 'DeadLetters', context);
    const handler = this.handler = new HandlerFunction(this, 'Handler', context, {
      asset: 'reconciliation',
      description: 'Publishes events that are still in an outbox, ends subscriptions whose final window is over, reports what is stuck',
      timeout: Duration.minutes(5),
      deadLetters,
      environment: {
        [Env.PRICING_MODEL]: product.pricingModel,
        ...agreementModeEnvironment(product),
        [Env.SUBSCRIPTIONS_TABLE]: tables.subscriptions.tableName,
        ...tables.usage && { [Env.USAGE_TABLE]: tables.usage.tableName },
        ...hasBuyerEmails && { [Env.REGISTRATIONS_TABLE]: tables.registrations.tableName },
        [Env.MARKETPLACE_REGION]: MARKETPLACE.apiRegion,
        ...sellerAccess._environment(),
      },
    });
    handler.allowMarketplace(context, READ_AGREEMENTS);
    if (hasEntitlements(product)) {
      handler.allowMarketplace(context, READ_ENTITLEMENTS);
    }
    grantTable(handler.role, tables, 'subscriptions', ['GetItem', 'PutItem', 'UpdateItem', 'Query'], Object.values(SubscriptionIndex));
    grantScan(handler.role, tables.subscriptions, SubscriptionIndex.OUTBOX);
    if (hasBuyerEmails) {
      grantTable(handler.role, tables, 'registrations', ['GetItem', 'UpdateItem'], [RegistrationIndex.OUTBOX]);
      grantScan(handler.role, tables.registrations, RegistrationIndex.OUTBOX);
    }
    if (tables.usage) {
      grantTable(handler.role, tables, 'usage', ['GetItem', 'UpdateItem', 'Query'], [UsageIndex.OUTBOX, UsageIndex.DUE, UsageIndex.ATTENTION]);
      grantScan(handler.role, tables.usage, UsageIndex.OUTBOX, UsageIndex.DUE, UsageIndex.ATTENTION);
    }

    new events.Rule(this, 'Schedule', {
      description: 'Reconciles the subscriptions of an AWS Marketplace SaaS integration',
      schedule: events.Schedule.rate(RUN_INTERVAL),
      targets: [new targets.LambdaFunction(handler.fn, { deadLetterQueue: deadLetters, retryAttempts: 2 })],
    });

    alarms.addDeadLetters('ReconciliationDeadLetters', deadLetters, 'Reconciliation runs');
    alarms.addErrors('ReconciliationErrors', handler.fn, 'reconciliation');
  }
}
