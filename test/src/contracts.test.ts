import { Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { integrate, newStack, PRODUCT_CODE, resources, statements } from './fixtures';
import { Dimension, MarketplaceSaasIntegration, MarketplaceSaasIntegrationProps, OveragePeriod, SaasPricingModel, SellerAccess, UsageMetric } from '../../src';

const CONTRACT: Partial<MarketplaceSaasIntegrationProps> = { pricingModel: SaasPricingModel.CONTRACT, dimensions: [Dimension.entitled('Users')] };
const contract = (props: Partial<MarketplaceSaasIntegrationProps> = {}, stack = newStack()) => integrate({ ...CONTRACT, ...props }, stack);

const types = (template: Template, type: string) => resources(template, type).map(([id]) => id.replace(/^Marketplace|.{8}$/g, '')).sort();

test('a contract has no metering function, no table and queue of usage, and no alarm on either', () => {
  const { template } = contract();
  expect(types(template(), 'AWS::Lambda::Function')).toEqual(
    ['AgreementsHandlerFunction', 'BuyerDataHandlerFunction', 'ReconciliationHandlerFunction', 'RegistrationHandlerFunction'],
  );
  expect(types(template(), 'AWS::DynamoDB::GlobalTable')).toEqual(['RegistrationsTable', 'SubscriptionsTable']);
  expect(types(template(), 'AWS::SQS::Queue')).toEqual(['AgreementsDeadLetters', 'AgreementsQueue', 'ReconciliationDeadLetters']);
  const metrics = resources(template(), 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => String(Properties.MetricName));
  expect(metrics.filter((name) => /Usage|Metering/.test(name))).toEqual([]);
  expect(metrics).toContain('EntitlementReadsFailed');
});

test('a contract\'s tables keep the logical ids of a subscription\'s', () => {
  const ids = (of: Template) => resources(of, 'AWS::DynamoDB::GlobalTable').map(([id]) => id);
  expect(ids(integrate().template())).toEqual(expect.arrayContaining(ids(contract().template())));
});

test('the functions of a contract may read entitlements, and none may meter', () => {
  const template = contract().template();
  for (const part of ['MarketplaceAgreements', 'MarketplaceRegistration', 'MarketplaceReconciliation']) {
    expect(statements(template, part).flatMap(({ Action }) => Action)).toContain('aws-marketplace:GetEntitlements');
  }
  expect(JSON.stringify(template.toJSON())).not.toContain('BatchMeterUsage');
  expect(JSON.stringify(integrate().template().toJSON())).not.toContain('GetEntitlements');
});

test('with a seller role, the functions of a contract assume it for entitlements', () => {
  const template = contract({ sellerAccess: SellerAccess.assumeRole('arn:aws:iam::111122223333:role/seller') }).template();
  template.hasResourceProperties('AWS::Lambda::Function', {
    Description: 'AWS Marketplace agreement and license events: keeps the subscriptions',
    Environment: { Variables: { SELLER_ROLE_ARN: 'arn:aws:iam::111122223333:role/seller' } },
  });
  expect(JSON.stringify(template.toJSON())).not.toContain('aws-marketplace:GetEntitlements');
});

test('a contract\'s changes of entitlements reach a target of the app', () => {
  const { integration, stack, template } = contract();
  integration.onEntitlementChanged('Resize', { target: new targets.SqsQueue(new sqs.Queue(stack, 'App')) });
  template().hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { 'source': ['marketplace-saas'], 'detail-type': ['Entitlement Changed'], 'detail': { productCode: [PRODUCT_CODE] } },
  });
});

test.each<[string, (integration: MarketplaceSaasIntegration) => unknown]>([
  ['usageQueue', (integration) => integration.usageQueue],
  ['usageIntakeFunction', (integration) => integration.usageIntakeFunction],
  ['meteringFunction', (integration) => integration.meteringFunction],
  ['usageTable', (integration) => integration.usageTable],
  ['onUsageRejected', (integration) => integration.onUsageRejected('Rule')],
  ['onUsageUnresolved', (integration) => integration.onUsageUnresolved('Rule')],
  ['usageQueue', (integration) => integration.grantReportUsage(new iam.Role(integration, 'App', { assumedBy: new iam.AccountRootPrincipal() }))],
])('%s of a contract fails at synthesis, because a contract meters no usage', (member, use) => {
  expect(() => use(contract().integration)).toThrow(`${member}: a product with SaasPricingModel.CONTRACT meters no usage`);
});

test('a rule on changed entitlements of a subscription fails at synthesis, because it would never match', () => {
  expect(() => integrate().integration.onEntitlementChanged('Rule')).toThrow('onEntitlementChanged: a product with SaasPricingModel.SUBSCRIPTION has no entitlements');
});

test('a contract may leave its dimensions out, and has none that are metered', () => {
  expect(() => contract({ dimensions: [] })).not.toThrow();
  expect(() => contract({ dimensions: [Dimension.entitled('Users'), Dimension.metered('ApiCalls')] }))
    .toThrow('dimensions[1]: received "ApiCalls"; a product with SaasPricingModel.CONTRACT has entitled dimensions only: use Dimension.entitled()');
});

describe('a contract with consumption', () => {
  const consumption = (dimensions = [Dimension.entitled('Users'), Dimension.metered('ApiCalls')]) => integrate({
    pricingModel: SaasPricingModel.CONTRACT_WITH_CONSUMPTION, dimensions,
  });
  const alarmsOf = (template: Template) => resources(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => String(Properties.MetricName));

  test('a contract with consumption has the tables, functions and alarms of a contract and those of a subscription', () => {
    const [both, first, second] = [consumption(), contract(), integrate()].map(({ template }) => template());
    for (const list of [alarmsOf, ...['AWS::Lambda::Function', 'AWS::DynamoDB::GlobalTable', 'AWS::SQS::Queue'].map((type) => (of: Template) => types(of, type))]) {
      expect(new Set(list(both))).toEqual(new Set([...list(first), ...list(second)]));
    }
  });

  test('reads entitlements where a contract does, and meters where a subscription does', () => {
    const template = consumption().template();
    const actions = (part: string) => statements(template, part).flatMap(({ Action }) => Action);
    for (const part of ['MarketplaceAgreements', 'MarketplaceRegistration', 'MarketplaceReconciliation']) {
      expect(actions(part)).toContain('aws-marketplace:GetEntitlements');
    }
    expect(actions('MarketplaceMetering')).toContain('aws-marketplace:BatchMeterUsage');
    expect(actions('MarketplaceMetering')).not.toContain('aws-marketplace:GetEntitlements');
  });

  test('a contract with consumption has the events of entitlements and those of usage', () => {
    const { integration } = consumption();
    expect(() => [integration.onEntitlementChanged('Resize'), integration.onUsageRejected('Rejected'), integration.usageQueue]).not.toThrow();
  });

  test('a contract with consumption reads the past of entitlements where usage beyond them is billed, and knows the dimensions that an overage names', () => {
    const extra = Dimension.overage('ExtraUsers', { of: Dimension.entitled('Users'), per: OveragePeriod.MONTH, metrics: [UsageMetric.of('Seats')] });
    const actionsOnSubscriptions = (dimensions: Dimension[]) => statements(consumption(dimensions).template(), 'MarketplaceMetering')
      .filter(({ Resource }) => JSON.stringify(Resource).includes('SubscriptionsTable') && !JSON.stringify(Resource).includes('index'))
      .flatMap(({ Action }) => Action);
    expect(actionsOnSubscriptions([Dimension.metered('ApiCalls')])).toEqual(['dynamodb:GetItem']);
    expect(actionsOnSubscriptions([extra])).toEqual(['dynamodb:GetItem', 'dynamodb:Query']);
    const [, { Metadata }] = resources(consumption([extra]).template(), 'AWS::DynamoDB::GlobalTable').find(([id]) => id.includes('SubscriptionsTable'))!;
    expect(Metadata!['cdk-marketplace-saas'].product).toMatchObject({ dimensions: ['ExtraUsers'], entitledDimensions: ['Users'] });
  });

  test('a contract with consumption may leave its entitled dimensions out, but not those it meters', () => {
    expect(() => consumption([Dimension.metered('ApiCalls')])).not.toThrow();
  });
});

test('a contract takes existing tables without one of usage, and refuses one', () => {
  const stack = newStack();
  const table = (name: string) => dynamodb.TableV2.fromTableName(stack, name, name);
  const existingTables = { subscriptionsTable: table('subscriptions'), registrationsTable: table('registrations') };
  contract({ existingTables }, stack).template().resourceCountIs('AWS::DynamoDB::GlobalTable', 0);
  expect(() => contract({ existingTables: { ...existingTables, usageTable: table('usage') } })).toThrow('existingTables.usageTable');
  expect(() => integrate({ existingTables })).toThrow('existingTables.usageTable: received nothing');
});
