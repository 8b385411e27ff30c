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
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.TableV2;
import software.amazon.awscdk.services.events.targets.LambdaFunction;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.Runtime;
import software.constructs.Construct;

/**
 * A SaaS product with contract pricing: buyers pay up front for users, storage, a tier and single sign-on. Tenants are opened and
 * closed with the subscription, and their plan follows the contract.
 */
public class ContractProductStack extends Stack {
    /**
     * @param productCode of the listing, from the AWS Marketplace Management Portal
     */
    public ContractProductStack(final Construct scope, final String id, final String productCode) {
        super(scope, id);

        MarketplaceSaasIntegration marketplace = MarketplaceSaasIntegration.Builder.create(this, "Marketplace")
            .productCode(productCode)
            .pricingModel(SaasPricingModel.CONTRACT)
            .dimensions(List.of(Dimension.entitled("Users"), Dimension.entitled("StorageTb"), Dimension.entitled("Tier"), Dimension.entitled("Sso")))
            .build();

        // What each tenant may use: bought, upgraded, downgraded, renewed, and nothing when the contract has ended.
        TableV2 plans = table("Plans");
        Function resize = nodeFunction("Resize", Map.of("PLANS_TABLE", plans.getTableName()));
        plans.grantReadWriteData(resize);
        marketplace.onEntitlementChanged("OnEntitlementChanged", on(resize));

        // Tenants come and go with their subscriptions.
        TableV2 tenants = table("Tenants");
        Function provision = nodeFunction("Provision", Map.of("TENANTS_TABLE", tenants.getTableName()));
        tenants.grantReadWriteData(provision);
        marketplace.onSubscriptionActivated("OnActivated", on(provision));
        marketplace.onSubscriptionEnded("OnEnded", on(provision));

        output("FulfillmentUrl", marketplace.getRegistrationUrl());
        output("SubscriptionsTableName", marketplace.getSubscriptionsTable().getTableName());
        output("PlansTableName", plans.getTableName());
        output("TenantsTableName", tenants.getTableName());
    }

    private TableV2 table(final String id) {
        return TableV2.Builder.create(this, id)
            .partitionKey(Attribute.builder().name("licenseId").type(AttributeType.STRING).build())
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
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
