import json
import urllib.error
import urllib.request

import boto3
import pytest
from sandbox import Sandbox


@pytest.fixture(scope="module")
def running():
    sandbox = Sandbox("cdk.out", "--stack", "SaasProduct", "--time", "2026-11-23T09:00:00Z")
    yield sandbox
    assert sandbox.stop() == 0, "a function was denied an AWS call, or failed"


@pytest.fixture
def sandbox(running):
    running.reset()
    yield running
    assert not any(running.state()["deadLetters"].values())


def subscribe(sandbox):
    """A buyer subscribes, and AWS Marketplace's events arrive."""
    bought = sandbox.purchase()
    sandbox.advance("PT2M")
    return bought


def call(sandbox, license_id, quantity):
    """A user of the product calls its API. Returns the status."""
    url = f"{sandbox.outputs['ProductApiUrl']}{license_id}/ApiCalls"
    try:
        with urllib.request.urlopen(urllib.request.Request(url, json.dumps({"quantity": quantity}).encode())) as response:
            return response.status
    except urllib.error.HTTPError as error:
        return error.code


def billed(sandbox):
    """What AWS Marketplace would bill."""
    records = sandbox.state()["meteringRecords"]
    return [record["quantity"] for record in records if record["dimension"] == "ApiCalls" and record["quantity"] > 0]


def test_what_a_buyer_uses_is_billed_in_its_hour(sandbox):
    license_id = subscribe(sandbox)["licenseId"]
    assert call(sandbox, license_id, 3) == 202
    assert call(sandbox, license_id, 4) == 202
    sandbox.advance("PT1H15M")
    assert billed(sandbox) == [7]


def test_a_tenant_is_opened_when_its_subscription_is_activated_and_closed_when_it_has_ended(sandbox):
    bought = subscribe(sandbox)
    tenants = boto3.resource(
        "dynamodb", endpoint_url=sandbox.endpoint, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    ).Table(sandbox.outputs["TenantsTableName"])
    key = {"licenseId": bought["licenseId"]}
    assert "closedAt" not in tenants.get_item(Key=key)["Item"]
    sandbox.agreement(bought["agreementId"], "cancel")
    sandbox.advance("PT2H")
    assert "closedAt" in tenants.get_item(Key=key)["Item"]


def test_a_buyer_who_has_cancelled_is_locked_out_and_pays_for_the_last_hour(sandbox):
    bought = subscribe(sandbox)
    assert call(sandbox, bought["licenseId"], 2) == 202
    sandbox.agreement(bought["agreementId"], "cancel")
    sandbox.advance("PT2H")
    assert billed(sandbox) == [2]
    assert call(sandbox, bought["licenseId"], 1) == 403
