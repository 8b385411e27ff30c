from __future__ import annotations

import json
import os
from decimal import Decimal
from typing import TYPE_CHECKING

import boto3
from boto3.dynamodb.conditions import Attr
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from marketplace_types import EntitlementChangedDetail

plans = boto3.resource("dynamodb").Table(os.environ["PLANS_TABLE"])


def handler(event, context):
    """Gives a tenant what its contract entitles it to.

    Events come at least once and in any order: each has all entitlements in force since `changedAt`, so the latest one
    decides, and an older or repeated one changes nothing. Without entitlements the tenant may use nothing.
    """
    detail: EntitlementChangedDetail = event["detail"]
    changed = Attr("changedAt").not_exists() | Attr("changedAt").lt(detail["changedAt"])
    try:
        plans.update_item(
            Key={"licenseId": detail["licenseId"]},
            UpdateExpression="SET entitlements = :entitlements, changedAt = :changedAt",
            ConditionExpression=changed,
            ExpressionAttributeValues={
                # DynamoDB takes no float.
                ":entitlements": json.loads(json.dumps(detail["entitlements"]), parse_float=Decimal),
                ":changedAt": detail["changedAt"],
            },
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
