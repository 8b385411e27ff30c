import type { UsageRecord } from './schema-types';

/** What SQS takes in one call (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html). */
const MAX_ENTRIES = 10;

/** A tenth of the 1 MiB that SQS takes in one call, so that a call never exceeds it; about 700 records. */
const MAX_MESSAGE_BYTES = 100 * 1024;

interface Entry {
  Id: string;
  MessageBody: string;
}

interface FailedEntry {
  readonly Id: string | undefined;
  readonly Code: string | undefined;
  readonly Message?: string | undefined;
  readonly SenderFault: boolean | undefined;
}

/** `SQS` of `@aws-sdk/client-sqs`. */
export interface UsageQueueClient {
  sendMessageBatch(input: { QueueUrl: string; Entries: Entry[] }): Promise<{ readonly Failed?: FailedEntry[] }>;
}

/** A record that is not known to be in the queue. */
export interface UnsentRecord {
  readonly record: UsageRecord;
  /** Error code of SQS or of the SDK; `RecordTooLarge` for a record that no message can carry. */
  readonly code: string;
  readonly message: string;
  /** Whether the same call may succeed later. Sending a record again is safe: its `id` is counted once. */
  readonly retryable: boolean;
}

export interface ReportedUsage {
  /** Records that are in the queue, in their order. Whether intake accepts them, `Usage Rejected` says. */
  readonly sent: UsageRecord[];
  /** Records to report again, or to look at where they are not retryable. */
  readonly unsent: UnsentRecord[];
}

interface Message {
  readonly records: UsageRecord[];
  readonly body: string;
}

/**
 * Sends usage records to `usageQueue`, any number of them: packed into messages, ten messages a call. No error of AWS is thrown,
 * because the records of other calls may be sent: look at `unsent`.
 *
 * @param sqs `new SQS({})` of `@aws-sdk/client-sqs`
 * @param queueUrl `usageQueue.queueUrl` of the integration
 * @param records see docs/metering.md
 */
export async function reportUsage(sqs: UsageQueueClient, queueUrl: string, records: readonly UsageRecord[]): Promise<ReportedUsage> {
  const { messages, tooLarge } = pack(records);
  const sent: UsageRecord[] = [];
  const unsent: UnsentRecord[] = tooLarge.map((record) => ({
    record, code: 'RecordTooLarge', message: `A usage record has at most ${MAX_MESSAGE_BYTES} bytes`, retryable: false,
  }));
  for (let start = 0; start < messages.length; start += MAX_ENTRIES) {
    const batch = messages.slice(start, start + MAX_ENTRIES);
    const failures = await send(sqs, queueUrl, batch);
    batch.forEach((message, index) => {
      const failure = failures.get(String(index));
      if (failure) {
        unsent.push(...message.records.map((record) => ({ record, ...failure })));
      } else {
        sent.push(...message.records);
      }
    });
  }
  return { sent, unsent };
}

/** Failures of one call, by the id of the entry. */
async function send(sqs: UsageQueueClient, queueUrl: string, messages: Message[]): Promise<Map<string, Omit<UnsentRecord, 'record'>>> {
  try {
    const { Failed = [] } = await sqs.sendMessageBatch({
      QueueUrl: queueUrl,
      Entries: messages.map(({ body }, index) => ({ Id: String(index), MessageBody: body })),
    });
    return new Map(Failed.map(({ Id, Code, Message: text, SenderFault }) =>
      [String(Id), { code: Code ?? 'Unknown', message: text ?? '', retryable: SenderFault !== true }]));
  } catch (error) {
    const { name, message, $fault: fault } = error as Error & { readonly $fault?: string };
    // The outcome may be unknown: sending again is safe all the same.
    return new Map(messages.map((_message, index) => [String(index), { code: name, message, retryable: fault !== 'client' }]));
  }
}

function pack(records: readonly UsageRecord[]): { messages: Message[]; tooLarge: UsageRecord[] } {
  const messages: Message[] = [];
  const tooLarge: UsageRecord[] = [];
  let open: { record: UsageRecord; json: string }[] = [];
  let bytes = 0;
  const close = () => {
    if (open.length > 0) {
      messages.push({ records: open.map(({ record }) => record), body: `[${open.map(({ json }) => json).join(',')}]` });
    }
    [open, bytes] = [[], 0];
  };
  for (const record of records) {
    const json = JSON.stringify(record);
    // Brackets and a comma.
    const size = Buffer.byteLength(json) + 2;
    if (size > MAX_MESSAGE_BYTES) {
      tooLarge.push(record);
      continue;
    }
    if (bytes + size > MAX_MESSAGE_BYTES) {
      close();
    }
    open.push({ record, json });
    bytes += size;
  }
  close();
  return { messages, tooLarge };
}
