import { sqsError } from './errors';
import type { QueueModel } from './model';
import type { MessageAttribute } from '../../ports';

/** Of one message, and of all messages of a batch. */
const MAX_BYTES = 1_048_576;
const MAX_DELAY_SECONDS = 900;
const BATCH_ID = /^[\w-]{1,80}$/;

interface Entry {
  readonly Id: string;
  readonly MessageBody?: unknown;
  readonly MessageAttributes?: unknown;
}

/** Whole seconds of a message's own delay; undefined when it has none. Throws what SQS answers when it may not have it. */
export function checkedDelay(queue: QueueModel, delay: unknown): number | undefined {
  if (delay === undefined || delay === null) {
    return undefined;
  }
  const seconds = Number(delay);
  const invalid = (reason: string) => sqsError('InvalidParameterValue', `Value ${String(delay)} for parameter DelaySeconds is invalid. Reason: ${reason}.`);
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > MAX_DELAY_SECONDS) {
    throw invalid(`DelaySeconds must be >= 0 and <= ${MAX_DELAY_SECONDS}`);
  }
  if (queue.fifo && seconds > 0) {
    throw invalid('The request include parameter that is not valid for this queue type');
  }
  return seconds;
}

/** Throws what SQS answers to a batch it takes nothing of. */
export function checkBatch(entries: readonly Entry[]): void {
  if (entries.length === 0) {
    throw sqsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (entries.length > 10) {
    throw sqsError('TooManyEntriesInBatchRequest', `Maximum number of entries per request are 10. You have sent ${entries.length}.`);
  }
  if (entries.some(({ Id }) => !BATCH_ID.test(Id))) {
    throw sqsError('InvalidBatchEntryId', 'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.');
  }
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) {
    throw sqsError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
  }
  const bytes = entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
  if (bytes > MAX_BYTES) {
    throw sqsError('BatchRequestTooLong', `Batch requests cannot be longer than ${MAX_BYTES} bytes. You have sent ${bytes} bytes.`);
  }
}

function bytesOf({ MessageBody, MessageAttributes }: Entry): number {
  const attributes = Object.entries(MessageAttributes as Readonly<Record<string, MessageAttribute>> | undefined ?? {});
  return attributes.reduce((sum, [name, { DataType, StringValue = '', BinaryValue = '' }]) => sum
    + Buffer.byteLength(name) + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue) + Buffer.byteLength(BinaryValue, 'base64'),
  typeof MessageBody === 'string' ? Buffer.byteLength(MessageBody) : 0);
}
