using System.Collections.Generic;
using Amazon.CDK;
using Amazon.CDK.AWS.APIGateway;
using Amazon.CDK.AWS.DynamoDB;
using Amazon.CDK.AWS.Events.Targets;
using Amazon.CDK.AWS.Lambda;
using CdkMarketplaceSaas;
using Constructs;

namespace SaasProduct
{
    public class SaasProductStackProps : StackProps
    {
        /// <summary>Product code of the listing, from the AWS Marketplace Management Portal.</summary>
        public required string ProductCode { get; init; }
    }

    /// <summary>
    /// A SaaS product with usage pricing: buyers subscribe on AWS Marketplace, are provisioned as tenants, call the API, and
    /// pay for the calls and the storage they use.
    /// </summary>
    public class SaasProductStack : Stack
    {
        public SaasProductStack(Construct scope, string id, SaasProductStackProps props) : base(scope, id, props)
        {
            var marketplace = new MarketplaceSaasIntegration(this, "Marketplace", new MarketplaceSaasIntegrationProps
            {
                ProductCode = props.ProductCode,
                PricingModel = SaasPricingModel.SUBSCRIPTION,
                Dimensions = new[] { Dimension.Metered("ApiCalls"), Dimension.Metered("StorageGb") }
            });

            var tenants = new TableV2(this, "Tenants", new TablePropsV2
            {
                PartitionKey = new Attribute { Name = "licenseId", Type = AttributeType.STRING },
                RemovalPolicy = RemovalPolicy.DESTROY
            });

            // Tenants come and go with their subscriptions.
            var provision = NodeFunction("Provision", new Dictionary<string, string> { ["TENANTS_TABLE"] = tenants.TableName });
            tenants.GrantReadWriteData(provision);
            marketplace.OnSubscriptionActivated("OnActivated", new DomainEventOptions { Target = new LambdaFunction(provision) });
            marketplace.OnSubscriptionEnded("OnEnded", new DomainEventOptions { Target = new LambdaFunction(provision) });

            // The product itself: every call is usage, reported with an id of its own.
            var api = NodeFunction("Api", new Dictionary<string, string>
            {
                ["TENANTS_TABLE"] = tenants.TableName,
                ["USAGE_QUEUE_URL"] = marketplace.UsageQueue.QueueUrl
            });
            tenants.GrantReadData(api);
            marketplace.GrantReportUsage(api);
            var rest = new LambdaRestApi(this, "ProductApi", new LambdaRestApiProps { Handler = api, CloudWatchRole = false });

            Output("FulfillmentUrl", marketplace.RegistrationUrl);
            Output("ProductApiUrl", rest.Url);
            Output("TenantsTableName", tenants.TableName);
            Output("UsageQueueUrl", marketplace.UsageQueue.QueueUrl);
            Output("UsageTableName", marketplace.UsageTable.TableName);
        }

        private Function NodeFunction(string id, IDictionary<string, string> environment) => new(this, id, new FunctionProps
        {
            Runtime = Runtime.NODEJS_24_X,
            Handler = "index.handler",
            Code = Code.FromAsset($"functions/{id.ToLowerInvariant()}"),
            Timeout = Duration.Seconds(10),
            MemorySize = 256,
            Environment = environment
        });

        private void Output(string id, string value) => _ = new CfnOutput(this, id, new CfnOutputProps { Value = value });
    }
}
