import { App } from 'aws-cdk-lib';
import { ContractProductStack } from './contract-product-stack.ts';
import { SaasProductStack } from './saas-product-stack.ts';

const app = new App();
new SaasProductStack(app, 'SaasProduct', {
  productCode: app.node.tryGetContext('productCode') ?? '4ml54db8vrmjuykaw1psroool',
});
new ContractProductStack(app, 'ContractProduct', {
  productCode: app.node.tryGetContext('contractProductCode') ?? '7xv92kq0hdnbsg3etm5wzapcy',
});
