import * as z from 'zod';
import type { Incoming } from './intake';
import { RejectionReason } from '../domain/usage/intake/rejection';

/** The form of a direct invocation. */
const recordsEnvelope = z.object({ records: z.array(z.unknown()) });
/** AWS Lambda's record of an asynchronous invocation that failed for good. */
const deadLetter = z.object({ requestContext: z.object({ condition: z.string() }), requestPayload: z.unknown() });
/** What SNS sends to a queue whose subscription does not deliver raw messages. */
const snsNotification = z.object({ Type: z.literal('Notification'), TopicArn: z.string(), Message: z.string() });
/** What an EventBridge rule sends to a target without an input transformer. */
const eventBridgeEvent = z.object({ 'source': z.string(), 'detail-type': z.string(), 'detail': z.unknown() });

/** The usage records in the body of a queue message. */
export function readMessage(body: string): Incoming[] {
  let content: unknown;
  try {
    content = parseJson(body);
  } catch {
    return [notJson(body)];
  }
  const records = readContent(content);
  if (records.length > 0) {
    return records;
  }
  return [{ original: content, unreadable: { reason: RejectionReason.EMPTY_BATCH, message: 'The message contains no usage record' } }];
}

/** The usage records in a parsed message: one, an array, `{"records": [...]}`, or one of these in an envelope of an AWS service. */
export function readContent(content: unknown): Incoming[] {
  if (Array.isArray(content)) {
    return content.map((original) => ({ original }));
  }
  const call = recordsEnvelope.safeParse(content);
  if (call.success) {
    return call.data.records.map((original) => ({ original }));
  }
  const failedCall = deadLetter.safeParse(content);
  if (failedCall.success) {
    return readContent(failedCall.data.requestPayload);
  }
  const event = eventBridgeEvent.safeParse(content);
  if (event.success) {
    return readContent(event.data.detail);
  }
  const notification = snsNotification.safeParse(content);
  return notification.success ? readMessage(notification.data.Message) : [{ original: content }];
}

/** Texts, and the numbers that JSON does not have but Python writes. */
const TEXT_OR_NO_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\bInfinity\b|\bNaN\b/g;

/** A quantity of NaN makes one record invalid, not all records of its message: it is read as the text "NaN". */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(text.replace(TEXT_OR_NO_NUMBER, (token) => (token.startsWith('"') ? token : JSON.stringify(token))));
  }
}

function notJson(body: string): Incoming {
  const records = Math.max(1, body.match(/"id"\s*:/g)?.length ?? 0);
  const message = records > 1 ? `The message is not JSON: it seems to contain ${records} usage records, and none of them was accepted` : 'The message is not JSON';
  return { original: body, unreadable: { reason: RejectionReason.INVALID_JSON, message }, records };
}
