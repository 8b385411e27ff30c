import { AgreementMode, Dimension, MarketplaceSaasIntegration, OveragePeriod, SaasPricingModel } from 'cdk-marketplace-saas';
import { CfnOutput, RemovalPolicy, Stack, StackProps } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { nodeFunction } from './node-function';

export interface ConsumptionProductStackProps extends StackProps {
  /** Product code of the listing, from the AWS Marketplace Management Portal. */
  readonly productCode: string;
  /** `LEGACY`, or `MIGRATING`, for a product that AWS Marketplace announces by SNS topics. @default AgreementMode.CONCURRENT */
  readonly agreementMode?: AgreementMode;
}

/**
 * A SaaS product whose contract has a part that is paid up front and a part that is paid by use: a tier, calls of the API,
 * and users, servers and jobs, of which only those beyond what was bought are billed. Tenants are opened and closed with the
 * subscription, and their plan follows the contract.
 */
export class ConsumptionProductStack extends Stack {
  constructor(scope: Construct, id: string, { productCode, agreementMode, ...props }: ConsumptionProductStackProps) {
    super(scope, id, props);

    const marketplace = new MarketplaceSaasIntegration(this, 'Marketplace', {
      productCode,
      agreementMode,
      pricingModel: SaasPricingModel.CONTRACT_WITH_CONSUMPTION,
      dimensions: [
        Dimension.entitled('Tier'),
        Dimension.metered('ApiCalls'),
        Dimension.overage('ExtraUsers', { of: Dimension.entitled('Users'), per: OveragePeriod.MONTH }),
        Dimension.overage('ExtraServers', { of: Dimension.entitled('Servers'), per: OveragePeriod.HOUR }),
        Dimension.overage('ExtraJobs', {
          of: Dimension.entitled('Jobs'),
          // Notifications of a legacy product do not distinguish a renewed contract from an amended one.
          per: (agreementMode ?? AgreementMode.CONCURRENT) === AgreementMode.CONCURRENT ? OveragePeriod.CONTRACT : OveragePeriod.MONTH,
        }),
      ],
    });

    // Tenants come and go with their subscriptions.
    const tenants = new dynamodb.TableV2(this, 'Tenants', {
      partitionKey: { name: 'licenseId', type: dynamodb.AttributeType.STRING },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const provision = nodeFunction(this, 'Provision', { TENANTS_TABLE: tenants.tableName });
    tenants.grantReadWriteData(provision);
    marketplace.onSubscriptionActivated('OnActivated', { target: new LambdaFunction(provision) });
    marketplace.onSubscriptionEnded('OnEnded', { target: new LambdaFunction(provision) });

    // What each tenant has bought up front.
    const plans = new dynamodb.TableV2(this, 'Plans', {
      partitionKey: { name: 'licenseId', type: dynamodb.AttributeType.STRING },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const resize = nodeFunction(this, 'Resize', { PLANS_TABLE: plans.tableName });
    plans.grantReadWriteData(resize);
    marketplace.onEntitlementChanged('OnEntitlementChanged', { target: new LambdaFunction(resize) });

    // The product reports all usage, what was bought up front included: the integration bills what exceeds it.
    const api = nodeFunction(this, 'Api', {
      TENANTS_TABLE: tenants.tableName,
      USAGE_QUEUE_URL: marketplace.usageQueue.queueUrl,
    });
    tenants.grantReadData(api);
    marketplace.grantReportUsage(api);
    const rest = new apigateway.LambdaRestApi(this, 'ProductApi', { handler: api, cloudWatchRole: false });

    new CfnOutput(this, 'FulfillmentUrl', { value: marketplace.registrationUrl });
    new CfnOutput(this, 'ProductApiUrl', { value: rest.url });
    new CfnOutput(this, 'SubscriptionsTableName', { value: marketplace.subscriptionsTable.tableName });
    new CfnOutput(this, 'PlansTableName', { value: plans.tableName });
    new CfnOutput(this, 'TenantsTableName', { value: tenants.tableName });
    new CfnOutput(this, 'UsageQueueUrl', { value: marketplace.usageQueue.queueUrl });
    new CfnOutput(this, 'UsageTableName', { value: marketplace.usageTable.tableName });
  }
}
