import { CfnParameter, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { integrate, newStack } from './fixtures';
import {
  AgreementEventSource, AgreementMode, Dimension, LateUsagePolicy, MarketplaceSaasIntegrationProps, MeteringMode, OveragePeriod, Registration,
  RegistrationWebAcl, SaasPricingModel, SellerAccess, UsageMetric,
} from '../../src';

const metered = (...metrics: UsageMetric[]) => [Dimension.metered('Units', { metrics })];
const USERS = Dimension.entitled('Users');
const overages = (...dimensions: Dimension[]) => ({ pricingModel: SaasPricingModel.CONTRACT_WITH_CONSUMPTION, dimensions });
const metric = (unitsPerQuantity: string) => metered(UsageMetric.of('m', { unitsPerQuantity }));

/** What is wrong; the props; what the message must name: prop path, value, what is right. */
const BAD_PROPS: Array<[string, () => Partial<MarketplaceSaasIntegrationProps>, string[]]> = [
  ['a product id for a code', () => ({ productCode: 'prod-abcdef1234567' }), ['productCode', 'prod-abcdef1234567', 'lower-case letters and digits']],
  ['an empty product code', () => ({ productCode: '' }), ['productCode', '""', 'lower-case letters and digits']],
  ['a product code with a space', () => ({ productCode: 'my product' }), ['productCode', 'my product']],
  ['an endless product code', () => ({ productCode: 'a'.repeat(256) }), ['productCode']],
  ['no product code, as of an unset variable', () => ({ productCode: process.env.NOT_SET! }), ['productCode', 'received nothing', 'lower-case letters']],
  ['no dimensions at all', () => ({ dimensions: undefined }), ['dimensions', 'received nothing', 'Dimension.metered()']],
  ['a mode that is none', () => ({ metering: 'dry_run' as MeteringMode }), ['metering', 'dry_run', 'LIVE, DRY_RUN']],
  ['a policy that is none', () => ({ lateUsagePolicy: 'drop' as LateUsagePolicy }), ['lateUsagePolicy', 'drop', 'CARRY_FORWARD, REJECT']],
  ['a rate that is a number', () => ({ dimensions: metric(0.01 as unknown as string) }), ['dimensions[0].metrics[0].unitsPerQuantity', '0.01', 'as a string']],
  ['calls as a token', () => ({ maxCallsPerSecond: Lazy.number({ produce: () => 5 }) }), ['maxCallsPerSecond', 'a token', 'whole number']],
  ['a metered dimension of a contract', () => ({ pricingModel: SaasPricingModel.CONTRACT }), ['dimensions[0]', 'entitled dimensions only']],
  ['a pricing model that is none', () => ({ pricingModel: 'USAGE' as SaasPricingModel }),
    ['pricingModel', 'USAGE', 'SUBSCRIPTION, CONTRACT, CONTRACT_WITH_CONSUMPTION']],
  ['a contract with consumption that meters nothing', () => ({
    pricingModel: SaasPricingModel.CONTRACT_WITH_CONSUMPTION, dimensions: [Dimension.entitled('Users')],
  }), ['dimensions', 'Users', 'needs at least one Dimension.metered()']],
  ['an overage of a subscription', () => ({ dimensions: [Dimension.overage('Extra', { of: USERS, per: OveragePeriod.MONTH })] }),
    ['dimensions[0]', 'Extra', 'SUBSCRIPTION has no entitlements to exceed', 'Dimension.metered()']],
  ['an overage of a metered dimension', () => overages(Dimension.overage('Extra', { of: Dimension.metered('Users'), per: OveragePeriod.MONTH })),
    ['dimensions[0].of', 'Users', 'pays for up front']],
  ['an overage of a name', () => overages(Dimension.overage('Extra', { of: 'Users' as unknown as Dimension, per: OveragePeriod.MONTH })),
    ['dimensions[0].of', 'Users', 'Dimension.entitled']],
  ['an overage of a dimension that is metered elsewhere', () => overages(
    Dimension.metered('Users'), Dimension.overage('Extra', { of: USERS, per: OveragePeriod.MONTH }),
  ), ['dimensions[1].of', 'Users', 'is metered']],
  ['two overages of one entitlement', () => overages(
    Dimension.overage('Extra', { of: USERS, per: OveragePeriod.MONTH }), Dimension.overage('More', { of: USERS, per: OveragePeriod.HOUR }),
  ), ['dimensions[1].of', 'Users', 'one overage', 'dimensions[0]']],
  ['a period that is none', () => overages(Dimension.overage('Extra', { of: USERS, per: 'DAY' as OveragePeriod })),
    ['dimensions[0].per', 'DAY', 'HOUR, MONTH, CONTRACT']],
  ['an overage per contract of a legacy product', () => ({
    ...overages(Dimension.overage('Extra', { of: USERS, per: OveragePeriod.CONTRACT })), agreementMode: AgreementMode.LEGACY,
  }), ['dimensions[0].per', 'CONTRACT', 'AgreementMode.LEGACY', 'OveragePeriod.MONTH']],
  ['an agreement mode that is none', () => ({ agreementMode: 'OLD' as AgreementMode }), ['agreementMode', 'OLD', 'CONCURRENT, LEGACY']],
  ['an owner of topics that is no account', () => ({ agreementMode: AgreementMode.LEGACY, notificationTopics: { ownerAccount: 'aws' } }),
    ['notificationTopics.ownerAccount', 'aws', '12 digits']],
  ['a region of topics that is none', () => ({ agreementMode: AgreementMode.LEGACY, notificationTopics: { region: 'Virginia' } }),
    ['notificationTopics.region', 'Virginia', 'us-east-1']],
  ['topics of a product that has none', () => ({ notificationTopics: { ownerAccount: '999988887777' } }),
    ['notificationTopics', '999988887777', 'AgreementMode.CONCURRENT has no topics']],
  ['topics to which the seller account subscribes', () => ({
    agreementMode: AgreementMode.MIGRATING, notificationTopics: {}, agreementEvents: AgreementEventSource.eventBus(new EventBus(newStack(), 'Forwarded')),
  }), ['notificationTopics', '{}', 'give it to MarketplaceSellerAccount']],
  ['no dimension', () => ({ dimensions: [] }), ['dimensions', '[]', 'at least one Dimension.metered()']],
  ['an entitled dimension of a subscription', () => ({ dimensions: [Dimension.metered('A'), Dimension.entitled('Seats')] }),
    ['dimensions[1]', 'Seats', 'metered dimensions only']],
  ['an empty dimension name', () => ({ dimensions: [Dimension.metered('')] }), ['dimensions[0].name', '""', '1 to 255']],
  ['a dimension name with a hash', () => ({ dimensions: [Dimension.metered('a#b')] }), ['dimensions[0].name', 'a#b', 'letters, digits']],
  ['an endless dimension name', () => ({ dimensions: [Dimension.metered('a'.repeat(256))] }), ['dimensions[0].name', '1 to 255']],
  ['a token as dimension name', () => ({ dimensions: [Dimension.metered(Lazy.string({ produce: () => 'A' }))] }), ['dimensions[0].name', 'plain string']],
  ['a dimension twice', () => ({ dimensions: [Dimension.metered('A'), Dimension.metered('B'), Dimension.metered('A')] }),
    ['dimensions[2].name', '"A"', 'unique', 'dimensions[0].name']],
  ['an empty list of metrics', () => ({ dimensions: metered() }), ['dimensions[0].metrics', '[]', 'at least one UsageMetric']],
  ['a metric twice', () => ({
    dimensions: [...metered(UsageMetric.of('Gb')), Dimension.metered('Other', { metrics: [UsageMetric.of('Gb')] })],
  }), ['dimensions[1].metrics[0].name', 'Gb', 'unique', 'dimensions[0].metrics[0].name']],
  ['a metric name with a space', () => ({ dimensions: metered(UsageMetric.of('a b')) }), ['dimensions[0].metrics[0].name', 'a b']],
  ['a rate of 0', () => ({ dimensions: metric('0.00') }), ['dimensions[0].metrics[0].unitsPerQuantity', '0.00', 'above 0']],
  ['a negative rate', () => ({ dimensions: metric('-1') }), ['unitsPerQuantity', '-1', 'above 0']],
  ['a rate with an exponent', () => ({ dimensions: metric('1e3') }), ['unitsPerQuantity', '1e3', 'decimal']],
  ['a rate that is too fine', () => ({ dimensions: metric('0.0000000000001') }), ['unitsPerQuantity', '12 digits']],
  ['more settings than fit the environment of a function', () => ({
    registration: Registration.ownSignUp(`https://${Lazy.string({ produce: () => 'example.com' })}/${'x'.repeat(4000)}`),
  }), ['registration and sellerAccess', 'function registration', '4096 bytes']],
  ['a name in place of a dimension', () => ({ dimensions: ['ApiCalls'] as unknown as Dimension[] }), ['dimensions[0]', 'ApiCalls', 'Dimension.metered']],
  ['no dimension at a place of the list', () => ({ dimensions: [undefined] as unknown as Dimension[] }), ['dimensions[0]', 'received nothing']],
  ['a name in place of a metric', () => ({ dimensions: metered('Gb' as unknown as UsageMetric) }), ['dimensions[0].metrics[0]', 'Gb', 'UsageMetric.of']],
  ['a metric in place of a list', () => ({ dimensions: [Dimension.metered('A', { metrics: UsageMetric.of('Gb') as unknown as UsageMetric[] })] }),
    ['dimensions[0].metrics', 'a list of UsageMetric.of()']],
  ['seconds in place of a duration', () => ({ closeGrace: 600 as unknown as Duration }), ['closeGrace', '600', 'Duration.minutes(10)']],
  ['a text in place of a boolean', () => ({ reportZeroUsage: 'false' as unknown as boolean }), ['reportZeroUsage', '"false"', 'true or false']],
  ['a role in place of access', () => ({ sellerAccess: 'arn:aws:iam::111122223333:role/x' as unknown as SellerAccess }), ['sellerAccess', 'SellerAccess.assumeRole()']],
  ['a bus in place of a source', () => ({ agreementEvents: { bus: {} } as unknown as AgreementEventSource }), ['agreementEvents', 'AgreementEventSource.eventBus()']],
  ['a URL in place of a registration', () => ({ registration: 'https://x.example' as unknown as Registration }), ['registration', 'Registration.ownSignUp()']],
  ['an ARN in place of a web ACL', () => ({ webAcl: 'arn' as unknown as RegistrationWebAcl }), ['webAcl', 'RegistrationWebAcl.managed()']],
  ['an object that refers to itself', () => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    return { registration: circular as unknown as Registration };
  }, ['registration', 'an object of Object']],
  ['any wrong prop, with the path of the construct', () => ({ maxCallsPerSecond: 0 }), ['(Saas/Marketplace)']],
  ['a wrong prop of a part, with the path of the integration', () => ({ buyerDataRetention: Duration.minutes(1) }), ['buyerDataRetention', '(Saas/Marketplace)']],
  ['no calls', () => ({ maxCallsPerSecond: 0 }), ['maxCallsPerSecond', '0', '1 to 10']],
  ['calls above the quota', () => ({ maxCallsPerSecond: 11 }), ['maxCallsPerSecond', '11', '1 to 10']],
  ['half a call', () => ({ maxCallsPerSecond: 1.5 }), ['maxCallsPerSecond', '1.5', 'whole number']],
  ['a region without metering', () => ({ meteringRegion: 'ca-west-1' }), ['meteringRegion', 'ca-west-1', 'us-east-1']],
  ['a close grace beyond the limit', () => ({ closeGrace: Duration.hours(5) }), ['closeGrace', 'PT5H', 'at most 4 hours']],
  ['a close grace of part of a second', () => ({ closeGrace: Duration.millis(1500) }), ['closeGrace', 'whole seconds']],
  ['a final grace beyond the window', () => ({ finalUsageGrace: Duration.hours(1) }), ['finalUsageGrace', 'PT1H', 'at most 45 minutes']],
  ['a seller role that is a user', () => ({ sellerAccess: SellerAccess.assumeRole('arn:aws:iam::111122223333:user/x') }),
    ['sellerAccess.roleArn', 'user/x', 'IAM role']],
  ['a malformed external id', () => ({ sellerAccess: SellerAccess.assumeRole('arn:aws:iam::111122223333:role/x', { externalId: 'a b' }) }),
    ['sellerAccess.externalId', 'a b', '2 to 1,224']],
  ['a sign-up page over http', () => ({ registration: Registration.ownSignUp('http://example.com') }), ['registration.url', 'http://example.com', 'https']],
  ['a sign-up page with a fragment', () => ({ registration: Registration.ownSignUp('https://example.com/#/signup') }), ['registration.url', 'fragment']],
  ['a sign-up page that is no URL', () => ({ registration: Registration.ownSignUp('signup') }), ['registration.url', 'signup', 'https']],
  ['a support address that is none', () => ({ registration: Registration.hostedPage({ supportEmail: 'help' }) }), ['registration.supportEmail', 'help']],
  ['a support page over http', () => ({ registration: Registration.hostedPage({ supportUrl: 'http://x.example' }) }), ['registration.supportUrl', 'https']],
  ['a log-in page that is script', () => ({ registration: Registration.hostedPage({ loginUrl: 'javascript:alert(1)' }) }), ['registration.loginUrl', 'https']],
  ['an empty product name', () => ({ registration: Registration.hostedPage({ productName: '' }) }), ['registration.productName', '1 to 200']],
  ['a global web ACL', () => ({ webAcl: RegistrationWebAcl.existing('arn:aws:wafv2:us-east-1:111122223333:global/webacl/a/b') }),
    ['webAcl.webAclArn', 'global/webacl', 'regional']],
  ['a rate limit below WAF\'s', () => ({ webAcl: RegistrationWebAcl.managed({ requestsPerFiveMinutes: 5 }) }), ['webAcl.requestsPerFiveMinutes', '5', '10']],
];

test.each(BAD_PROPS)('%s fails at synth, naming prop, value and what is right', (_what, props, named) => {
  let message = '';
  try {
    integrate(props());
  } catch (error) {
    message = (error as Error).message;
  }
  for (const part of named) expect(message).toContain(part);
});

test.each([
  ['eu-west-1', '111122223333', 'eventBus: received "a bus in eu-west-1"; this stack is in us-east-1'],
  ['us-east-1', '444455556666', 'eventBus: received "a bus of account 444455556666"; this stack is in account 111122223333'],
])('a bus in %s of account %s is refused, because rules find a bus by its name', (region, account, named) => {
  const env = { region: 'us-east-1', account: '111122223333' };
  const bus = (stack: Stack) => EventBus.fromEventBusArn(stack, 'Far', `arn:aws:events:${region}:${account}:event-bus/far`);
  const domain = newStack({ env });
  expect(() => integrate({ eventBus: bus(domain) }, domain)).toThrow(named);
  const agreements = newStack({ env });
  expect(() => integrate({ agreementEvents: AgreementEventSource.eventBus(bus(agreements)) }, agreements)).toThrow(named.replace('eventBus', 'agreementEvents.bus'));
});

test.each([
  ['of the same account and region', { region: 'us-east-1', account: '111122223333' }],
  ['in a stack of unknown account and region', undefined],
])('a bus %s is accepted', (_where, env) => {
  const stack = newStack({ env });
  const bus = EventBus.fromEventBusArn(stack, 'Near', 'arn:aws:events:us-east-1:111122223333:event-bus/near');
  expect(() => integrate({ eventBus: bus, agreementEvents: AgreementEventSource.eventBus(bus) }, stack)).not.toThrow();
});

test('tokens are accepted where CloudFormation may know the value', () => {
  const stack = newStack();
  const token = (id: string) => new CfnParameter(stack, id).valueAsString;
  const { template } = integrate({
    productCode: token('Code'),
    sellerAccess: SellerAccess.assumeRole(token('Role'), { externalId: token('ExternalId') }),
    registration: Registration.ownSignUp(token('Url'), { productName: token('Name'), supportEmail: token('Email') }),
    webAcl: RegistrationWebAcl.existing(token('Acl')),
  }, stack);
  template().hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { PRODUCT_CODE: { Ref: 'Code' }, SELLER_ROLE_ARN: { Ref: 'Role' }, SELLER_EXTERNAL_ID: { Ref: 'ExternalId' } } },
  });
  template().hasResourceProperties('AWS::WAFv2::WebACLAssociation', { WebACLArn: { Ref: 'Acl' } });
});

test('the widest valid values are accepted', () => {
  expect(() => integrate({
    productCode: 'a',
    dimensions: [Dimension.metered('a'.repeat(255)), Dimension.metered('A_1.b-c', { metrics: [UsageMetric.of('s3:Put/Object', { unitsPerQuantity: '0.000000000001' })] })],
    maxCallsPerSecond: 1,
    closeGrace: Duration.seconds(0),
    finalUsageGrace: Duration.minutes(45),
    meteringRegion: 'eu-central-1',
  })).not.toThrow();
});
