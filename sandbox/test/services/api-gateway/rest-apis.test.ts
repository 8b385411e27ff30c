import { App, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { RestApis } from '../../../src/services/api-gateway/rest-apis';
import { modelOf, temporaryFolder } from '../../template/assemblies';

/** Requests to an API that has no functions. */
function apiOf(build: (api: apigateway.RestApi) => void, props: apigateway.RestApiProps = {}, unsupported: 'error' | 'stub' = 'error') {
  const app = new App({ outdir: temporaryFolder(), analyticsReporting: false });
  build(new apigateway.RestApi(new Stack(app, 'Demo'), 'Api', { cloudWatchRole: false, ...props }));
  const { apis } = modelOf(app.synth().directory, { unsupported });
  const measured = { clock: { now: () => 0 }, metrics: { add: () => undefined } };
  const rest = new RestApis({ apis, findFunction: () => undefined, ...measured } as unknown as ConstructorParameters<typeof RestApis>[0]);
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
  ['the authorization type AWS_IAM', { authorizationType: apigateway.AuthorizationType.IAM }],
  ['API keys', { apiKeyRequired: true }],
  ['request validators', { requestValidatorOptions: { validateRequestBody: true } }],
])('%s would let anyone in, so it is refused, unless stubs are allowed', async (named, options) => {
  const build = (api: apigateway.RestApi) => { api.root.addMethod('GET', undefined, options); };
  expect(() => apiOf(build)).toThrow(named);
  expect(await apiOf(build, {}, 'stub')('GET', '/')).toMatchObject({ status: 500 });
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
