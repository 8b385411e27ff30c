import { startSandbox, type SandboxClient, type StartOptions } from 'cdk-marketplace-saas-sandbox';
import { writeAssembly } from '../template/assemblies';

/** 2026-11-23T05:00:00Z */
export const START = '2026-11-23T05:00:00Z';

type Resources = Record<string, unknown>;

export const att = (id: string, name = 'Arn') => ({ 'Fn::GetAtt': [id, name] });
export const ref = (Ref: string) => ({ Ref });

/** CommonJS code with the AWS SDK of the sandbox; `body` is that of `async (event, context) => {…}`. */
export function handler(body: string): string {
  return `
const { DynamoDBClient, PutItemCommand, UpdateItemCommand, GetItemCommand } = require('@aws-sdk/client-dynamodb');
const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs');
const { EventBridgeClient, PutEventsCommand } = require('@aws-sdk/client-eventbridge');
const { LambdaClient, InvokeCommand } = require('@aws-sdk/client-lambda');
const { STSClient, AssumeRoleCommand, GetCallerIdentityCommand } = require('@aws-sdk/client-sts');
const db = new DynamoDBClient({ maxAttempts: 1 });
const sqs = new SQSClient({ maxAttempts: 1 });
const bus = new EventBridgeClient({ maxAttempts: 1 });
const lambda = new LambdaClient({ maxAttempts: 1 });
const count = (key, by = 1) => db.send(new UpdateItemCommand({ TableName: process.env.TABLE, Key: { pk: { S: key } },
  UpdateExpression: 'ADD n :n', ExpressionAttributeValues: { ':n': { N: String(by) } } }));
const note = (key, value) => db.send(new PutItemCommand({ TableName: process.env.TABLE, Item: { pk: { S: key }, value: { S: JSON.stringify(value) } } }));
exports.handler = async (event, context) => {${body}};
`;
}

export interface FunctionFixture {
  readonly code: string;
  readonly timeout?: number;
  readonly environment?: Record<string, unknown>;
  /** Default: everything. */
  readonly allow?: readonly string[];
  readonly properties?: Record<string, unknown>;
}

export function fn(id: string, { code, timeout = 10, environment = {}, allow = ['*'], properties = {} }: FunctionFixture): Resources {
  return {
    [`${id}Role`]: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }] },
        Policies: [{ PolicyName: 'p', PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: allow, Resource: '*' }] } }],
      },
    },
    [id]: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { ZipFile: code },
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Timeout: timeout,
        Role: att(`${id}Role`),
        Environment: { Variables: { TABLE: ref('Table'), ...environment } },
        ...properties,
      },
    },
  };
}

export function table(id = 'Table'): Resources {
  return {
    [id]: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: id,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      },
    },
  };
}

/** A queue with a dead-letter queue `<id>Dead`. */
export function queue(id: string, visibilityTimeout = 60, maxReceiveCount = 3): Resources {
  return {
    [`${id}Dead`]: { Type: 'AWS::SQS::Queue', Properties: { QueueName: `${id}Dead` } },
    [id]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: id,
        VisibilityTimeout: visibilityTimeout,
        RedrivePolicy: { deadLetterTargetArn: att(`${id}Dead`), maxReceiveCount },
      },
    },
  };
}

export function mapping(queueId: string, functionId: string, properties: Record<string, unknown> = {}): Resources {
  return {
    [`${queueId}To${functionId}`]: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: att(queueId),
        FunctionName: ref(functionId),
        BatchSize: 10,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ...properties,
      },
    },
  };
}

export function rule(id: string, properties: Record<string, unknown>, target: Record<string, unknown>): Resources {
  return { [id]: { Type: 'AWS::Events::Rule', Properties: { State: 'ENABLED', ...properties, Targets: [{ Id: 'Target0', ...target }] } } };
}

export function assemblyOf(...resources: Resources[]): string {
  return writeAssembly({ App: { template: { Resources: Object.assign({}, table(), ...resources) } } });
}

// Starting processes takes its time on a busy machine.
jest.setTimeout(60_000);

const running: SandboxClient[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((sandbox) => sandbox.stop()));
});

/** A sandbox that ends with the test. */
export async function start(app: string, options: Partial<StartOptions> = {}): Promise<SandboxClient> {
  const sandbox = await startSandbox({ app, time: START, onProgress: process.env.SANDBOX_VERBOSE ? (line) => process.stderr.write(`${line}\n`) : undefined, ...options });
  running.push(sandbox);
  return sandbox;
}
