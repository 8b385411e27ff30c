import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { describeError } from '../domain/describe-error';
import type { Log } from '../domain/ports';
import { type NotificationEnvelope, readEnvelope } from '../domain/subscription/notification';

/** Takes notifications as they are: the workload reads them. */
export interface NotificationReceiver {
  /** @throws when the notification was not taken */
  forward(envelope: NotificationEnvelope): Promise<void>;
}

export interface ForwardingDependencies {
  readonly bus: NotificationReceiver;
  readonly log: Log;
}

/**
 * Forwards a batch of the queue, one message after the other. A message that is not SNS's envelope, or that the bus does not take,
 * returns to the queue alone; after the last attempt the queue moves it to its dead-letter queue.
 */
export async function forwardBatch({ Records: records }: SQSEvent, { bus, log }: ForwardingDependencies): Promise<SQSBatchResponse> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { messageId, body } of records) {
    try {
      const envelope = readEnvelope(body);
      await bus.forward(envelope);
      log.info('Notification forwarded', { messageId, topicArn: envelope.TopicArn });
    } catch (error) {
      batchItemFailures.push({ itemIdentifier: messageId });
      log.error('A notification could not be forwarded', { messageId, ...describeError(error) });
    }
  }
  return { batchItemFailures };
}
