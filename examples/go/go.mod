module example.com/saas-on-aws-marketplace

go 1.25

require (
	github.com/aws/aws-cdk-go/awscdk/v2 v2.276.0
	github.com/aws/constructs-go/constructs/v10 v10.5.1
	github.com/aws/jsii-runtime-go v1.140.0
	github.com/cdk-marketplace-saas/cdk-marketplace-saas-go/cdkmarketplacesaas v0.0.0
)
