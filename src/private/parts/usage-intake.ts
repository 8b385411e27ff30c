import { Duration } from 'aws-cdk-lib';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { Env, ResourcePart } from '../../names';
import { HandlerFunction } from '../handler-function';
import { dimensionsEnvironment, IntegrationContext } from '../integration-context';
import { tagForSandbox } from '../metadata';
import { MeteringSettings } from '../metering-settings';
import { createDeadLetterQueue, createWorkQueue } from '../queues';
import { grantTable } from '../tables';

/**
 * The largest message takes 24,000 operations, eight at a time: 26 ms are left for each. Not more, as a message comes again
 * after six times this: sooner than the default graces of ten minutes end, or else one failure moves usage out of its hour,
 * and the last usage of a subscription out of what AWS takes.
 */
const TIMEOUT = Duration.seconds(90);

/** The front door of usage: a queue, and a function that can be called directly too. */
export class UsageIntakePart extends Construct {
  public readonly queue: sqs.Queue;
  public readonly handler: HandlerFunction;

  public constructor(scope: Construct, id: string, context: IntegrationContext, settings: MeteringSettings) {
    super(scope, id);
    const { tables, alarms } = context;
    const deadLetters = createDeadLetterQueue(this, 'DeadLetters', context);
    this.queue = createWorkQueue(this, 'Queue', deadLetters, TIMEOUT, context);
    tagForSandbox(this.queue, ResourcePart.USAGE_QUEUE);

    this.handler = new HandlerFunction(this, 'Handler', context, {
      asset: 'usage-intake',
      description: 'Usage records: validates them and puts each into the bucket of its hour',
      timeout: TIMEOUT,
      // One whole vCPU: the largest message, about 12,000 records, is stored well within the time.
      memorySize: 1769,
      // For direct calls that nobody waits for.
      deadLetters,
      environment: {
        [Env.USAGE_TABLE]: tables.usage.tableName,
        [Env.CLOSE_GRACE_SECONDS]: String(settings.closeGrace.toSeconds()),
        ...dimensionsEnvironment(context),
      },
    });
    // Up to 100 messages or 5 seconds: few invocations at a steady trickle, and usage is billed by the hour anyway. Four
    // at a time leave room in an account with 10 concurrent executions.
    this.handler.fn.addEventSource(new sources.SqsEventSource(this.queue, {
      batchSize: 100,
      maxBatchingWindow: Duration.seconds(5),
      reportBatchItemFailures: true,
      maxConcurrency: 4,
    }));
    grantTable(this.handler.role, tables, 'usage', ['GetItem', 'PutItem', 'UpdateItem']);

    alarms.addDeadLetters('UsageDeadLetters', deadLetters, 'Usage records');
    alarms.addQueueAge('UsageAge', this.queue, 'Usage records');
    alarms.addErrors('UsageIntakeErrors', this.handler.fn, 'usage-intake');
  }
}
