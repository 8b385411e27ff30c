import { AgreementMode } from 'cdk-marketplace-saas';
import { App } from 'aws-cdk-lib';
import { ConsumptionProductStack } from './consumption-product-stack';
import { ContractProductStack } from './contract-product-stack';
import { SaasProductStack } from './saas-product-stack';

const app = new App();
const productCode: string = app.node.tryGetContext('productCode') ?? '4ml54db8vrmjuykaw1psroool';
const agreementMode: AgreementMode | undefined = app.node.tryGetContext('agreementMode');
/** `cdk synth --context pricing=contract`: another pricing model. */
const pricing: string = app.node.tryGetContext('pricing') ?? 'subscription';

switch (pricing) {
  case 'subscription':
    new SaasProductStack(app, 'SaasProduct', { productCode, agreementMode });
    break;
  case 'contract':
    new ContractProductStack(app, 'SaasProduct', { productCode, agreementMode });
    break;
  case 'consumption':
    new ConsumptionProductStack(app, 'SaasProduct', { productCode, agreementMode });
    break;
  default:
    throw new Error(`context "pricing" is "${pricing}"; it must be subscription, contract or consumption`);
}
