import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';

/**
 * Sends the events that a rule matches to a queue. The handler trusts these events, so the policy of the queue allows this
 * rule only. CDK's own target allows every rule where the user gives a key.
 */
export class QueueTarget implements events.IRuleTarget {
  public constructor(private readonly queue: sqs.Queue, private readonly deadLetters: sqs.Queue) {}

  public bind(rule: events.IRule): events.RuleTargetConfig {
    for (const queue of [this.queue, this.deadLetters]) {
      queue.addToResourcePolicy(new iam.PolicyStatement({
        principals: [new iam.ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
      }));
    }
    return { arn: this.queue.queueArn, deadLetterConfig: { arn: this.deadLetters.queueArn }, targetResource: this.queue };
  }
}
