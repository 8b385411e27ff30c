import { Dimension, MarketplaceSaasIntegration, SaasPricingModel } from 'cdk-marketplace-saas';
import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import { nodeFunction } from './node-function.ts';

export interface ContractProductStackProps extends StackProps {
  /** Product code of the listing, from the AWS Marketplace Management Portal. */
  readonly productCode: string;
}

/**
 * A SaaS product with contract pricing: buyers pay up front for users, storage, a tier and single sign-on. Tenants are opened
 * and closed with the subscription, and their plan follows the contract.
 */
export class ContractProductStack extends Stack {
  constructor(scope: Construct, id: string, { productCode, ...props }: ContractProductStackProps) {
    super(scope, id, props);

    const marketplace = new MarketplaceSaasIntegration(this, 'Marketplace', {
      productCode,
      pricingModel: SaasPricingModel.CONTRACT,
      dimensions: ['Users', 'StorageTb', 'Tier', 'Sso'].map((name) => Dimension.entitled(name)),
    });

    // What each tenant may use: bought, upgraded, downgraded, renewed, and nothing when the contract has ended.
    const plans = new dynamodb.TableV2(this, 'Plans', {
      partitionKey: { name: 'licenseId', type: dynamodb.AttributeType.STRING },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const resize = nodeFunction(this, 'Resize', { PLANS_TABLE: plans.tableName });
    plans.grantReadWriteData(resize);
    marketplace.onEntitlementChanged('OnEntitlementChanged', { target: new LambdaFunction(resize) });

    // Tenants come and go with their subscriptions.
    const tenants = new dynamodb.TableV2(this, 'Tenants', {
      partitionKey: { name: 'licenseId', type: dynamodb.AttributeType.STRING },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const provision = nodeFunction(this, 'Provision', { TENANTS_TABLE: tenants.tableName });
    tenants.grantReadWriteData(provision);
    marketplace.onSubscriptionActivated('OnActivated', { target: new LambdaFunction(provision) });
    marketplace.onSubscriptionEnded('OnEnded', { target: new LambdaFunction(provision) });

    new CfnOutput(this, 'FulfillmentUrl', { value: marketplace.registrationUrl });
    new CfnOutput(this, 'SubscriptionsTableName', { value: marketplace.subscriptionsTable.tableName });
    new CfnOutput(this, 'PlansTableName', { value: plans.tableName });
    new CfnOutput(this, 'TenantsTableName', { value: tenants.tableName });
  }
}
