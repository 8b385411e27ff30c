import { AgreementMode } from 'cdk-marketplace-saas';
import { App } from 'aws-cdk-lib';
import { ConsumptionProductStack } from './consumption-product-stack';
import { ContractProductStack } from './contract-product-stack';
import { SaasProductStack } from './saas-product-stack';

const app = new App();
const productCode: string = app.node.tryGetContext('productCode') ?? '4ml54db8vrmjuykaw1psroool';
const contractProductCode: string = app.node.tryGetContext('contractProductCode') ?? '7xv92kq0hdnbsg3etm5wzapcy';
const agreementMode: AgreementMode | undefined = app.node.tryGetContext('agreementMode');
/** `cdk synth --context pricing=contract`: one product of this pricing model, under the name `SaasProduct`. */
const pricing: string | undefined = app.node.tryGetContext('pricing');

switch (pricing) {
  case undefined:
    new SaasProductStack(app, 'SaasProduct', { productCode, agreementMode });
    new ContractProductStack(app, 'ContractProduct', { productCode: contractProductCode, agreementMode });
    break;
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
