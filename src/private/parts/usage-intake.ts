import { Duration } from 'aws-cdk-lib';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { AlarmSeverity } from '../../alarm-severity';
import { Env, ResourcePart } from '../../names';
import { HandlerFunction } from '../handler-function';
import { agreementModeEnvironment, IntegrationContext } from '../integration-context';
import { tagForSandbox } from '../metadata';
import { MeteringSettings } from '../metering-settings';
import { createDeadLetterQueue, createWorkQueue } from '../queues';
import { grantTable, meteredTable } from '../tables';

/**
 * Long enough for the largest message: 24,000 operations, eight at a time, with 26 ms for each. Short enough for a second
 * try: a message is received again after six times this, which must be within the default graces of ten minutes, so that
 * one failure does not move usage out of its hour, or the last usage of a subscription out of its final window.
 */
const TIMEOUT = Duration.seconds(90);

/** Accepts usage: a queue, and a function that the app may also invoke directly. */
export class UsageIntakePart extends Construct {
  public readonly queue: sqs.Queue;
  public readonly handler: HandlerFunction;

  public constructor(scope: Construct, id: string, context: IntegrationContext, settings: MeteringSettings) {
    super(scope, id);
    const { tables, alarms, product } = context;
    const deadLetters = createDeadLetterQueue(this, 'DeadLetters', context);
    this.queue = createWorkQueue(this, 'Queue', deadLetters, TIMEOUT, context);
    tagForSandbox(this.queue, ResourcePart.USAGE_QUEUE);

    this.handler = new HandlerFunction(this, 'Handler', context, {
      asset: 'usage-intake',
      description: 'Usage records: validates them and puts each into the bucket of its hour',
      timeout: TIMEOUT,
      // One whole vCPU: the largest message, about 12,000 records, is stored well within the time.
      memorySize: 1769,
      // For asynchronous direct calls.
      deadLetters,
      environment: {
        ...agreementModeEnvironment(product),
        [Env.USAGE_TABLE]: meteredTable(tables).tableName,
        [Env.SUBSCRIPTIONS_TABLE]: tables.subscriptions.tableName,
        [Env.CLOSE_GRACE_SECONDS]: String(settings.closeGrace.toSeconds()),
      },
      settings: { dimensions: product.dimensions },
    });
    // Waiting 5 seconds for 100 messages saves invocations, and usage is billed by the hour. Four concurrent executions
    // leave some to the other functions of an account that has 10.
    this.handler.fn.addEventSource(new sources.SqsEventSource(this.queue, {
      batchSize: 100,
      maxBatchingWindow: Duration.seconds(5),
      reportBatchItemFailures: true,
      maxConcurrency: 4,
    }));
    grantTable(this.handler.role, tables, 'usage', ['GetItem', 'PutItem', 'UpdateItem']);
    // Usage of a subscription that has ended is rejected at once.
    grantTable(this.handler.role, tables, 'subscriptions', ['BatchGetItem']);

    alarms.addDeadLetters('UsageDeadLetters', deadLetters, 'Usage records', AlarmSeverity.CRITICAL);
    alarms.addQueueAge('UsageAge', this.queue, 'Usage records');
    alarms.addErrors('UsageIntakeErrors', this.handler.fn, 'usage-intake');
  }
}
