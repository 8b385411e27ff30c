import { startSandbox, type SandboxClient } from 'cdk-marketplace-saas-sandbox';
import { CloudFormationClient, DescribeStacksCommand, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import {
  DescribeContinuousBackupsCommand, DescribeExportCommand, DynamoDBClient, ExportTableToPointInTimeCommand, ImportTableCommand, PutItemCommand,
  RestoreTableToPointInTimeCommand, ScanCommand, UpdateContinuousBackupsCommand, UpdateTableCommand, UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DeleteFunctionConcurrencyCommand, GetEventSourceMappingCommand, InvokeCommand, LambdaClient, PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { assemblyOf, att, fn, handler, mapping, queue, START } from './app';
import { awsConfig, notes, receive, send } from './clients';

/** What an operator does to a deployed app: the commands of a runbook. */
const app = () => assemblyOf(
  queue('Work'), fn('Worker', { code: handler('for (const { body } of event.Records) await count(JSON.parse(body).name);') }), mapping('Work', 'Worker'),
  queue('Failed'), fn('Ticker', { code: handler('await count("ticks");') }),
  {
    TickerConfig: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: { FunctionName: { Ref: 'Ticker' }, Qualifier: '$LATEST', MaximumEventAgeInSeconds: 600, DestinationConfig: { OnFailure: { Destination: att('Failed') } } },
    },
    Exports: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'exports' } },
  },
);

let sandbox: SandboxClient;
let lambda: LambdaClient;
let dynamodb: DynamoDBClient;
let cloudFormation: CloudFormationClient;

beforeAll(async () => {
  sandbox = await startSandbox({ app: app(), time: START });
  const config = { ...awsConfig(sandbox), maxAttempts: 1 };
  [lambda, dynamodb, cloudFormation] = [new LambdaClient(config), new DynamoDBClient(config), new CloudFormationClient(config)];
}, 60_000);

afterEach(() => sandbox.reset({ keepProcesses: true }));
afterAll(async () => expect(await sandbox.stop()).toBe(0));

/** Physical ids of the stack's resources, by logical id. */
async function physicalIds(): Promise<Record<string, string>> {
  const { StackResourceSummaries: resources = [] } = await cloudFormation.send(new ListStackResourcesCommand({ StackName: 'App' }));
  return Object.fromEntries(resources.map(({ LogicalResourceId, PhysicalResourceId }) => [LogicalResourceId, PhysicalResourceId]));
}

const item = (pk: string) => ({ pk: { S: pk } });
const put = (pk: string, more = {}) => dynamodb.send(new PutItemCommand({ TableName: 'Table', Item: { ...item(pk), ...more } }));
const keysOf = async (TableName: string) => ((await dynamodb.send(new ScanCommand({ TableName }))).Items ?? []).map(({ pk }) => pk!.S).sort();
const recover = (PointInTimeRecoveryEnabled: boolean) => dynamodb.send(new UpdateContinuousBackupsCommand({
  TableName: 'Table', PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled },
}));

test('CloudFormation lists the resources of a stack with the names that the sandbox gave them, and its outputs', async () => {
  const ids = await physicalIds();
  expect(ids).toMatchObject({ Table: 'Table', Work: expect.stringMatching(/^http:.*\/Work$/), Exports: 'exports' });
  const { Stacks: [stack] = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: 'App' }));
  expect(stack).toMatchObject({ StackName: 'App', StackStatus: 'CREATE_COMPLETE', StackId: expect.stringContaining(':stack/App/') });
  await expect(cloudFormation.send(new DescribeStacksCommand({ StackName: 'Other' }))).rejects.toThrow('Stack with id Other does not exist');
});

test('a function with a reserved concurrency of 0 runs no more, and its events wait until it may or they are too old', async () => {
  const { Ticker } = await physicalIds();
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: Ticker, ReservedConcurrentExecutions: 0 }));
  await expect(lambda.send(new InvokeCommand({ FunctionName: Ticker }))).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  await lambda.send(new InvokeCommand({ FunctionName: Ticker, InvocationType: 'Event' }));
  await sandbox.advance('PT5M');
  await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: Ticker }));
  await sandbox.advance('PT10M');
  expect(await notes(sandbox)).toEqual({ ticks: 1 });

  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: Ticker, ReservedConcurrentExecutions: 0 }));
  await lambda.send(new InvokeCommand({ FunctionName: Ticker, InvocationType: 'Event' }));
  await sandbox.advance('PT15M');
  expect((await receive(sandbox, 'Failed')).map((body) => JSON.parse(body).requestContext.condition)).toEqual(['EventAgeExceeded']);
  expect(await notes(sandbox)).toEqual({ ticks: 1 });
});

test('messages wait while their event source mapping is off, and are processed when it is on again', async () => {
  const UUID = (await physicalIds()).WorkToWorker;
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
  expect(await lambda.send(new GetEventSourceMappingCommand({ UUID }))).toMatchObject({ State: 'Disabled', BatchSize: 10 });
  await send(sandbox, 'Work', { name: 'a' });
  await sandbox.advance('PT1H');
  expect(await notes(sandbox)).toEqual({});
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
  await sandbox.waitUntilIdle();
  expect(await notes(sandbox)).toEqual({ a: 1 });
  await expect(lambda.send(new UpdateEventSourceMappingCommand({ UUID, BatchSize: 1 }))).rejects.toThrow('switches a mapping by Enabled only');
});

test('a table is restored to a moment that was kept, or to the present, without its time to live', async () => {
  await expect(dynamodb.send(new RestoreTableToPointInTimeCommand({ SourceTableName: 'Table', TargetTableName: 'Copy', UseLatestRestorableTime: true })))
    .rejects.toMatchObject({ name: 'PointInTimeRecoveryUnavailableException' });
  await recover(true);
  await put('kept', { expiresAt: { N: String(Date.parse('2026-11-23T09:00:00Z') / 1000) } });
  await sandbox.keepRestorePoint();
  await sandbox.advance('PT1H');
  await put('later');
  await sandbox.advance('PT1H');
  const restore = (TargetTableName: string, moment: { RestoreDateTime: Date } | { UseLatestRestorableTime: true }) =>
    dynamodb.send(new RestoreTableToPointInTimeCommand({ SourceTableName: 'Table', TargetTableName, ...moment }));
  await restore('Before', { RestoreDateTime: new Date('2026-11-23T05:30:00Z') });
  await restore('Now', { UseLatestRestorableTime: true });
  expect([await keysOf('Before'), await keysOf('Now')]).toEqual([['kept'], ['kept', 'later']]);
  await expect(restore('Never', { RestoreDateTime: new Date('2026-11-23T06:30:00Z') })).rejects.toThrow('a moment that POST /_sandbox/restore-points has kept');
  await expect(restore('Now', { UseLatestRestorableTime: true })).rejects.toMatchObject({ name: 'TableAlreadyExistsException' });
  const { ContinuousBackupsDescription: backups } = await dynamodb.send(new DescribeContinuousBackupsCommand({ TableName: 'Now' }));
  expect(backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus).toBe('DISABLED');

  await sandbox.advance('PT6H');
  expect(await keysOf('Now')).toEqual(['kept', 'later']);
  await dynamodb.send(new UpdateTimeToLiveCommand({ TableName: 'Now', TimeToLiveSpecification: { Enabled: true, AttributeName: 'expiresAt' } }));
  await sandbox.advance('PT6H');
  expect(await keysOf('Now')).toEqual(['later']);
});

test('a table is exported to a bucket, and imported from there under another name', async () => {
  await recover(true);
  await put('a');
  const TableArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/Table';
  const { ExportDescription: exported } = await dynamodb.send(new ExportTableToPointInTimeCommand({ TableArn, S3Bucket: 'exports', ExportFormat: 'DYNAMODB_JSON' }));
  const { ExportDescription: described } = await dynamodb.send(new DescribeExportCommand({ ExportArn: exported?.ExportArn }));
  expect(described).toMatchObject({ ExportStatus: 'COMPLETED', ItemCount: 1 });
  await dynamodb.send(new ImportTableCommand({
    InputFormat: 'DYNAMODB_JSON',
    InputCompressionType: 'GZIP',
    S3BucketSource: { S3Bucket: 'exports', S3KeyPrefix: `AWSDynamoDB/${exported?.ExportArn?.split('/').at(-1)}/data/` },
    TableCreationParameters: {
      TableName: 'Elsewhere', BillingMode: 'PAY_PER_REQUEST', KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }], AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    },
  }));
  expect(await keysOf('Elsewhere')).toEqual(['a']);
  await dynamodb.send(new UpdateTableCommand({ TableName: 'Elsewhere', DeletionProtectionEnabled: true }));
  const elsewhere = { TableArn, S3Bucket: 'nowhere', ExportFormat: 'DYNAMODB_JSON' } as const;
  expect((await dynamodb.send(new ExportTableToPointInTimeCommand(elsewhere))).ExportDescription).toMatchObject({ ExportStatus: 'FAILED', FailureCode: 'S3NoSuchBucket' });
});

test('a reset removes restored tables, and switches everything on as the template says', async () => {
  await expect(keysOf('Elsewhere')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await lambda.send(new InvokeCommand({ FunctionName: (await physicalIds()).Ticker }));
  expect(await notes(sandbox)).toEqual({ ticks: 1 });
});
