import * as fs from 'node:fs';
import * as path from 'node:path';
import { modelOfTemplate } from './template/assemblies';
import { APIS, SERVICES } from '../src/services';
import { INERT_SERVICES, INERT_TYPES, isInert } from '../src/services/inert/families';

const readme = fs.readFileSync(path.join(__dirname, '../README.md'), 'utf8');
const section = readme.slice(readme.indexOf('## What an app may contain'), readme.indexOf('## How to add a service'));

interface Row { readonly what: string; readonly types: readonly string[]; readonly outcome: string }

const ROWS: readonly Row[] = [...section.matchAll(/^\| [^|]* \| ([^|]*) \| ([^|]*) \|$/gm)]
  .map(([, what = '', outcome = '']) => ({ what, outcome, types: [...what.matchAll(/`([^`]+)`/g)].map(([, type]) => type!) }));

const typesThat = (outcome: string): string[] => ROWS.filter((row) => row.outcome.startsWith(outcome)).flatMap(({ types }) => types).sort();

test('the table of what works lists the resource types of all services', () => {
  const exact = SERVICES.flatMap(({ resources }) => Object.keys(resources ?? {}));
  expect(typesThat('works')).toEqual([...exact, 'Custom::*', 'AWS::CloudFormation::CustomResource'].sort());
});

test('the table lists all families that are inert, and all single types', () => {
  expect(typesThat('inert')).toEqual([...INERT_SERVICES.map((name) => `AWS::${name}::*`), ...INERT_TYPES].sort());
  expect(typesThat('inert').map((pattern) => pattern.replace('*', 'Anything')).filter((type) => !isInert(type))).toEqual([]);
});

test('the page names every service for which faults can be added', () => {
  const [, sentence = ''] = /`service` is ([^;]*);/.exec(readme) ?? [];
  expect([...sentence.matchAll(/`(\w+)`/g)].map(([, name]) => name).sort()).toEqual(APIS.filter(({ faults }) => faults).map(({ name }) => name).sort());
});

const att = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const fn = (properties: object) => ({
  F: { Type: 'AWS::Lambda::Function', Properties: { Code: { ZipFile: '' }, Handler: 'i.h', Runtime: 'nodejs24.x', Role: 'arn:aws:iam::000000000000:role/r', ...properties } },
});
const LAMBDA_TRUST = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }] };
const restApi = (properties: object = {}) => ({ Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'a', ...properties } } });
const restMethod = (properties: object) => ({
  ...restApi(),
  ...one('AWS::ApiGateway::Method', {
    RestApiId: { Ref: 'Api' },
    ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
    HttpMethod: 'GET',
    AuthorizationType: 'NONE',
    Integration: { Type: 'MOCK' },
    ...properties,
  }),
});
const httpIntegration = (properties: object) => ({
  ...fn({}),
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP', Name: 'a' } },
  ...one('AWS::ApiGatewayV2::Integration', {
    ApiId: { Ref: 'Api' }, IntegrationType: 'AWS_PROXY', IntegrationUri: att('F'), PayloadFormatVersion: '2.0', ...properties,
  }),
});
const one = (Type: string, Properties: object = {}) => ({ R: { Type, Properties } });

/** What the table says is refused, by its words. */
const REFUSED: Readonly<Record<string, object>> = {
  'a function from a container image': fn({ PackageType: 'Image' }),
  'a function in Java, .NET or Ruby without `--run`': fn({ Runtime: 'java21' }),
  'a layer that the app does not create': fn({ Layers: ['arn:aws:lambda:us-east-1:000000000000:layer:l:1'] }),
  'events from Kinesis, Kafka or MQ': one('AWS::Lambda::EventSourceMapping', { EventSourceArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/s', FunctionName: 'f' }),
  'an event that starts a container': {
    C: { Type: 'AWS::ECS::Cluster' },
    ...one('AWS::Events::Rule', { EventPattern: { source: ['a'] }, Targets: [{ Id: 'T', Arn: att('C') }] }),
  },
  'a target group that invokes functions': one('AWS::ElasticLoadBalancingV2::TargetGroup', { TargetType: 'lambda' }),
  'triggers of a user pool': one('AWS::Cognito::UserPool', { LambdaConfig: { PreSignUp: 'arn' } }),
  'a subscription to logs': one('AWS::Logs::SubscriptionFilter'),
  'a method of a REST API with Cognito': restMethod({ AuthorizationType: 'COGNITO_USER_POOLS' }),
  'a state machine, but for the one with which the CDK waits for a custom resource': one('AWS::StepFunctions::StateMachine'),
  'a method of a REST API that calls something else than a function, but for a mock': restMethod({ Integration: { Type: 'HTTP_PROXY' } }),
  'a mock method with a template that computes something':
    restMethod({ Integration: { Type: 'MOCK', RequestTemplates: { 'application/json': '#if(true){"statusCode": 200}#end' } } }),
  'a mock method with a header from the request': restMethod({
    Integration: {
      Type: 'MOCK',
      RequestTemplates: { 'application/json': '{"statusCode": 200}' },
      IntegrationResponses: [{ StatusCode: '200', ResponseParameters: { 'method.response.header.x': 'integration.response.header.x' } }],
    },
  }),
  'a method of a REST API with a request validator': restMethod({ RequestValidatorId: 'v' }),
  'a Cognito authorizer of a REST API': { ...restApi(), ...one('AWS::ApiGateway::Authorizer', { RestApiId: { Ref: 'Api' }, Type: 'COGNITO_USER_POOLS' }) },
  'an API key that the app does not create': one('AWS::ApiGateway::UsagePlanKey', { KeyId: 'abc123', KeyType: 'API_KEY', UsagePlanId: 'p' }),
  'an HTTP API from an OpenAPI document, or by quick creation': one('AWS::ApiGatewayV2::Api', { ProtocolType: 'HTTP', Name: 'a', Target: 'arn' }),
  'payload format 1.0 in an HTTP API': httpIntegration({ PayloadFormatVersion: '1.0' }),
  'mappings of parameters in an HTTP API': httpIntegration({ RequestParameters: { 'append:header.x': '1' } }),
  'a function URL that streams its answers': { ...fn({}), ...one('AWS::Lambda::Url', { TargetFunctionArn: att('F'), AuthType: 'NONE', InvokeMode: 'RESPONSE_STREAM' }) },
  'file systems of a function, and durable functions': fn({ FileSystemConfigs: [] }),
  'tumbling windows, provisioned pollers and encrypted filters of an event source mapping': {
    ...fn({}),
    Q: { Type: 'AWS::SQS::Queue' },
    ...one('AWS::Lambda::EventSourceMapping', { EventSourceArn: att('Q'), FunctionName: { Ref: 'F' }, TumblingWindowInSeconds: 10 }),
  },
  'a managed policy of AWS for other things than functions, in a role of a function': {
    ...fn({ Role: att('R') }),
    ...one('AWS::IAM::Role', { AssumeRolePolicyDocument: LAMBDA_TRUST, ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }),
  },
  'notifications of a bucket that the app does not create': one('Custom::S3BucketNotifications', {
    ServiceToken: 'arn', BucketName: 'other', NotificationConfiguration: { EventBridgeConfiguration: {} },
  }),
  'a REST API from an OpenAPI document': one('AWS::ApiGateway::RestApi', { Body: { openapi: '3.0.1' } }),
  'a WebSocket API': one('AWS::ApiGatewayV2::Api', { ProtocolType: 'WEBSOCKET' }),
  'an HTTP API that calls something else than a function': {
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP', Name: 'a' } },
    ...one('AWS::ApiGatewayV2::Integration', { ApiId: { Ref: 'Api' }, IntegrationType: 'HTTP_PROXY', IntegrationUri: 'https://example.com', PayloadFormatVersion: '1.0' }),
  },
  'other notifications of a bucket than of objects created and removed': one('AWS::S3::Bucket', {
    NotificationConfiguration: { TopicConfigurations: [{ Event: 's3:Replication:*', Topic: 'arn:aws:sns:us-east-1:000000000000:t' }] },
  }),
  'a schedule with a start or an end': one('AWS::Scheduler::Schedule', {
    ScheduleExpression: 'rate(1 hour)',
    StartDate: '2026-11-23T00:00:00Z',
    Target: { Arn: 'arn:aws:lambda:us-east-1:000000000000:function:f', RoleArn: 'arn:aws:iam::000000000000:role/r' },
  }),
  'a custom resource of another app': one('Custom::Thing', { ServiceToken: 'arn:aws:lambda:us-east-1:000000000000:function:other' }),
  'a nested stack from elsewhere': one('AWS::CloudFormation::Stack', { TemplateURL: 'https://example.com/x.json' }),
  'a type that does something, of another service': one('AWS::AppSync::GraphQLApi'),
};

const refused = ROWS.filter(({ outcome }) => outcome.startsWith('refused: '));

test('the table lists what is refused', () => {
  expect(refused.map(({ what }) => what).sort()).toEqual(Object.keys(REFUSED).sort());
});

test.each(refused.map(({ what, outcome }) => [what, outcome.slice('refused: '.length)]))('%s is refused as the table says: %s', (what, message) => {
  expect(() => modelOfTemplate({ Resources: REFUSED[what] })).toThrow(message);
});

/** What the table says is a finding, by its words. */
const FINDINGS: Readonly<Record<string, object>> = {
  'the resource policy of a REST API': restApi({ Policy: { Version: '2012-10-17', Statement: [] } }),
  'a REST API in a VPC': restApi({ EndpointConfiguration: { Types: ['PRIVATE'] } }),
  'the certificates of clients of a custom domain': {
    ...one('AWS::ApiGateway::DomainName', { DomainName: 'a.example', MutualTlsAuthentication: { TruststoreUri: 's3://a/b' } }),
  },
};

const FINDING = 'not checked, and a finding: ';
const unchecked = ROWS.filter(({ outcome }) => outcome.startsWith('not checked'));

test('the table lists what is a finding, as it is not checked', () => {
  expect(unchecked.filter(({ outcome }) => outcome.startsWith(FINDING)).map(({ what }) => what).sort()).toEqual(Object.keys(FINDINGS).sort());
});

test.each(unchecked.filter(({ outcome }) => outcome.startsWith(FINDING)).map(({ what, outcome }) => [what, outcome.slice(FINDING.length)]))(
  '%s is a finding, as the table says: %s', (what, reason) => {
    const model = modelOfTemplate({ Resources: FINDINGS[what] });
    expect([model.unchecked.map((entry) => entry.reason), model.stubs]).toEqual([[reason], []]);
  });

/** What the table says is taken without a check, and a template shows, by its words. */
const TAKEN: Readonly<Record<string, object>> = {
  'policies of queues, topics, buckets, keys, secrets, event buses and functions': one('AWS::SQS::QueuePolicy', { Queues: [], PolicyDocument: { Statement: [] } }),
  'rates of stages, also those of the registration page, and web ACLs': {
    ...restApi(), ...one('AWS::ApiGateway::Stage', { RestApiId: { Ref: 'Api' }, StageName: 'prod', MethodSettings: [{ ThrottlingRateLimit: 1 }] }),
  },
  'concurrency above 0, memory and VPC of a function': fn({ ReservedConcurrentExecutions: 1, MemorySize: 128, VpcConfig: { SubnetIds: [] } }),
  'permissions boundaries': one('AWS::IAM::Role', { AssumeRolePolicyDocument: LAMBDA_TRUST, PermissionsBoundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }),
  'metric filters and anomaly detection: alarms on them are `NOT_EVALUATED`': one('AWS::Logs::MetricFilter', { LogGroupName: 'l', FilterPattern: '', MetricTransformations: [] }),
};

test.each(Object.entries(TAKEN))('%s: taken without a check, as the table says', (what, Resources) => {
  expect(unchecked.map((row) => row.what)).toContain(what);
  expect(modelOfTemplate({ Resources })).toMatchObject({ stubs: [], unchecked: [] });
});
