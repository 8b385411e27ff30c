import { App, Aspects, IAspect, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { integrate, newStack, welcomeEmail } from './fixtures';
import {
  AgreementEventSource, AgreementMode, Dimension, MarketplaceSaasIntegrationProps, MarketplaceSellerAccount, OveragePeriod, Registration,
  RegistrationDomain, RegistrationNotice,
  RegistrationWebAcl, SaasPricingModel, SellerAccess,
} from '../../src';
import { acknowledge } from '../../src/private/nag';

/** Synthesis fails on a finding of cdk-nag that has no written reason, and on any warning of aws-cdk-lib's own template validation. */
function checkedStack(): Stack {
  process.env.CDK_VALIDATION = 'true';
  const app = new App({
    context: { '@aws-cdk/core:strictCfnValidateErrors': true, '@aws-cdk/core:validateAgainstDefaultRules': true },
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return new Stack(app, 'Saas');
}

const synth = (stack: Stack) => (stack.node.root as App).synth();

/** Shows what an app with cdk-nag 2 is shown: errors and warnings of constructs. */
function checkByVersion2(stack: Stack): () => string[] {
  const { AwsSolutionsChecks: Checks } = jest.requireActual<{ AwsSolutionsChecks: new (props: { reports: boolean }) => IAspect }>('cdk-nag-2');
  Aspects.of(stack.node.root).add(new Checks({ reports: false }));
  return () => {
    const annotations = Annotations.fromStack(stack);
    const any = Match.stringLikeRegexp('AwsSolutions|CdkNag');
    return [...annotations.findError('*', any), ...annotations.findWarning('*', any)].map(({ id, entry }) => `${id} ${String(entry.data)}`);
  };
}

const VARIANTS: Record<string, (stack: Stack) => Partial<MarketplaceSaasIntegrationProps>> = {
  'the defaults': () => ({}),
  'a customer key': (stack) => ({ encryptionKey: new kms.Key(stack, 'Key', { enableKeyRotation: true }) }),
  'a contract': () => ({ pricingModel: SaasPricingModel.CONTRACT, dimensions: [Dimension.entitled('Users')] }),
  'a contract with consumption': () => ({
    pricingModel: SaasPricingModel.CONTRACT_WITH_CONSUMPTION, dimensions: [Dimension.overage('ExtraUsers', { of: Dimension.entitled('Users'), per: OveragePeriod.MONTH })],
  }),
  'a legacy product and a customer key': (stack) => ({
    agreementMode: AgreementMode.LEGACY, encryptionKey: new kms.Key(stack, 'Key', { enableKeyRotation: true }),
  }),
  'a product that is migrated': () => ({ agreementMode: AgreementMode.MIGRATING }),
  'a legacy contract': () => ({ agreementMode: AgreementMode.LEGACY, pricingModel: SaasPricingModel.CONTRACT, dimensions: [Dimension.entitled('Users')] }),
  'a legacy contract with consumption': () => ({
    agreementMode: AgreementMode.LEGACY, pricingModel: SaasPricingModel.CONTRACT_WITH_CONSUMPTION, dimensions: [Dimension.metered('ApiCalls')],
  }),
  'functions in a VPC that are traced': (stack) => ({
    handlerOptions: {
      vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-0123456789abcdef0', availabilityZones: ['a'], privateSubnetIds: ['subnet-0123456789abcdef0'] }),
      securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0')],
      tracing: lambda.Tracing.ACTIVE,
    },
  }),
  'no web ACL': () => ({ webAcl: RegistrationWebAcl.none() }),
  'an own web ACL': () => ({ webAcl: RegistrationWebAcl.existing('arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/a/b') }),
  'notices about registrations': () => ({ registrationNotices: [RegistrationNotice.email('sales@example.com')] }),
  'e-mails to buyers and notices with their contact, encrypted': (stack) => ({
    encryptionKey: new kms.Key(stack, 'Key', { enableKeyRotation: true }),
    registration: Registration.hostedPage({ welcomeEmail: welcomeEmail(stack) }),
    registrationNotices: [RegistrationNotice.email('sales@example.com', { includeContact: true })],
  }),
  'a domain in a hosted zone': (stack) => ({
    registrationDomain: RegistrationDomain.inHostedZone('marketplace.example.com',
      HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789ABCDEFGHIJ', zoneName: 'example.com' })),
  }),
  'a seller role and forwarded events': (stack) => ({
    sellerAccess: SellerAccess.assumeRole('arn:aws:iam::111122223333:role/seller'),
    agreementEvents: AgreementEventSource.eventBus(new events.EventBus(stack, 'Forwarded')),
  }),
  'an own bus and sign-up page': (stack) => ({
    eventBus: new events.EventBus(stack, 'Bus'),
    registration: Registration.ownSignUp('https://app.example.com/signup'),
    removalPolicy: RemovalPolicy.DESTROY,
  }),
};

test.each(Object.keys(VARIANTS))('cdk-nag 2 and 3 find nothing in an integration with %s', (variant) => {
  const stack = checkedStack();
  const findings = checkByVersion2(stack);
  integrate(VARIANTS[variant](stack), stack);
  expect(() => synth(stack)).not.toThrow();
  expect(findings()).toEqual([]);
});

test('cdk-nag 2 and 3 find nothing at the seller account', () => {
  const stack = checkedStack();
  const findings = checkByVersion2(stack);
  new MarketplaceSellerAccount(stack, 'Seller', {
    workloadAccount: '444455556666', externalId: 'acme-production', workloadEventBusArn: 'arn:aws:events:eu-west-1:444455556666:event-bus/acme',
  });
  expect(() => synth(stack)).not.toThrow();
  expect(findings()).toEqual([]);
});

test('cdk-nag 2 finds a queue without a reason', () => {
  const stack = newStack();
  const findings = checkByVersion2(stack);
  new sqs.Queue(stack, 'Queue');
  expect(findings()).toEqual(expect.arrayContaining([expect.stringMatching(/^\/Saas\/Queue\/Resource AwsSolutions-SQS3/)]));
});

test('cdk-nag 3 finds a queue without a reason', () => {
  const stack = checkedStack();
  new sqs.Queue(stack, 'Queue');
  expect(() => synth(stack)).toThrow(/AwsSolutions-SQS/);
});

test('a reason for a rule whose type of resource is not known is refused, as cdk-nag 2 would not find it', () => {
  expect(() => acknowledge(newStack(), { 'AwsSolutions-S1': 'No logs are needed.' })).toThrow('no type of resource is known for AwsSolutions-S1');
});

test('aws-cdk-lib finds a value that is out of range', () => {
  const stack = checkedStack();
  integrate({}, stack);
  new sqs.CfnQueue(stack, 'Queue', { visibilityTimeout: 50_000 });
  expect(() => synth(stack)).toThrow(/VisibilityTimeout|visibilityTimeout/);
});
