import { integrate, newStack, resources } from './fixtures';
import { AgreementMode, Dimension, MarketplaceSaasIntegrationProps, SaasPricingModel } from '../../src';

/** Hashes of assets change with every change of a handler; the template's meaning does not. */
function masked(template: object): unknown {
  return JSON.parse(JSON.stringify(template).replace(/[0-9a-f]{64}(?=\.zip|\.json)/g, 'ASSET'));
}

test('the template changes only when its meaning does', () => {
  expect(masked(integrate().template().toJSON())).toMatchSnapshot();
});

test('the template of a contract changes only when its meaning does', () => {
  const contract = integrate({ pricingModel: SaasPricingModel.CONTRACT, dimensions: [Dimension.entitled('Users')] });
  expect(masked(contract.template().toJSON())).toMatchSnapshot();
});

test('a contract with consumption has the parts of both: its functions read entitlements, and it meters', () => {
  const dimensions = [Dimension.entitled('Users'), Dimension.metered('ApiCalls')];
  const { template } = integrate({ pricingModel: SaasPricingModel.CONTRACT_WITH_CONSUMPTION, dimensions });
  expect(masked(template().toJSON())).toMatchSnapshot();
});

test.each<[string, Partial<MarketplaceSaasIntegrationProps>]>([
  ['legacy product', {}],
  ['legacy contract', { pricingModel: SaasPricingModel.CONTRACT, dimensions: [Dimension.entitled('Users')] }],
  ['legacy contract with consumption', { pricingModel: SaasPricingModel.CONTRACT_WITH_CONSUMPTION }],
])('what a %s has in place of the rule on the event bus changes only when its meaning does', (_kind, props) => {
  const stack = newStack({ env: { account: '111122223333', region: 'us-east-1' } });
  const parts = resources(integrate({ agreementMode: AgreementMode.LEGACY, ...props }, stack).template())
    .filter(([id, { Type }]) => id.startsWith('MarketplaceAgreements') && /SQS|SNS|Rule/.test(Type));
  expect(masked(Object.fromEntries(parts))).toMatchSnapshot();
});

const DIMENSIONS: Readonly<Record<SaasPricingModel, Dimension[]>> = {
  [SaasPricingModel.SUBSCRIPTION]: [Dimension.metered('ApiCalls')],
  [SaasPricingModel.CONTRACT]: [Dimension.entitled('Users')],
  [SaasPricingModel.CONTRACT_WITH_CONSUMPTION]: [Dimension.entitled('Tier'), Dimension.metered('ApiCalls')],
};
/** The logical id of a deployment of API Gateway ends with a hash of the API, which the whole templates above show. */
const DEPLOYMENT = /(ApiDeployment[0-9A-F]{8})[0-9a-f]{32}$/;

const KINDS = [
  [SaasPricingModel.SUBSCRIPTION, AgreementMode.CONCURRENT],
  [SaasPricingModel.CONTRACT, AgreementMode.CONCURRENT],
  [SaasPricingModel.CONTRACT_WITH_CONSUMPTION, AgreementMode.CONCURRENT],
  [SaasPricingModel.SUBSCRIPTION, AgreementMode.LEGACY],
] as const;

test.each(KINDS)('resources and variables of functions of a product of the kind %s, %s change only when its meaning does', (pricingModel, agreementMode) => {
  const stack = newStack({ env: { account: '111122223333', region: 'us-east-1' } });
  const { template } = integrate({ pricingModel, agreementMode, dimensions: DIMENSIONS[pricingModel] }, stack);
  expect(Object.fromEntries(resources(template()).map(([id, { Type, Properties }]) => [
    id.replace(DEPLOYMENT, '$1HASH'), Type === 'AWS::Lambda::Function' ? Object.keys(Properties.Environment?.Variables ?? {}).sort().join(' ') : Type,
  ]))).toMatchSnapshot();
});
