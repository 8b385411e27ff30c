import { Names, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** What a rule delivers to, and what must exist before the rule. */
interface Delivery {
  readonly target: events.RuleTargetConfig;
  readonly permissions: Construct[];
}

/**
 * A rule that CloudFormation creates after all of its permissions. EventBridge does not retry what it has no permission for,
 * so an event that arrived before them would be lost
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html).
 */
export class PermittedRule extends Construct {
  private readonly ruleName: string;

  public constructor(scope: Construct, id: string, props: Omit<events.RuleProps, 'ruleName' | 'targets'>, deliver: (rule: PermittedRule) => Delivery) {
    super(scope, id);
    // A name that is known before the rule exists: the policies need it.
    this.ruleName = Names.uniqueResourceName(this, { maxLength: 64, separator: '-' });
    const { target, permissions } = deliver(this);
    const rule = new events.Rule(this, 'Resource', { ...props, ruleName: this.ruleName, targets: [{ bind: () => target }] });
    rule.node.addDependency(...permissions);
  }

  /** Lets this rule alone send messages to a queue. The handler trusts the events, so no other rule may. */
  public allowSending(queue: sqs.Queue): Construct {
    const rule = (name: string) => Stack.of(this).formatArn({ service: 'events', resource: 'rule', resourceName: name });
    queue.addToResourcePolicy(new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      // On the default bus and on any other one, so that a change of the bus leaves no time without permission.
      conditions: { ArnLike: { 'aws:SourceArn': [rule(this.ruleName), rule(`*/${this.ruleName}`)] } },
    }));
    return queue.node.findChild('Policy') as Construct;
  }
}

/** Delivers to a queue. */
export function toQueue(queue: sqs.Queue, deadLetters: sqs.Queue): (rule: PermittedRule) => Delivery {
  return (rule) => ({
    target: { arn: queue.queueArn, deadLetterConfig: { arn: deadLetters.queueArn } },
    permissions: [rule.allowSending(queue), rule.allowSending(deadLetters)],
  });
}

/** Delivers to an event bus of any account and region, with a role that may put events there. */
export function toEventBus(eventBusArn: string, deadLetters: sqs.Queue): (rule: PermittedRule) => Delivery {
  return (rule) => {
    const role = new iam.Role(rule, 'Role', {
      assumedBy: new iam.ServicePrincipal('events.amazonaws.com'),
      // Inline, so that it is there as soon as the role is.
      inlinePolicies: {
        PutEvents: new iam.PolicyDocument({
          statements: [new iam.PolicyStatement({ actions: ['events:PutEvents'], resources: [eventBusArn] })],
        }),
      },
    });
    return {
      target: { arn: eventBusArn, role, deadLetterConfig: { arn: deadLetters.queueArn } },
      permissions: [role, rule.allowSending(deadLetters)],
    };
  };
}
