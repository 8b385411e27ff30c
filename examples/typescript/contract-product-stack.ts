import { Dimension, MarketplaceSaasIntegration, SaasPricingModel } from 'cdk-marketplace-saas';
import * as path from 'node:path';
import { CfnOutput, Duration, RemovalPolicy, Stack, StackProps } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

export interface ContractProductStackProps extends StackProps {
  /** Product code of the listing, from the AWS Marketplace Management Portal. */
  readonly productCode: string;
}

/** A SaaS product with contract pricing: buyers pay up front for a number of users and a tier, and their plan follows the contract. */
export class ContractProductStack extends Stack {
  constructor(scope: Construct, id: string, props: ContractProductStackProps) {
    super(scope, id, props);

    const marketplace = new MarketplaceSaasIntegration(this, 'Marketplace', {
      productCode: props.productCode,
      pricingModel: SaasPricingModel.CONTRACT,
      dimensions: [Dimension.entitled('Users'), Dimension.entitled('Tier')],
    });

    // What each tenant may use: bought, upgraded, downgraded, renewed, and nothing when the contract has ended.
    const plans = new dynamodb.TableV2(this, 'Plans', {
      partitionKey: { name: 'licenseId', type: dynamodb.AttributeType.STRING },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const resize = new lambda.Function(this, 'Resize', {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(path.join(__dirname, 'functions', 'resize')),
      timeout: Duration.seconds(10),
      memorySize: 256,
      environment: { PLANS_TABLE: plans.tableName },
    });
    plans.grantReadWriteData(resize);
    marketplace.onEntitlementChanged('OnEntitlementChanged', { target: new LambdaFunction(resize) });

    new CfnOutput(this, 'FulfillmentUrl', { value: marketplace.registrationUrl });
    new CfnOutput(this, 'SubscriptionsTableName', { value: marketplace.subscriptionsTable.tableName });
    new CfnOutput(this, 'PlansTableName', { value: plans.tableName });
  }
}
