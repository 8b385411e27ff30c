import { Annotations, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as destinations from 'aws-cdk-lib/aws-lambda-destinations';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct, IConstruct } from 'constructs';
import { Alarms } from './alarms';
import { createDeadLetterQueue, QueueProps } from './queues';

/**
 * Below a function, so that a second rule for it finds the queue of the first, and no stack refers to a stack that refers to it. Below the rule for
 * targets of other kinds, which are no construct, or one that cannot have children.
 */
const QUEUE_ID = 'MarketplaceFailedEvents';

/** Keeps the events that could not be delivered to the seller's app, or that a function of it failed to process. */
export class FailedEvents {
  public constructor(private readonly queueProps: QueueProps, private readonly alarms: Alarms) {}

  /** The target with a dead-letter queue, unless it has one. */
  public keep(target: events.IRuleTarget): events.IRuleTarget {
    return {
      bind: (rule, id) => {
        const config = target.bind(rule, id);
        const { targetResource: fn } = config;
        return fn instanceof lambda.FunctionBase ? this.withQueue(rule, fn, config) : this.withQueueOfRule(rule, config);
      },
    };
  }

  private withQueue(rule: IConstruct, fn: lambda.FunctionBase, config: events.RuleTargetConfig): events.RuleTargetConfig {
    const canAdd = canAddDestination(fn);
    if (config.deadLetterConfig && !canAdd) {
      return config;
    }
    const queue = fn.node.tryFindChild(QUEUE_ID) as sqs.Queue | undefined ?? this.createQueue(rule, fn);
    if (canAdd) {
      fn.configureAsyncInvoke({ onFailure: new destinations.SqsDestination(queue) });
    }
    if (!fn.role) {
      Annotations.of(rule).addWarningV2('cdk-marketplace-saas:importedTarget',
        'The function is imported without its role, so events that it fails to process are not kept: give it an on-failure destination where it is created. '
        + 'Events that cannot be delivered to it are kept.');
    }
    return { ...config, deadLetterConfig: config.deadLetterConfig ?? { arn: queue.queueArn } };
  }

  private withQueueOfRule(rule: IConstruct, config: events.RuleTargetConfig): events.RuleTargetConfig {
    return config.deadLetterConfig ? config : { ...config, deadLetterConfig: { arn: this.createQueue(rule, rule).queueArn } };
  }

  private createQueue(rule: IConstruct, scope: IConstruct): sqs.Queue {
    const queue = createDeadLetterQueue(scope as Construct, QUEUE_ID, this.queueProps);
    // No rule by its ARN: it may be in a stack that refers to that of the function.
    queue.addToResourcePolicy(new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(queue).account } },
    }));
    this.alarms.addFailedEvents(rule as Construct, queue);
    return queue;
  }
}

/** A function has one configuration of asynchronous calls: what the app chose stays. */
function canAddDestination(fn: lambda.FunctionBase): boolean {
  const { deadLetterQueue, deadLetterTopic } = fn as Partial<lambda.Function>;
  return fn.role !== undefined && !fn.node.tryFindChild('EventInvokeConfig') && !deadLetterQueue && !deadLetterTopic;
}
