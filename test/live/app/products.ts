import { CfnOutput, CfnWaitCondition, CfnWaitConditionHandle, Stack, StackProps } from 'aws-cdk-lib';
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { SaasProductStack } from '../../../examples/typescript/saas-product-stack';
import { Dimension, MarketplaceSaasIntegration, SaasPricingModel } from '../../../src';
import { PREFIX, RESTORED_TABLES } from '../stacks';

/** The same in all stacks: what CDK names by the construct's path must not collide. */
const ID = `${PREFIX}product`;
const PRODUCT_CODE = '4ml54db8vrmjuykaw1psroool';

/** The example, as it is. */
export class Product extends SaasProductStack {
  constructor(scope: Construct, props: StackProps) {
    super(scope, ID, { ...props, productCode: PRODUCT_CODE });
  }
}

/** The example, and a resource that fails a second after all others are created. */
export class FailingProduct extends Product {
  constructor(scope: Construct, props: StackProps) {
    super(scope, props);
    const others = [...this.node.children];
    const failing = new CfnWaitCondition(this, 'Failing', {
      handle: new CfnWaitConditionHandle(this, 'FailingHandle').ref,
      timeout: '1',
      count: 1,
    });
    failing.node.addDependency(...others);
  }
}

/** The integration alone, over the tables that were restored: it makes none. */
export class OverTables extends Stack {
  constructor(scope: Construct, props: StackProps) {
    super(scope, ID, props);
    const table = (part: keyof typeof RESTORED_TABLES) => TableV2.fromTableName(this, part, RESTORED_TABLES[part]);
    const marketplace = new MarketplaceSaasIntegration(this, 'Marketplace', {
      productCode: PRODUCT_CODE,
      pricingModel: SaasPricingModel.SUBSCRIPTION,
      dimensions: [Dimension.metered('ApiCalls'), Dimension.metered('StorageGb')],
      existingTables: { subscriptionsTable: table('SubscriptionsTable'), registrationsTable: table('RegistrationsTable'), usageTable: table('UsageTable') },
    });
    new CfnOutput(this, 'UsageQueueUrl', { value: marketplace.usageQueue.queueUrl });
    new CfnOutput(this, 'FulfillmentUrl', { value: marketplace.registrationUrl });
  }
}
