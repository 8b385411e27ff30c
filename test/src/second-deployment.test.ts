import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { integrate, newApp, PROPS, resources } from './fixtures';
import { MarketplaceSaasIntegration, MarketplaceSellerAccount } from '../../src';

/** Names within another resource, which has a name of its own: they cannot collide. */
const SCOPED = ['AWS::ApiGateway::Stage'];

/**
 * What CloudFormation names in the account and region of a stack, and identifies statements by: values that no resource of the
 * template gives, and that are therefore the same in a second stack of the same template.
 */
function fixedNames(template: Template): string[] {
  const all = resources(template);
  const ids = all.map(([id]) => id);
  return all.filter(([, { Type }]) => !SCOPED.includes(Type)).flatMap(([, { Type, Properties }]) => Object.entries(Properties ?? {})
    .filter(([property]) => /Name$|^Sid$|^StatementId$/.test(property) && !/^(Function|Topic|Domain|PolicyName|EventBusName|Metric)/.test(property))
    .filter(([, value]) => !ids.some((id) => JSON.stringify(value).includes(`"${id}"`)))
    .map(([property, value]) => `${Type} ${property} ${JSON.stringify(value)}`));
}

/** The metrics of an alarm: one of its own, or those of its expression. */
const metricsOf = ({ Dimensions, Metrics = [] }: Record<string, any>): any[] =>
  Dimensions ? [{ Dimensions }] : Metrics.flatMap(({ MetricStat }: any) => MetricStat?.Metric ?? []);

/** Values of the CloudWatch dimensions by which alarms find their metrics, where no resource of the template gives them. */
const alarmed = (template: Template) => resources(template, 'AWS::CloudWatch::Alarm').flatMap(([, { Properties }]) =>
  metricsOf(Properties).flatMap((metric) => metric.Dimensions).map(({ Name, Value }) => [Name, Value])
    .filter(([, value]) => typeof value === 'string').map(String));

function expectApart(first: Template, second: Template): void {
  const names = fixedNames(first);
  expect(names).not.toEqual([]);
  expect(names.filter((name) => fixedNames(second).includes(name))).toEqual([]);
  expect(alarmed(first).filter((dimension) => alarmed(second).includes(dimension))).toEqual([]);
}

const integrated = (app: App, id: string, stackName?: string) => integrate({}, new Stack(app, id, { stackName })).template;

test('the same stack under another stackName shares no name, statement id or alarm with the first', () => {
  expectApart(integrated(newApp(), 'Saas', 'saas-dev')(), integrated(newApp(), 'Saas', 'saas-prod')());
});

test('two environments of one app share no name, statement id or alarm', () => {
  const app = newApp();
  const [staging, production] = ['Staging', 'Production'].map((id) => integrated(app, id));
  expectApart(staging(), production());
});

test('two products in one stack share no name, statement id or alarm', () => {
  const stack = new Stack(newApp(), 'Saas');
  const first = new MarketplaceSaasIntegration(stack, 'First', PROPS);
  const second = new MarketplaceSaasIntegration(stack, 'Second', { ...PROPS, productCode: 'another' });
  expect(first.integrationId).not.toBe(second.integrationId);
  const template = Template.fromStack(stack);
  const names = fixedNames(template);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  const perIntegration = alarmed(template).filter((dimension) => dimension.startsWith('Integration,'));
  expect(new Set(perIntegration)).toEqual(new Set([first, second].map(({ integrationId }) => `Integration,${integrationId}`)));
});

test('two seller accounts\' sides in one account share no name', () => {
  const seller = (stackName: string) => {
    const stack = new Stack(newApp(), 'Seller', { stackName });
    new MarketplaceSellerAccount(stack, 'Seller', {
      workloadAccount: '444455556666', externalId: 'acme', workloadEventBusArn: 'arn:aws:events:eu-west-1:444455556666:event-bus/acme',
    });
    return Template.fromStack(stack);
  };
  expectApart(seller('seller-dev'), seller('seller-prod'));
});
