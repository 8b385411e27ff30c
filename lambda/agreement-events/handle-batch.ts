import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type AgreementEventDependencies, handleAgreementEvent } from './handle-agreement-event';
import { describeError } from '../adapters/logging';

/**
 * Handles a batch of the queue, one message after the other. What fails comes back to the queue alone, and ends in
 * its dead-letter queue when it goes on failing.
 */
export async function handleBatch({ Records: records }: SQSEvent, dependencies: AgreementEventDependencies): Promise<SQSBatchResponse> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { messageId, body } of records) {
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
