import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, CfnOutput, Duration, Stack, Stage } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as destinations from 'aws-cdk-lib/aws-lambda-destinations';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { ENDPOINT, modelOf, temporaryFolder } from './assemblies';
import type { SandboxModel } from '../../src/model';

/** Two stacks as a seller would write them, in an assembly of a stage. */
function synthesize(): { directory: string; code: string } {
  const code = temporaryFolder();
  fs.writeFileSync(path.join(code, 'index.js'), 'exports.handler = async () => {};');
  const app = new App({ outdir: path.join(temporaryFolder(), 'cdk.out') });
  const stage = new Stage(app, 'Prod', { env: { account: '111111111111', region: 'eu-west-1' } });

  const shared = new Stack(stage, 'Shared');
  const dlq = new sqs.Queue(shared, 'Dlq', { retentionPeriod: Duration.days(14) });
  const topic = new sns.Topic(shared, 'Topic');
  topic.addSubscription(new subscriptions.SqsSubscription(dlq, { rawMessageDelivery: true }));

  const main = new Stack(stage, 'Main');
  const table = new dynamodb.TableV2(main, 'Table', {
    partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
    sortKey: { name: 'sk', type: dynamodb.AttributeType.STRING },
    timeToLiveAttribute: 'expiresAt',
    globalSecondaryIndexes: [{ indexName: 'byStatus', partitionKey: { name: 'status', type: dynamodb.AttributeType.STRING } }],
  });
  const queue = new sqs.Queue(main, 'Queue', { visibilityTimeout: Duration.minutes(3), deadLetterQueue: { queue: dlq, maxReceiveCount: 4 } });
  const handler = new lambda.Function(main, 'Handler', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromAsset(code),
    timeout: Duration.seconds(30),
    memorySize: 256,
    logGroup: new logs.LogGroup(main, 'Logs'),
    onFailure: new destinations.SqsDestination(dlq),
    environment: { TABLE: table.tableName, QUEUE_URL: queue.queueUrl },
  });
  table.grantReadWriteData(handler);
  handler.addEventSource(new SqsEventSource(queue, {
    batchSize: 5,
    maxBatchingWindow: Duration.seconds(2),
    reportBatchItemFailures: true,
    maxConcurrency: 3,
  }));
  const alias = new lambda.Alias(main, 'Live', { aliasName: 'live', version: handler.currentVersion });
  const bus = new events.EventBus(main, 'Bus');
  new events.Rule(main, 'OnActivated', {
    eventBus: bus,
    eventPattern: { source: ['marketplace-saas'] },
    targets: [new targets.LambdaFunction(alias, { deadLetterQueue: undefined, retryAttempts: 2, maxEventAge: Duration.hours(1) })],
  });
  new events.Rule(main, 'Tick', { schedule: events.Schedule.rate(Duration.minutes(5)), targets: [new targets.SqsQueue(queue)] });
  const api = new apigateway.RestApi(main, 'Api', { cloudWatchRole: false });
  api.root.addMethod('GET', new apigateway.LambdaIntegration(handler));
  api.root.addResource('register').addProxy({ defaultIntegration: new apigateway.LambdaIntegration(handler) });
  handler.addEnvironment('SIGN_UP_URL', 'https://example.com/');
  new CfnOutput(main, 'ApiUrl', { value: api.url });
  new CfnOutput(main, 'BusArn', { value: bus.eventBusArn });
  return { directory: app.synth().directory, code };
}

describe('an app synthesized by the CDK', () => {
  let model: SandboxModel;
  let directory: string;
  const stacked = <T extends { stack: string; logicalId: string }>(resources: readonly T[], prefix: string): T => {
    const found = resources.find((resource) => resource.logicalId.startsWith(prefix));
    if (found === undefined) throw new Error(`no ${prefix} in ${resources.map((resource) => resource.logicalId).join(', ')}`);
    return found;
  };

  beforeAll(() => {
    ({ directory } = synthesize());
    model = modelOf(directory);
  });

  test('the function has its code, settings and a role', () => {
    const handler = stacked(model.functions, 'Handler');
    expect(handler).toMatchObject({
      arn: `arn:aws:lambda:eu-west-1:111111111111:function:${handler.name}`,
      region: 'eu-west-1',
      account: '111111111111',
      handler: 'index.handler',
      runtime: 'nodejs24.x',
      timeoutSeconds: 30,
      memoryMegabytes: 256,
      roleArn: stacked(model.roles, 'Handler').arn,
      environment: {
        TABLE: stacked(model.tables, 'Table').name,
        QUEUE_URL: `${ENDPOINT}/111111111111/${stacked(model.queues, 'Queue').name}`,
        SIGN_UP_URL: 'https://example.com/',
      },
    });
    expect(fs.existsSync(path.join(handler.codeDirectory ?? '', 'index.js'))).toBe(true);
  });

  test('the role has the policies of its grants and AWS managed ones', () => {
    const role = stacked(model.roles, 'Handler');
    const statements = role.policies.flatMap((policy) => policy.Statement);
    expect(statements).toContainEqual(expect.objectContaining({
      Effect: 'Allow',
      Action: expect.arrayContaining(['dynamodb:PutItem']),
      Resource: expect.arrayContaining([stacked(model.tables, 'Table').arn]),
    }));
    expect(role.managedPolicyArns).toEqual(['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']);
    expect(role.trust.Statement).toEqual([{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }]);
  });

  test('queues redrive across stacks', () => {
    expect(stacked(model.queues, 'Queue')).toMatchObject({
      visibilityTimeoutSeconds: 180,
      redrive: { deadLetterTargetArn: stacked(model.queues, 'Dlq').arn, maxReceiveCount: 4 },
    });
    expect(stacked(model.queues, 'Dlq')).toMatchObject({ retentionSeconds: 1_209_600, visibilityTimeoutSeconds: 30, fifo: false });
  });

  test('the event source mapping joins queue and function', () => {
    expect(model.eventSourceMappings).toMatchObject([{
      functionArn: stacked(model.functions, 'Handler').arn,
      eventSourceArn: stacked(model.queues, 'Queue').arn,
      enabled: true,
      batchSize: 5,
      maximumBatchingWindowSeconds: 2,
      reportBatchItemFailures: true,
      maximumConcurrency: 3,
    }]);
  });

  test('failed asynchronous calls have their destination', () => {
    expect(model.eventInvokeConfigs).toMatchObject([{
      functionArn: stacked(model.functions, 'Handler').arn,
      maximumRetryAttempts: 2,
      maximumEventAgeSeconds: 21_600,
      onFailureArn: stacked(model.queues, 'Dlq').arn,
    }]);
  });

  test('the table can be created from its definition', () => {
    expect(stacked(model.tables, 'Table')).toMatchObject({
      definition: {
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }],
        GlobalSecondaryIndexes: [{ IndexName: 'byStatus', KeySchema: [{ AttributeName: 'status', KeyType: 'HASH' }], Projection: { ProjectionType: 'ALL' } }],
      },
      ttlAttribute: 'expiresAt',
    });
  });

  test('rules lead to functions, without alias, and to queues', () => {
    expect(stacked(model.rules, 'OnActivated')).toMatchObject({
      busName: stacked(model.buses, 'Bus').name,
      enabled: true,
      pattern: { source: ['marketplace-saas'] },
      targets: [{ arn: stacked(model.functions, 'Handler').arn, maximumRetryAttempts: 2, maximumEventAgeSeconds: 3600 }],
    });
    expect(stacked(model.rules, 'Tick')).toMatchObject({
      busName: 'default',
      schedule: 'rate(5 minutes)',
      targets: [{ arn: stacked(model.queues, 'Queue').arn, maximumRetryAttempts: 185, maximumEventAgeSeconds: 86_400 }],
    });
  });

  test('topics know their subscriptions', () => {
    expect(model.topics).toMatchObject([{ subscriptions: [{ protocol: 'sqs', endpoint: stacked(model.queues, 'Dlq').arn, rawMessageDelivery: true }] }]);
  });

  test('the API has its routes, and its URL leads to the sandbox', () => {
    const functionArn = stacked(model.functions, 'Handler').arn;
    const api = stacked(model.apis, 'Api');
    expect(api.stages).toEqual(['prod']);
    expect(api.routes).toMatchObject([{ method: 'GET', path: '/', functionArn }, { method: 'ANY', path: '/register/{proxy+}', functionArn }]);
    const main = model.stacks.find((stack) => stack.name.endsWith('Main'));
    expect(main?.outputs.ApiUrl).toBe(`${ENDPOINT}/_apis/${api.id}/prod/`);
  });

  test('loading again gives the same', () => {
    expect(modelOf(directory)).toEqual(model);
  });
});
