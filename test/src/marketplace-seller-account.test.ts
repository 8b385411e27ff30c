import { App, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { AwsSolutionsChecks } from 'cdk-nag';
import { integrate, newStack, PRODUCT_CODE, resources, statements } from './fixtures';
import {
  AgreementEventSource, AgreementMode, MarketplaceSellerAccount, MarketplaceSellerAccountProps, SaasPricingModel, SellerAccess,
} from '../../src';

const PROPS: MarketplaceSellerAccountProps = {
  workloadAccount: '444455556666',
  externalId: 'acme-prod',
  workloadEventBusArn: 'arn:aws:events:us-east-1:444455556666:event-bus/agreements',
};

function sellerTemplate(props: Partial<MarketplaceSellerAccountProps> = {}, stack = newStack()): Template {
  new MarketplaceSellerAccount(stack, 'Seller', { ...PROPS, ...props });
  return Template.fromStack(stack);
}

test('while the external id is changed, the role trusts the old one and the new one', () => {
  sellerTemplate({ secondExternalId: 'acme-next' }).hasResourceProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: { Statement: [Match.objectLike({ Condition: { StringEquals: { 'sts:ExternalId': ['acme-prod', 'acme-next'] } } })] },
  });
  expect(() => sellerTemplate({ secondExternalId: 'a' })).toThrow(/secondExternalId: received "a".*\(Saas\/Seller\)$/);
});

test('the role trusts the workload\'s account with the external id only, and allows calls of AWS Marketplace only', () => {
  const template = sellerTemplate({ roleName: 'marketplace' });
  template.hasResourceProperties('AWS::IAM::Role', {
    RoleName: 'marketplace',
    AssumeRolePolicyDocument: {
      Statement: [{
        Action: 'sts:AssumeRole',
        Effect: 'Allow',
        Principal: { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::444455556666:root']] } },
        Condition: { StringEquals: { 'sts:ExternalId': 'acme-prod' } },
      }],
    },
  });
  expect(statements(template, 'SellerRole')).toEqual([
    { Action: ['aws-marketplace:ResolveCustomer', 'aws-marketplace:BatchMeterUsage', 'aws-marketplace:GetEntitlements'], Effect: 'Allow', Resource: '*' },
    {
      Action: ['aws-marketplace:SearchAgreements', 'aws-marketplace:DescribeAgreement', 'aws-marketplace:GetAgreementTerms'],
      Effect: 'Allow',
      Resource: '*',
      Condition: {
        'StringEquals': { 'aws-marketplace:PartyType': 'Proposer' },
        'ForAllValues:StringEquals': { 'aws-marketplace:AgreementType': ['PurchaseAgreement'] },
      },
    },
  ]);
});

test('a rule forwards the events of the default bus, with a dead-letter queue and an alarm', () => {
  const template = sellerTemplate({ productCode: PRODUCT_CODE });
  template.hasResourceProperties('AWS::Events::Rule', {
    EventBusName: Match.absent(),
    EventPattern: {
      source: ['aws.agreement-marketplace'],
      detail: { $or: [{ product: { code: [PRODUCT_CODE] } }, { product: { code: [{ exists: false }] } }] },
    },
    Targets: [Match.objectLike({ Arn: PROPS.workloadEventBusArn, RoleArn: Match.anyValue(), DeadLetterConfig: Match.anyValue() })],
  });
  template.hasResource('AWS::SQS::Queue', { Properties: { MessageRetentionPeriod: 1_209_600 }, DeletionPolicy: 'RetainExceptOnCreate' });
  template.resourceCountIs('AWS::CloudWatch::Alarm', 1);
});

test('the rule is created after its role and the policy of its dead-letter queue', () => {
  const template = sellerTemplate();
  const [[, rule]] = resources(template, 'AWS::Events::Rule');
  const [[policy]] = resources(template, 'AWS::SQS::QueuePolicy');
  const [[role, { Properties }]] = resources(template, 'AWS::IAM::Role').filter(([id]) => id.startsWith('SellerRule'));
  expect(rule.DependsOn).toEqual(expect.arrayContaining([policy, role]));
  expect(rule.Properties.Targets[0].RoleArn).toEqual({ 'Fn::GetAtt': [role, 'Arn'] });
  expect(Properties.Policies.map(({ PolicyDocument }: any) => PolicyDocument.Statement)).toEqual([
    [{ Action: 'events:PutEvents', Effect: 'Allow', Resource: PROPS.workloadEventBusArn }],
  ]);
});

test('a rule forwards to another account and another region in one hop', () => {
  const workloadEventBusArn = 'arn:aws:events:eu-west-1:444455556666:event-bus/agreements';
  sellerTemplate({ workloadEventBusArn }).hasResourceProperties('AWS::Events::Rule', { Targets: [Match.objectLike({ Arn: workloadEventBusArn })] });
});

test('without a product code the rule forwards all of the seller\'s events', () => {
  sellerTemplate().hasResourceProperties('AWS::Events::Rule', { EventPattern: { source: ['aws.agreement-marketplace'] } });
});

test.each([
  ['workloadAccount', { workloadAccount: '1234' }, 'us-east-1'],
  ['externalId', { externalId: 'x' }, 'us-east-1'],
  ['productCode: received "prod-abcdef1234567"', { productCode: 'prod-abcdef1234567' }, 'us-east-1'],
  ['productCode: received ""', { productCode: '' }, 'us-east-1'],
  ['workloadEventBusArn', { workloadEventBusArn: 'agreements' }, 'us-east-1'],
  ['region of the stack: received "eu-west-1"', {}, 'eu-west-1'],
])('a wrong %s fails at synth', (named, props, region) => {
  expect(() => sellerTemplate(props, newStack({ env: { region, account: '111122223333' } }))).toThrow(named);
});

describe('a product of the legacy kind', () => {
  const legacy = { agreementMode: AgreementMode.LEGACY, productCode: PRODUCT_CODE, pricingModel: SaasPricingModel.CONTRACT };
  const workloadEventBusArn = 'arn:aws:events:eu-west-1:444455556666:event-bus/agreements';
  const usEast1 = () => newStack({ env: { region: 'us-east-1', account: '111122223333' } });

  test('the seller account subscribes a queue to both topics of a contract, with dead letters of SNS and of the function', () => {
    const template = sellerTemplate(legacy, usEast1());
    const topics = resources(template, 'AWS::SNS::Subscription').map(([, { Properties }]) => JSON.stringify(Properties.TopicArn));
    expect(topics).toEqual([
      expect.stringContaining(`:sns:us-east-1:287250355862:aws-mp-subscription-notification-${PRODUCT_CODE}`),
      expect.stringContaining(`:sns:us-east-1:287250355862:aws-mp-entitlement-notification-${PRODUCT_CODE}`),
    ]);
    template.allResourcesProperties('AWS::SNS::Subscription', { Protocol: 'sqs', RawMessageDelivery: false, RedrivePolicy: Match.anyValue() });
    template.hasResourceProperties('AWS::SQS::Queue', { RedrivePolicy: { maxReceiveCount: 10 } });
    template.resourceCountIs('AWS::CloudWatch::Alarm', 4);
  });

  test('a function reads the queue, and may put events on the bus of the workload and do nothing else with events', () => {
    const template = sellerTemplate({ ...legacy, workloadEventBusArn }, usEast1());
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionResponseTypes: ['ReportBatchItemFailures'], ScalingConfig: { MaximumConcurrency: 2 },
    });
    template.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { WORKLOAD_EVENT_BUS_ARN: workloadEventBusArn } } });
    expect(statements(template, 'SellerNotificationsRole').filter(({ Action }) => JSON.stringify(Action).includes('events:'))).toEqual([
      { Action: 'events:PutEvents', Effect: 'Allow', Resource: workloadEventBusArn },
    ]);
  });

  test('a subscription has one topic, whose owner can be set', () => {
    const template = sellerTemplate({ ...legacy, pricingModel: SaasPricingModel.SUBSCRIPTION, notificationTopics: { ownerAccount: '999988887777' } }, usEast1());
    const topics = resources(template, 'AWS::SNS::Subscription').map(([, { Properties }]) => JSON.stringify(Properties.TopicArn));
    expect(topics).toEqual([expect.stringContaining(`:999988887777:aws-mp-subscription-notification-${PRODUCT_CODE}`)]);
  });

  test('its agreement events are forwarded too', () => {
    expect(resources(sellerTemplate(legacy, usEast1()), 'AWS::Events::Rule')).toHaveLength(1);
  });

  test.each([
    ['productCode: received nothing', { productCode: undefined }],
    ['pricingModel: received nothing', { pricingModel: undefined }],
    ['agreementMode: received "OLD"', { agreementMode: 'OLD' as AgreementMode }],
    ['pricingModel: received "FREE"', { pricingModel: 'FREE' as SaasPricingModel }],
    ['notificationTopics: received', { agreementMode: AgreementMode.CONCURRENT, notificationTopics: {} }],
    ['notificationTopics.ownerAccount: received "aws"', { notificationTopics: { ownerAccount: 'aws' } }],
  ])('it fails at synth with %s, and the error names the construct', (named, props) => {
    expect(() => sellerTemplate({ ...legacy, ...props })).toThrow(new RegExp(`${named}.* \\(Saas/Seller\\)$`));
  });
});

test.each([
  ['', {}],
  [' of a legacy product', { agreementMode: AgreementMode.LEGACY, productCode: PRODUCT_CODE, pricingModel: SaasPricingModel.CONTRACT }],
])('cdk-nag finds nothing in the seller account\'s side%s', (_of, props) => {
  const app = new App({ context: { '@aws-cdk/core:strictCfnValidateErrors': true } });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  new MarketplaceSellerAccount(new Stack(app, 'Saas'), 'Seller', { ...PROPS, ...props });
  expect(() => app.synth()).not.toThrow();
});

describe('the workload\'s side', () => {
  const sellerAccess = SellerAccess.assumeRole('arn:aws:iam::111122223333:role/marketplace', { externalId: 'acme-prod' });

  test('every function that calls AWS Marketplace may assume the role, and may not call it as itself', () => {
    const template = integrate({ sellerAccess }).template();
    for (const part of ['Registration', 'Metering', 'Reconciliation']) {
      const granted = statements(template, `Marketplace${part}Handler`);
      expect(granted).toContainEqual({ Action: 'sts:AssumeRole', Effect: 'Allow', Resource: 'arn:aws:iam::111122223333:role/marketplace' });
    }
    expect(JSON.stringify(template.toJSON())).not.toContain('aws-marketplace:');
    template.resourcePropertiesCountIs('AWS::Lambda::Function', {
      Environment: { Variables: { SELLER_ROLE_ARN: 'arn:aws:iam::111122223333:role/marketplace', SELLER_EXTERNAL_ID: 'acme-prod' } },
    }, 3);
  });

  test.each([
    ['in another region than us-east-1', { region: 'eu-west-1', account: '111122223333' }, {}, /region eu-west-1/],
    ['in another account than the seller\'s', { region: 'us-east-1', account: '444455556666' }, { sellerAccess }, /account 444455556666.*111122223333/],
  ])('a default bus %s gives a warning', (_where, env, props, words) => {
    const { stack } = integrate(props, newStack({ env }));
    const messages = (stack.node.root as App).synth().getStackByName('Saas').messages.map(({ entry }) => String(entry.data));
    expect(messages.filter((message) => words.test(message))).toHaveLength(1);
  });

  test.each([
    ['in us-east-1 of the seller', { region: 'us-east-1', account: '111122223333' }, false],
    ['where the place of the stack is unknown', {}, false],
    ['with forwarded events', { region: 'eu-west-1', account: '444455556666' }, true],
  ])('%s there is no warning', (_where, env, forwarded) => {
    const stack = newStack({ env });
    const agreementEvents = forwarded ? AgreementEventSource.eventBus(new EventBus(stack, 'Forwarded')) : undefined;
    integrate({ sellerAccess, agreementEvents }, stack);
    const messages = (stack.node.root as App).synth().getStackByName('Saas').messages.map(({ entry }) => String(entry.data));
    expect(messages.filter((message) => !message.startsWith('AWS Marketplace reviews the registration page'))).toEqual([]);
  });
});
