import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type AgreementEventDependencies, handleAgreementEvent } from './handle-agreement-event';
import { describeError } from '../adapters/aws/logging';

/** A message that would begin later than this before the timeout goes back to the queue. */
const RESERVE_MILLIS = 10_000;

/**
 * Handles a batch of the queue, one message after the other. What fails comes back to the queue alone, and ends in
 * its dead-letter queue when it goes on failing; so does what there is no time for.
 *
 * @param remainingMillis how long the invocation may still take
 */
export async function handleBatch(
  { Records: records }: SQSEvent, dependencies: AgreementEventDependencies, remainingMillis: () => number,
): Promise<SQSBatchResponse> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { messageId, body } of records) {
    if (remainingMillis() < RESERVE_MILLIS) {
      batchItemFailures.push({ itemIdentifier: messageId });
      dependencies.log.warn('There was no time left for this agreement event', { messageId });
      continue;
    }
    try {
      await handleAgreementEvent(body, dependencies);
    } catch (error) {
      batchItemFailures.push({ itemIdentifier: messageId });
      dependencies.log.error('Agreement event failed', { messageId, ...describeError(error) });
    }
  }
  dependencies.metrics.flush();
  return { batchItemFailures };
}
