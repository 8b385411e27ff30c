import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { IdSequence } from '../../../src/ids';
import { ApiKeys, periodStart } from '../../../src/services/api-gateway/api-keys';
import type { RestApiModel } from '../../../src/services/api-gateway/model';
import { RestApis } from '../../../src/services/api-gateway/rest-apis';
import { modelOf, temporaryFolder } from '../../template/assemblies';

function serving(apis: readonly RestApiModel[], gate: object = {}): RestApis {
  const measured = { clock: { now: () => 0 }, metrics: { add: () => undefined } };
  const input = { apis, mapped: apis, findFunction: () => undefined, ...measured, ...gate };
  return new RestApis(input as unknown as ConstructorParameters<typeof RestApis>[0]);
}

/** Requests to an API that has no functions. */
function apiOf(build: (api: apigateway.RestApi) => void, props: apigateway.RestApiProps = {}, unsupported: 'error' | 'stub' = 'error') {
  const app = new App({ outdir: temporaryFolder(), analyticsReporting: false });
  build(new apigateway.RestApi(new Stack(app, 'Demo'), 'Api', { cloudWatchRole: false, ...props }));
  const { apis } = modelOf(app.synth().directory, { unsupported });
  const rest = serving(apis);
  return async (method: string, path: string, headers: Record<string, string> = {}) => rest.handle({
    method, headers, path: `/_apis/${apis[0].id}/prod${path}`, query: new URLSearchParams(), rawHeaders: [], body: Buffer.from(''),
  });
}

test('preflight requests are answered as defaultCorsPreflightOptions says', async () => {
  const request = apiOf((api) => api.root.addResource('a'), {
    defaultCorsPreflightOptions: { allowOrigins: ['https://one.example', 'https://two.example'], allowMethods: ['GET', 'POST'] },
  });
  const preflight = async (origin: string) => request('OPTIONS', '/a', { origin });
  expect(await preflight('https://two.example')).toMatchObject({
    status: 204,
    headers: { 'access-control-allow-origin': 'https://two.example', 'access-control-allow-methods': 'GET,POST', 'vary': 'Origin' },
    body: '',
  });
  expect((await preflight('https://else.example')).headers).toMatchObject({ 'access-control-allow-origin': 'https://one.example' });
});

test('a mock method answers with the response for the status it asks for, and without one with an error', async () => {
  const request = apiOf((api) => {
    api.root.addMethod('GET', new apigateway.MockIntegration({
      requestTemplates: { 'application/json': '{"statusCode": 404}' },
      integrationResponses: [{ statusCode: '200' }, { statusCode: '404', selectionPattern: '4..', responseTemplates: { 'application/json': '{"no":1}' } }],
    }), { methodResponses: [{ statusCode: '200' }, { statusCode: '404' }] });
    api.root.addMethod('POST');
  });
  expect(await request('GET', '/')).toMatchObject({ status: 404, body: '{"no":1}' });
  expect(await request('POST', '/')).toMatchObject({ status: 500, body: '{"message":"Internal server error"}' });
});

test.each<[string, apigateway.MethodOptions]>([
  ['the authorization type COGNITO_USER_POOLS', { authorizationType: apigateway.AuthorizationType.COGNITO }],
  ['request validators', { requestValidatorOptions: { validateRequestBody: true } }],
])('%s would let anyone in, so it is refused, unless stubs are allowed', async (named, options) => {
  const build = (api: apigateway.RestApi) => { api.root.addMethod('GET', undefined, options); };
  expect(() => apiOf(build)).toThrow(named);
  expect(await apiOf(build, {}, 'stub')('GET', '/')).toMatchObject({ status: 500 });
});

describe('API keys', () => {
  const DAY = 86_400_000;

  function keyed(limits: Pick<apigateway.UsagePlanProps, 'quota' | 'throttle'> = { quota: { limit: 2, period: apigateway.Period.DAY } }, ownRate?: apigateway.ThrottleSettings) {
    const app = new App({ outdir: temporaryFolder(), analyticsReporting: false });
    const stack = new Stack(app, 'Demo');
    const mock = new apigateway.MockIntegration({
      requestTemplates: { 'application/json': '{"statusCode": 200}' }, integrationResponses: [{ statusCode: '200', responseTemplates: { 'application/json': 'in' } }],
    });
    const api = new apigateway.RestApi(stack, 'Api', { cloudWatchRole: false });
    const method = api.root.addMethod('GET', mock, { apiKeyRequired: true, methodResponses: [{ statusCode: '200' }] });
    const plan = api.addUsagePlan('Plan', { apiStages: [{ api, stage: api.deploymentStage, ...ownRate && { throttle: [{ method, throttle: ownRate }] } }], ...limits });
    plan.addApiKey(api.addApiKey('Good', { value: 'a-key-of-at-least-20-characters' }));
    plan.addApiKey(new apigateway.ApiKey(stack, 'Off', { value: 'a-key-that-is-switched-off', enabled: false }));
    api.addApiKey('Elsewhere', { value: 'a-key-that-is-in-no-usage-plan' });
    api.addApiKey('Generated');
    const { apis, apiKeys, usagePlans } = modelOf(app.synth().directory);
    let now = Date.UTC(2026, 10, 23, 5);
    const clock = { now: () => now };
    const rest = serving(apis, {
      clock,
      ids: new IdSequence(),
      loop: { runForRequest: (_request: unknown, work: () => unknown) => work() },
      apiKeys: new ApiKeys({ clock, keys: apiKeys, plans: usagePlans }),
    });
    const get = async (key?: string) => rest.handle({
      method: 'GET', path: `/_apis/${apis[0].id}/prod/`, headers: key === undefined ? {} : { 'x-api-key': key }, query: new URLSearchParams(), rawHeaders: [], body: Buffer.from(''),
    });
    return { get, apiKeys, wait: (millis: number) => { now += millis; } };
  }

  test('a method that needs a key answers a request with a good one, and refuses all others with 403', async () => {
    const { get, apiKeys } = keyed();
    expect(await get('a-key-of-at-least-20-characters')).toMatchObject({ status: 200, body: 'in' });
    for (const key of [undefined, 'no-such-key', 'a-key-that-is-switched-off', 'a-key-that-is-in-no-usage-plan']) {
      expect(await get(key)).toMatchObject({ status: 403, headers: { 'x-amzn-errortype': 'INVALID_API_KEY' }, body: '{"message":"Forbidden"}' });
    }
    expect(apiKeys.find(({ logicalId }) => logicalId.includes('Generated'))?.value).toMatch(/^[0-9a-f]{40}$/);
  });

  test('a key is refused with 429 when its quota is used up, until the next day begins', async () => {
    const { get, wait } = keyed();
    const statuses = async () => (await get('a-key-of-at-least-20-characters')).status;
    expect([await statuses(), await statuses(), await statuses()]).toEqual([200, 200, 429]);
    wait(DAY);
    expect(await statuses()).toBe(200);
  });

  test.each<[string, Parameters<typeof keyed>]>([
    ['its usage plan', [{ throttle: { rateLimit: 0.5, burstLimit: 2 } }]],
    ['the method in its usage plan', [{ throttle: { rateLimit: 100, burstLimit: 100 } }, { rateLimit: 0.5, burstLimit: 2 }]],
  ])('a key that makes more requests at once than %s lets through is refused with 429, until time passes', async (_by, limits) => {
    const { get, wait } = keyed(...limits);
    const request = async () => get('a-key-of-at-least-20-characters');
    expect([(await request()).status, (await request()).status]).toEqual([200, 200]);
    expect(await request()).toMatchObject({ status: 429, headers: { 'x-amzn-errortype': 'THROTTLED' }, body: '{"message":"Too Many Requests"}' });
    wait(2_000);
    expect([(await request()).status, (await request()).status]).toEqual([200, 429]);
  });

  test('periods of a quota begin at midnight UTC, on Sunday or the first of a month, or as many days later as the plan says', () => {
    const start = (period: 'DAY' | 'WEEK' | 'MONTH', offsetDays: number) => new Date(periodStart({ period, offsetDays }, Date.UTC(2026, 10, 26, 5))).toISOString().slice(0, 10);
    expect([start('DAY', 0), start('WEEK', 0), start('WEEK', 1), start('WEEK', 5), start('MONTH', 0), start('MONTH', 27)])
      .toEqual(['2026-11-26', '2026-11-22', '2026-11-23', '2026-11-20', '2026-11-01', '2026-10-28']);
  });

  test('a key that the app does not create is refused', () => {
    expect(() => apiOf((api) => {
      api.root.addMethod('GET');
      api.addUsagePlan('Plan').addApiKey(apigateway.ApiKey.fromApiKeyId(api, 'Imported', 'abc123'));
    })).toThrow('the API key abc123, which the app does not create');
  });
});

test('errors look as the gateway response of their kind says, else as that of their class', async () => {
  const request = apiOf((api) => {
    api.root.addMethod('GET');
    api.addGatewayResponse('Missing', {
      type: apigateway.ResponseType.MISSING_AUTHENTICATION_TOKEN,
      statusCode: '404',
      responseHeaders: { 'Access-Control-Allow-Origin': 'method.request.header.Origin', 'X-Never': 'context.authorizer.who' },
      templates: { 'text/html': '<p>$context.error.message</p>', 'application/json': '{"type":"$context.error.responseType","said":$context.error.messageString}' },
    });
    api.addGatewayResponse('Server', { type: apigateway.ResponseType.DEFAULT_5XX, templates: { 'text/html': '<h1>Sorry</h1>' } });
  });
  const page = await request('GET', '/nowhere', { accept: 'text/html,*/*;q=0.8', origin: 'https://one.example' });
  expect(page).toMatchObject({ status: 404, headers: { 'content-type': 'text/html', 'access-control-allow-origin': 'https://one.example' }, body: '<p>Missing Authentication Token</p>' });
  expect(page.headers).not.toHaveProperty('x-never');
  expect((await request('GET', '/nowhere')).body).toBe('{"type":"MISSING_AUTHENTICATION_TOKEN","said":"Missing Authentication Token"}');
  expect(await request('GET', '/')).toMatchObject({ status: 500, headers: { 'content-type': 'text/html' }, body: '<h1>Sorry</h1>' });
});

describe('custom domains', () => {
  const HOST = 'market.example.com';

  /** Two APIs below one domain: one at a base path, with its invoke URL switched off, and one for all else. */
  function domain() {
    const app = new App({ outdir: temporaryFolder(), analyticsReporting: false });
    const stack = new Stack(app, 'Demo');
    const shared = new apigateway.DomainName(stack, 'Domain', {
      domainName: HOST, certificate: Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:000000000000:certificate/a'),
    });
    const api = (id: string, body: string, basePath?: string, props: apigateway.RestApiProps = {}) => {
      const made = new apigateway.RestApi(stack, id, { cloudWatchRole: false, ...props });
      made.root.addMethod('GET', new apigateway.MockIntegration({
        requestTemplates: { 'application/json': '{"statusCode": 200}' },
        integrationResponses: [{ statusCode: '200', responseTemplates: { 'application/json': body } }],
      }), { methodResponses: [{ statusCode: '200' }] });
      shared.addBasePathMapping(made, { basePath });
      new CfnOutput(stack, `${id}Url`, { value: made.url });
    };
    api('One', 'one', 'one', { disableExecuteApiEndpoint: true });
    api('Rest', 'rest');
    new CfnOutput(stack, 'DomainUrl', { value: `https://${HOST}/one/` });
    new CfnOutput(stack, 'OtherUrl', { value: `https://other.example.com/one/ https://${HOST}.evil.example/` });
    const model = modelOf(app.synth().directory);
    const rest = serving(model.apis);
    const get = (path: string, host = '127.0.0.1:4000') =>
      ({ method: 'GET', path, headers: { host }, query: new URLSearchParams(), rawHeaders: [], body: Buffer.from('') });
    return { rest, get, outputs: model.stacks[0].outputs, ids: Object.fromEntries(model.apis.map(({ id, name }) => [name, id])) };
  }

  test('a request for the host of a domain, or for its path in the sandbox, gets to the API of the base path', async () => {
    const { rest, get } = domain();
    const body = async (path: string, host?: string) => (await rest.handle(get(path, host))).body;
    expect([await body('/one', HOST), await body('/one/', `${HOST}:4000`), await body('/', HOST)]).toEqual(['one', 'one', 'rest']);
    expect([await body(`/_domains/${HOST}/one/`), await body(`/_domains/${HOST}/`), await body(`/_domains/${HOST}`)]).toEqual(['one', 'rest', 'rest']);
    expect(await rest.handle(get('/_domains/other.example.com/one/'))).toMatchObject({ status: 403, body: '{"message":"Forbidden"}' });
    expect([rest.serves(get('/one', HOST)), rest.serves(get('/one', 'other.example.com')), rest.serves(get('/one'))]).toEqual([true, false, false]);
  });

  test('an invoke URL that is switched off is refused, and that of another API is not', async () => {
    const { rest, get, ids } = domain();
    expect(await rest.handle(get(`/_apis/${ids.One}/prod/`))).toMatchObject({ status: 403, body: '{"message":"Forbidden"}' });
    expect(await rest.handle(get(`/_apis/${ids.Rest}/prod/`))).toMatchObject({ status: 200, body: 'rest' });
  });

  test('URLs of the domain lead to the sandbox, and those of other hosts stay', () => {
    const { outputs } = domain();
    expect(outputs.DomainUrl).toMatch(new RegExp(`^http://[^/]+/_domains/${HOST}/one/$`));
    expect(outputs.OtherUrl).toBe(`https://other.example.com/one/ https://${HOST}.evil.example/`);
  });
});
