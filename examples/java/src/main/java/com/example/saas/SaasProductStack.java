package com.example.saas;

import io.github.cdkmarketplacesaas.Dimension;
import io.github.cdkmarketplacesaas.DomainEventOptions;
import io.github.cdkmarketplacesaas.MarketplaceSaasIntegration;
import io.github.cdkmarketplacesaas.SaasPricingModel;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.apigateway.LambdaRestApi;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.TableV2;
import software.amazon.awscdk.services.events.targets.LambdaFunction;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.Runtime;
import software.constructs.Construct;

/**
 * A SaaS product with usage pricing: buyers subscribe on AWS Marketplace, are provisioned as tenants, call the API, and pay
 * for the calls and the storage they use.
 */
public class SaasProductStack extends Stack {
    /**
     * @param productCode of the listing, from the AWS Marketplace Management Portal
     */
    public SaasProductStack(final Construct scope, final String id, final String productCode) {
        super(scope, id);

        MarketplaceSaasIntegration marketplace = MarketplaceSaasIntegration.Builder.create(this, "Marketplace")
            .productCode(productCode)
            .pricingModel(SaasPricingModel.SUBSCRIPTION)
            .dimensions(List.of(Dimension.metered("ApiCalls"), Dimension.metered("StorageGb")))
            .build();

        TableV2 tenants = TableV2.Builder.create(this, "Tenants")
            .partitionKey(Attribute.builder().name("licenseId").type(AttributeType.STRING).build())
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();

        // Tenants come and go with their subscriptions.
        Function provision = nodeFunction("Provision", Map.of("TENANTS_TABLE", tenants.getTableName()));
        tenants.grantReadWriteData(provision);
        marketplace.onSubscriptionActivated("OnActivated", on(provision));
        marketplace.onSubscriptionEnded("OnEnded", on(provision));

        // The product itself: every call is usage, reported with an id of its own.
        Function api = nodeFunction("Api", Map.of(
            "TENANTS_TABLE", tenants.getTableName(),
            "USAGE_QUEUE_URL", marketplace.getUsageQueue().getQueueUrl()));
        tenants.grantReadData(api);
        marketplace.grantReportUsage(api);
        LambdaRestApi rest = LambdaRestApi.Builder.create(this, "ProductApi").handler(api).cloudWatchRole(false).build();

        output("FulfillmentUrl", marketplace.getRegistrationUrl());
        output("ProductApiUrl", rest.getUrl());
        output("TenantsTableName", tenants.getTableName());
        output("UsageQueueUrl", marketplace.getUsageQueue().getQueueUrl());
        output("UsageTableName", marketplace.getUsageTable().getTableName());
    }

    private static DomainEventOptions on(final Function function) {
        return DomainEventOptions.builder().target(new LambdaFunction(function)).build();
    }

    private Function nodeFunction(final String id, final Map<String, String> environment) {
        return Function.Builder.create(this, id)
            .runtime(Runtime.NODEJS_24_X)
            .handler("index.handler")
            .code(Code.fromAsset("functions/" + id.toLowerCase()))
            .timeout(Duration.seconds(10))
            .memorySize(256)
            .environment(environment)
            .build();
    }

    private void output(final String id, final String value) {
        CfnOutput.Builder.create(this, id).value(value).build();
    }
}
