import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { DetailType, Env, SubscriptionIndex, UsageIndex } from '../../names';
import { RUN_INTERVAL } from '../alarms';
import { domainEventPattern } from '../event-patterns';
import { HandlerFunction } from '../handler-function';
import { IntegrationContext } from '../integration-context';
import { MeteringSettings } from '../metering-settings';
import { createDeadLetterQueue } from '../queues';
import { grantScan, grantTable, meteredTable, TableAction } from '../tables';

/** Closes hours of usage and sends them to AWS Marketplace. */
export class MeteringPart extends Construct {
  public readonly handler: HandlerFunction;

  public constructor(scope: Construct, id: string, context: IntegrationContext, settings: MeteringSettings) {
    super(scope, id);
    const { tables, alarms, eventBus, product, sellerAccess } = context;
    const deadLetters = createDeadLetterQueue(this, 'DeadLetters', context);
    const handler = this.handler = new HandlerFunction(this, 'Handler', context, {
      asset: 'metering',
      description: 'AWS Marketplace metering: closes hours of usage and sends them',
      timeout: Duration.minutes(5),
      // One whole vCPU: less cannot send 250 records a second.
      memorySize: 1769,
      deadLetters,
      environment: {
        [Env.SUBSCRIPTIONS_TABLE]: tables.subscriptions.tableName,
        [Env.USAGE_TABLE]: meteredTable(tables).tableName,
        [Env.METERING_REGION]: settings.meteringRegion,
        [Env.MAX_CALLS_PER_SECOND]: String(settings.maxCallsPerSecond),
        [Env.CLOSE_GRACE_SECONDS]: String(settings.closeGrace.toSeconds()),
        [Env.FINAL_USAGE_GRACE_SECONDS]: String(settings.finalUsageGrace.toSeconds()),
        [Env.LATE_USAGE_POLICY]: settings.lateUsagePolicy,
        [Env.REPORT_ZERO_USAGE]: String(settings.reportZeroUsage),
        ...sellerAccess._environment(),
      },
      settings: { dimensions: product.dimensions },
    });
    handler.allowMarketplace(context, { actions: ['aws-marketplace:BatchMeterUsage'] });
    // The past of entitlements, for usage that exceeds them.
    const reads: TableAction[] = product.dimensions.some(({ overage }) => overage) ? ['GetItem', 'Query'] : ['GetItem'];
    grantTable(handler.role, tables, 'subscriptions', reads, [SubscriptionIndex.BY_STATUS]);
    grantTable(handler.role, tables, 'usage',
      ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'Query'], [UsageIndex.DUE, UsageIndex.DUE_BY_LICENSE]);
    grantScan(handler.role, meteredTable(tables), UsageIndex.DUE);

    const target = new targets.LambdaFunction(handler.fn, { deadLetterQueue: deadLetters, retryAttempts: 2 });
    new events.Rule(this, 'Schedule', {
      description: 'Closes hours of usage and sends them to AWS Marketplace',
      schedule: events.Schedule.rate(RUN_INTERVAL),
      targets: [target],
    });
    new events.Rule(this, 'SubscriptionEnding', {
      description: 'Sends the closed hours of a subscription that ends at once',
      eventBus,
      eventPattern: domainEventPattern(product.productCode, DetailType.SUBSCRIPTION_ENDING),
      targets: [target],
    });

    alarms.addDeadLetters('MeteringDeadLetters', deadLetters, 'Metering runs');
    alarms.addErrors('MeteringErrors', handler.fn, 'metering');
  }
}
