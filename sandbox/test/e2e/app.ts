import { startSandbox, type SandboxClient, type StartOptions } from 'cdk-marketplace-saas-sandbox';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { dynamoDbOfEnvironment, type LocalDynamoDb } from '../../../test/support/e2e/dynamodb-local';
import { writeAssembly } from '../template/assemblies';

/** 2026-11-23T05:00:00Z */
export const START = '2026-11-23T05:00:00Z';

type Resources = Record<string, unknown>;

export const att = (id: string, name = 'Arn') => ({ 'Fn::GetAtt': [id, name] });
export const ref = (Ref: string) => ({ Ref });

/** Clients a handler's code may use, with their name there and their commands. */
const CLIENTS = [
  ['db', 'client-dynamodb', 'DynamoDBClient', ['PutItemCommand', 'UpdateItemCommand', 'GetItemCommand']],
  ['sqs', 'client-sqs', 'SQSClient', ['SendMessageCommand']],
  ['bus', 'client-eventbridge', 'EventBridgeClient', ['PutEventsCommand']],
  ['lambda', 'client-lambda', 'LambdaClient', ['InvokeCommand']],
  ['sts', 'client-sts', 'STSClient', ['AssumeRoleCommand', 'GetCallerIdentityCommand']],
] as const;

const HELPERS = {
  count: `const count = (key, by = 1) => db.send(new UpdateItemCommand({ TableName: process.env.TABLE, Key: { pk: { S: key } },
  UpdateExpression: 'ADD n :n', ExpressionAttributeValues: { ':n': { N: String(by) } } }));`,
  note: 'const note = (key, value) => db.send(new PutItemCommand({ TableName: process.env.TABLE, Item: { pk: { S: key }, value: { S: JSON.stringify(value) } } }));',
};

/**
 * CommonJS code with the AWS SDK of the sandbox; `body` is that of `async (event, context) => {…}`. Only clients that it uses are
 * loaded: each takes a cold start a tenth of a second.
 */
export function handler(body: string): string {
  const helpers = Object.entries(HELPERS).filter(([name]) => new RegExp(`\\b${name}\\(`).test(body)).map(([, code]) => code);
  const code = [...helpers, `exports.handler = async (event, context) => {${body}};`].join('\n');
  const uses = (name: string) => new RegExp(`\\b${name}\\b`).test(code);
  const clients = CLIENTS.filter(([name, , client, commands]) => [client, ...commands].some(uses)
    || new RegExp(`\\b${name}\\.`).test(code)).map(([name, module, client, commands]) =>
    `const { ${[client, ...commands].join(', ')} } = require('@aws-sdk/${module}');\nconst ${name} = new ${client}({ maxAttempts: 1 });`);
  return ['', ...clients, code, ''].join('\n');
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

interface Running {
  readonly sandbox: SandboxClient;
  readonly key: string;
}

/** Sandboxes of the running test. */
const running: Running[] = [];
/** Those of tests before, the latest last: a test that wants the same app and options gets one, reset. */
const spare: Running[] = [];
/** Each takes memory. */
const MAX_SPARE = 2;

afterEach(async () => {
  spare.push(...running.splice(0));
  await Promise.all(spare.splice(0, Math.max(0, spare.length - MAX_SPARE)).map(({ sandbox }) => sandbox.stop()));
});

/** With `SANDBOX_DYNAMODB=local`, tables are in DynamoDB Local. */
let engine: LocalDynamoDb | undefined;

beforeAll(async () => {
  engine = await dynamoDbOfEnvironment();
}, 120_000);

afterAll(async () => {
  await Promise.all(spare.splice(0).map(({ sandbox }) => sandbox.stop()));
  await engine?.stop();
});

/** A sandbox as freshly started, which ends with the test. */
export async function start(app: string, options: Partial<StartOptions> = {}): Promise<SandboxClient> {
  const key = JSON.stringify([contentsOf(app), options, process.env]);
  const sandbox = await takeSpare(key) ?? await startSandbox({
    app, time: START, dynamodb: engine?.url, onProgress: process.env.SANDBOX_VERBOSE ? (line) => process.stderr.write(`${line}\n`) : undefined, ...options,
  });
  running.push({ sandbox, key });
  return sandbox;
}

/** Undefined also where the test before has ended its sandbox. */
async function takeSpare(key: string): Promise<SandboxClient | undefined> {
  const index = spare.findIndex((candidate) => candidate.key === key);
  const [found] = index < 0 ? [] : spare.splice(index, 1);
  return found?.sandbox.reset().then(() => found.sandbox, () => undefined);
}

function contentsOf(app: string): Record<string, string> {
  const files = fs.readdirSync(app, { recursive: true, encoding: 'utf8' }).filter((name) => fs.statSync(path.join(app, name)).isFile());
  return Object.fromEntries(files.sort().map((name) => [name, fs.readFileSync(path.join(app, name), 'utf8')]));
}
