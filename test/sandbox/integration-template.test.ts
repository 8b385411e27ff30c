import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { evaluate, policiesOf, trusts } from '../../sandbox/src/iam';
import type { SandboxModel } from '../../sandbox/src/model';
import { ENDPOINT, modelOf, temporaryFolder } from '../../sandbox/test/template/assemblies';
import { Dimension, MarketplaceSaasIntegration, MarketplaceSellerAccount, SaasPricingModel, SellerAccess } from '../../src';

const SELLER = '222222222222';
const SELLER_ROLE = `arn:aws:iam::${SELLER}:role/marketplace-seller`;

/** The workload in one account and region, the seller's side in another. */
function synthesize(): string {
  const app = new App({ outdir: path.join(temporaryFolder(), 'cdk.out') });
  const workload = new Stack(app, 'Workload', { env: { account: '111111111111', region: 'eu-west-1' } });
  const integration = new MarketplaceSaasIntegration(workload, 'Marketplace', {
    productCode: '4ml54db8vrmjuykaw1psroool',
    pricingModel: SaasPricingModel.SUBSCRIPTION,
    dimensions: [Dimension.metered('ApiCalls')],
    sellerAccess: SellerAccess.assumeRole(SELLER_ROLE, { externalId: 'secret-id' }),
  });
  new CfnOutput(workload, 'FulfillmentUrl', { value: integration.registrationUrl });
  const seller = new Stack(app, 'Seller', { env: { account: SELLER, region: 'us-east-1' } });
  new MarketplaceSellerAccount(seller, 'Side', {
    workloadAccount: '111111111111',
    externalId: 'secret-id',
    roleName: 'marketplace-seller',
    workloadEventBusArn: 'arn:aws:events:us-east-1:111111111111:event-bus/agreement-events',
  });
  return app.synth().directory;
}

describe('an app with the integration', () => {
  let model: SandboxModel;

  beforeAll(() => {
    model = modelOf(synthesize());
  });

  const marked = <T extends { metadata?: Readonly<Record<string, unknown>> }>(resources: readonly T[], role: string) =>
    resources.filter((resource) => resource.metadata?.role === role);

  test('an app with the integration says where its parts are', () => {
    expect(marked(model.tables, 'subscriptions-table')).toMatchObject([{ metadata: { product: { productCode: '4ml54db8vrmjuykaw1psroool', dimensions: ['ApiCalls'] } } }]);
    expect(marked(model.tables, 'registrations-table')).toHaveLength(1);
    expect(marked(model.tables, 'usage-table')).toHaveLength(1);
    expect(marked(model.queues, 'usage-queue')).toHaveLength(1);
    expect(marked(model.buses, 'event-bus')).toHaveLength(1);
    expect(marked(model.apis, 'registration-api')).toHaveLength(1);
  });

  test('an app with the integration has its fulfillment URL in the sandbox', () => {
    const [api] = marked(model.apis, 'registration-api');
    const url = model.stacks.find((stack) => stack.name === 'Workload')?.outputs.FulfillmentUrl;
    expect(url).toMatch(new RegExp(`^${ENDPOINT}/_apis/${api?.id}/[a-z]+/$`));
    expect(api?.routes.map((route) => `${route.method} ${route.path}`)).toContain('ANY /');
  });

  test('an app with the integration has six functions with their code, each with a role of known policies', () => {
    expect(model.functions).toHaveLength(6);
    for (const fn of model.functions) {
      expect(fs.existsSync(path.join(fn.codeDirectory ?? '', 'index.js'))).toBe(true);
      const role = model.roles.find((candidate) => candidate.arn === fn.roleArn);
      expect(role && policiesOf(role).length).toBeGreaterThan(0);
    }
  });

  test('an app with the integration may do what it was made for, and no more', () => {
    const [usageTable] = marked(model.tables, 'usage-table');
    const [registrations] = marked(model.tables, 'registrations-table');
    const metering = model.functions.find((fn) => fn.logicalId.includes('Metering'));
    const role = model.roles.find((candidate) => candidate.arn === metering?.roleArn);
    const decide = (action: string, resource: string | undefined) => evaluate(role ? policiesOf(role) : [], { action, resource: resource ?? '' }).decision;
    expect(decide('dynamodb:UpdateItem', usageTable?.arn)).toBe('allowed');
    expect(decide('dynamodb:Query', `${usageTable?.arn}/index/due`)).toBe('allowed');
    expect(decide('sts:AssumeRole', SELLER_ROLE)).toBe('allowed');
    expect(decide('dynamodb:GetItem', registrations?.arn)).toBe('implicitDeny');
    expect(decide('dynamodb:DeleteTable', usageTable?.arn)).toBe('implicitDeny');
  });

  test("an app with the integration is trusted by the seller's role, with the external id", () => {
    const seller = model.roles.find((role) => role.arn === SELLER_ROLE);
    const caller = { arn: 'arn:aws:iam::111111111111:role/any' };
    const trusted = (context: Record<string, string>) => seller !== undefined && trusts(seller.trust, caller, context);
    expect(trusted({ 'sts:ExternalId': 'secret-id' })).toBe(true);
    expect(trusted({})).toBe(false);
  });
});
