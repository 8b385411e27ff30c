import boto3
import pytest
from sandbox import Sandbox


@pytest.fixture(scope="module")
def sandbox():
    running = Sandbox("cdk.out", "--stack", "ContractProduct", "--time", "2026-11-23T09:00:00Z")
    yield running
    assert not any(running.state()["deadLetters"].values())
    assert running.stop() == 0, "a function was denied an AWS call, or failed"


def plan_of(sandbox, license_id):
    """What the buyer's plan allows, by dimension."""
    plans = boto3.resource(
        "dynamodb", endpoint_url=sandbox.endpoint, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    ).Table(sandbox.outputs["PlansTableName"])
    entitlements = plans.get_item(Key={"licenseId": license_id})["Item"]["entitlements"]
    return {dimension: entitlement["value"] for dimension, entitlement in entitlements.items()}


def test_a_plan_follows_the_contract_bought_upgraded_and_nothing_once_it_has_ended(sandbox):
    bought = sandbox.purchase(quantities={"Users": 10, "Tier": "gold"})
    sandbox.advance("PT2M")
    assert plan_of(sandbox, bought["licenseId"]) == {"Users": 10, "Tier": "gold"}
    sandbox.request(f"agreements/{bought['agreementId']}/amend", {"quantities": {"Users": 25, "Tier": "gold"}})
    sandbox.advance("PT5M")
    assert plan_of(sandbox, bought["licenseId"]) == {"Users": 25, "Tier": "gold"}
    sandbox.agreement(bought["agreementId"], "cancel")
    sandbox.advance("PT5M")
    assert plan_of(sandbox, bought["licenseId"]) == {}
