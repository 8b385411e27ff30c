import * as z from 'zod';
import type { Incoming, Intake, RecordResult, Taken } from './intake';
import type { MetricSink } from '../adapters/logging';
import type { Clock } from '../domain/clock';
import { SECOND_MS } from '../domain/usage/hour';
import { RejectionReason } from '../domain/usage/rejection';

const queueEvent = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) });
const directEvent = z.object({ records: z.array(z.unknown()) });

/** Usage records that a direct invocation may carry: what a function stores well within its time. */
export const MAX_DIRECT_RECORDS = 10_000;

/** Time kept at the end of an invocation for finishing what is under way. */
const RESERVE_MS = 10 * SECOND_MS;

export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}

export interface QueueAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export interface DirectAnswer {
  /** One for each record, in their order. */
  readonly results: readonly RecordResult[];
}

/**
 * Takes usage from the queue (a message holds one record or an array of them) or from a direct invocation with
 * `{"records": [...]}`. Messages for which there is no time left come again.
 *
 * @throws Error on a direct invocation of which a record could not be stored: send all of them again, what was stored
 * answers DUPLICATE then; and on one with more than {@link MAX_DIRECT_RECORDS} records, of which none is stored
 */
export function createHandler(
  intake: Intake, { metrics, clock }: { readonly metrics: MetricSink; readonly clock: Clock },
): (event: unknown, context: InvocationContext) => Promise<QueueAnswer | DirectAnswer> {
  return async (event, context) => {
    const until = clock.now() + context.getRemainingTimeInMillis() - RESERVE_MS;
    try {
      const queued = queueEvent.safeParse(event);
      if (queued.success) return await fromQueue(intake, queued.data.Records, until);
      const direct = directEvent.safeParse(event);
      if (direct.success) return await directly(intake, direct.data.records, until);
      throw new Error('The event is neither an SQS batch nor {"records": [...]}');
    } finally {
      metrics.flush();
    }
  };
}

async function fromQueue(intake: Intake, messages: readonly { messageId: string; body: string }[], until: number): Promise<QueueAnswer> {
  const parsed = messages.map(({ body }) => readBody(body));
  const taken = await intake.take(parsed.flat(), until);
  let from = 0;
  const batchItemFailures = messages.filter((_, index) => {
    const mine = taken.slice(from, from + parsed[index].length);
    from += parsed[index].length;
    return mine.some(isFailed);
  }).map(({ messageId }) => ({ itemIdentifier: messageId }));
  return { batchItemFailures };
}

async function directly(intake: Intake, records: readonly unknown[], until: number): Promise<DirectAnswer> {
  if (records.length > MAX_DIRECT_RECORDS) {
    throw new Error(`records holds ${records.length} usage records, and none of them was stored: send at most ${MAX_DIRECT_RECORDS} in a call`);
  }
  const taken = await intake.take(records.map((original) => ({ original })), until);
  const failed = taken.find(isFailed);
  if (failed) throw new Error('Not all usage records could be stored: send all of them again', { cause: failed.error });
  return { results: taken.filter((result): result is RecordResult => !isFailed(result)) };
}

function readBody(body: string): Incoming[] {
  let content: unknown;
  try {
    content = JSON.parse(body);
  } catch {
    return [{ original: body, unreadable: { reason: RejectionReason.INVALID_JSON, message: 'The message is not JSON' } }];
  }
  if (!Array.isArray(content)) return [{ original: content }];
  if (content.length > 0) return content.map((original: unknown) => ({ original }));
  return [{ original: content, unreadable: { reason: RejectionReason.EMPTY_BATCH, message: 'The array holds no usage record' } }];
}

function isFailed(taken: Taken): taken is Extract<Taken, { status: 'FAILED' }> {
  return taken.status === 'FAILED';
}
