import json
import urllib.request

import boto3
import pytest
from sandbox import Sandbox


@pytest.fixture(scope="module")
def sandbox():
    """Synthesized by `npx aws-cdk@2 synth --context pricing=consumption --output consumption/cdk.out`."""
    running = Sandbox("consumption/cdk.out", "--time", "2026-11-23T09:00:00Z")
    yield running
    assert not any(running.state()["deadLetters"].values())
    assert running.stop() == 0, "a function was denied an AWS call, or failed"


def use(sandbox, license_id, dimension, quantity):
    """A user of the product calls its API, which reports the usage."""
    url = f"{sandbox.outputs['ProductApiUrl']}{license_id}/{dimension}"
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps({"quantity": quantity}).encode())) as response:
        assert response.status == 202


def billed(sandbox, dimension):
    """What AWS Marketplace would bill."""
    records = sandbox.state()["meteringRecords"]
    return [record["quantity"] for record in records if record["dimension"] == dimension and record["quantity"] > 0]


def test_a_buyer_pays_for_calls_and_for_users_beyond_those_of_the_contract(sandbox):
    bought = sandbox.purchase(quantities={"Users": 10, "Tier": "gold"})
    license_id = bought["licenseId"]
    sandbox.advance("PT2M")
    plans = boto3.resource(
        "dynamodb", endpoint_url=sandbox.endpoint, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    ).Table(sandbox.outputs["PlansTableName"])
    plan = plans.get_item(Key={"licenseId": license_id})["Item"]["entitlements"]
    assert {dimension: entitlement["value"] for dimension, entitlement in plan.items()} == {"Users": 10, "Tier": "gold"}
    use(sandbox, license_id, "ApiCalls", 5)
    use(sandbox, license_id, "ExtraUsers", 12)
    sandbox.advance("PT1H15M")
    assert billed(sandbox, "ApiCalls") == [5]
    assert billed(sandbox, "ExtraUsers") == [2]
