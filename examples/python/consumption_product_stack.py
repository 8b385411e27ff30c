from pathlib import Path

from aws_cdk import CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from cdk_marketplace_saas import Dimension, MarketplaceSaasIntegration, OveragePeriod, SaasPricingModel
from constructs import Construct

FUNCTIONS = Path(__file__).parent / "functions"


class ConsumptionProductStack(Stack):
    """A SaaS product whose contract has a part that is paid up front and a part that is paid by use: a tier, calls of the API, and
    users, servers and jobs, of which only those beyond what was bought are billed. Tenants are opened and closed with the subscription,
    and their plan follows the contract.

    product_code: of the listing, from the AWS Marketplace Management Portal.
    """

    def __init__(self, scope: Construct, construct_id: str, *, product_code: str, **kwargs) -> None:
        super().__init__(scope, construct_id, **kwargs)

        marketplace = MarketplaceSaasIntegration(
            self,
            "Marketplace",
            product_code=product_code,
            pricing_model=SaasPricingModel.CONTRACT_WITH_CONSUMPTION,
            dimensions=[
                Dimension.entitled("Tier"),
                Dimension.metered("ApiCalls"),
                Dimension.overage("ExtraUsers", of=Dimension.entitled("Users"), per=OveragePeriod.MONTH),
                Dimension.overage("ExtraServers", of=Dimension.entitled("Servers"), per=OveragePeriod.HOUR),
                Dimension.overage("ExtraJobs", of=Dimension.entitled("Jobs"), per=OveragePeriod.CONTRACT),
            ],
        )

        # Tenants come and go with their subscriptions.
        tenants = dynamodb.TableV2(
            self,
            "Tenants",
            partition_key=dynamodb.Attribute(name="licenseId", type=dynamodb.AttributeType.STRING),
            removal_policy=RemovalPolicy.DESTROY,
        )
        provision = self.python_function("Provision", {"TENANTS_TABLE": tenants.table_name})
        tenants.grant_read_write_data(provision)
        marketplace.on_subscription_activated("OnActivated", target=targets.LambdaFunction(provision))
        marketplace.on_subscription_ended("OnEnded", target=targets.LambdaFunction(provision))

        # What each tenant has bought up front.
        plans = dynamodb.TableV2(
            self,
            "Plans",
            partition_key=dynamodb.Attribute(name="licenseId", type=dynamodb.AttributeType.STRING),
            removal_policy=RemovalPolicy.DESTROY,
        )
        resize = self.python_function("Resize", {"PLANS_TABLE": plans.table_name})
        plans.grant_read_write_data(resize)
        marketplace.on_entitlement_changed("OnEntitlementChanged", target=targets.LambdaFunction(resize))

        # The product reports all usage, what was bought up front included: the integration bills what exceeds it.
        api = self.python_function(
            "Api", {"TENANTS_TABLE": tenants.table_name, "USAGE_QUEUE_URL": marketplace.usage_queue.queue_url}
        )
        tenants.grant_read_data(api)
        marketplace.grant_report_usage(api)
        rest = apigateway.LambdaRestApi(self, "ProductApi", handler=api, cloud_watch_role=False)

        CfnOutput(self, "FulfillmentUrl", value=marketplace.registration_url)
        CfnOutput(self, "ProductApiUrl", value=rest.url)
        CfnOutput(self, "SubscriptionsTableName", value=marketplace.subscriptions_table.table_name)
        CfnOutput(self, "PlansTableName", value=plans.table_name)
        CfnOutput(self, "TenantsTableName", value=tenants.table_name)
        CfnOutput(self, "UsageQueueUrl", value=marketplace.usage_queue.queue_url)
        CfnOutput(self, "UsageTableName", value=marketplace.usage_table.table_name)

    def python_function(self, name: str, environment: dict[str, str]) -> lambda_.Function:
        return lambda_.Function(
            self,
            name,
            runtime=lambda_.Runtime.PYTHON_3_13,
            handler="handler.handler",
            code=lambda_.Code.from_asset(str(FUNCTIONS / name.lower())),
            timeout=Duration.seconds(10),
            memory_size=256,
            environment=environment,
        )
