import { MetricHistory } from '../../../src/control/metric-history';
import { AlarmEvaluation } from '../../../src/services/telemetry/alarm-evaluation';
import type { AlarmRule } from '../../../src/services/telemetry/model';
import { modelOfTemplate } from '../../template/assemblies';

const START = Date.parse('2026-11-23T05:00:00Z');
const MINUTE = 60_000;
const METRIC = { namespace: 'Shop', name: 'Rejected', dimensions: { Stage: 'prod' } };

const RULE: AlarmRule = {
  metric: METRIC,
  statistic: 'Sum',
  periodSeconds: 300,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  threshold: 1,
  comparison: 'GreaterThanOrEqualToThreshold',
  missing: 'notBreaching',
};

/** An alarm, with values by the minute after the start. */
function alarmWith(rule: Partial<AlarmRule>, values: Readonly<Record<number, number>> = {}) {
  const history = new MetricHistory();
  const metric = rule.metric ?? METRIC;
  Object.entries(values).forEach(([minute, value]) => history.add(metric, START + Number(minute) * MINUTE, value));
  const alarm = new AlarmEvaluation({ stack: 'Shop', logicalId: 'Alarm', name: 'alarm', rule: { ...RULE, ...rule } }, history, START);
  return (minute: number) => {
    const { state, since, timesInAlarm } = alarm.view(START + minute * MINUTE);
    return [state, since?.slice(11, 16) ?? null, timesInAlarm];
  };
}

test('an alarm on too much goes off within the period, and is over after one without', () => {
  const at = alarmWith({}, { 7: 1, 8: 2 });
  expect([at(5), at(8), at(11), at(20)]).toEqual([['OK', null, 0], ['ALARM', '05:05', 1], ['ALARM', '05:05', 1], ['OK', '05:10', 1]]);
});

test('an alarm is counted as often as it went off, also between two looks at the state', () => {
  expect(alarmWith({}, { 1: 1, 12: 1, 30: 1 })(60)).toEqual(['OK', '05:35', 3]);
});

test.each([
  ['Sum', 6], ['Average', 3], ['Minimum', 1], ['Maximum', 5], ['SampleCount', 2],
] as const)('%s of a period is compared with the threshold', (statistic, value) => {
  const values = { 1: 1, 2: 5 };
  expect(alarmWith({ statistic, threshold: value }, values)(6)[0]).toBe('ALARM');
  expect(alarmWith({ statistic, threshold: value, comparison: 'GreaterThanThreshold' }, values)(6)[0]).toBe('OK');
});

test('several periods must be over the threshold where the alarm says so', () => {
  expect(alarmWith({ evaluationPeriods: 3, datapointsToAlarm: 2 }, { 1: 1 })(15)[0]).toBe('OK');
  expect(alarmWith({ evaluationPeriods: 3, datapointsToAlarm: 2 }, { 1: 1, 11: 1 })(15)[0]).toBe('ALARM');
});

test('an alarm on silence waits until as many periods have passed since the start', () => {
  const at = alarmWith({ comparison: 'LessThanThreshold', evaluationPeriods: 2, datapointsToAlarm: 2, missing: 'breaching' }, { 22: 1 });
  expect([at(9), at(10), at(24), at(25), at(40)]).toEqual([
    ['INSUFFICIENT_DATA', null, 0], ['ALARM', '05:05', 1], ['ALARM', '05:05', 1], ['OK', '05:20', 1], ['ALARM', '05:30', 2],
  ]);
});

test('without data the state is that of CloudWatch', () => {
  expect([alarmWith({ missing: 'missing' })(10), alarmWith({ missing: 'ignore' })(10)]).toEqual([['INSUFFICIENT_DATA', null, 0], ['INSUFFICIENT_DATA', null, 0]]);
  expect(alarmWith({ missing: 'missing' }, { 1: 1 })(10)[0]).toBe('INSUFFICIENT_DATA');
  expect(alarmWith({ missing: 'ignore' }, { 1: 1 })(10)[0]).toBe('ALARM');
});

test('an alarm on what the sandbox does not measure says so', () => {
  expect(alarmWith({ metric: { namespace: 'AWS/DynamoDB', name: 'ThrottledRequests', dimensions: {} } })(10)).toEqual(['NOT_EVALUATED', null, 0]);
});

test('alarms are read from the template, but for those on expressions', () => {
  const own = {
    Namespace: 'Shop',
    MetricName: 'Rejected',
    Dimensions: [{ Name: 'Stage', Value: 'prod' }],
    Statistic: 'Sum',
    Period: '300',
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
    AlarmName: 'rejected',
  };
  const { alarms } = modelOfTemplate({
    Resources: {
      Own: { Type: 'AWS::CloudWatch::Alarm', Properties: own },
      Expression: { Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmName: 'x', EvaluationPeriods: 1, ComparisonOperator: 'LessThanThreshold', Metrics: [] } },
    },
  });
  expect(alarms).toEqual([
    { stack: 'Demo', logicalId: 'Own', name: 'rejected', rule: RULE },
    { stack: 'Demo', logicalId: 'Expression', name: 'x' },
  ]);
});
