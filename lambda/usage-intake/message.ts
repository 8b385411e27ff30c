import * as z from 'zod';
import type { Incoming } from './intake';
import { RejectionReason } from '../domain/usage/intake/rejection';

/** The form of a direct invocation. */
export const recordsEnvelope = z.object({ records: z.array(z.unknown()) });
/** AWS Lambda's record of an asynchronous invocation that failed for good. */
const deadLetter = z.object({ requestContext: z.object({ condition: z.string() }), requestPayload: z.unknown() });

/** The usage records in the body of a queue message. */
export function readMessage(body: string): Incoming[] {
  let content: unknown;
  try {
    content = JSON.parse(body);
  } catch {
    return [{ original: body, unreadable: { reason: RejectionReason.INVALID_JSON, message: 'The message is not JSON' } }];
  }
  const records = recordsOf(content);
  if (!records) {
    return [{ original: content }];
  }
  if (records.length > 0) {
    return records.map((original) => ({ original }));
  }
  return [{ original: content, unreadable: { reason: RejectionReason.EMPTY_BATCH, message: 'The array contains no usage record' } }];
}

/** The records of an array, of the form of a direct invocation, or of such an invocation as its dead letter contains it. */
function recordsOf(content: unknown): unknown[] | undefined {
  if (Array.isArray(content)) {
    return content;
  }
  for (const payload of [content, deadLetter.safeParse(content).data?.requestPayload]) {
    const envelope = recordsEnvelope.safeParse(payload);
    if (envelope.success) {
      return envelope.data.records;
    }
  }
  return undefined;
}
