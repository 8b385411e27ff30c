import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import { integrate, newStack, PRODUCT_CODE, resources, statements } from './fixtures';
import { IMarketplaceSaasIntegration, MarketplaceSaasIntegration, MarketplaceSaasIntegrationAttributes, SaasPricingModel } from '../../src';

const ACCOUNT = { account: '111122223333', region: 'eu-west-1' };
const arn = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:111122223333:${resource}`;

const ATTRIBUTES: MarketplaceSaasIntegrationAttributes = {
  integrationId: 'Saas-Marketplace-1A2B3C4D',
  productCode: PRODUCT_CODE,
  pricingModel: SaasPricingModel.SUBSCRIPTION,
  eventBusArn: arn('events', 'event-bus/Saas-Marketplace-1A2B3C4D'),
  subscriptionsTableArn: arn('dynamodb', 'table/subscriptions'),
  usageQueueArn: arn('sqs', 'usage'),
  usageIntakeFunctionArn: arn('lambda', 'function:intake'),
  registrationFunctionArn: arn('lambda', 'function:registration'),
  buyerDataFunctionArn: arn('lambda', 'function:buyer-data'),
  reconciliationFunctionArn: arn('lambda', 'function:reconciliation'),
};

let stack: Stack;
beforeEach(() => {
  stack = newStack({ env: ACCOUNT });
});

function imported(attributes: Partial<MarketplaceSaasIntegrationAttributes> = {}): IMarketplaceSaasIntegration {
  return MarketplaceSaasIntegration.fromMarketplaceSaasIntegrationAttributes(stack, 'Imported', { ...ATTRIBUTES, ...attributes });
}

/** What the app may do after a grant: actions and resources. */
function granted(grant: (role: iam.Role) => iam.Grant): string[] {
  const role = new iam.Role(stack, 'App', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
  expect(grant(role).success).toBe(true);
  return statements(Template.fromStack(stack), 'AppDefaultPolicy').map(({ Action, Resource }) => `${[Action].flat().join(' ')} on ${[Resource].flat().join(' ')}`);
}

test('an import alone adds no resource to the stack', () => {
  imported();
  expect(Template.fromStack(stack).toJSON().Resources).toBeUndefined();
});

const invoke = (name: string) => `lambda:InvokeFunction on ${arn('lambda', `function:${name}`)} ${arn('lambda', `function:${name}`)}:*`;

test.each<[string, string[]]>([
  ['grantReportUsage', [`sqs:SendMessage sqs:GetQueueAttributes sqs:GetQueueUrl on ${ATTRIBUTES.usageQueueArn}`]],
  ['grantInvokeIntake', [invoke('intake')]],
  ['grantClaimRegistration', [invoke('registration')]],
  ['grantManageBuyerData', [invoke('buyer-data')]],
  ['grantInvokeReconciliation', [invoke('reconciliation')]],
  ['grantReadSubscriptions', [
    `dynamodb:GetItem dynamodb:BatchGetItem dynamodb:Query on ${ATTRIBUTES.subscriptionsTableArn}`,
    `dynamodb:Query on ${['byStatus', 'byAccount'].map((index) => `${ATTRIBUTES.subscriptionsTableArn}/index/${index}`).join(' ')}`,
  ]],
])('%s of an imported integration gives the app the same permissions as in one stack', (grant, permissions) => {
  const integration = imported();
  expect(granted((role) => integration[grant as 'grantReportUsage'](role))).toEqual(permissions);
});

test('with a customer key the app may encrypt what it sends, and decrypt what it reads', () => {
  const encryptionKeyArn = arn('kms', 'key/1');
  const integration = imported({ encryptionKeyArn });
  expect(granted((role) => integration.grantReportUsage(role).combine(integration.grantReadSubscriptions(role)))).toEqual(expect.arrayContaining([
    expect.stringMatching(/^kms:.*GenerateDataKey.*key\/1$/),
    `kms:Decrypt kms:DescribeKey on ${encryptionKeyArn}`,
  ]));
});

test('a function of another app receives the domain events of the product, and what it fails to process is kept, with an alarm', () => {
  const code = lambda.Code.fromInline('//');
  const provision = new lambda.Function(stack, 'Provision', { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code });
  const topic = new sns.Topic(stack, 'Topic');
  imported({ alarmActions: [new actions.SnsAction(topic)] }).onSubscriptionActivated('Provision', { target: new targets.LambdaFunction(provision) });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Events::Rule', {
    EventBusName: 'Saas-Marketplace-1A2B3C4D',
    EventPattern: { 'source': ['marketplace-saas'], 'detail-type': ['Subscription Activated'], 'detail': { productCode: [PRODUCT_CODE] } },
  });
  template.resourceCountIs('AWS::SQS::Queue', 1);
  template.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions: [stack.resolve(topic.topicArn)] });
});

test('the metrics of an imported integration are those of the deployed one', () => {
  const { integration } = integrate();
  const { integrationId } = integration;
  const metrics = imported({ integrationId });
  expect(metrics.metricUsageRecordsAccepted()).toEqual(integration.metricUsageRecordsAccepted());
  expect(metrics.metric('Any').dimensions).toEqual({ Integration: integrationId });
});

test.each<[string, (integration: IMarketplaceSaasIntegration) => unknown]>([
  ['usageQueue', (integration) => integration.usageQueue],
  ['subscriptionsTable', (integration) => integration.subscriptionsTable],
  ['registrationFunction', (integration) => integration.registrationFunctionArn],
])('a member that the import lacks fails by an error that names the attribute: %s', (member, use) => {
  const integration = imported({ usageQueueArn: undefined, subscriptionsTableArn: undefined, registrationFunctionArn: undefined });
  expect(() => use(integration)).toThrow(`MarketplaceSaas: ${member}: the integration was imported without ${member}Arn: add it to the attributes (Saas/Imported)`);
});

test('a rule that could never match fails at synthesis', () => {
  const contract = imported({ pricingModel: SaasPricingModel.CONTRACT });
  expect(() => contract.onUsageRejected('Rejected')).toThrow(/meters no usage/);
  expect(() => contract.usageQueue).toThrow(/meters no usage/);
});

test('an event bus of another region is refused, because a rule here cannot listen to it', () => {
  const eventBusArn = 'arn:aws:events:us-east-1:111122223333:event-bus/x';
  const error = /eventBusArn: received "a bus in us-east-1".*\(Saas\/Imported\)/;
  expect(() => imported({ eventBusArn })).toThrow(error);
});

test('every grant, rule and metric of the construct is on the interface too', () => {
  type Members = Extract<keyof MarketplaceSaasIntegration, `grant${string}` | `on${string}` | `metric${string}`>;
  // The compiler refuses `true` as soon as one is missing.
  const complete: [Exclude<Members, keyof IMarketplaceSaasIntegration>] extends [never] ? true : never = true;
  expect(complete).toBe(true);
});

test('every function is reachable as a function of Lambda, so that an app can add variables', () => {
  const { integration, template } = integrate();
  const { functions } = integration;
  for (const fn of functions) {
    fn.addEnvironment('TEAM', 'billing');
  }
  const deployed = resources(template(), 'AWS::Lambda::Function');
  expect(deployed.filter(([, { Properties }]) => Properties.Environment.Variables.TEAM !== 'billing')).toEqual([]);
  const { agreementEventsFunction, meteringFunction, usageIntakeFunction } = integration;
  const { registrationFunction, buyerDataFunction, reconciliationFunction } = integration;
  const named = [agreementEventsFunction, meteringFunction, usageIntakeFunction, registrationFunction, buyerDataFunction, reconciliationFunction];
  expect(new Set(functions)).toEqual(new Set(named));
});
