import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';

/**
 * Sends what a rule matches to a queue. Unlike CDK's own target it lets in this rule alone even when the queue is
 * encrypted with a key of the user's: the events are trusted, so nobody else's rule may put any.
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
