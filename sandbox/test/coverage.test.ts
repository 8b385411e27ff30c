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
  'a method of a REST API with Cognito': {
    Api: { Type: 'AWS::ApiGateway::RestApi' },
    ...one('AWS::ApiGateway::Method', {
      RestApiId: { Ref: 'Api' },
      ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
      HttpMethod: 'GET',
      AuthorizationType: 'COGNITO_USER_POOLS',
      Integration: { Type: 'MOCK' },
    }),
  },
  'a state machine, but for the one with which the CDK waits for a custom resource': one('AWS::StepFunctions::StateMachine'),
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
