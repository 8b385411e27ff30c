import * as z from 'zod';
import type { Incoming, Intake, RecordResult, Taken } from './intake';
import { readContent, readMessage } from './message';
import type { Clock } from '../domain/clock';
import { defined } from '../domain/defined';
import type { MetricSink } from '../domain/ports';
import { SECOND_MS } from '../domain/usage/ledger/hour';

const queueEvent = z.object({
  Records: z.array(z.object({
    messageId: z.string(),
    body: z.string(),
    /** Epoch milliseconds, as a string. */
    attributes: z.object({ SentTimestamp: z.string().optional() }).optional(),
  })),
});
type Message = z.infer<typeof queueEvent>['Records'][number];

/** Usage records that a direct invocation may contain: as many as the function can store well within its timeout. */
export const MAX_DIRECT_RECORDS = 10_000;

/** Lambda's limit for an answer is 6 MB. Without messages, the answer to the most records stays below it, however long their ids are. */
const MAX_ANSWER_BYTES = 6_000_000;

/** Time reserved at the end of an invocation to finish operations under way. */
const RESERVE_MS = 10 * SECOND_MS;

export interface UsageIntakeHandlerDeps {
  /** Makes the intake of one invocation. */
  readonly forInvocation: () => Intake;
  readonly metrics: MetricSink;
  readonly clock: Clock;
}

export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}

export interface QueueAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export interface DirectAnswer {
  /** One for each record, in their order; without messages if the answer would be too large for Lambda. */
  readonly results: readonly RecordResult[];
}

/** The payload is not a form of usage, or too large: nothing was stored, and sending it again does not help. */
export interface CallError {
  readonly error: { readonly code: 'INVALID_REQUEST' | 'TOO_MANY_RECORDS'; readonly message: string };
}

/**
 * Accepts usage from the queue or from a direct invocation; both take one record, an array of records or `{"records": [...]}`.
 * Messages for which there is no time left are delivered again.
 *
 * @throws Error on a direct invocation if a record could not be stored: the caller sends all records again, and those that
 * are stored get the answer DUPLICATE
 */
export function createUsageIntakeHandler(
  deps: UsageIntakeHandlerDeps,
): (event: unknown, context: InvocationContext) => Promise<QueueAnswer | DirectAnswer | CallError> {
  return async (event, context) => {
    const intake = deps.forInvocation();
    const until = deps.clock.now() + context.getRemainingTimeInMillis() - RESERVE_MS;
    try {
      const queued = queueEvent.safeParse(event);
      if (queued.success) {
        return await handleMessages(intake, queued.data.Records, until);
      }
      return await handleDirectCall(intake, event, until);
    } finally {
      deps.metrics.flush();
    }
  };
}

async function handleMessages(intake: Intake, messages: readonly Message[], until: number): Promise<QueueAnswer> {
  const parsed = messages.map(({ messageId, body, attributes }) => {
    const timestamp = Number(attributes?.SentTimestamp ?? NaN);
    const sentAt = Number.isFinite(timestamp) ? timestamp : undefined;
    const records = readMessage(body).map((record) => defined({ ...record, sentAt }));
    return { messageId, records };
  });
  // A message that needs all the time there is must not keep the others from being stored.
  const smallestFirst = [...parsed].sort((a, b) => a.records.length - b.records.length);
  const taken = await intake.take(smallestFirst.flatMap(({ records }) => records), until);
  let from = 0;
  const failed = new Set(smallestFirst.filter(({ records }) => {
    const ofMessage = taken.slice(from, from + records.length);
    from += records.length;
    return ofMessage.some(isFailed);
  }));
  return { batchItemFailures: parsed.filter((message) => failed.has(message)).map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

async function handleDirectCall(intake: Intake, payload: unknown, until: number): Promise<DirectAnswer | CallError> {
  const records = readPayload(payload);
  if (!records) {
    return { error: { code: 'INVALID_REQUEST', message: 'The payload must be a usage record, an array of usage records, or {"records": [...]}' } };
  }
  if (records.length > MAX_DIRECT_RECORDS) {
    const message = `The call has ${records.length} usage records, and none of them was stored: send at most ${MAX_DIRECT_RECORDS} in a call`;
    return { error: { code: 'TOO_MANY_RECORDS', message } };
  }
  const taken = await intake.take(records, until);
  const failed = taken.find(isFailed);
  if (failed) {
    throw new Error('Not all usage records could be stored: send all of them again', { cause: failed.error });
  }
  return withinLimit({ results: taken.filter((result): result is RecordResult => !isFailed(result)) });
}

function readPayload(payload: unknown): Incoming[] | undefined {
  const isObject = typeof payload === 'object' && payload !== null;
  const hasNoArray = isObject && 'records' in payload && !Array.isArray(payload.records);
  return isObject && !hasNoArray ? readContent(payload) : undefined;
}

/**
 * An answer above Lambda's limit would fail the call after all records are stored, and each repeated call too. Rejections
 * are stored with the messages that this leaves out.
 */
function withinLimit(answer: DirectAnswer): DirectAnswer {
  if (Buffer.byteLength(JSON.stringify(answer)) <= MAX_ANSWER_BYTES) {
    return answer;
  }
  return { results: answer.results.map(({ message: _, ...result }) => result) };
}

function isFailed(taken: Taken): taken is Extract<Taken, { status: 'FAILED' }> {
  return taken.status === 'FAILED';
}
