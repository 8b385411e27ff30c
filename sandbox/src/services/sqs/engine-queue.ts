import { OutgoingMessage } from './message';
import type { QueueModel } from './model';
import { nameOf } from '../../arn';
import { ENGINE_ACCOUNT, ENGINE_REGION } from '../fauxqs/fauxqs';

/** Messages are validated here while their delay runs. */
const STAGING_SUFFIX = '--staging';

export function stagingName(queue: QueueModel): string {
  return queue.fifo ? queue.name.replace(/\.fifo$/, `${STAGING_SUFFIX}.fifo`) : `${queue.name}${STAGING_SUFFIX}`;
}

export function stagingAttributes(queue: QueueModel): Record<string, string> {
  return queue.fifo ? { FifoQueue: 'true', ContentBasedDeduplication: String(queue.contentBasedDeduplication === true) } : {};
}

export function engineAttributes(queue: QueueModel): Record<string, string> {
  const redrive = queue.redrive && {
    deadLetterTargetArn: engineArn(nameOf(queue.redrive.deadLetterTargetArn)),
    maxReceiveCount: queue.redrive.maxReceiveCount,
  };
  return {
    VisibilityTimeout: String(queue.visibilityTimeoutSeconds),
    MessageRetentionPeriod: String(queue.retentionSeconds),
    ...redrive && { RedrivePolicy: JSON.stringify(redrive) },
    ...stagingAttributes(queue),
  };
}

export function engineMessage(queueName: string, message: OutgoingMessage): Record<string, unknown> {
  return {
    QueueUrl: queueName,
    MessageBody: message.body,
    MessageAttributes: message.attributes,
    MessageGroupId: message.groupId,
    MessageDeduplicationId: message.deduplicationId,
  };
}

function engineArn(name: string): string {
  return `arn:aws:sqs:${ENGINE_REGION}:${ENGINE_ACCOUNT}:${name}`;
}
