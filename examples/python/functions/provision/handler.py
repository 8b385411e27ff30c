import os

import boto3

tenants = boto3.resource("dynamodb").Table(os.environ["TENANTS_TABLE"])


def handler(event, context):
    """Opens a tenant when its subscription is activated, closes it when the subscription has ended.

    Events come at least once and in any order: each writes its own attribute, so a redelivery or a late event changes
    nothing.
    """
    attribute = "activatedAt" if event["detail-type"] == "Subscription Activated" else "closedAt"
    tenants.update_item(
        Key={"licenseId": event["detail"]["licenseId"]},
        UpdateExpression="SET #at = if_not_exists(#at, :time)",
        ExpressionAttributeNames={"#at": attribute},
        ExpressionAttributeValues={":time": event["time"]},
    )
