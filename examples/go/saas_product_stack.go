package main

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awseventstargets"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	marketplacesaas "github.com/cdk-marketplace-saas/cdk-marketplace-saas-go/cdkmarketplacesaas"
)

// SaasProductStackProps are the props of a SaaS product.
type SaasProductStackProps struct {
	awscdk.StackProps
	// ProductCode is that of the listing, from the AWS Marketplace Management Portal.
	ProductCode string
}

// NewSaasProductStack makes a SaaS product with usage pricing: buyers subscribe on AWS Marketplace, are provisioned as
// tenants, call the API, and pay for the calls and the storage they use.
func NewSaasProductStack(scope constructs.Construct, id string, props *SaasProductStackProps) awscdk.Stack {
	stack := awscdk.NewStack(scope, &id, &props.StackProps)

	marketplace := marketplacesaas.NewMarketplaceSaasIntegration(stack, jsii.String("Marketplace"), &marketplacesaas.MarketplaceSaasIntegrationProps{
		ProductCode:  jsii.String(props.ProductCode),
		PricingModel: marketplacesaas.SaasPricingModel_SUBSCRIPTION,
		Dimensions: &[]marketplacesaas.Dimension{
			marketplacesaas.Dimension_Metered(jsii.String("ApiCalls"), nil),
			marketplacesaas.Dimension_Metered(jsii.String("StorageGb"), nil),
		},
	})

	tenants := awsdynamodb.NewTableV2(stack, jsii.String("Tenants"), &awsdynamodb.TablePropsV2{
		PartitionKey:  &awsdynamodb.Attribute{Name: jsii.String("licenseId"), Type: awsdynamodb.AttributeType_STRING},
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})

	// Tenants come and go with their subscriptions.
	provision := nodeFunction(stack, "Provision", map[string]*string{"TENANTS_TABLE": tenants.TableName()})
	tenants.GrantReadWriteData(provision)
	marketplace.OnSubscriptionActivated(jsii.String("OnActivated"), to(provision))
	marketplace.OnSubscriptionEnded(jsii.String("OnEnded"), to(provision))

	// The product itself: every call is usage, reported with an id of its own.
	api := nodeFunction(stack, "Api", map[string]*string{
		"TENANTS_TABLE":   tenants.TableName(),
		"USAGE_QUEUE_URL": marketplace.UsageQueue().QueueUrl(),
	})
	tenants.GrantReadData(api)
	marketplace.GrantReportUsage(api)
	rest := awsapigateway.NewLambdaRestApi(stack, jsii.String("ProductApi"), &awsapigateway.LambdaRestApiProps{
		Handler:        api,
		CloudWatchRole: jsii.Bool(false),
	})

	output(stack, "FulfillmentUrl", marketplace.RegistrationUrl())
	output(stack, "ProductApiUrl", rest.Url())
	output(stack, "TenantsTableName", tenants.TableName())
	output(stack, "UsageQueueUrl", marketplace.UsageQueue().QueueUrl())
	output(stack, "UsageTableName", marketplace.UsageTable().TableName())
	return stack
}

func to(function awslambda.Function) *marketplacesaas.DomainEventOptions {
	return &marketplacesaas.DomainEventOptions{Target: awseventstargets.NewLambdaFunction(function, nil)}
}

func nodeFunction(stack awscdk.Stack, id string, environment map[string]*string) awslambda.Function {
	return awslambda.NewFunction(stack, &id, &awslambda.FunctionProps{
		Runtime:     awslambda.Runtime_NODEJS_24_X(),
		Handler:     jsii.String("index.handler"),
		Code:        awslambda.Code_FromAsset(jsii.String("functions/"+strings.ToLower(id)), nil),
		Timeout:     awscdk.Duration_Seconds(jsii.Number(10)),
		MemorySize:  jsii.Number(256),
		Environment: &environment,
	})
}

func output(stack awscdk.Stack, id string, value *string) {
	awscdk.NewCfnOutput(stack, &id, &awscdk.CfnOutputProps{Value: value})
}
