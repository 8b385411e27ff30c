import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { AgreementEventDependencies } from './handle-agreement-event';
import { handleMessage } from './handle-message';
import { describeError } from '../domain/describe-error';
import { SECOND_MS } from '../domain/time';

/** A message that would begin later than this before the timeout goes back to the queue. */
const RESERVE_MS = 10 * SECOND_MS;

/**
 * Handles a batch of the queue, one message after the other. A message that fails, or for which there is no time,
 * returns to the queue alone; after the last attempt the queue moves it to its dead-letter queue.
 *
 * @param remainingMs how long the invocation may still take
 */
export async function handleBatch(
  { Records: records }: SQSEvent, deps: AgreementEventDependencies, remainingMs: () => number,
): Promise<SQSBatchResponse> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { messageId, body, attributes } of records) {
    if (remainingMs() < RESERVE_MS) {
      batchItemFailures.push({ itemIdentifier: messageId });
      deps.log.warn('There was no time left for this agreement event', { messageId });
      continue;
    }
    try {
      await handleMessage(body, Number(attributes?.SentTimestamp) || deps.clock.now(), deps);
    } catch (error) {
      batchItemFailures.push({ itemIdentifier: messageId });
      deps.log.error('Agreement event failed', { messageId, ...describeError(error) });
    }
  }
  deps.metrics.flush();
  return { batchItemFailures };
}
