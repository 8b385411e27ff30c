import { CfnWaitCondition, CfnWaitConditionHandle, StackProps } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { SaasProductStack } from '../../../examples/typescript/saas-product-stack';
import { PREFIX } from '../stacks';

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
