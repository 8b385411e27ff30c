import { App } from 'aws-cdk-lib';
import { SaasProductStack } from './saas-product-stack';

const app = new App();
new SaasProductStack(app, 'SaasProduct', {
  productCode: app.node.tryGetContext('productCode') ?? '4ml54db8vrmjuykaw1psroool',
});
