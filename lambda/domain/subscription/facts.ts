import type { NoticeContent } from './agreement-notice';
import { mergeByKey } from './merge-by-key';
import { mergeMigration, type Migration } from './migration';
import type { NotificationFacts } from './notification-facts';
import { firstOf, type FirstRegistration, mergeRegistrations, type Registrations } from './registrations';
import { defined } from '../defined';
import { isoTime } from '../time';

/** What each event of AWS Marketplace reports, by its detail-type without the role at its end (docs/marketplace-facts.md#f-3-3). */
export const FACT_KINDS = {
  'Purchase Agreement Created': 'CREATED',
  'Purchase Agreement Amended': 'AMENDED',
  'Purchase Agreement Ending': 'ENDING_NOTICE',
  'Purchase Agreement Ended': 'ENDED',
  'License Updated': 'LICENSE_UPDATED',
  'License Deprovisioned': 'LICENSE_DEPROVISIONED',
  'Purchase Agreement Advisory Issued': 'ADVISORY_ISSUED',
  'Purchase Agreement Advisory Resolved': 'ADVISORY_RESOLVED',
} as const;

/** `NOTICE`: announces something, and changes no subscription. `TERMS`: what the terms of the agreement say, which no event does. */
export type AgreementFactKind = typeof FACT_KINDS[keyof typeof FACT_KINDS] | 'NOTICE' | 'TERMS';

/**
 * Kinds whose events have no time of their own in their detail. On its way to another region an event gets a new time
 * (docs/marketplace-facts.md#f-11-6), so that these are known by their request id, which every delivery of one event has.
 */
export const KNOWN_BY_REQUEST_ID: ReadonlySet<AgreementFactKind> = new Set<AgreementFactKind>(['AMENDED']);

/**
 * One thing that happened to an agreement. Same kind, agreement and time, or where it has one request id: the same fact, however
 * often it is delivered.
 */
export interface AgreementFact {
  readonly kind: AgreementFactKind;
  readonly agreementId: string;
  /** Epoch milliseconds: from the event's detail where it has a time of its own, else the event's time (docs/marketplace-facts.md#f-11-6). */
  readonly time: number;
  readonly status?: string;
  readonly intent?: string;
  readonly previousAgreementId?: string;
  readonly acceptanceTime?: string;
  readonly startTime?: string;
  readonly endTime?: string;
  readonly offerId?: string;
  readonly daysBeforeEndTime?: number;
  readonly autoRenewalEnabled?: boolean;
  readonly customerAwsAccountId?: string;
  readonly productCode?: string;
  readonly licenseArn?: string;
  /** From AWS's record of the agreement, not from an event: the time is the agreement's, which events follow within minutes. */
  readonly rebuilt?: boolean;
  /** When the advisory was issued or resolved, as its event says. */
  readonly advisoryTime?: string;
  /** Of amendments and notices: the same in every delivery of one event, unlike its time (docs/marketplace-facts.md#f-11-6). */
  readonly requestId?: string;
  /** What a notice is about: RENEWAL_UPCOMING, say. */
  readonly notice?: string;
  readonly content?: NoticeContent;
  /** ISO 8601; absent from terms without a free trial. */
  readonly trialEndsAt?: string;
}

export type AgreementFacts = Readonly<Record<string, AgreementFact>>;

/** What ResolveCustomer answered about a license. */
export interface Resolution {
  /** Epoch milliseconds. */
  readonly firstAt: number;
  /** Epoch milliseconds. */
  readonly lastAt: number;
  readonly customerAwsAccountId: string;
  readonly productCode: string;
  readonly licenseArn?: string;
  /** Legacy products only: empty on new ones (docs/marketplace-facts.md#f-2-1). */
  readonly customerIdentifier?: string;
  /** The buyer's browser said that the offer is a free trial: a hint that anyone could send (docs/marketplace-facts.md#f-1-1). */
  readonly freeTrialHint?: boolean;
}

/** All that is known of one license, or of one buyer of a legacy product. */
export interface SubscriptionFacts {
  readonly agreements: AgreementFacts;
  /** Legacy products only. */
  readonly notifications?: NotificationFacts;
  readonly resolution?: Resolution;
  /** The deployment was in AgreementMode.MIGRATING when it received a fact about this license: see {@link awaitsMigration}. */
  readonly awaited?: true;
  readonly migration?: Migration;
  /** The latest ones: registration id -> when it was last completed, epoch milliseconds. */
  readonly registrations: Registrations;
  /** The first of all, which the latest may not include. */
  readonly firstRegistration?: FirstRegistration;
}

export const EMPTY_FACTS: SubscriptionFacts = { agreements: {}, registrations: {} };

export function factKey({ kind, agreementId, time, status = '', notice = '', requestId }: AgreementFact): string {
  // Two ends of different status are two facts, even within one second, as are two notices about different things.
  const what = kind === 'ENDED' ? `ENDED:${status}` : kind === 'NOTICE' ? `NOTICE:${notice}` : kind;
  return `${agreementId}#${what}#${requestId ?? isoTime(time)}`;
}

export function agreementFacts(...facts: readonly AgreementFact[]): AgreementFacts {
  return facts.reduce<AgreementFacts>((all, fact) => mergeAgreements(all, { [factKey(fact)]: fact }), {});
}

/** Commutative, associative, idempotent: any order and number of deliveries end with the same facts. */
export function mergeAgreements(a: AgreementFacts, b: AgreementFacts): AgreementFacts {
  return mergeByKey(a, b);
}

/** Commutative, associative, idempotent, like {@link mergeAgreements}. */
export function mergeFacts(a: SubscriptionFacts, b: SubscriptionFacts): SubscriptionFacts {
  const resolution = mergeResolution(a.resolution, b.resolution);
  return defined({
    agreements: mergeAgreements(a.agreements, b.agreements),
    notifications: a.notifications && b.notifications ? mergeByKey(a.notifications, b.notifications) : a.notifications ?? b.notifications,
    registrations: mergeRegistrations(a.registrations, b.registrations),
    firstRegistration: firstOf(a, b),
    resolution,
    awaited: a.awaited ?? b.awaited,
    migration: mergeMigration(a.migration, b.migration),
  });
}

function mergeResolution(a: Resolution | undefined, b: Resolution | undefined): Resolution | undefined {
  if (a === undefined || b === undefined) {
    return a ?? b;
  }
  const { lastAt, customerAwsAccountId, productCode } = resolutionOrder(a) >= resolutionOrder(b) ? a : b;
  return defined({
    firstAt: Math.min(a.firstAt, b.firstAt),
    lastAt,
    customerAwsAccountId,
    productCode,
    licenseArn: greater(a.licenseArn, b.licenseArn),
    customerIdentifier: greater(a.customerIdentifier, b.customerIdentifier),
    freeTrialHint: a.freeTrialHint || b.freeTrialHint ? true : undefined,
  });
}

function resolutionOrder({ lastAt, customerAwsAccountId, productCode }: Resolution): string {
  return JSON.stringify([String(lastAt).padStart(16, '0'), customerAwsAccountId, productCode]);
}

function greater(a: string | undefined, b: string | undefined): string | undefined {
  return a === undefined || (b !== undefined && b > a) ? b : a;
}

/**
 * Whether the license is of a buyer who may still be metered by customer identifier. ResolveCustomer names such an identifier for
 * buyers who were not opted in to Concurrent Agreements, and none for the others.
 */
export function awaitsMigration({ awaited, migration, resolution }: SubscriptionFacts): boolean {
  return awaited === true && migration === undefined && (resolution === undefined || resolution.customerIdentifier !== undefined);
}
