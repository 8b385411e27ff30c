using System.Collections.Generic;
using Amazon.CDK;
using Amazon.CDK.AWS.DynamoDB;
using Amazon.CDK.AWS.Events.Targets;
using Amazon.CDK.AWS.Lambda;
using CdkMarketplaceSaas;
using Constructs;

namespace SaasProduct
{
    public class ContractProductStackProps : StackProps
    {
        /// <summary>Product code of the listing, from the AWS Marketplace Management Portal.</summary>
        public required string ProductCode { get; init; }
    }

    /// <summary>
    /// A SaaS product with contract pricing: buyers pay up front for users, storage, a tier and single sign-on. Tenants are opened and
    /// closed with the subscription, and their plan follows the contract.
    /// </summary>
    public class ContractProductStack : Stack
    {
        public ContractProductStack(Construct scope, string id, ContractProductStackProps props) : base(scope, id, props)
        {
            var marketplace = new MarketplaceSaasIntegration(this, "Marketplace", new MarketplaceSaasIntegrationProps
            {
                ProductCode = props.ProductCode,
                PricingModel = SaasPricingModel.CONTRACT,
                Dimensions = new[] { Dimension.Entitled("Users"), Dimension.Entitled("StorageTb"), Dimension.Entitled("Tier"), Dimension.Entitled("Sso") }
            });

            // What each tenant may use: bought, upgraded, downgraded, renewed, and nothing when the contract has ended.
            var plans = Table("Plans");
            var resize = NodeFunction("Resize", new Dictionary<string, string> { ["PLANS_TABLE"] = plans.TableName });
            plans.GrantReadWriteData(resize);
            marketplace.OnEntitlementChanged("OnEntitlementChanged", new DomainEventOptions { Target = new LambdaFunction(resize) });

            // Tenants come and go with their subscriptions.
            var tenants = Table("Tenants");
            var provision = NodeFunction("Provision", new Dictionary<string, string> { ["TENANTS_TABLE"] = tenants.TableName });
            tenants.GrantReadWriteData(provision);
            marketplace.OnSubscriptionActivated("OnActivated", new DomainEventOptions { Target = new LambdaFunction(provision) });
            marketplace.OnSubscriptionEnded("OnEnded", new DomainEventOptions { Target = new LambdaFunction(provision) });

            Output("FulfillmentUrl", marketplace.RegistrationUrl);
            Output("SubscriptionsTableName", marketplace.SubscriptionsTable.TableName);
            Output("PlansTableName", plans.TableName);
            Output("TenantsTableName", tenants.TableName);
        }

        private TableV2 Table(string id) => new(this, id, new TablePropsV2
        {
            PartitionKey = new Attribute { Name = "licenseId", Type = AttributeType.STRING },
            RemovalPolicy = RemovalPolicy.DESTROY
        });

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
