import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { integrate, newStack, statements } from './fixtures';
import { MarketplaceSaasIntegration, MarketplaceSaasIntegrationProps } from '../../src';

/** Statements of the app's role after a grant. */
function granted(grant: (integration: MarketplaceSaasIntegration, role: iam.Role) => iam.Grant, props: Partial<MarketplaceSaasIntegrationProps> = {},
  stack = newStack()): any[] {
  const { integration, template } = integrate(props, stack);
  const role = new iam.Role(stack, 'App', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
  const result = grant(integration, role);
  expect(result.success).toBe(true);
  return statements(template(), 'AppDefaultPolicy').map((statement) => ({
    ...statement,
    Resource: JSON.parse(JSON.stringify(statement.Resource).replace(/"Marketplace(\w+?).{8}"/g, '"$1"')),
  }));
}

const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const join = (id: string, path: string) => ({ 'Fn::Join': ['', [arn(id), path]] });

test('grantReportUsage lets the app send usage to the queue', () => {
  expect(granted((integration, role) => integration.grantReportUsage(role))).toEqual([
    { Effect: 'Allow', Action: ['sqs:SendMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl'], Resource: arn('UsageIntakeQueue') },
  ]);
});

test.each<[string, string, (integration: MarketplaceSaasIntegration, role: iam.Role) => iam.Grant]>([
  ['the intake function', 'UsageIntakeHandlerFunction', (integration, role) => integration.grantInvokeIntake(role)],
  ['the registration function to redeem codes', 'RegistrationHandlerFunction', (integration, role) => integration.grantClaimRegistration(role)],
  ['the buyer data function to export and delete', 'BuyerDataHandlerFunction', (integration, role) => integration.grantManageBuyerData(role)],
  ['the reconciliation function to rebuild subscriptions', 'ReconciliationHandlerFunction', (integration, role) => integration.grantInvokeReconciliation(role)],
])('a grant lets the app invoke %s', (_what, fn, grant) => {
  expect(granted(grant)).toEqual([{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: [arn(fn), join(fn, ':*')] }]);
});

const READS = [
  { Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'], Resource: arn('SubscriptionsTable') },
  {
    Effect: 'Allow',
    Action: 'dynamodb:Query',
    Resource: [join('SubscriptionsTable', '/index/byStatus'), join('SubscriptionsTable', '/index/byAccount')],
  },
];

test('grantReadSubscriptions lets the app read subscriptions, and not personal data', () => {
  expect(granted((integration, role) => integration.grantReadSubscriptions(role))).toEqual(READS);
});

test('with a customer key the app may decrypt what it reads, and no more', () => {
  const stack = newStack();
  const encryptionKey = new kms.Key(stack, 'Key');
  expect(granted((integration, role) => integration.grantReadSubscriptions(role), { encryptionKey }, stack)).toEqual([
    ...READS,
    { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:DescribeKey'], Resource: stack.resolve(encryptionKey.keyArn) },
  ]);
});
