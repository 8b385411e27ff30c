import { AgreementMode } from 'cdk-marketplace-saas';
import { App } from 'aws-cdk-lib';
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
  // SNS sends the bodies of notifications without its envelope.
  'legacy-subscription-raw': (app) => {
    const stack = new SaasProductStack(app, 'SaasProduct', { productCode, agreementMode: AgreementMode.LEGACY });
    for (const part of stack.node.findAll()) {
      if (part instanceof CfnSubscription) part.rawMessageDelivery = true;
    }
  },
};
