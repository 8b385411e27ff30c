import os
from datetime import datetime

import boto3
from boto3.dynamodb.conditions import Attr

tenants = boto3.resource("dynamodb").Table(os.environ["TENANTS_TABLE"])


def handler(event, context):
    """Opens a tenant when its subscription is activated, closes it when the subscription has ended.

    Events come at least once and in any order, and a license that has ended may be activated again, under another
    agreement: what is known of each agreement is kept, and decides anew. Products of the legacy kind have no agreement ids:
    each event then stands for itself.
    """
    detail = event["detail"]
    key = {"licenseId": detail["licenseId"]}
    tenant = tenants.get_item(Key=key, ConsistentRead=True).get("Item", key)
    agreements = tenant.get("agreements", {})
    agreement = agreements.setdefault(detail.get("agreementId", detail["eventId"]), {})
    if event["detail-type"] == "Subscription Activated":
        agreement["activatedAt"] = event["time"]
    else:
        agreement.update(endedAt=detail["endedAt"], closedAt=event["time"])

    revision = tenant.get("revision", 0)
    kept = {name: value for name, value in tenant.items() if name not in ("activatedAt", "closedAt")}
    last = last_of(agreements)
    decided = {name: last[name] for name in ("activatedAt", "closedAt") if name in last}
    # Of two events at the same time, one is refused here, and delivered again.
    tenants.put_item(
        Item={**kept, **decided, "agreements": agreements, "revision": revision + 1},
        ConditionExpression=Attr("revision").eq(revision) if revision else Attr("licenseId").not_exists(),
    )


def last_of(agreements):
    """The agreement that came to hold the license last: one that was renewed has no end of its own."""
    return max(
        agreements.values(),
        key=lambda agreement: datetime.fromisoformat(agreement.get("activatedAt") or agreement["endedAt"]),
    )
