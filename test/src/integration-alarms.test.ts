import { Match } from 'aws-cdk-lib/assertions';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { integrate, newStack, resources } from './fixtures';
import { MeteringMode } from '../../src';

const { template: synth, integration } = integrate();
const template = synth();
const alarms = resources(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);

const HEARTBEATS = ['MeteringRuns', 'ReconciliationRuns'];

test('no alarm has a name that could collide, or lacks a link to the runbook', () => {
  expect(alarms.length).toBeGreaterThan(20);
  for (const alarm of alarms) {
    expect(alarm).toMatchObject({ AlarmDescription: expect.stringMatching(/^.+\. Runbook: https:\/\/\S+\/blob\/main\/docs\/runbook\.md#[a-z-]+$/) });
    expect(alarm.AlarmName).toBeUndefined();
  }
});

test('missing data sets off the heartbeat alarms only', () => {
  const breaching = alarms.filter(({ TreatMissingData }) => TreatMissingData !== 'notBreaching');
  expect(breaching.map(({ MetricName }) => MetricName).sort()).toEqual(HEARTBEATS);
});

test.each(HEARTBEATS)('an alarm goes off when %s has not grown for 30 minutes, whether or not usage is sent', (metric) => {
  for (const metering of [MeteringMode.LIVE, MeteringMode.DRY_RUN]) {
    integrate({ metering }).template().hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'MarketplaceSaas',
      MetricName: metric,
      Dimensions: [{ Name: 'Integration', Value: integration.integrationId }],
      Statistic: 'Sum',
      Period: 300,
      EvaluationPeriods: 6,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  }
});

test('the alarm on the registration API watches no other API of the account', () => {
  const [{ Properties }] = resources(template, 'AWS::ApiGateway::RestApi').map(([, api]) => api);
  expect(alarms.find(({ MetricName }) => MetricName === '5XXError')).toMatchObject({ Dimensions: [{ Name: 'ApiName', Value: Properties.Name }] });
  expect(Properties.Name).toBe(integration.integrationId);
});

test('a DRY_RUN deployment has no alarm on missing registrations, because buyers register at the live one', () => {
  const dryRun = resources(integrate({ metering: MeteringMode.DRY_RUN }).template(), 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties.MetricName);
  expect(dryRun).not.toContain('SubscriptionsUnregistered');
  expect(dryRun).toHaveLength(alarms.length - 1);
});

test('the construct returns all of its alarms', () => {
  expect(integration.alarms).toHaveLength(alarms.length);
});

const targets = (dimension: string, metric: string) => alarms
  .filter(({ MetricName, Threshold }) => MetricName === metric && Threshold === 1)
  .map(({ Dimensions }) => Dimensions.find(({ Name }: any) => Name === dimension)?.Value)
  .map((value) => value['Fn::GetAtt']?.[0] ?? value.Ref)
  .sort();

test('every dead-letter queue has an alarm', () => {
  const queues = resources(template, 'AWS::SQS::Queue').map(([id]) => id).filter((id) => id.includes('DeadLetters'));
  expect(targets('QueueName', 'ApproximateNumberOfMessagesVisible')).toEqual(queues.sort());
});

test('every function has an alarm', () => {
  expect(targets('FunctionName', 'Errors')).toEqual(resources(template, 'AWS::Lambda::Function').map(([id]) => id).sort());
});

test('a queue that no function reads raises an alarm within an hour', () => {
  expect(alarms.filter(({ MetricName, Threshold }) => MetricName === 'ApproximateAgeOfOldestMessage' && Threshold === 3600)).toHaveLength(2);
});

test.each([
  ['OldestPendingUsageAge', 21_600, 'Maximum'],
  ['OldestPendingUsageAge', 72_000, 'Maximum'],
  ['UsageWaitingForUnknownLicense', 1, 'Maximum'],
  ['MeteringRecordsUnresolved', 1, 'Maximum'],
  ['MeteringConflicts', 1, 'Maximum'],
  ['MeteringConfigurationErrors', 1, 'Sum'],
  ['UsageRecordsRejected', 1, 'Sum'],
  ['SubscriptionsStuckPending', 1, 'Maximum'],
  ['SubscriptionsUnregistered', 1, 'Sum'],
  ['OutboxBacklog', 1, 'Maximum'],
  ['RegistrationFailures', 1, 'Sum'],
  ['AdvisoriesIssued', 1, 'Sum'],
  ['UnknownAgreementEvents', 1, 'Sum'],
])('%s raises an alarm at %d', (metric, threshold, statistic) => {
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'MarketplaceSaas',
    MetricName: metric,
    Dimensions: [{ Name: 'Integration', Value: integration.integrationId }],
    Threshold: threshold,
    Statistic: statistic,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  });
});

test('three invalid tokens in an hour without a valid one raise an alarm: the seller account may be the wrong one', () => {
  const [alarm] = alarms.filter(({ AlarmDescription }) => AlarmDescription.endsWith('#refused-tokens'));
  expect([alarm?.Threshold, alarm?.EvaluationPeriods, alarm?.TreatMissingData]).toEqual([3, 1, 'notBreaching']);
  expect(alarm?.Metrics.map(({ Expression, MetricStat: { Metric, Period } = {} as any }: any) => Expression ?? [Metric.MetricName, Period])).toEqual([
    'IF(started == 0, invalid, 0)', ['RegistrationsStarted', 3600], ['RegistrationTokensInvalid', 3600],
  ]);
});

test('every alarm has the alarm actions', () => {
  const stack = newStack();
  const topic = new sns.Topic(stack, 'Topic');
  const acting = integrate({ alarmActions: [new actions.SnsAction(topic)] }, stack).template();
  acting.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [stack.resolve(topic.topicArn)] });
});

test('every alarm has the one CloudWatch dimension that the handlers write', () => {
  template.resourcePropertiesCountIs('AWS::CloudWatch::Alarm', { Namespace: 'MarketplaceSaas', Dimensions: [Match.anyValue()] }, 15);
});
