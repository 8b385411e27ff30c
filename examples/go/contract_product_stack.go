package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	marketplacesaas "github.com/cdk-marketplace-saas/cdk-marketplace-saas-go/cdkmarketplacesaas"
)

// ContractProductStackProps are the props of a SaaS product with contracts.
type ContractProductStackProps struct {
	awscdk.StackProps
	// ProductCode is that of the listing, from the AWS Marketplace Management Portal.
	ProductCode string
}

// NewContractProductStack makes a SaaS product with contract pricing: buyers pay up front for users, storage, a tier and single
// sign-on. Tenants are opened and closed with the subscription, and their plan follows the contract.
func NewContractProductStack(scope constructs.Construct, id string, props *ContractProductStackProps) awscdk.Stack {
	stack := awscdk.NewStack(scope, &id, &props.StackProps)

	marketplace := marketplacesaas.NewMarketplaceSaasIntegration(stack, jsii.String("Marketplace"), &marketplacesaas.MarketplaceSaasIntegrationProps{
		ProductCode:  jsii.String(props.ProductCode),
		PricingModel: marketplacesaas.SaasPricingModel_CONTRACT,
		Dimensions: &[]marketplacesaas.Dimension{
			marketplacesaas.Dimension_Entitled(jsii.String("Users")),
			marketplacesaas.Dimension_Entitled(jsii.String("StorageTb")),
			marketplacesaas.Dimension_Entitled(jsii.String("Tier")),
			marketplacesaas.Dimension_Entitled(jsii.String("Sso")),
		},
	})

	// What each tenant may use: bought, upgraded, downgraded, renewed, and nothing when the contract has ended.
	plans := table(stack, "Plans")
	resize := nodeFunction(stack, "Resize", map[string]*string{"PLANS_TABLE": plans.TableName()})
	plans.GrantReadWriteData(resize)
	marketplace.OnEntitlementChanged(jsii.String("OnEntitlementChanged"), to(resize))

	// Tenants come and go with their subscriptions.
	tenants := table(stack, "Tenants")
	provision := nodeFunction(stack, "Provision", map[string]*string{"TENANTS_TABLE": tenants.TableName()})
	tenants.GrantReadWriteData(provision)
	marketplace.OnSubscriptionActivated(jsii.String("OnActivated"), to(provision))
	marketplace.OnSubscriptionEnded(jsii.String("OnEnded"), to(provision))

	output(stack, "FulfillmentUrl", marketplace.RegistrationUrl())
	output(stack, "SubscriptionsTableName", marketplace.SubscriptionsTable().TableName())
	output(stack, "PlansTableName", plans.TableName())
	output(stack, "TenantsTableName", tenants.TableName())
	return stack
}

func table(stack awscdk.Stack, id string) awsdynamodb.TableV2 {
	return awsdynamodb.NewTableV2(stack, &id, &awsdynamodb.TablePropsV2{
		PartitionKey:  &awsdynamodb.Attribute{Name: jsii.String("licenseId"), Type: awsdynamodb.AttributeType_STRING},
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
}
