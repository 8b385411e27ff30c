import { assemblyOf, att, fn, handler, ref, start } from './app';

const ARN = (id: string) => ({ 'Fn::Join': ['', ['arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/', att(id), '/invocations']] });
const KEY = 'a-key-of-at-least-20-characters';

// Each user of the app has a plan: the authorizer knows with which key.
const AUTHORIZER = `exports.handler = async ({ authorizationToken: user, methodArn }) => ({
  principalId: user,
  ...user === 'ada' && { usageIdentifierKey: '${KEY}' },
  policyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: methodArn }] },
});`;

const APP = assemblyOf(fn('Web', { code: handler('return { statusCode: 200, body: JSON.stringify(event.requestContext.identity) };') }), fn('Asked', { code: AUTHORIZER }), {
  Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'web', ApiKeySourceType: 'AUTHORIZER', Policy: { Version: '2012-10-17', Statement: [] } }, Metadata: { 'cdk-marketplace-saas': { role: 'registration-api' } } },
  Authorizer: {
    Type: 'AWS::ApiGateway::Authorizer',
    Properties: { RestApiId: ref('Api'), Name: 'users', Type: 'TOKEN', IdentitySource: 'method.request.header.Authorization', AuthorizerUri: ARN('Asked') },
  },
  Get: {
    Type: 'AWS::ApiGateway::Method',
    Properties: {
      RestApiId: ref('Api'),
      ResourceId: att('Api', 'RootResourceId'),
      HttpMethod: 'GET',
      AuthorizationType: 'CUSTOM',
      AuthorizerId: ref('Authorizer'),
      ApiKeyRequired: true,
      Integration: { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri: ARN('Web') },
    },
  },
  Stage: { Type: 'AWS::ApiGateway::Stage', Properties: { RestApiId: ref('Api'), StageName: 'prod' } },
  Key: { Type: 'AWS::ApiGateway::ApiKey', Properties: { Enabled: true, Value: KEY } },
  Plan: {
    Type: 'AWS::ApiGateway::UsagePlan',
    Properties: { ApiStages: [{ ApiId: ref('Api'), Stage: ref('Stage') }], Throttle: { RateLimit: 1, BurstLimit: 2 }, Quota: { Limit: 4, Period: 'DAY' } },
  },
  PlanKey: { Type: 'AWS::ApiGateway::UsagePlanKey', Properties: { KeyId: ref('Key'), KeyType: 'API_KEY', UsagePlanId: ref('Plan') } },
});

test('requests count for the key that the authorizer names, by rate and by day, and the header x-api-key has no meaning', async () => {
  const sandbox = await start(APP);
  const get = async (headers: Record<string, string>) => fetch(sandbox.registrationUrl, { headers });
  const statuses = async (count: number) => {
    const found: number[] = [];
    for (let n = 0; n < count; n++) found.push((await get({ authorization: 'ada' })).status);
    return found;
  };
  expect((await get({ 'authorization': 'eve', 'x-api-key': KEY })).status).toBe(403);
  expect(await (await get({ authorization: 'ada' })).json()).toMatchObject({ apiKey: KEY });
  expect(await statuses(2)).toEqual([200, 429]);
  await sandbox.advance('PT2S');
  expect(await statuses(3)).toEqual([200, 200, 429]);
  await sandbox.advance('PT2S');
  expect(await (await get({ authorization: 'ada' })).json()).toEqual({ message: 'Limit Exceeded' });
  await sandbox.advance('P1D');
  expect(await statuses(1)).toEqual([200]);
  await sandbox.reset();
  expect(await statuses(3)).toEqual([200, 200, 429]);
});

test('what an API asks for and the sandbox does not check is a finding, also after a reset', async () => {
  const sandbox = await start(APP);
  const message = 'AWS::ApiGateway::RestApi Api in stack App: the sandbox does not check the resource policy of a REST API';
  expect((await sandbox.state()).findings).toEqual([{ severity: 'warning', code: 'NOT_CHECKED', message }]);
  await sandbox.reset();
  expect((await sandbox.state()).findings).toHaveLength(1);
});
