import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { integrate, newStack, resources } from './fixtures';
import { AlarmSeverity, Dimension, SaasPricingModel } from '../../src';
import { METRICS } from '../../src/names';

test('critical alarms have actions of their own, when they go off and when they are over', () => {
  const stack = newStack();
  const topic = (id: string) => new sns.Topic(stack, id);
  const [team, pager] = [topic('Team'), topic('Pager')];
  const { integration, template } = integrate({
    alarmActions: [new actions.SnsAction(team)],
    okActions: [new actions.SnsAction(team)],
    criticalAlarmActions: [new actions.SnsAction(pager)],
    criticalOkActions: [new actions.SnsAction(pager)],
  }, stack);
  const arns = { [AlarmSeverity.CRITICAL]: [stack.resolve(pager.topicArn)], [AlarmSeverity.WARNING]: [stack.resolve(team.topicArn)] };
  const deployed = resources(template(), 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
  for (const severity of Object.values(AlarmSeverity)) {
    const count = integration.alarmsOfSeverity(severity).length;
    for (const property of ['AlarmActions', 'OKActions']) {
      expect(deployed.filter((alarm) => JSON.stringify(alarm[property]) === JSON.stringify(arns[severity]))).toHaveLength(count);
    }
  }
});

test('every alarm has one of the two severities', () => {
  const { integration } = integrate();
  const { CRITICAL, WARNING } = AlarmSeverity;
  expect([...integration.alarmsOfSeverity(CRITICAL), ...integration.alarmsOfSeverity(WARNING)]).toHaveLength(integration.alarms.length);
  const isCritical = (name: string) => integration.alarmsOfSeverity(CRITICAL).includes(integration.alarmNamed(name));
  expect(['MeteringStopped', 'UnknownAgreementEvents'].map(isCritical)).toEqual([true, false]);
});

test('an alarm is found by its name, and a wrong name fails by an error that lists the right ones', () => {
  const { integration } = integrate();
  expect(integration.alarms).toContain(integration.alarmNamed('UsageRecordsRejected'));
  expect(() => integration.alarmNamed('Rejected')).toThrow(/^MarketplaceSaas: alarm: received "Rejected"; the alarms are .*MeteringStopped, .*\(Saas\/Marketplace\)$/);
});

const body = (props: Parameters<typeof integrate>[0]) => {
  const [dashboard] = resources(integrate({ dashboard: true, ...props }).template(), 'AWS::CloudWatch::Dashboard');
  return JSON.stringify(dashboard[1].Properties.DashboardBody);
};

const METERING = /^(Metering|Usage|OldestPending)/;

test('the dashboard shows every metric, the dead letters and the alarms of a product', () => {
  const contract = body({ pricingModel: SaasPricingModel.CONTRACT, dimensions: [Dimension.entitled('Users')] });
  const both = [body({}), contract];
  expect(Object.values(METRICS).map(({ name }) => name).filter((name) => !both.some((text) => text.includes(name)))).toEqual([]);
  expect(Object.values(METRICS).map(({ name }) => name).filter((name) => METERING.test(name) && contract.includes(`\\"${name}\\"`))).toEqual([]);
  for (const text of both) {
    expect(text).toContain('Dead letters');
    expect(text).toContain('MarketplaceReconciliationDeadLetters');
    expect(text).toContain('MarketplaceAlarmsReconciliationStopped');
  }
});

test('without the prop there is no dashboard', () => {
  const { integration, template } = integrate();
  expect(integration.dashboard).toBeUndefined();
  template().resourceCountIs('AWS::CloudWatch::Dashboard', 0);
});
