import { AgreementMode, MarketplaceSaasIntegration, MarketplaceSellerAccount, SellerAccess } from 'cdk-marketplace-saas';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { CfnSubscription } from 'aws-cdk-lib/aws-sns';
import { ConsumptionProductStack } from '../consumption-product-stack';
import { ContractProductStack } from '../contract-product-stack';
import { SaasProductStack } from '../saas-product-stack';
import { ProductName } from './scenario';

const productCode = '4ml54db8vrmjuykaw1psroool';

const SELLER = '222222222222';
const WORKLOAD = '444444444444';
const ROLE = { roleName: 'marketplace-seller', externalId: 'shared-secret' };

/** The apps that scenarios are played in. */
export const PRODUCTS: Readonly<Record<ProductName, (app: App) => void>> = {
  'subscription': (app) => void new SaasProductStack(app, 'SaasProduct', { productCode }),
  'contract': (app) => void new ContractProductStack(app, 'SaasProduct', { productCode }),
  'consumption': (app) => void new ConsumptionProductStack(app, 'SaasProduct', { productCode }),
  'legacy-subscription': (app) => void new SaasProductStack(app, 'SaasProduct', { productCode, agreementMode: AgreementMode.LEGACY }),
  'legacy-subscription-raw': (app) => deliverRaw(new SaasProductStack(app, 'SaasProduct', { productCode, agreementMode: AgreementMode.LEGACY })),
  'legacy-contract': (app) => void new ContractProductStack(app, 'SaasProduct', { productCode, agreementMode: AgreementMode.LEGACY }),
  'legacy-contract-raw': (app) => deliverRaw(new ContractProductStack(app, 'SaasProduct', { productCode, agreementMode: AgreementMode.LEGACY })),
  'migrating': (app) => migrate(new SaasProductStack(app, 'SaasProduct', { productCode, agreementMode: AgreementMode.MIGRATING })),
  'two-accounts': sellFromAnotherAccount,
};

/** The person who migrates buyers invokes the reconciliation function. */
function migrate(stack: Stack): void {
  const { reconciliationFunction } = stack.node.findChild('Marketplace') as MarketplaceSaasIntegration;
  new CfnOutput(stack, 'ReconciliationFunctionName', { value: reconciliationFunction.functionName });
}

/** The product is in an account of its own, and the seller account has a role for it, and forwards AWS Marketplace's events to it. */
function sellFromAnotherAccount(app: App): void {
  new SaasProductStack(app, 'SaasProduct', {
    env: { account: WORKLOAD, region: 'us-east-1' },
    productCode,
    sellerAccess: SellerAccess.assumeRole(`arn:aws:iam::${SELLER}:role/${ROLE.roleName}`, { externalId: ROLE.externalId }),
  });
  new MarketplaceSellerAccount(new Stack(app, 'Seller', { env: { account: SELLER, region: 'us-east-1' } }), 'Seller', {
    ...ROLE,
    workloadAccount: WORKLOAD,
    workloadEventBusArn: `arn:aws:events:us-east-1:${WORKLOAD}:event-bus/default`,
  });
}

/** SNS sends the bodies of notifications without its envelope. */
function deliverRaw(stack: Stack): void {
  for (const part of stack.node.findAll()) {
    if (part instanceof CfnSubscription) part.rawMessageDelivery = true;
  }
}
