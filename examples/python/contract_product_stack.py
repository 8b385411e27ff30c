from pathlib import Path

from aws_cdk import CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from cdk_marketplace_saas import Dimension, MarketplaceSaasIntegration, SaasPricingModel
from constructs import Construct

FUNCTIONS = Path(__file__).parent / "functions"


class ContractProductStack(Stack):
    """A SaaS product with contract pricing: buyers pay up front for users, storage, a tier and single sign-on. Tenants are opened
    and closed with the subscription, and their plan follows the contract.

    product_code: of the listing, from the AWS Marketplace Management Portal.
    """

    def __init__(self, scope: Construct, construct_id: str, *, product_code: str, **kwargs) -> None:
        super().__init__(scope, construct_id, **kwargs)

        marketplace = MarketplaceSaasIntegration(
            self,
            "Marketplace",
            product_code=product_code,
            pricing_model=SaasPricingModel.CONTRACT,
            dimensions=[Dimension.entitled(name) for name in ("Users", "StorageTb", "Tier", "Sso")],
        )

        # What each tenant may use: bought, upgraded, downgraded, renewed, and nothing when the contract has ended.
        plans = dynamodb.TableV2(
            self,
            "Plans",
            partition_key=dynamodb.Attribute(name="licenseId", type=dynamodb.AttributeType.STRING),
            removal_policy=RemovalPolicy.DESTROY,
        )
        resize = self.python_function("Resize", {"PLANS_TABLE": plans.table_name})
        plans.grant_read_write_data(resize)
        marketplace.on_entitlement_changed("OnEntitlementChanged", target=targets.LambdaFunction(resize))

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

        CfnOutput(self, "FulfillmentUrl", value=marketplace.registration_url)
        CfnOutput(self, "SubscriptionsTableName", value=marketplace.subscriptions_table.table_name)
        CfnOutput(self, "PlansTableName", value=plans.table_name)
        CfnOutput(self, "TenantsTableName", value=tenants.table_name)

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
