import { Token } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { invalidProp } from './private/validate';

/** What a notice needs of the integration. */
interface NoticeContext {
  readonly deadLetterQueue: sqs.IQueue;
  /** The topic of all e-mail notices, made when there is one. */
  readonly emailTopic: () => sns.ITopic;
}

/**
 * A message to the seller's team about each buyer who has registered. It follows the event `Buyer Registered`, so no registration
 * waits for it or fails by it. It names the AWS account and the subscription, and has no personal data.
 *
 * @example
 * new MarketplaceSaasIntegration(this, 'Marketplace', {
 *   productCode: '4ml54db8vrmjuykaw1psroool',
 *   pricingModel: SaasPricingModel.SUBSCRIPTION,
 *   dimensions: [Dimension.metered('ApiCalls')],
 *   registrationNotices: [RegistrationNotice.email('sales@example.com'), RegistrationNotice.topic(topic)],
 * });
 */
export class RegistrationNotice {
  /**
   * A message of plain text to an SNS topic. The policy of an imported topic must let EventBridge publish.
   *
   * @param topic the topic, in the region of the stack; with a customer key, the key must let EventBridge use it
   */
  public static topic(topic: sns.ITopic): RegistrationNotice {
    return new RegistrationNotice(({ deadLetterQueue }) => toTopic(topic, deadLetterQueue));
  }

  /**
   * An e-mail. Amazon SNS asks the address to confirm first.
   *
   * @param address of the team, such as `sales@example.com`
   */
  public static email(address: string): RegistrationNotice {
    if (!Token.isUnresolved(address) && !/^[^\s@<>"]{1,64}@[^\s@<>"]{1,189}$/.test(address)) {
      throw invalidProp('registrationNotices.address', address, 'give an e-mail address, such as sales@example.com');
    }
    return new RegistrationNotice(({ emailTopic, deadLetterQueue }) => {
      const topic = emailTopic();
      topic.addSubscription(new subscriptions.EmailSubscription(address));
      return toTopic(topic, deadLetterQueue);
    });
  }

  /**
   * A webhook: the event as JSON, to an API destination of EventBridge, whose connection has the secret.
   *
   * @param destination the API destination, in the region of the stack
   */
  public static webhook(destination: events.IApiDestination): RegistrationNotice {
    return new RegistrationNotice(({ deadLetterQueue }) => ({
      key: destination.node.path,
      target: new targets.ApiDestination(destination, { deadLetterQueue }),
    }));
  }

  private constructor(private readonly bind: (context: NoticeContext) => NoticeTarget) {}

  /** @internal */
  public _bind(context: NoticeContext): NoticeTarget {
    return this.bind(context);
  }
}

/** Two e-mail notices have one target: their topic. */
interface NoticeTarget {
  readonly key: string;
  readonly target: events.IRuleTarget;
}

function toTopic(topic: sns.ITopic, deadLetterQueue: sqs.IQueue): NoticeTarget {
  const field = (name: string) => events.EventField.fromPath(`$.detail.${name}`);
  const message = events.RuleTargetInput.fromText(`A buyer has registered. AWS account: ${field('customerAwsAccountId')}, subscription: ${field('licenseId')}, `
    + `status: ${field('status')}, registered before: ${field('registeredBefore')}, registration: ${field('registrationId')}, product: ${field('productCode')}.`);
  return { key: topic.node.path, target: new targets.SnsTopic(topic, { message, deadLetterQueue }) };
}
