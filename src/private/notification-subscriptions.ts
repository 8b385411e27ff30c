import { Stack, Token } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { hasNotifications, Product } from './product';
import { invalidProp } from './validate';
import { NotificationTopics } from '../notification-topics';
import { SaasPricingModel } from '../pricing';

/** AWS Marketplace's own account and region for the topics of legacy products (docs/marketplace-facts.md#f-4). */
const DEFAULT_OWNER = '287250355862';
const DEFAULT_REGION = 'us-east-1';

export interface LegacyProduct {
  readonly productCode: string;
  readonly pricingModel: SaasPricingModel;
}

interface NotificationSubscriptionsProps extends LegacyProduct {
  readonly topics?: NotificationTopics;
  readonly queue: sqs.Queue;
  readonly deadLetters: sqs.Queue;
  readonly encryptionKey?: kms.IKey;
}

/**
 * Subscribes a queue to the topics of a legacy product. The account of the stack is the seller's: AWS Marketplace lets no
 * other one subscribe. There is no filter: SNS would silently drop a body that is not strict JSON, which AWS's own sample is not.
 */
export class NotificationSubscriptions extends Construct {
  public constructor(scope: Construct, id: string, props: NotificationSubscriptionsProps) {
    super(scope, id);
    const { queue, deadLetters, encryptionKey } = props;
    const region = props.topics?.region ?? DEFAULT_REGION;
    const topicArns = notificationTopicArns(this, props, props.topics);
    const principal = new iam.ServicePrincipal('sns.amazonaws.com');
    // SNS delivers to another region, but keeps what it could not deliver in its own region only.
    const hasDeadLetters = !Token.isUnresolved(Stack.of(this).region) && Stack.of(this).region === region;
    for (const receiver of hasDeadLetters ? [queue, deadLetters] : [queue]) {
      receiver.addToResourcePolicy(new iam.PolicyStatement({
        principals: [principal],
        actions: ['sqs:SendMessage'],
        resources: [receiver.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': topicArns.map(({ arn }) => arn) } },
      }));
    }
    encryptionKey?.grant(principal, 'kms:Decrypt', 'kms:GenerateDataKey');
    for (const { name, arn } of topicArns) {
      const subscription = new sns.CfnSubscription(this, name, {
        topicArn: arn,
        region,
        protocol: 'sqs',
        endpoint: queue.queueArn,
        // The envelope has the time by which notifications are put in order.
        rawMessageDelivery: false,
        ...hasDeadLetters && { redrivePolicy: { deadLetterTargetArn: deadLetters.queueArn } },
      });
      subscription.node.addDependency(queue.node.findChild('Policy'));
    }
  }
}

/** Every model has subscriptions, and only contracts have entitlements (docs/marketplace-facts.md#f-4). */
export function notificationTopicArns(scope: Construct, { productCode, pricingModel }: LegacyProduct, topics: NotificationTopics = {}) {
  const { ownerAccount = DEFAULT_OWNER, region = DEFAULT_REGION } = topics;
  const topic = (name: string, kind: string) => ({
    name,
    arn: Stack.of(scope).formatArn({ service: 'sns', region, account: ownerAccount, resource: `aws-mp-${kind}-notification-${productCode}` }),
  });
  return [
    topic('Subscription', 'subscription'),
    ...pricingModel === SaasPricingModel.SUBSCRIPTION ? [] : [topic('Entitlement', 'entitlement')],
  ];
}

/**
 * Checks where topics are, and that the construct subscribes to them: it would ignore them otherwise.
 *
 * @param bus to which the seller account forwards the notifications, if there is one
 */
export function checkNotificationTopics(product: Pick<Product, 'agreementMode'>, topics: NotificationTopics | undefined, bus?: events.IEventBus): void {
  if (topics === undefined) {
    return;
  }
  if (!hasNotifications(product)) {
    throw invalidProp('notificationTopics', topics, 'a product with AgreementMode.CONCURRENT has no topics: leave it out, or give agreementMode');
  }
  if (bus) {
    throw invalidProp('notificationTopics', topics,
      'with a bus as agreementEvents the seller account subscribes to the topics: leave it out, and give it to MarketplaceSellerAccount');
  }
  const { ownerAccount = DEFAULT_OWNER, region = DEFAULT_REGION } = topics;
  if (!Token.isUnresolved(ownerAccount) && !/^\d{12}$/.test(ownerAccount)) {
    throw invalidProp('notificationTopics.ownerAccount', ownerAccount, 'give an account id of 12 digits');
  }
  if (!Token.isUnresolved(region) && !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) {
    throw invalidProp('notificationTopics.region', region, 'give a region such as us-east-1');
  }
}
