import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { assemblyOf, att, fn, handler, ref, start } from './app';
import { awsConfig } from './clients';

const DOMAIN = 'api.seller.example';
const ISSUER = 'https://issuer.example/pool';
const invokeUri = (id: string) => ({ 'Fn::Join': ['', ['arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/', att(id), '/invocations']] });

const ECHO = handler(`
  if (event.rawPath === '/fail') throw new Error('no');
  if (event.rawPath === '/plain') return { hello: 'world' };
  if (event.rawPath === '/move') return { statusCode: 302, headers: { Location: '/items/1' }, cookies: ['a=1; Path=/', 'b=2'] };
  return { statusCode: 200, headers: { 'Access-Control-Allow-Origin': 'https://else.example' }, body: JSON.stringify(event) };`);
// It counts its calls in a header that the echo shows.
const SIMPLE = 'let calls = 0; exports.handler = async (event) => ({ isAuthorized: event.identitySource[0] === "yes", context: { calls: ++calls } });';
const TOKEN = `exports.handler = async ({ authorizationToken: token, methodArn }) => {
  if (token === 'nobody') throw new Error('Unauthorized');
  return { principalId: token, context: { tenant: 't-1' }, policyDocument: { Version: '2012-10-17', Statement: [
    { Effect: token === 'bad' ? 'Deny' : 'Allow', Action: 'execute-api:Invoke', Resource: methodArn.replace(/GET.*/, 'GET/items') }] } };
};`;

// It signs a request with the key of its role, for the service it is asked to, and answers what it got.
const SIGNING = `const { SignatureV4 } = require('@smithy/signature-v4');
const { createHash, createHmac } = require('node:crypto');
class Sha256 {
  constructor(secret) { this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret); }
  update(data) { this.hash.update(data); }
  async digest() { return new Uint8Array(this.hash.digest()); }
}
exports.handler = async ({ url, service }) => {
  const { hostname, pathname, host } = new URL(url);
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = process.env;
  const signer = new SignatureV4({ service, region: 'us-east-1', sha256: Sha256, credentials: { accessKeyId, secretAccessKey, sessionToken } });
  const { headers } = await signer.sign({ method: 'GET', protocol: 'http:', hostname, path: pathname, headers: { host } });
  const { host: _, ...rest } = headers;
  const response = await fetch(url, { headers: rest });
  return { status: response.status, body: await response.text() };
};`;

const integration = { IntegrationType: 'AWS_PROXY', IntegrationUri: att('Echo'), PayloadFormatVersion: '2.0' };
const route = (id: string, key: string, properties: object = {}) => ({
  [id]: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: { ApiId: ref('Api'), RouteKey: key, Target: { 'Fn::Join': ['', ['integrations/', ref('Integration')]] }, ...properties },
  },
});

const HTTP = {
  Api: {
    Type: 'AWS::ApiGatewayV2::Api',
    Properties: { Name: 'web', ProtocolType: 'HTTP', CorsConfiguration: { AllowOrigins: ['https://app.example'], AllowMethods: ['GET'], AllowHeaders: ['x-a'], MaxAge: 60 } },
  },
  Integration: { Type: 'AWS::ApiGatewayV2::Integration', Properties: { ApiId: ref('Api'), ...integration } },
  Domain: { Type: 'AWS::ApiGatewayV2::DomainName', Properties: { DomainName: DOMAIN } },
  Mapping: { Type: 'AWS::ApiGatewayV2::ApiMapping', Properties: { ApiId: ref('Api'), DomainName: ref('Domain'), Stage: ref('Stage'), ApiMappingKey: 'v1/shop' } },
  Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ApiId: ref('Api'), StageName: '$default', AutoDeploy: true } },
  Jwt: {
    Type: 'AWS::ApiGatewayV2::Authorizer',
    Properties: {
      ApiId: ref('Api'), Name: 'jwt', AuthorizerType: 'JWT', IdentitySource: ['$request.header.Authorization'], JwtConfiguration: { Issuer: ISSUER, Audience: ['app'] },
    },
  },
  Asked: {
    Type: 'AWS::ApiGatewayV2::Authorizer',
    Properties: {
      ApiId: ref('Api'),
      Name: 'asked',
      AuthorizerType: 'REQUEST',
      IdentitySource: ['$request.header.x-key'],
      AuthorizerUri: invokeUri('Simple'),
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      AuthorizerResultTtlInSeconds: 60,
    },
  },
  ...route('Item', 'GET /items/{id}'),
  ...route('Rest', 'ANY /{proxy+}'),
  ...route('Mine', 'GET /mine', { AuthorizationType: 'JWT', AuthorizerId: ref('Jwt'), AuthorizationScopes: ['read'] }),
  ...route('Keyed', 'GET /keyed', { AuthorizationType: 'CUSTOM', AuthorizerId: ref('Asked') }),
  ...route('Signed', 'GET /signed', { AuthorizationType: 'AWS_IAM' }),
  SignedUrl: { Type: 'AWS::Lambda::Url', Properties: { AuthType: 'AWS_IAM', TargetFunctionArn: att('Echo') } },
  Url: { Type: 'AWS::Lambda::Url', Properties: { AuthType: 'NONE', TargetFunctionArn: att('Echo') } },
};

const REST = {
  RestApi: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'rest' } },
  Items: { Type: 'AWS::ApiGateway::Resource', Properties: { RestApiId: ref('RestApi'), ParentId: att('RestApi', 'RootResourceId'), PathPart: 'items' } },
  TokenAuthorizer: {
    Type: 'AWS::ApiGateway::Authorizer',
    Properties: { RestApiId: ref('RestApi'), Name: 't', Type: 'TOKEN', IdentitySource: 'method.request.header.Authorization', AuthorizerUri: invokeUri('Token') },
  },
  GetItems: {
    Type: 'AWS::ApiGateway::Method',
    Properties: {
      RestApiId: ref('RestApi'),
      ResourceId: ref('Items'),
      HttpMethod: 'GET',
      AuthorizationType: 'CUSTOM',
      AuthorizerId: ref('TokenAuthorizer'),
      Integration: { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri: invokeUri('Echo') },
    },
  },
  SignedPath: { Type: 'AWS::ApiGateway::Resource', Properties: { RestApiId: ref('RestApi'), ParentId: att('RestApi', 'RootResourceId'), PathPart: 'signed' } },
  GetSigned: {
    Type: 'AWS::ApiGateway::Method',
    Properties: {
      RestApiId: ref('RestApi'),
      ResourceId: ref('SignedPath'),
      HttpMethod: 'GET',
      AuthorizationType: 'AWS_IAM',
      Integration: { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri: invokeUri('Echo') },
    },
  },
  RestMapping: { Type: 'AWS::ApiGatewayV2::ApiMapping', Properties: { ApiId: ref('RestApi'), DomainName: ref('Domain'), Stage: ref('RestStage') } },
  RestStage: { Type: 'AWS::ApiGateway::Stage', Properties: { RestApiId: ref('RestApi'), StageName: 'prod' } },
};

const OUTPUTS = {
  Http: { 'Fn::Join': ['', ['https://', ref('Api'), '.execute-api.', ref('AWS::Region'), '.', ref('AWS::URLSuffix'), '/']] },
  Domain: { 'Fn::Join': ['', ['https://', ref('Domain'), '/v1/shop']] },
  Function: att('Url', 'FunctionUrl'),
  SignedFunction: att('SignedUrl', 'FunctionUrl'),
  Rest: { 'Fn::Join': ['', ['https://', ref('RestApi'), '.execute-api.us-east-1.amazonaws.com/prod/']] },
};

async function startApp() {
  const app = assemblyOf(fn('Echo', { code: ECHO }), fn('Simple', { code: SIMPLE }), fn('Token', { code: TOKEN }),
    fn('May', { code: SIGNING, allow: ['execute-api:Invoke', 'lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'], properties: { FunctionName: 'may' } }),
    fn('MayNot', { code: SIGNING, allow: ['lambda:InvokeFunctionUrl'], properties: { FunctionName: 'may-not' } }), HTTP, REST);
  const fs = jest.requireActual<typeof import('node:fs')>('node:fs');
  const file = `${app}/App.template.json`;
  const template = JSON.parse(fs.readFileSync(file, 'utf8'));
  const Outputs = Object.fromEntries(Object.entries(OUTPUTS).map(([name, Value]) => [name, { Value }]));
  fs.writeFileSync(file, JSON.stringify({ ...template, Outputs }));
  const sandbox = await start(app);
  const { Http, Domain, Function: url, SignedFunction, Rest } = sandbox.outputs as Record<keyof typeof OUTPUTS, string>;
  return { sandbox, http: Http, domain: Domain, url, signedUrl: SignedFunction, rest: Rest };
}

const get = async (url: string, headers: Record<string, string> = {}, options: RequestInit = {}) => {
  const response = await fetch(url, { headers, redirect: 'manual', ...options });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text.startsWith('{') ? JSON.parse(text) as Record<string, any> : text };
};

test('requests to HTTP APIs and function URLs become events of payload format 2.0, and results become answers', async () => {
  const { http, url } = await startApp();
  const item = await get(`${http}items/a%20b?x=1&x=2&y=3`, { 'cookie': 'c=1; d=2', 'x-trace': 'me', 'origin': 'https://app.example' });
  expect(item.headers.get('access-control-allow-origin')).toBe('https://app.example');
  expect(item.body).toMatchObject({
    version: '2.0',
    routeKey: 'GET /items/{id}',
    rawPath: '/items/a%20b',
    rawQueryString: 'x=1&x=2&y=3',
    cookies: ['c=1', 'd=2'],
    headers: { 'x-trace': 'me' },
    queryStringParameters: { x: '1,2', y: '3' },
    pathParameters: { id: 'a b' },
    isBase64Encoded: false,
    requestContext: { accountId: '000000000000', stage: '$default', http: { method: 'GET', path: '/items/a%20b' }, time: '23/Nov/2026:05:00:00 +0000' },
  });
  const form = await get(`${http}any/where`, {}, { method: 'POST', body: new URLSearchParams({ a: 'b' }) });
  expect(form.body).toMatchObject({ routeKey: 'ANY /{proxy+}', body: Buffer.from('a=b').toString('base64'), isBase64Encoded: true, pathParameters: { proxy: 'any/where' } });
  expect(await get(`${http}plain`)).toMatchObject({ status: 200, body: { hello: 'world' } });
  expect(await get(`${http}fail`)).toMatchObject({ status: 500, body: { message: 'Internal Server Error' } });
  expect(await get(http)).toMatchObject({ status: 404, body: { message: 'Not Found' } });
  const moved = await get(`${http}move`);
  const base = new URL(http).pathname.slice(0, -1);
  expect([moved.status, moved.headers.get('location'), moved.headers.getSetCookie()]).toEqual([302, `${base}/items/1`, [`a=1; Path=${base}/`, 'b=2']]);
  const asked = { 'origin': 'https://app.example', 'access-control-request-method': 'GET' };
  const preflight = await get(`${http}items/1`, asked, { method: 'OPTIONS' });
  expect([preflight.status, preflight.headers.get('access-control-allow-headers'), preflight.headers.get('access-control-max-age')]).toEqual([204, 'x-a', '60']);
  expect((await get(`${url}some/path?q=1`)).body).toMatchObject({ routeKey: '$default', rawPath: '/some/path', requestContext: { accountId: 'anonymous' } });
  expect((await get(`${url}fail`)).status).toBe(502);
});

test('a custom domain leads to the HTTP API with the longest base path, and to a REST API beside it', async () => {
  const { sandbox, domain } = await startApp();
  expect(domain).toBe(`${sandbox.endpoint}/_domains/${DOMAIN}/v1/shop`);
  expect((await get(`${domain}/items/1`)).body).toMatchObject({ routeKey: 'GET /items/{id}', rawPath: '/items/1', requestContext: { domainPrefix: 'api', stage: '$default' } });
  expect((await get(`${domain}/move`)).headers.get('location')).toBe(`${new URL(domain).pathname.replace('/v1/shop', '')}/items/1`);
  expect((await get(domain.replace('/v1/shop', '/items'), { authorization: 'me' })).body).toMatchObject({ resource: '/items', path: '/items' });
  const { hostname, port } = new URL(sandbox.endpoint);
  const { request } = jest.requireActual<typeof import('node:http')>('node:http');
  const status = await new Promise((resolve) => {
    request({ hostname, port, path: '/v1/shop/items/1', headers: { host: DOMAIN } }, (response) => resolve(response.resume().statusCode)).end();
  });
  expect(status).toBe(200);
});

test('authorizers decide who may call: tokens that the sandbox issued, and functions, whose answers are used again', async () => {
  const { sandbox, http, rest } = await startApp();
  const bearer = async (request: object) => ({ authorization: `Bearer ${await sandbox.token({ issuer: ISSUER, audience: 'app', scope: 'read write', ...request })}` });
  const good = await bearer({ claims: { tenant: 't-1' } });
  expect((await get(`${http}mine`, good)).body).toMatchObject({ requestContext: { authorizer: { jwt: { claims: { iss: ISSUER, tenant: 't-1' }, scopes: ['read', 'write'] } } } });
  const statuses = [{}, await bearer({ issuer: 'https://other.example' }), await bearer({ audience: 'other' }), await bearer({ scope: 'write' }), { authorization: 'Bearer a.b.c' }]
    .map(async (headers) => (await get(`${http}mine`, headers as Record<string, string>)).status);
  expect(await Promise.all(statuses)).toEqual([401, 401, 401, 403, 401]);
  await sandbox.advance('PT2H');
  expect((await get(`${http}mine`, good)).status).toBe(401);
  expect((await sandbox.state()).findings).toMatchObject([{ code: 'TOKEN_NOT_FROM_SANDBOX' }]);

  const calls = async (key: string) => {
    const { status, body } = await get(`${http}keyed`, { 'x-key': key });
    return [status, (body as Record<string, any>).requestContext?.authorizer.lambda.calls];
  };
  expect([await calls('yes'), await calls('yes'), await calls('no')]).toEqual([[200, 1], [200, 1], [403, undefined]]);
  await sandbox.advance('PT2M');
  expect(await calls('yes')).toEqual([200, 3]);
  expect((await get(`${http}keyed`)).status).toBe(401);

  const items = async (authorization?: string) => (get(`${rest}items`, authorization === undefined ? {} : { authorization }));
  expect((await items('me')).body).toMatchObject({ requestContext: { authorizer: { principalId: 'me', tenant: 't-1' } } });
  expect([(await items('bad')).status, (await items('nobody')).status, (await items()).status]).toEqual([403, 401, 401]);
  expect((await sandbox.state()).failures).toEqual([]);
});

test('routes with IAM take requests that are signed by someone whom a policy allows it, and refuse and list all others', async () => {
  const { sandbox, http, signedUrl, rest } = await startApp();
  const lambda = new LambdaClient(awsConfig(sandbox));
  const call = async (FunctionName: string, url: string, service: string) => {
    const { Payload } = await lambda.send(new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify({ url, service })) }));
    const { status, body } = JSON.parse(Buffer.from(Payload!).toString()) as { status: number; body: string };
    return { status, body: JSON.parse(body) as Record<string, any> };
  };
  const [overHttp, overUrl, overRest] = [await call('may', `${http}signed`, 'execute-api'), await call('may', signedUrl, 'lambda'), await call('may', `${rest}signed`, 'execute-api')];
  expect([overHttp.status, overUrl.status, overRest.status]).toEqual([200, 200, 200]);
  const userArn = expect.stringMatching(/^arn:aws:sts::000000000000:assumed-role\/.+\/may$/);
  expect(overHttp.body.requestContext.authorizer).toMatchObject({ iam: { accountId: '000000000000', userArn } });
  expect(overUrl.body.requestContext).toMatchObject({ accountId: '000000000000', authorizer: { iam: { userArn } } });
  expect(overRest.body.requestContext.identity).toMatchObject({ accountId: '000000000000', userArn });
  const ownHeaders = [overHttp, overRest].flatMap(({ body }) => Object.keys(body.headers)).filter((name) => name.toLowerCase().startsWith('x-sandbox'));
  expect(ownHeaders).toEqual([]);
  expect((await sandbox.state()).denials).toEqual([]);

  expect(await call('may-not', `${http}signed`, 'execute-api')).toMatchObject({ status: 403, body: { message: 'Forbidden' } });
  expect((await call('may-not', signedUrl, 'lambda')).body.Message).toContain('is not authorized to perform: lambda:InvokeFunction on resource: ');
  expect((await call('may-not', `${rest}signed`, 'execute-api')).body.message).toContain('is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:');
  expect((await call('may', `${rest}signed`, 'lambda')).body).toEqual({ message: "Credential should be scoped to correct service: 'execute-api'. " });
  expect((await sandbox.state()).denials.map((denial) => [denial.function, denial.action]))
    .toEqual([['may-not', 'execute-api:Invoke'], ['may-not', 'lambda:InvokeFunction'], ['may-not', 'execute-api:Invoke']]);

  expect([(await get(`${http}signed`)).status, (await get(signedUrl)).status, (await get(`${rest}signed`)).status]).toEqual([403, 403, 403]);
  const operator = { authorization: 'AWS4-HMAC-SHA256 Credential=test/20261123/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=0' };
  expect((await get(`${http}signed`, operator)).body).toMatchObject({ requestContext: { authorizer: { iam: { accessKey: 'test', userArn: 'arn:aws:iam::000000000000:root' } } } });
});
