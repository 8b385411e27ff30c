import { AgreementMode } from 'cdk-marketplace-saas';
import { App, Stack } from 'aws-cdk-lib';
import { CfnSubscription } from 'aws-cdk-lib/aws-sns';
import { ConsumptionProductStack } from '../consumption-product-stack';
import { ContractProductStack } from '../contract-product-stack';
import { SaasProductStack } from '../saas-product-stack';
import { ProductName } from './scenario';

const productCode = '4ml54db8vrmjuykaw1psroool';

/** The apps that scenarios are played in. */
export const PRODUCTS: Readonly<Record<ProductName, (app: App) => void>> = {
  'subscription': (app) => void new SaasProductStack(app, 'SaasProduct', { productCode }),
  'contract': (app) => void new ContractProductStack(app, 'SaasProduct', { productCode }),
  'consumption': (app) => void new ConsumptionProductStack(app, 'SaasProduct', { productCode }),
  'legacy-subscription': (app) => void new SaasProductStack(app, 'SaasProduct', { productCode, agreementMode: AgreementMode.LEGACY }),
  'legacy-subscription-raw': (app) => deliverRaw(new SaasProductStack(app, 'SaasProduct', { productCode, agreementMode: AgreementMode.LEGACY })),
  'legacy-contract': (app) => void new ContractProductStack(app, 'SaasProduct', { productCode, agreementMode: AgreementMode.LEGACY }),
  'legacy-contract-raw': (app) => deliverRaw(new ContractProductStack(app, 'SaasProduct', { productCode, agreementMode: AgreementMode.LEGACY })),
};

/** SNS sends the bodies of notifications without its envelope. */
function deliverRaw(stack: Stack): void {
  for (const part of stack.node.findAll()) {
    if (part instanceof CfnSubscription) part.rawMessageDelivery = true;
  }
}
