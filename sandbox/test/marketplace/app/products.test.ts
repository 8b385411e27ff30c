import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetEntitlementsCommand, MarketplaceEntitlementServiceClient } from '@aws-sdk/client-marketplace-entitlement-service';
import { productsOf, registrationUrl, repeatedProducts, sellerAccount } from '../../../src/marketplace/app/products';
import { att, fn, handler, ref, start, table } from '../../e2e/app';
import { awsConfig } from '../../e2e/clients';
import { ENDPOINT, modelOf, writeAssembly } from '../../template/assemblies';

const CODE = '4ml54db8vrmjuykaw1psroool';
const WORKLOAD = '444455556666';
const SELLER = '111122223333';

interface Integration {
  readonly id: string;
  readonly productCode?: string;
  readonly dimensions?: readonly string[];
  readonly roleAccount?: string;
  /** Of its function. */
  readonly code?: string;
}

/** What of an integration tells what it sells, and where buyers register. */
function integration({ id, productCode = CODE, dimensions = ['ApiCalls'], roleAccount, code = 'exports.handler = async () => {};' }: Integration): Record<string, unknown> {
  const mark = (role: string, more = {}) => ({ Metadata: { 'cdk-marketplace-saas': { role, ...more } } });
  const roleArn = roleAccount && { SELLER_ROLE_ARN: `arn:aws:iam::${roleAccount}:role/seller` };
  const { [`${id}Subscriptions`]: subscriptions, ...rest } = {
    ...table(`${id}Subscriptions`),
    ...fn(`${id}Handler`, { code, properties: { FunctionName: `${id}Handler` }, environment: { TABLE: ref(`${id}Subscriptions`), ...roleArn } }),
  } as Record<string, object>;
  return {
    ...rest,
    [`${id}Subscriptions`]: { ...subscriptions, ...mark('subscriptions-table', { product: { productCode, dimensions } }) },
    [`${id}Api`]: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: id }, ...mark('registration-api') },
    [`${id}Root`]: {
      Type: 'AWS::ApiGateway::Method',
      Properties: {
        RestApiId: ref(`${id}Api`),
        ResourceId: att(`${id}Api`, 'RootResourceId'),
        HttpMethod: 'ANY',
        AuthorizationType: 'NONE',
        Integration: { Type: 'MOCK' },
      },
    },
  };
}

interface App {
  readonly [stack: string]: { readonly account?: string; readonly integrations: readonly Integration[] };
}

function assembly(stacks: App): string {
  return writeAssembly(Object.fromEntries(Object.entries(stacks).map(([name, { account, integrations }]) => [name, {
    environment: account && `aws://${account}/us-east-1`,
    template: { Resources: { ...table(`${name}Table`), ...Object.assign({}, ...integrations.map(integration)) } },
  }])));
}

const TWICE = { Prod: { integrations: [{ id: 'Live' }] }, Staging: { integrations: [{ id: 'Dry', dimensions: ['Preview'] }] } };

test('buyers of a product that is deployed twice are sent to the first, for all it sells', () => {
  const model = modelOf(assembly(TWICE));
  const [live] = model.apis;
  expect(productsOf(model, ENDPOINT)).toMatchObject([{ productCode: CODE, dimensions: ['ApiCalls'], fulfillmentUrl: `${ENDPOINT}/_apis/${live.id}/prod/` }]);
  expect(registrationUrl(model, ENDPOINT)).toBe(`${ENDPOINT}/_apis/${live.id}/prod/`);
});

test('a product that several stacks deploy is reported at the start, and --stack chooses one', async () => {
  const lines: string[] = [];
  const both = await start(assembly(TWICE), { onProgress: (line) => lines.push(line) });
  expect(lines).toContain(`product ${CODE} is deployed by the stacks Prod, Staging: buyers are sent to Prod; choose with --stack`);
  expect((await both.purchase()).fulfillment.url).toBe(both.registrationUrl);

  expect(repeatedProducts(modelOf(assembly(TWICE), { stacks: ['Staging'] }))).toEqual([]);
  expect(productsOf(modelOf(assembly(TWICE), { stacks: ['Staging'] }), ENDPOINT)).toMatchObject([{ dimensions: ['Preview'] }]);
});

test('two deployments of a product in one stack are reported at the start', () => {
  const model = modelOf(assembly({ Prod: { integrations: [{ id: 'Live' }, { id: 'Other', productCode: 'other' }, { id: 'Dry' }] } }));
  expect(repeatedProducts(model)).toEqual([`product ${CODE} is deployed 2 times by the stack Prod: buyers are sent to the first, that of LiveSubscriptions`]);
  expect(productsOf(model, ENDPOINT).map(({ productCode }) => productCode)).toEqual([CODE, 'other']);
});

test.each<[string, App, string]>([
  ['the account whose role it assumes', { App: { account: WORKLOAD, integrations: [{ id: 'One', roleAccount: SELLER }] } }, SELLER],
  ['the account of its stack', { Website: { account: WORKLOAD, integrations: [] }, App: { account: SELLER, integrations: [{ id: 'One' }] } }, SELLER],
  ['that of the first stack in an app without', { Website: { account: WORKLOAD, integrations: [] } }, WORKLOAD],
  ['none where none is named', { App: { integrations: [{ id: 'One' }] } }, '000000000000'],
])('the seller of an integration is %s', (_, stacks, seller) => {
  expect(sellerAccount(modelOf(assembly(stacks)))).toBe(seller);
});

test('two products can have two sellers', () => {
  const model = modelOf(assembly({
    One: { account: WORKLOAD, integrations: [{ id: 'One', roleAccount: SELLER }, { id: 'Own', productCode: 'own' }] },
    Two: { account: '777788889999', integrations: [{ id: 'Two', productCode: 'two' }] },
  }));
  expect(productsOf(model, ENDPOINT).map(({ productCode, sellerAccountId }) => [productCode, sellerAccountId]))
    .toEqual([[CODE, SELLER], ['own', WORKLOAD], ['two', '777788889999']]);
});

test('AWS Marketplace answers the role of the seller account, and not that of the workload', async () => {
  const code = handler(`
    const { MarketplaceEntitlementServiceClient, GetEntitlementsCommand } = require('@aws-sdk/client-marketplace-entitlement-service');
    const ask = async (credentials) => new MarketplaceEntitlementServiceClient({ credentials, region: 'us-east-1', maxAttempts: 1 })
      .send(new GetEntitlementsCommand({ ProductCode: '${CODE}' })).then(({ Entitlements }) => Entitlements, ({ name, message }) => ({ name, message }));
    const { Credentials: c } = await new STSClient({}).send(new AssumeRoleCommand({ RoleArn: process.env.SELLER_ROLE_ARN, RoleSessionName: 's' }));
    return [await ask(), await ask({ accessKeyId: c.AccessKeyId, secretAccessKey: c.SecretAccessKey, sessionToken: c.SessionToken })];`);
  const sandbox = await start(assembly({ App: { account: WORKLOAD, integrations: [{ id: 'One', roleAccount: SELLER, code }] } }));
  const { Payload } = await new LambdaClient(awsConfig(sandbox)).send(new InvokeCommand({ FunctionName: 'OneHandler' }));
  expect(JSON.parse(Buffer.from(Payload!).toString())).toEqual([
    { name: 'InvalidParameterException', message: expect.stringContaining(`account ${WORKLOAD}, but the seller is account ${SELLER}`) }, [],
  ]);
  expect((await sandbox.state()).findings).toMatchObject([{ code: 'NOT_THE_SELLER' }]);
  const operator = new MarketplaceEntitlementServiceClient(awsConfig(sandbox));
  expect((await operator.send(new GetEntitlementsCommand({ ProductCode: CODE }))).Entitlements).toEqual([]);
});
