import * as fs from 'fs';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { integrate, newApp, newStack, PROPS, resources } from './fixtures';
import { MarketplaceSaasIntegration } from '../../src';

const RECOMMENDED = JSON.parse(fs.readFileSync(require.resolve('aws-cdk-lib/recommended-feature-flags.json'), 'utf8'));

test.each<[string, Record<string, unknown>]>([
  ['no feature flag', Object.fromEntries(Object.keys(RECOMMENDED).map((flag) => [flag, undefined]))],
  ['all recommended feature flags', RECOMMENDED],
])('synthesizes the same resources with %s', (_flags, context) => {
  const { template } = integrate({}, newStack({}, newApp(context)));
  expect(resources(template()).map(([, { Type }]) => Type).sort()).toEqual(resources(integrate().template()).map(([, { Type }]) => Type).sort());
});

test.each([
  ['us-east-1'], ['eu-central-1'], ['ap-southeast-2'], [undefined],
])('synthesizes in %s', (region) => {
  const { template } = integrate({}, newStack({ env: region ? { region, account: '111122223333' } : {} }));
  expect(resources(template()).length).toBeGreaterThan(70);
});

/** Their names are made of the construct's path. */
const NAMED = ['AWS::Events::EventBus', 'AWS::ApiGateway::RestApi'];

test('two integrations in one stack do not collide', () => {
  const { stack, integration } = integrate();
  const other = new MarketplaceSaasIntegration(stack, 'Other', { ...PROPS, productCode: 'another' });
  expect(other.integrationId).not.toBe(integration.integrationId);
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::DynamoDB::GlobalTable', 6);
  template.resourcePropertiesCountIs('AWS::Lambda::Function', { Environment: { Variables: { INTEGRATION_ID: other.integrationId } } }, 5);
  for (const [, { Type, Properties }] of resources(template)) {
    if (NAMED.includes(Type)) continue;
    const names = Object.keys(Properties).filter((name) => /^(Table|Queue|Function|Role|LogGroup|Rule|Alarm|Bus)?Name$/.test(name));
    const fixed = names.filter((name) => typeof Properties[name] === 'string');
    expect([Type, fixed]).toEqual([Type, []]);
  }
  for (const type of NAMED) {
    expect(new Set(resources(template, type).map(([, { Properties }]) => Properties.Name)).size).toBe(2);
  }
});

test('two stacks of one app do not collide in what is named by account and region', () => {
  const app = newApp();
  const integrations = ['Staging', 'Production'].map((id) => integrate({}, new Stack(app, id)));
  const names = integrations.flatMap(({ integration, template }) =>
    [integration.integrationId, ...resources(template(), 'AWS::Events::EventBus').map(([, { Properties }]) => Properties.Name)]);
  expect(new Set(names).size).toBe(4);
});
