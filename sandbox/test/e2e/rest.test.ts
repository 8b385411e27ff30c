import { assemblyOf, att, fn, handler, ref, start } from './app';

const APP = (code: string, binary: string[] = []) => assemblyOf(fn('Web', { code: handler(code), timeout: 1 }), {
  Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'web', BinaryMediaTypes: binary }, Metadata: { 'cdk-marketplace-saas': { role: 'registration-api' } } },
  Items: { Type: 'AWS::ApiGateway::Resource', Properties: { RestApiId: ref('Api'), ParentId: att('Api', 'RootResourceId'), PathPart: 'items' } },
  Item: { Type: 'AWS::ApiGateway::Resource', Properties: { RestApiId: ref('Api'), ParentId: ref('Items'), PathPart: '{id}' } },
  Rest: { Type: 'AWS::ApiGateway::Resource', Properties: { RestApiId: ref('Api'), ParentId: att('Api', 'RootResourceId'), PathPart: '{proxy+}' } },
  ...method('Root', 'POST', att('Api', 'RootResourceId')),
  ...method('GetItems', 'GET', ref('Items')),
  ...method('GetItem', 'GET', ref('Item')),
  ...method('Others', 'PATCH', ref('Rest')),
  ErrorPage: {
    Type: 'AWS::ApiGateway::GatewayResponse',
    Properties: {
      RestApiId: ref('Api'),
      ResponseType: 'DEFAULT_5XX',
      ResponseParameters: { 'gatewayresponse.header.Cache-Control': "'no-store'", 'gatewayresponse.header.Content-Security-Policy': "'default-src 'none''" },
      ResponseTemplates: { 'text/html': '<p>$context.error.message</p>' },
    },
  },
  Deployment: { Type: 'AWS::ApiGateway::Deployment', Properties: { RestApiId: ref('Api') } },
  Stage: { Type: 'AWS::ApiGateway::Stage', Properties: { RestApiId: ref('Api'), DeploymentId: ref('Deployment'), StageName: 'prod' } },
});

function method(id: string, httpMethod: string, resource: unknown) {
  return {
    [id]: {
      Type: 'AWS::ApiGateway::Method',
      Properties: {
        RestApiId: ref('Api'),
        ResourceId: resource,
        HttpMethod: httpMethod,
        AuthorizationType: 'NONE',
        Integration: {
          Type: 'AWS_PROXY',
          IntegrationHttpMethod: 'POST',
          Uri: { 'Fn::Join': ['', ['arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/', att('Web'), '/invocations']] },
        },
      },
    },
  };
}

test('a request becomes a proxy event, and the result an answer', async () => {
  const sandbox = await start(APP(`return {
    statusCode: 201,
    headers: { 'Content-Type': 'text/plain' },
    multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2; Path=/prod/items; Secure'] },
    body: JSON.stringify(event),
  };`));
  const url = `${sandbox.registrationUrl}items/a%20b?x=1&x=2`;
  const response = await fetch(url, { headers: { 'x-trace': 'me' } });
  const base = new URL(sandbox.registrationUrl).pathname;
  expect(response.status).toBe(201);
  expect(response.headers.get('content-type')).toBe('text/plain');
  expect(response.headers.getSetCookie()).toEqual(['a=1', `b=2; Path=${base}items; Secure`]);
  expect(await response.json()).toMatchObject({
    resource: '/items/{id}',
    path: '/items/a%20b',
    httpMethod: 'GET',
    headers: { 'x-trace': 'me', 'X-Forwarded-Proto': 'http' },
    multiValueHeaders: { 'x-trace': ['me'] },
    queryStringParameters: { x: '2' },
    multiValueQueryStringParameters: { x: ['1', '2'] },
    pathParameters: { id: 'a b' },
    requestContext: { stage: 'prod', path: new URL(url).pathname, httpMethod: 'GET', requestTimeEpoch: Date.parse('2026-11-23T05:00:00Z') },
    body: null,
    isBase64Encoded: false,
  });
});

test('a form arrives as text, a binary body as base64, and binary answers are decoded', async () => {
  const sandbox = await start(APP(`return event.isBase64Encoded
    ? { statusCode: 200, isBase64Encoded: true, headers: { 'content-type': 'image/png' }, body: event.body }
    : { statusCode: 303, headers: { Location: '/prod/items/1?form=' + encodeURIComponent(event.body) } };`, ['image/*']));
  const form = await fetch(sandbox.registrationUrl, { method: 'POST', body: new URLSearchParams({ token: 'a+b' }), redirect: 'manual' });
  expect(form.status).toBe(303);
  expect(form.headers.get('location')).toBe(`${new URL(sandbox.registrationUrl).pathname}items/1?form=token%3Da%252Bb`);
  const bytes = new Uint8Array([0, 255, 1, 254]);
  const image = await fetch(sandbox.registrationUrl, { method: 'POST', body: bytes, headers: { 'content-type': 'image/png' } });
  expect(new Uint8Array(await image.arrayBuffer())).toEqual(bytes);
});

test('unknown routes, broken results, errors and timeouts answer as API Gateway does', async () => {
  const sandbox = await start(APP(`
    const what = event.pathParameters?.id;
    if (what === 'throw') throw new Error('no');
    if (what === 'hang') await new Promise((resolve) => setTimeout(resolve, 60_000));
    return what === 'nothing' ? undefined : { statusCode: 200, body: { not: 'text' } };`));
  const status = async (path: string) => (await fetch(sandbox.registrationUrl + path)).status;
  expect(await status('')).toBe(403);
  expect(await status('elsewhere')).toBe(403);
  const missing = await fetch(`${sandbox.registrationUrl}items`, { method: 'PATCH' });
  expect([missing.status, await missing.json()]).toEqual([403, { message: 'Missing Authentication Token' }]);
  const failing = await fetch(`${sandbox.registrationUrl}items/throw`);
  expect([failing.headers.get('content-type'), failing.headers.get('cache-control'), failing.headers.get('content-security-policy'), await failing.text()])
    .toEqual(['text/html', 'no-store', "default-src 'none'", '<p>Internal server error</p>']);
  expect(await status('items/throw')).toBe(502);
  expect(await status('items/nothing')).toBe(502);
  expect(await status('items/object')).toBe(502);
  expect(await status('items/hang')).toBe(504);
});
