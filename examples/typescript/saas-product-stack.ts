import { AgreementMode, Dimension, MarketplaceSaasIntegration, SaasPricingModel, SellerAccess } from 'cdk-marketplace-saas';
import { CfnOutput, RemovalPolicy, Stack, StackProps } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { nodeFunction } from './node-function';

export interface SaasProductStackProps extends StackProps {
  /** Product code of the listing, from the AWS Marketplace Management Portal. */
  readonly productCode: string;
  /** `LEGACY`, or `MIGRATING`, for a product that AWS Marketplace announces by SNS topics. @default AgreementMode.CONCURRENT */
  readonly agreementMode?: AgreementMode;
  /** Role of the seller account, where this stack is in another one. @default the stack is in the seller account */
  readonly sellerAccess?: SellerAccess;
}

/**
 * A SaaS product with usage pricing: buyers subscribe on AWS Marketplace, are provisioned as tenants, call the API,
 * and pay for the calls and the storage they use.
 */
export class SaasProductStack extends Stack {
  constructor(scope: Construct, id: string, { productCode, agreementMode, sellerAccess, ...props }: SaasProductStackProps) {
    super(scope, id, props);

    const marketplace = new MarketplaceSaasIntegration(this, 'Marketplace', {
      productCode,
      agreementMode,
      sellerAccess,
      pricingModel: SaasPricingModel.SUBSCRIPTION,
      dimensions: [Dimension.metered('ApiCalls'), Dimension.metered('StorageGb')],
    });

    const tenants = new dynamodb.TableV2(this, 'Tenants', {
      partitionKey: { name: 'licenseId', type: dynamodb.AttributeType.STRING },
      removalPolicy: RemovalPolicy.DESTROY,
    });

    // Tenants come and go with their subscriptions.
    const provision = nodeFunction(this, 'Provision', { TENANTS_TABLE: tenants.tableName });
    tenants.grantReadWriteData(provision);
    marketplace.onSubscriptionActivated('OnActivated', { target: new LambdaFunction(provision) });
    marketplace.onSubscriptionEnded('OnEnded', { target: new LambdaFunction(provision) });

    // The product itself: every call is usage, reported with an id of its own.
    const api = nodeFunction(this, 'Api', {
      TENANTS_TABLE: tenants.tableName,
      USAGE_QUEUE_URL: marketplace.usageQueue.queueUrl,
    });
    tenants.grantReadData(api);
    marketplace.grantReportUsage(api);
    const rest = new apigateway.LambdaRestApi(this, 'ProductApi', { handler: api, cloudWatchRole: false });

    new CfnOutput(this, 'FulfillmentUrl', { value: marketplace.registrationUrl });
    new CfnOutput(this, 'ProductApiUrl', { value: rest.url });
    new CfnOutput(this, 'TenantsTableName', { value: tenants.tableName });
    new CfnOutput(this, 'UsageQueueUrl', { value: marketplace.usageQueue.queueUrl });
    new CfnOutput(this, 'UsageTableName', { value: marketplace.usageTable.tableName });
  }
}
