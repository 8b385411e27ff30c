import * as z from 'zod';
import { NOTICES, noticedAccount, readNotice, VET_FAILED } from './agreement-notice';
import { type AgreementFact, type AgreementFactKind, FACT_KINDS, KNOWN_BY_REQUEST_ID } from './facts';
import { licenseIdOf } from './license';
import { AGREEMENT_EVENT_SOURCE } from '../../../src/names';
import { defined } from '../defined';
import { DAY_MS, timesIn } from '../time';

const MAX_AGREEMENT_ID = 64;

const instant = z.string().refine((value) => !Number.isNaN(Date.parse(value)), 'must be an ISO 8601 time');
/** Absent, or null: both are read as undefined. */
const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);
const optionalText = optional(z.string().min(1));

const envelope = z.object({
  'id': z.string().min(1),
  'source': z.literal(AGREEMENT_EVENT_SOURCE),
  'detail-type': z.string().min(1),
  'time': instant,
  'detail': z.record(z.string(), z.unknown()),
});

/** Only what is used; everything else may come and change (docs/marketplace-facts.md#f-3-4). */
const detail = z.object({
  agreement: z.object({
    id: z.string().min(1).max(MAX_AGREEMENT_ID),
    status: optionalText,
    intent: optionalText,
    previousAgreementId: optionalText,
    acceptanceTime: optionalText,
    startTime: optionalText,
    endTime: optionalText,
    daysBeforeEndTime: optional(z.coerce.number()),
    autoRenewalEnabled: optional(z.boolean()),
  }),
  product: z.object({ code: optionalText }).nullish(),
  license: z.object({ arn: z.string() }).nullish(),
  acceptor: z.object({ accountId: optionalText }).nullish(),
  offer: z.object({ id: optionalText }).nullish(),
  advisory: z.object({ issuedAt: optional(instant), resolvedAt: optional(instant) }).nullish(),
});

export type AgreementEvent =
  | { readonly outcome: 'FACT'; readonly eventId: string; readonly detailType: string; readonly fact: AgreementFact; readonly licenseId?: string }
  | { readonly outcome: 'INFORMATIONAL' | 'UNKNOWN'; readonly eventId: string; readonly detailType: string; readonly agreementId?: string };

/** An event that AWS Marketplace cannot have sent so: delivering it again does not help. */
export class MalformedEventError extends Error {
  constructor(reason: string) {
    super(`Malformed agreement event: ${reason}`);
    this.name = 'MalformedEventError';
  }
}

/**
 * Reads an event of AWS Marketplace as EventBridge delivers it.
 *
 * @throws MalformedEventError saying which field is wrong
 */
export function readAgreementEvent(body: string): AgreementEvent {
  const event = checked(envelope, json(body), '');
  const detailType = event['detail-type'];
  const name = detailType.replace(/ - (Proposer|Manufacturer|Acceptor)$/, '');
  const kind = (FACT_KINDS as Readonly<Record<string, AgreementFactKind>>)[name];
  const requestId = typeof event.detail.requestId === 'string' ? event.detail.requestId : undefined;
  if (kind === undefined) {
    const { id } = event.detail.agreement as { id?: unknown } | null | undefined ?? {};
    const agreementId = typeof id === 'string' && id !== '' && id.length <= MAX_AGREEMENT_ID ? id : undefined;
    const notice = NOTICES[name];
    if (notice === undefined || agreementId === undefined) {
      const outcome = notice === undefined || notice === VET_FAILED ? 'UNKNOWN' as const : 'INFORMATIONAL' as const;
      return defined({ outcome, eventId: event.id, detailType, agreementId });
    }
    const fact = defined<AgreementFact>({
      kind: 'NOTICE',
      agreementId,
      time: Date.parse(event.time),
      requestId,
      notice,
      content: readNotice(event.detail),
      customerAwsAccountId: noticedAccount(event.detail),
    });
    return { outcome: 'FACT' as const, eventId: event.id, detailType, fact };
  }
  const { agreement, product, license, acceptor, offer, advisory } = checked(detail, event.detail, 'detail.');
  const licensed = kind === 'LICENSE_UPDATED' || kind === 'LICENSE_DEPROVISIONED';
  const licenseArn = licensed ? license?.arn : undefined;
  const licenseId = licenseArn === undefined ? undefined : licenseIdOf(licenseArn);
  if (licensed && licenseId === undefined) {
    throw new MalformedEventError(`detail.license.arn is ${JSON.stringify(licenseArn)}: it must end on a license id like l-0123abcd`);
  }
  if (kind === 'ENDED' && !agreement.status) {
    throw new MalformedEventError('detail.agreement.status is missing: it distinguishes an end from a renewal');
  }
  const advisoryTime = kind === 'ADVISORY_RESOLVED' ? advisory?.resolvedAt : advisory?.issuedAt;
  const fact = defined<AgreementFact>({
    kind,
    agreementId: agreement.id,
    time: ownTime(kind, agreement, advisoryTime) ?? Date.parse(event.time),
    requestId: KNOWN_BY_REQUEST_ID.has(kind) ? requestId : undefined,
    status: agreement.status,
    intent: agreement.intent,
    previousAgreementId: agreement.previousAgreementId,
    acceptanceTime: agreement.acceptanceTime,
    startTime: agreement.startTime,
    endTime: agreement.endTime,
    offerId: offer?.id,
    daysBeforeEndTime: agreement.daysBeforeEndTime,
    autoRenewalEnabled: agreement.autoRenewalEnabled,
    customerAwsAccountId: acceptor?.accountId,
    productCode: product?.code,
    licenseArn,
    advisoryTime,
  });
  return defined({ outcome: 'FACT' as const, eventId: event.id, detailType, fact, licenseId });
}

/**
 * The time that the event's detail has of its own. On its way to another region an event gets the `id` and `time` of its
 * arrival (docs/marketplace-facts.md#f-11-6): with that time, repeated deliveries of one event would be several facts. An
 * amendment has no such time, and is known by its request id. Of License Updated, License Deprovisioned and Ended the
 * earliest counts.
 */
function ownTime(
  kind: AgreementFactKind, { acceptanceTime, endTime, daysBeforeEndTime }: z.output<typeof detail>['agreement'],
  advisoryTime: string | undefined,
): number | undefined {
  const parsed = (text: string | undefined) => timesIn([text]).at(0);
  switch (kind) {
    case 'CREATED':
      return parsed(acceptanceTime);
    case 'ENDING_NOTICE': {
      const end = parsed(endTime);
      return end === undefined || daysBeforeEndTime === undefined ? undefined : end - daysBeforeEndTime * DAY_MS;
    }
    case 'ADVISORY_ISSUED':
    case 'ADVISORY_RESOLVED':
      return parsed(advisoryTime);
    default:
      return undefined;
  }
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new MalformedEventError('the message is not JSON');
  }
}

function checked<T extends z.ZodType>(schema: T, value: unknown, path: string): z.output<T> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new MalformedEventError(parsed.error.issues.map((issue) => `${path}${issue.path.join('.')}: ${issue.message}`).join('; '));
  }
  return parsed.data;
}
