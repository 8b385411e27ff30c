import json
import os
from datetime import datetime, timezone

import boto3
from usage import report_usage

tenants = boto3.resource("dynamodb").Table(os.environ["TENANTS_TABLE"])


def handler(event, context):
    """`POST /{licenseId}/{dimension}` with `{"quantity"}`: does the work (here: none) and reports it as usage."""
    license_id, dimension = [part for part in event["path"].split("/") if part]
    quantity = json.loads(event.get("body") or "{}")["quantity"]
    tenant = tenants.get_item(Key={"licenseId": license_id}).get("Item", {})
    if "activatedAt" not in tenant or "closedAt" in tenant:
        return {"statusCode": 403, "body": json.dumps({"message": "No active subscription"})}
    record_id = event["requestContext"]["requestId"]
    report_usage(license_id, record_id, quantity, datetime.now(timezone.utc), dimension=dimension)
    return {"statusCode": 202, "body": json.dumps({"id": record_id})}
