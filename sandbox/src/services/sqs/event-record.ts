import { ReceivedMessage } from './message';
import type { QueueModel } from './model';
import { regionOf } from '../../arn';

/** One record of the event Lambda makes of a batch of messages. */
export function sqsEventRecord(queue: QueueModel, message: ReceivedMessage): Record<string, unknown> {
  const attributes = Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, {
    ...value.StringValue !== undefined && { stringValue: value.StringValue },
    ...value.BinaryValue !== undefined && { binaryValue: value.BinaryValue },
    stringListValues: [],
    binaryListValues: [],
    dataType: value.DataType,
  }]);
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes,
    messageAttributes: Object.fromEntries(attributes),
    ...message.MD5OfMessageAttributes && { md5OfMessageAttributes: message.MD5OfMessageAttributes },
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queue.arn,
    awsRegion: regionOf(queue.arn),
  };
}
