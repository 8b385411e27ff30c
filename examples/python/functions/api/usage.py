import json
import os
from datetime import datetime, timezone

import boto3

sqs = boto3.client("sqs")


def report_usage(license_id: str, record_id: str, quantity: int | str, at: datetime, *, dimension: str | None = None,
                 metric: str | None = None, tags: dict[str, str] | None = None) -> None:
    """Reports usage in a dimension, or in a metric that is billed as one.

    record_id is the idempotency key: the same usage must always be reported with the same id, quantity and time.
    """
    record = {
        "id": record_id,
        "license": license_id,
        "dimension": dimension,
        "metric": metric,
        "quantity": quantity,
        "time": at.astimezone(timezone.utc).isoformat(),
        "tags": tags,
    }
    body = json.dumps({name: value for name, value in record.items() if value is not None})
    sqs.send_message(QueueUrl=os.environ["USAGE_QUEUE_URL"], MessageBody=body)
