import * as z from 'zod';
import type { Incoming, Intake, RecordResult, Taken } from './intake';
import type { MetricSink } from '../adapters/aws/logging';
import type { Clock } from '../domain/clock';
import { RejectionReason } from '../domain/usage/intake/rejection';
import { SECOND_MS } from '../domain/usage/ledger/hour';

const queueEvent = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) });
const directEvent = z.object({ records: z.array(z.unknown()) });
/** AWS Lambda's record of an asynchronous invocation that failed for good. */
const deadLetter = z.object({ requestContext: z.object({ condition: z.string() }), requestPayload: z.unknown() });

/** Usage records that a direct invocation may carry: what a function stores well within its time. */
export const MAX_DIRECT_RECORDS = 10_000;

/** Lambda takes 6 MB of an answer. A call of the most records stays below it without messages, however long its ids are. */
const MAX_ANSWER_BYTES = 6_000_000;

/** Time kept at the end of an invocation for finishing what is under way. */
const RESERVE_MS = 10 * SECOND_MS;

export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}

export interface QueueAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export interface DirectAnswer {
  /** One for each record, in their order; without messages where Lambda would not take them all. */
  readonly results: readonly RecordResult[];
}

/**
 * Takes usage from the queue (a message holds one record, an array of them or `{"records": [...]}`) or from a direct
 * invocation with `{"records": [...]}`. Messages for which there is no time left come again.
 *
 * @throws Error on a direct invocation of which a record could not be stored: send all of them again, what was stored
 * answers DUPLICATE then; and on one with more than {@link MAX_DIRECT_RECORDS} records, of which none is stored
 *
 * @param forInvocation makes the intake of one invocation
 */
export function createHandler(
  forInvocation: () => Intake, { metrics, clock }: { readonly metrics: MetricSink; readonly clock: Clock },
): (event: unknown, context: InvocationContext) => Promise<QueueAnswer | DirectAnswer> {
  return async (event, context) => {
    const intake = forInvocation();
    const until = clock.now() + context.getRemainingTimeInMillis() - RESERVE_MS;
    try {
      const queued = queueEvent.safeParse(event);
      if (queued.success) {
        return await fromQueue(intake, queued.data.Records, until);
      }
      const direct = directEvent.safeParse(event);
      if (direct.success) {
        return await directly(intake, direct.data.records, until);
      }
      throw new Error('The event is neither an SQS batch nor {"records": [...]}');
    } finally {
      metrics.flush();
    }
  };
}

async function fromQueue(intake: Intake, messages: readonly { messageId: string; body: string }[], until: number): Promise<QueueAnswer> {
  const parsed = messages.map(({ messageId, body }) => ({ messageId, records: readBody(body) }));
  // a message that takes all the time there is must not keep the others from being taken
  const smallestFirst = [...parsed].sort((a, b) => a.records.length - b.records.length);
  const taken = await intake.take(smallestFirst.flatMap(({ records }) => records), until);
  let from = 0;
  const failed = new Set(smallestFirst.filter(({ records }) => {
    const mine = taken.slice(from, from + records.length);
    from += records.length;
    return mine.some(isFailed);
  }));
  return { batchItemFailures: parsed.filter((message) => failed.has(message)).map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

async function directly(intake: Intake, records: readonly unknown[], until: number): Promise<DirectAnswer> {
  if (records.length > MAX_DIRECT_RECORDS) {
    throw new Error(`records holds ${records.length} usage records, and none of them was stored: send at most ${MAX_DIRECT_RECORDS} in a call`);
  }
  const taken = await intake.take(records.map((original) => ({ original })), until);
  const failed = taken.find(isFailed);
  if (failed) {
    throw new Error('Not all usage records could be stored: send all of them again', { cause: failed.error });
  }
  return sendable({ results: taken.filter((result): result is RecordResult => !isFailed(result)) });
}

/** An answer too large fails the call when everything is done, again each time. What it leaves out is with the rejections. */
function sendable(answer: DirectAnswer): DirectAnswer {
  if (Buffer.byteLength(JSON.stringify(answer)) <= MAX_ANSWER_BYTES) {
    return answer;
  }
  return { results: answer.results.map(({ message: _, ...result }) => result) };
}

function readBody(body: string): Incoming[] {
  let content: unknown;
  try {
    content = JSON.parse(body);
  } catch {
    return [{ original: body, unreadable: { reason: RejectionReason.INVALID_JSON, message: 'The message is not JSON' } }];
  }
  const records = batchOf(content);
  if (!records) {
    return [{ original: content }];
  }
  if (records.length > 0) {
    return records.map((original) => ({ original }));
  }
  return [{ original: content, unreadable: { reason: RejectionReason.EMPTY_BATCH, message: 'The array holds no usage record' } }];
}

/** An array of records; or one in the form of a direct call, or of such a call as its dead letter holds it. */
function batchOf(content: unknown): unknown[] | undefined {
  if (Array.isArray(content)) {
    return content;
  }
  for (const called of [content, deadLetter.safeParse(content).data?.requestPayload]) {
    const direct = directEvent.safeParse(called);
    if (direct.success) {
      return direct.data.records;
    }
  }
  return undefined;
}

function isFailed(taken: Taken): taken is Extract<Taken, { status: 'FAILED' }> {
  return taken.status === 'FAILED';
}
