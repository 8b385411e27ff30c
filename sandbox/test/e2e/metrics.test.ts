import { CloudWatchClient, PutMetricDataCommand, type PutMetricDataCommandInput } from '@aws-sdk/client-cloudwatch';
import { assemblyOf, start } from './app';
import { awsConfig } from './clients';

const ALARM = {
  Failures: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      Namespace: 'App',
      MetricName: 'Failures',
      Dimensions: [{ Name: 'Stage', Value: 'prod' }],
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 5,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    },
  },
};

test('what is sent with PutMetricData counts, in each protocol of CloudWatch, and alarms see it', async () => {
  const sandbox = await start(assemblyOf(ALARM));
  const client = new CloudWatchClient(awsConfig(sandbox));
  const put = async (Namespace: string, MetricData: PutMetricDataCommandInput['MetricData']) =>
    client.send(new PutMetricDataCommand({ Namespace, MetricData }));
  const Timestamp = new Date((await sandbox.state()).clock);
  const Dimensions = [{ Name: 'Stage', Value: 'prod' }];
  await put('App', [
    { MetricName: 'Failures', Dimensions, Value: 1.5, Timestamp },
    { MetricName: 'Failures', Dimensions, Values: [1, 2], Counts: [2, 1] },
    { MetricName: 'Depth', Timestamp, StatisticValues: { SampleCount: 10, Sum: -30, Minimum: -7, Maximum: -1 } },
  ]);
  // So many are compressed.
  await put('Many', Array.from({ length: 500 }, (_, index) => ({ MetricName: `Metric${index % 2}`, Value: index })));
  const send = async (headers: Record<string, string>, body: string) => fetch(sandbox.endpoint, {
    method: 'POST', body, headers: { ...headers, authorization: 'AWS4-HMAC-SHA256 Credential=operator/20261123/us-east-1/monitoring/aws4_request' },
  });
  expect((await sandbox.state()).alarms).toEqual([expect.objectContaining({ state: 'ALARM', timesInAlarm: 1 })]);

  await send({ 'content-type': 'application/x-www-form-urlencoded' }, new URLSearchParams({
    'Action': 'PutMetricData',
    'Namespace': 'Query',
    'MetricData.member.1.MetricName': 'One',
    'MetricData.member.1.Value': '3',
    'MetricData.member.2.MetricName': 'One',
    'MetricData.member.2.Values.member.1': '4',
    'MetricData.member.2.Timestamp': Timestamp.toISOString(),
    'MetricData.member.2.Dimensions.member.1.Name': 'Stage',
    'MetricData.member.2.Dimensions.member.1.Value': 'test',
  }).toString());
  const target = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'GraniteServiceVersion20100801.PutMetricData' };
  await send(target, JSON.stringify({ Namespace: 'Json', MetricData: [{ MetricName: 'One', Value: 0.5 }] }));
  expect((await send(target, JSON.stringify({ Namespace: 'Json', MetricData: [{ MetricName: 'None' }] }))).status).toBe(400);

  const stage = (value: string) => ({ Stage: value });
  expect((await sandbox.state()).metrics).toEqual([
    { namespace: 'App', name: 'Depth', dimensions: {}, sum: -30, count: 10, max: -1 },
    { namespace: 'App', name: 'Failures', dimensions: stage('prod'), sum: 5.5, count: 4, max: 2 },
    { namespace: 'Json', name: 'One', dimensions: {}, sum: 0.5, count: 1, max: 0.5 },
    { namespace: 'Many', name: 'Metric0', dimensions: {}, sum: 62_250, count: 250, max: 498 },
    { namespace: 'Many', name: 'Metric1', dimensions: {}, sum: 62_500, count: 250, max: 499 },
    { namespace: 'Query', name: 'One', dimensions: stage('test'), sum: 4, count: 1, max: 4 },
    { namespace: 'Query', name: 'One', dimensions: {}, sum: 3, count: 1, max: 3 },
  ]);
});
