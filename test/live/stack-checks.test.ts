import type { HttpRequest } from './aws/http';
import { deadLetterAlarm, heartbeatAlarm, quietAlarms } from './checks/alarms';
import { failedCreate } from './checks/failed-create';
import { optInRegion } from './checks/opt-in-region';
import { deployOverTables, restoreTables } from './checks/restore';
import { registrationTls } from './checks/tls';
import { awsError } from './support/fake-aws';
import { fakeContext, stackOf } from './support/fake-context';

const TEMPLATE = JSON.stringify({
  Resources: {
    Table: { Type: 'AWS::DynamoDB::GlobalTable', DeletionPolicy: 'Retain' },
    Queue: { Type: 'AWS::SQS::Queue', DeletionPolicy: 'RetainExceptOnCreate' },
    Role: { Type: 'AWS::IAM::Role' },
  },
});

describe('the rollback of a failed create', () => {
  const failing = ['deploy mp-live-check-failing'];
  const table = ['Table', 'AWS::DynamoDB::GlobalTable', 'a-table', 'DELETE_SKIPPED'] as const;

  test('the rollback of a failed create is as expected when it leaves what the template retains', async () => {
    const answers = { ...stackOf(table, ['Queue', 'AWS::SQS::Queue', 'https://q', 'DELETE_COMPLETE']), GetTemplate: { TemplateBody: TEMPLATE } };
    expect(await failedCreate.run(fakeContext({ answers, failing })))
      .toMatchObject({ verdict: 'AS_EXPECTED', saw: 'left 1 AWS::DynamoDB::GlobalTable, as the template says' });
  });

  test('the rollback of a failed create is not as expected when it leaves more', async () => {
    const answers = { ...stackOf(table, ['Queue', 'AWS::SQS::Queue', 'https://q', 'DELETE_SKIPPED']), GetTemplate: { TemplateBody: TEMPLATE } };
    expect(await failedCreate.run(fakeContext({ answers, failing }))).toMatchObject({
      verdict: 'OTHERWISE',
      saw: 'The rollback of a failed first deployment left 1 AWS::DynamoDB::GlobalTable, 1 AWS::SQS::Queue; the template retains 1 AWS::DynamoDB::GlobalTable.',
    });
  });

  test('the rollback of a failed create is not seen when the deployment fails before CloudFormation', async () => {
    const answers = { DescribeStacks: awsError('ValidationError', 'Stack with id mp-live-check-failing does not exist') };
    expect(await failedCreate.run(fakeContext({ answers, failing })))
      .toMatchObject({ verdict: 'NOT_TRIED', saw: 'the deployment failed before CloudFormation created anything: deploy failed' });
  });
});

describe('restored tables', () => {
  const originals = ['Subscriptions', 'Registrations', 'Usage'].map((name) => (
    [`Marketplace${name}Table`, 'AWS::DynamoDB::GlobalTable', name, 'CREATE_COMPLETE'] as const
  ));
  const answers = {
    ...stackOf(...originals, ['Tenants', 'AWS::DynamoDB::GlobalTable', 'tenants', 'CREATE_COMPLETE']),
    DescribeContinuousBackups: ({ TableName }: { readonly TableName: string }) => ({
      ContinuousBackupsDescription: {
        PointInTimeRecoveryDescription: TableName.startsWith('mp-live-check-')
          ? { PointInTimeRecoveryStatus: 'DISABLED' }
          : { PointInTimeRecoveryStatus: 'ENABLED', LatestRestorableDateTime: new Date() },
      },
    }),
    DescribeTable: ({ TableName }: { readonly TableName: string }) => (
      { Table: { TableName, TableStatus: 'ACTIVE', GlobalSecondaryIndexes: TableName.endsWith('usage') ? [{}, {}] : undefined } }
    ),
    DescribeTimeToLive: { TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' } },
  };
  const lacks = 'indexes and lacks point-in-time recovery, time to live, deletion protection';

  test('restored tables are reported with their indexes and the settings that they lack', async () => {
    expect(await restoreTables.run(fakeContext({ answers }))).toMatchObject({
      verdict: 'AS_EXPECTED',
      saw: `restored in 0 minutes: mp-live-check-restored-subscriptions has 0 ${lacks}; mp-live-check-restored-registrations has 0 ${lacks}; `
        + `mp-live-check-restored-usage has 2 ${lacks}`,
    });
  });

  test('restored tables are named when they are not restored in time', async () => {
    const never = { ...answers, DescribeTable: { Table: { TableStatus: 'CREATING' } } };
    expect(await restoreTables.run(fakeContext({ answers: never }))).toMatchObject({ verdict: 'OTHERWISE', saw: expect.stringMatching(/^not restored: /) });
  });

  test('restored tables are deleted at the end, even if a restore was only begun', async () => {
    const calls: string[] = [];
    const context = fakeContext({ answers: { ...answers, RestoreTableToPointInTime: awsError('LimitExceededException') }, calls });
    await expect(restoreTables.run(context)).rejects.toThrow();
    await context.cloud!.removeRun();
    expect(calls.filter((call) => call.endsWith('DeleteTable')).length).toBe(3);
  });
});

describe('an integration over restored tables', () => {
  const stored = { Scan: ({ TableName }: { readonly TableName: string }) => ({ Items: TableName.endsWith('usage') ? [{ sk: { S: 'run-over-tables' } }] : [] }) };
  const request = async () => ({ status: 200, contentType: 'text/html', body: '' });

  test('an integration over restored tables is as expected when it stores usage in the restored ledger', async () => {
    const calls: string[] = [];
    expect(await deployOverTables.run(fakeContext({ answers: stored, request, calls }))).toMatchObject({
      verdict: 'AS_EXPECTED',
      saw: 'mp-live-check-over-tables was created; its page answered 200; a usage record was stored in mp-live-check-restored-usage',
    });
    expect(calls).toContain('cdk deploy mp-live-check-over-tables');
  });

  test('an integration over restored tables is not as expected when the deployment fails, or usage is not stored', async () => {
    const failing = ['deploy mp-live-check-over-tables'];
    expect(await deployOverTables.run(fakeContext({ answers: stored, failing }))).toMatchObject({ verdict: 'OTHERWISE', saw: expect.stringContaining('failed') });
    const lost = { Scan: { Items: [] } };
    expect(await deployOverTables.run(fakeContext({ answers: lost, request }))).toMatchObject({ verdict: 'OTHERWISE', saw: expect.stringContaining('not stored') });
  });

  test('an integration over restored tables is not tried without the tables', async () => {
    const answers = { DescribeTable: awsError('ResourceNotFoundException') };
    expect(await deployOverTables.run(fakeContext({ answers }))).toMatchObject({
      verdict: 'NOT_TRIED',
      saw: 'there is no restored table mp-live-check-restored-subscriptions, mp-live-check-restored-registrations, mp-live-check-restored-usage',
    });
  });
});

describe('TLS of the registration API', () => {
  const page = { status: 200, contentType: 'text/html', body: '' };
  const tls = (answers: { readonly old?: string; readonly host: number }) => async ({ tlsVersion, headers }: HttpRequest) => {
    if (tlsVersion === 'TLSv1.1' && answers.old) throw Object.assign(new Error('refused'), { code: answers.old });
    return headers ? { ...page, status: answers.host } : page;
  };

  test.each([
    ['AS_EXPECTED', { old: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', host: 403 }, 'TLS 1.1: ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION; TLS 1.2: 200; the Host header example.com: 403'],
    ['OTHERWISE', { host: 403 }, 'TLS 1.1: 200; TLS 1.2: 200; the Host header example.com: 403'],
    ['OTHERWISE', { old: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', host: 200 }, expect.stringContaining('the Host header example.com: 200')],
  ])('the policy is %s with the answers %j', async (verdict, answers, saw) => {
    expect(await registrationTls.run(fakeContext({ answers: {}, request: tls(answers) }))).toMatchObject({ verdict, saw });
  });
});

describe('alarms', () => {
  const stack = stackOf(
    ['Alarm', 'AWS::CloudWatch::Alarm', 'an-alarm', 'CREATE_COMPLETE'],
    ['UsageIntakeDeadLetters', 'AWS::SQS::Queue', 'https://sqs/usage-dead', 'CREATE_COMPLETE'],
    ['MeteringSchedule', 'AWS::Events::Rule', 'metering-rule', 'CREATE_COMPLETE'],
  );
  const alarm = (StateValue: string, more: object = {}) => ({ ...stack, DescribeAlarms: { MetricAlarms: [{ AlarmName: 'an-alarm', StateValue, ...more }] } });

  test('alarms are named when they are not OK 45 minutes after a deployment', async () => {
    expect(await quietAlarms.run(fakeContext({ answers: alarm('OK') }))).toMatchObject({ verdict: 'AS_EXPECTED' });
    expect(await quietAlarms.run(fakeContext({ answers: alarm('INSUFFICIENT_DATA') })))
      .toMatchObject({ verdict: 'OTHERWISE', saw: 'after 45 minutes: an-alarm is INSUFFICIENT_DATA' });
  });

  test('alarms on a dead-letter queue fire when it has a message', async () => {
    const Dimensions = [{ Name: 'QueueName', Value: 'usage-dead' }];
    expect(await deadLetterAlarm.run(fakeContext({ answers: alarm('ALARM', { Dimensions }) }))).toMatchObject({ verdict: 'AS_EXPECTED', saw: 'an-alarm fired' });
    expect(await deadLetterAlarm.run(fakeContext({ answers: alarm('OK', { Dimensions }) }))).toMatchObject({ verdict: 'OTHERWISE' });
  });

  test('alarms on missing runs fire when the schedules are disabled', async () => {
    const calls: string[] = [];
    expect(await heartbeatAlarm.run(fakeContext({ answers: alarm('ALARM', { MetricName: 'MeteringRuns' }), calls }))).toMatchObject({ verdict: 'AS_EXPECTED' });
    expect(calls).toContain('us-east-1 DisableRule');
  });

  test('alarms on missing runs that are not there are reported', async () => {
    expect(await heartbeatAlarm.run(fakeContext({ answers: alarm('OK', { MetricName: 'Errors' }) })))
      .toMatchObject({ verdict: 'OTHERWISE', saw: 'no alarm watches MeteringRuns or ReconciliationRuns' });
  });
});

test('a refusal of STS where the account has the region off is as expected', async () => {
  const refusal = awsError('InvalidClientTokenId', 'The security token included in the request is invalid');
  expect(await optInRegion.run(fakeContext({ answers: { GetCallerIdentity: refusal } }))).toMatchObject({ verdict: 'AS_EXPECTED', saw: 'af-south-1: InvalidClientTokenId' });
  expect(await optInRegion.run(fakeContext({ answers: {} }))).toMatchObject({ verdict: 'OTHERWISE' });
});
