import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { Env } from '../names';
import { NotificationTopics } from '../notification-topics';
import { SaasPricingModel } from '../pricing';
import { Alarms } from './alarms';
import { handlerCode } from './handler-code';
import { NotificationSubscriptions } from './notification-subscriptions';
import { createDeadLetterQueue, createWorkQueue, retainedUnlessNew } from './queues';
import { AlarmSeverity } from '../alarm-severity';

const TIMEOUT = Duration.seconds(30);

export interface NotificationForwardingProps {
  readonly productCode: string;
  readonly pricingModel: SaasPricingModel;
  readonly topics?: NotificationTopics;
  readonly workloadEventBusArn: string;
  readonly alarms: Alarms;
}

/**
 * Subscribes the seller account to the topics of a legacy product, and puts each notification on the event bus of the workload. SNS cannot
 * deliver to an event bus, and AWS Marketplace lets no other account subscribe: a function is what is left.
 */
export class NotificationForwarding extends Construct {
  public constructor(scope: Construct, id: string, props: NotificationForwardingProps) {
    super(scope, id);
    const { workloadEventBusArn, alarms } = props;
    const removalPolicy = RemovalPolicy.RETAIN;
    const deadLetters = createDeadLetterQueue(this, 'DeadLetters', { removalPolicy });
    const queue = createWorkQueue(this, 'Queue', deadLetters, TIMEOUT, { removalPolicy });
    const logGroup = new logs.LogGroup(this, 'Logs', { retention: logs.RetentionDays.ONE_YEAR, removalPolicy: retainedUnlessNew(removalPolicy) });
    const role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    role.addToPolicy(new iam.PolicyStatement({ actions: ['events:PutEvents'], resources: [workloadEventBusArn] }));
    const fn = new lambda.Function(this, 'Function', {
      description: 'Forwards AWS Marketplace notifications of a legacy product to the workload',
      code: handlerCode('notification-forwarding'),
      handler: 'index.handler',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      memorySize: 256,
      timeout: TIMEOUT,
      role,
      logGroup,
      environment: { [Env.WORKLOAD_EVENT_BUS_ARN]: workloadEventBusArn },
    });
    fn.addEventSource(new sources.SqsEventSource(queue, { batchSize: 10, reportBatchItemFailures: true, maxConcurrency: 2 }));
    new NotificationSubscriptions(this, 'Topics', { ...props, queue, deadLetters });
    alarms.addDeadLetters('NotificationDeadLetters', deadLetters, 'Forwarded notifications of a legacy product', AlarmSeverity.CRITICAL);
    alarms.addQueueAge('NotificationAge', queue, 'Notifications of a legacy product');
    alarms.addErrors('NotificationForwardingErrors', fn, 'notification-forwarding');
  }
}
