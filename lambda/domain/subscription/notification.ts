import * as z from 'zod';
import { MalformedEventError } from './agreement-event';
import { isCustomerIdentifier, legacyIdOf } from './legacy-customer';
import { NOTIFICATION_ACTIONS, type NotificationAction, type NotificationFact } from './notification-facts';
import { FORWARDED_NOTIFICATION } from '../../../src/names';
import { defined } from '../defined';

/** A message of a topic of AWS Marketplace, out of whatever envelope it came in. */
export interface MarketplaceNotification {
  readonly message: string;
  /** Epoch milliseconds: when SNS accepted it. Absent in raw delivery. */
  readonly time?: number;
  readonly topicArn?: string;
}

export type NotificationContent =
  | { readonly outcome: 'FACT'; readonly productCode: string; readonly licenseId: string; readonly fact: NotificationFact }
  | { readonly outcome: 'UNKNOWN'; readonly productCode: string; readonly action: string };

/** The envelope of SNS, as a queue, a function and the forwarding of another account get it. */
const envelope = z.object({
  Type: z.literal('Notification'), TopicArn: z.string(), Message: z.string(), Timestamp: z.string(), MessageId: z.string().optional(),
});

/** What is forwarded of the envelope of SNS, under SNS's own names. */
export type NotificationEnvelope = z.output<typeof envelope>;
const functionRecords = z.object({ Records: z.array(z.object({ Sns: envelope })).min(1) });
const forwarded = z.object({ 'detail-type': z.literal(FORWARDED_NOTIFICATION), 'detail': envelope });
const raw = z.object({ 'action': z.unknown().optional(), 'customer-identifier': z.unknown().optional() })
  .refine((value) => value.action !== undefined || value['customer-identifier'] !== undefined);

const TOPIC = /:aws-mp-(?:subscription|entitlement)-notification-([^:]+)$/;

/** Texts, and commas before the end of an object or an array (docs/marketplace-facts.md#f-4). */
const TEXT_OR_TRAILING_COMMA = /"[^"\\]*(?:\\.[^"\\]*)*"|,(?=\s*[}\]])/g;

const padded = z.string().trim();
const content = z.object({
  'action': padded.min(1).max(64),
  'customer-identifier': padded.refine(isCustomerIdentifier, 'must be 1 to 128 letters, digits or _.-'),
  'product-code': padded.regex(/^[a-z0-9]{1,255}$/, 'must be lower-case letters and digits'),
  'offer-identifier': padded.max(128).nullish(),
  'isFreeTrialTermPresent': z.union([z.boolean(), padded]).nullish(),
});

/**
 * The notifications in the body of a queue message, in every form in which SNS and its forwarding deliver them.
 *
 * @returns undefined when the body is something else, such as an event of EventBridge
 */
export function notificationsIn(body: string): readonly MarketplaceNotification[] | undefined {
  const value = lenientJson(body);
  const records = functionRecords.safeParse(value);
  if (records.success) {
    return records.data.Records.map(({ Sns }) => unwrapped(Sns));
  }
  const event = forwarded.safeParse(value);
  const wrapped = envelope.safeParse(event.success ? event.data.detail : value);
  if (wrapped.success) {
    return [unwrapped(wrapped.data)];
  }
  return raw.safeParse(value).success ? [{ message: body }] : undefined;
}

/**
 * The envelope that SNS puts around a notification, with what AWS Marketplace wrote in it as it is.
 *
 * @throws MalformedEventError saying which field is wrong, without its value: it may identify a buyer
 */
export function readEnvelope(body: string): NotificationEnvelope {
  const parsed = envelope.safeParse(lenientJson(body));
  if (!parsed.success) {
    throw new MalformedEventError(`the message is not a notification in SNS's envelope: ${reasons(parsed.error)}`);
  }
  return parsed.data;
}

/**
 * Reads one notification of a legacy product.
 *
 * @param receivedAt epoch milliseconds: counts where the notification has no time of its own
 * @throws MalformedEventError saying which field is wrong, without its value: it may identify a buyer
 */
export function readNotification({ message, time, topicArn }: MarketplaceNotification, receivedAt: number): NotificationContent {
  const parsed = content.safeParse(lenientJson(message));
  if (!parsed.success) {
    throw new MalformedEventError(`the notification is not one of AWS Marketplace: ${reasons(parsed.error)}`);
  }
  const { action, 'customer-identifier': customerIdentifier, 'product-code': productCode, 'offer-identifier': offerId } = parsed.data;
  const topicOf = topicArn === undefined ? productCode : TOPIC.exec(topicArn)?.[1];
  if (topicOf !== productCode) {
    throw new MalformedEventError('the topic of the notification is not one of its product');
  }
  if (!isKnown(action)) {
    return { outcome: 'UNKNOWN', productCode, action };
  }
  const fact = defined<NotificationFact>({
    action,
    time: time ?? receivedAt,
    offerId: offerId || undefined,
    freeTrial: booleanOf(parsed.data.isFreeTrialTermPresent),
  });
  return { outcome: 'FACT', productCode, licenseId: legacyIdOf({ productCode, customerIdentifier }), fact };
}

/** By field: what is wrong with it, without its value. */
function reasons({ issues }: z.ZodError): string {
  return issues.map(({ path: [field = 'body'], message }) => `${String(field)}: ${message}`).join('; ');
}

function unwrapped({ Message: message, Timestamp, TopicArn: topicArn }: z.output<typeof envelope>): MarketplaceNotification {
  const time = Date.parse(Timestamp);
  return defined({ message, topicArn, time: Number.isNaN(time) ? undefined : time });
}

function isKnown(action: string): action is NotificationAction {
  return (NOTIFICATION_ACTIONS as readonly string[]).includes(action);
}

/** AWS sends the texts "true" and "false" (docs/marketplace-facts.md#f-4). */
function booleanOf(value: boolean | string | null | undefined): boolean | undefined {
  const text = String(value).toLowerCase();
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

/** @returns undefined for what is not JSON */
function lenientJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    try {
      return JSON.parse(text.replace(TEXT_OR_TRAILING_COMMA, (token) => (token === ',' ? '' : token)));
    } catch {
      return undefined;
    }
  }
}
