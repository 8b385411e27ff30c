import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { checkEmailAddress } from './private/validate';

/**
 * What a message to the team says.
 *
 * @example
 * RegistrationNotice.email('sales@example.com', { includeContact: true });
 */
export interface RegistrationNoticeOptions {
  /**
   * Whether the message has what the buyer entered: e-mail address, name, company, answers. A function reads it from the registrations table
   * and sends it to this topic; events, queues and logs do not have it. It is then where the subscribers of the topic keep their messages, and
   * `grantManageBuyerData` does not reach that.
   *
   * @default false
   */
  readonly includeContact?: boolean;
}

/** What a notice needs of the integration. */
interface NoticeContext {
  /** The queue for what EventBridge could not deliver, made when a notice is a target of its rule. */
  readonly deadLetterQueue: () => sqs.IQueue;
  /** The topic of all e-mail notices, made when there is one. */
  readonly emailTopic: (includeContact: boolean) => sns.ITopic;
}

/**
 * A message to the seller's team about each buyer who has registered. It follows the event `Buyer Registered`, so no registration
 * waits for it or fails by it. It names the AWS account and the subscription; whether it has what the buyer entered is your choice.
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
   * A message of plain text to an SNS topic. EventBridge publishes it, which the policy of an imported topic must allow. With `includeContact` a
   * function of the integration publishes it, whose role gets the permission.
   *
   * @param topic the topic, in the region of the stack; with a customer key, the key must let EventBridge use it, or the role of that function
   * @param options what the message says; without the contact by default
   */
  public static topic(topic: sns.ITopic, options: RegistrationNoticeOptions = {}): RegistrationNotice {
    return new RegistrationNotice(({ deadLetterQueue }) => toTopic(topic, deadLetterQueue, options));
  }

  /**
   * An e-mail. Amazon SNS asks the address to confirm first.
   *
   * @param address of the team, such as `sales@example.com`
   * @param options what the message says; without the contact by default
   */
  public static email(address: string, options: RegistrationNoticeOptions = {}): RegistrationNotice {
    checkEmailAddress('registrationNotices.address', address);
    return new RegistrationNotice(({ emailTopic, deadLetterQueue }) => {
      const topic = emailTopic(options.includeContact ?? false);
      topic.addSubscription(new subscriptions.EmailSubscription(address));
      return toTopic(topic, deadLetterQueue, options);
    });
  }

  /**
   * A webhook: the event as JSON, to an API destination of EventBridge, whose connection has the secret. An event has no personal data, so the
   * contact is not in it: your end of the webhook reads it by the `registrationId`.
   *
   * @param destination the API destination, in the region of the stack
   */
  public static webhook(destination: events.IApiDestination): RegistrationNotice {
    return new RegistrationNotice(({ deadLetterQueue }) => ({
      key: destination.node.path,
      target: new targets.ApiDestination(destination, { deadLetterQueue: deadLetterQueue() }),
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
  /** Absent: the function of the integration sends to the topic. */
  readonly target?: events.IRuleTarget;
  readonly contactTopic?: sns.ITopic;
}

function toTopic(topic: sns.ITopic, deadLetterQueue: NoticeContext['deadLetterQueue'], { includeContact = false }: RegistrationNoticeOptions): NoticeTarget {
  if (includeContact) {
    return { key: `${topic.node.path} with contact`, contactTopic: topic };
  }
  const field = (name: string) => events.EventField.fromPath(`$.detail.${name}`);
  const message = events.RuleTargetInput.fromText(`A buyer has registered. AWS account: ${field('customerAwsAccountId')}, subscription: ${field('licenseId')}, `
    + `status: ${field('status')}, registered before: ${field('registeredBefore')}, registration: ${field('registrationId')}, product: ${field('productCode')}.`);
  return { key: topic.node.path, target: new targets.SnsTopic(topic, { message, deadLetterQueue: deadLetterQueue() }) };
}
