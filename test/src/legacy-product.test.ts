import { Match } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import { integrate, newStack, PRODUCT_CODE, resources, statements } from './fixtures';
import { AgreementEventSource, AgreementMode, Dimension, MarketplaceSaasIntegrationProps, SaasPricingModel } from '../../src';

const SELLER = { env: { account: '111122223333', region: 'us-east-1' } };
const TOPIC = `aws-mp-subscription-notification-${PRODUCT_CODE}`;

function legacy(props: Partial<MarketplaceSaasIntegrationProps> = {}, stack = newStack(SELLER)) {
  return integrate({ agreementMode: AgreementMode.LEGACY, ...props }, stack).template();
}

const environmentOf = (template: ReturnType<typeof legacy>) => resources(template, 'AWS::Lambda::Function')
  .map(([, { Properties }]) => Properties.Environment.Variables as Record<string, unknown>);

test('a legacy product subscribes to the topic of AWS Marketplace whose name follows from the product code', () => {
  const template = legacy();
  template.resourceCountIs('AWS::SNS::Subscription', 1);
  template.hasResourceProperties('AWS::SNS::Subscription', {
    Protocol: 'sqs',
    Region: 'us-east-1',
    RawMessageDelivery: false,
    TopicArn: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:sns:us-east-1:287250355862:${TOPIC}`]] },
    RedrivePolicy: { deadLetterTargetArn: Match.anyValue() },
    FilterPolicy: Match.absent(),
  });
});

test('account and region of the topics can be set', () => {
  legacy({ notificationTopics: { ownerAccount: '999988887777', region: 'us-west-2' } }).hasResourceProperties('AWS::SNS::Subscription', {
    Region: 'us-west-2',
    TopicArn: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:sns:us-west-2:999988887777:${TOPIC}`]] },
    RedrivePolicy: Match.absent(),
  });
});

test('the queue takes messages of that topic, and the subscription exists only after this permission', () => {
  const template = legacy();
  const policies = resources(template, 'AWS::SQS::QueuePolicy').filter(([, { Properties }]) => JSON.stringify(Properties).includes('sns.amazonaws.com'));
  expect(policies).toHaveLength(2);
  for (const [, { Properties }] of policies) {
    expect(Properties.PolicyDocument.Statement).toContainEqual(expect.objectContaining({
      Principal: { Service: 'sns.amazonaws.com' },
      Condition: { ArnEquals: { 'aws:SourceArn': [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:sns:us-east-1:287250355862:${TOPIC}`]] }] } },
    }));
  }
  const [[, subscription]] = resources(template, 'AWS::SNS::Subscription');
  expect(policies.map(([id]) => id).some((id) => subscription.DependsOn?.includes(id))).toBe(true);
});

test('SNS may use the key of the queue', () => {
  const stack = newStack(SELLER);
  const template = legacy({ encryptionKey: new kms.Key(stack, 'Key') }, stack);
  const [[, key]] = resources(template, 'AWS::KMS::Key');
  expect(key.Properties.KeyPolicy.Statement).toContainEqual(expect.objectContaining({
    Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Principal: { Service: 'sns.amazonaws.com' },
  }));
});

test('a legacy product takes no agreement events', () => {
  const rules = resources(legacy(), 'AWS::Events::Rule').map(([, { Properties }]) => JSON.stringify(Properties.EventPattern ?? {}));
  expect(rules.filter((pattern) => pattern.includes('aws.agreement-marketplace'))).toEqual([]);
});

test('outside of the seller account, a legacy product takes the notifications that are forwarded to its bus', () => {
  const stack = newStack(SELLER);
  const template = legacy({ agreementEvents: AgreementEventSource.eventBus(new events.EventBus(stack, 'Forwarded')) }, stack);
  template.resourceCountIs('AWS::SNS::Subscription', 0);
  template.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { 'detail-type': ['AWS Marketplace Notification'], 'detail': { TopicArn: [{ suffix: `-notification-${PRODUCT_CODE}` }] } },
  });
});

test('the handlers of a legacy product know its kind, and those of other products have no variable more', () => {
  expect(environmentOf(legacy()).map((variables) => variables.AGREEMENT_MODE)).toEqual(expect.arrayContaining(['LEGACY']));
  expect(environmentOf(integrate().template()).filter((variables) => 'AGREEMENT_MODE' in variables)).toEqual([]);
});

test.each([
  [SaasPricingModel.CONTRACT, [Dimension.entitled('Users')]],
  [SaasPricingModel.CONTRACT_WITH_CONSUMPTION, [Dimension.entitled('Users'), Dimension.metered('ApiCalls')]],
])('a legacy product with %s subscribes to the topic of entitlements too, and reads entitlements when it notifies', (pricingModel, dimensions) => {
  const template = legacy({ pricingModel, dimensions });
  const topics = resources(template, 'AWS::SNS::Subscription').map(([, { Properties }]) => JSON.stringify(Properties.TopicArn));
  expect(topics).toEqual([expect.stringContaining(TOPIC), expect.stringContaining(`aws-mp-entitlement-notification-${PRODUCT_CODE}`)]);
  expect(statements(template, 'MarketplaceAgreements').flatMap(({ Action }) => Action)).toContain('aws-marketplace:GetEntitlements');
});

describe('a product that is migrated', () => {
  const agreementMode = AgreementMode.MIGRATING;
  const patterns = (template: ReturnType<typeof legacy>) => resources(template, 'AWS::Events::Rule').map(([, { Properties }]) => JSON.stringify(Properties.EventPattern ?? {}));

  test('a migrated product takes notifications and agreement events, and its functions know that', () => {
    const template = legacy({ agreementMode });
    template.resourceCountIs('AWS::SNS::Subscription', 1);
    expect(patterns(template).filter((pattern) => pattern.includes('aws.agreement-marketplace'))).toHaveLength(1);
    expect(environmentOf(template).filter(({ AGREEMENT_MODE: mode }) => mode === 'MIGRATING')).toHaveLength(4);
  });

  test('a migrated product takes both from a bus that receives what the seller account forwards', () => {
    const stack = newStack(SELLER);
    const template = legacy({ agreementMode, agreementEvents: AgreementEventSource.eventBus(new events.EventBus(stack, 'Forwarded')) }, stack);
    template.resourceCountIs('AWS::SNS::Subscription', 0);
    expect(patterns(template).filter((pattern) => /agreement-marketplace|AWS Marketplace Notification/.test(pattern))).toHaveLength(2);
  });

  test('a product keeps its tables and queues, whichever of the modes it has', () => {
    const kept = (mode: AgreementMode) => ['AWS::DynamoDB::GlobalTable', 'AWS::SQS::Queue']
      .flatMap((type) => resources(legacy({ agreementMode: mode }), type).map(([id]) => id)).sort();
    expect(kept(AgreementMode.MIGRATING)).toEqual(kept(AgreementMode.LEGACY));
    expect(kept(AgreementMode.CONCURRENT)).toEqual(kept(AgreementMode.LEGACY));
  });
});
