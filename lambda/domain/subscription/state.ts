import { type AgreementFact, awaitsMigration, type SubscriptionFacts } from './facts';
import { freeTrialsOf } from './free-trial';
import { sendableArn } from './license';
import { inOrder, legacyTenuresOf, type NotificationFacts } from './notification-facts';
import { firstOf, registrationsOf } from './registrations';
import { SUCCEEDED_STATUSES } from './succeeded-statuses';
import { FINAL_WINDOW_SECONDS } from '../../../src/names';
import { compare } from '../compare';
import { defined } from '../defined';
import type { SubscriptionStatus } from '../subscription-directory';
import { SECOND_MS, timesIn } from '../time';

/** Intents of an agreement that succeeds another one (docs/marketplace-facts.md#f-3-4). */
const SUCCESSOR_INTENTS: ReadonlySet<string | undefined> = new Set(['RENEW', 'REPLACE']);

/** The agreement starts later, the buyer may still be one of a customer identifier, or AWS has not activated it yet: it does when it is certain that the buyer pays (docs/marketplace-facts.md#f-3-6). */
export type PendingReason = 'STARTS_LATER' | 'NOT_ACTIVATED' | 'NOT_MIGRATED';

/** What a buyer is shown: who has migrated is the seller's affair. */
export type ShownPendingReason = Exclude<PendingReason, 'NOT_MIGRATED'>;

/** What the facts of a license amount to. Times are epoch milliseconds. */
export interface SubscriptionState {
  readonly status: SubscriptionStatus;
  /** For ENDING, when the status changes by itself (end of the final hour); else since when it is so. */
  readonly statusAt: number;
  /** Why a PENDING subscription is not active yet. */
  readonly pendingReason?: PendingReason;
  /** Epoch milliseconds: while PENDING, if that began before `statusAt`, as the agreement starts later. */
  readonly knownSince?: number;
  /** The agreement that decides; absent before the first license event. */
  readonly agreementId?: string;
  /** The agreements of all known tenures, in order. */
  readonly agreementIds: readonly string[];
  readonly activeSince?: number;
  readonly endedAt?: number;
  /** Status of the agreement when it ended, if AWS reported it: CANCELLED, EXPIRED, TERMINATED, RENEWED, REPLACED. */
  readonly endStatus?: string;
  readonly finalWindowClosesAt?: number;
  readonly registeredAt?: number;
  /** The registration at `registeredAt`, which no later one replaces. */
  readonly firstRegistrationId?: string;
  /** The license succeeds another one, of an agreement that was renewed or replaced: no buyer has to register it again. */
  readonly isRenewal?: true;
  /** By id: the first, and the latest 20. */
  readonly registrationIds: readonly string[];
  readonly licenseArn?: string;
  readonly customerAwsAccountId?: string;
  readonly productCode?: string;
  /** The offer of the subscription is a free trial that has not become a paid subscription; absent while its terms are not known. */
  readonly freeTrial?: boolean;
  readonly trialEndsAt?: number;
  /** The license by which a migrated buyer of a legacy product continues, after the cut-over hour alone. */
  readonly continuesAs?: string;
  /** The key that a migrated buyer had before. */
  readonly migratedFrom?: string;
  /** The hour that is metered in neither way begins. */
  readonly cutOver?: number;
}

/** The time during which one agreement had the license. */
export interface LicenseTenure {
  readonly agreementId: string;
  /** First License Updated. */
  readonly activatedAt?: number;
  readonly deprovisionedAt?: number;
  /** First Purchase Agreement Ended that ends the subscription. */
  readonly endedAt?: number;
  readonly endStatus?: string;
  readonly previousAgreementId?: string;
  /** NEW, RENEW or REPLACE. */
  readonly intent?: string;
}

/**
 * The state of a subscription: a pure function of its facts and of now.
 *
 * A license may outlive an agreement, so exactly one agreement decides: the last one that got the license and
 * has no known successor. What ends an earlier agreement is history. An agreement that ended stays ended, even if a
 * late License Updated names it (docs/marketplace-facts.md#f-3-2). Only the end of the final hour depends on `now` (docs/marketplace-facts.md#f-3-7).
 */
export function subscriptionState(facts: SubscriptionFacts, now: number): SubscriptionState {
  const { resolution, notifications, migration } = facts;
  if (notifications !== undefined) {
    return legacyState(facts, notifications, now);
  }
  const tenures = tenuresOf(facts);
  const current: Partial<LicenseTenure> = tenures.at(-1) ?? {};
  const agreementFacts = Object.values(facts.agreements);
  const { registeredAt, registrationId: firstRegistrationId } = firstOf(facts) ?? {};
  const activeSince = earliest(tenures.map((tenure) => tenure.activatedAt));
  const endedAt = earliest([current.endedAt, current.deprovisionedAt]);
  const finalWindowClosesAt = finalWindowAfter(current.deprovisionedAt ?? endedAt);
  const starts = startsOf(agreementFacts);
  const knownSince = knownSinceOf(facts, agreementFacts);
  const identity = {
    agreementId: current.agreementId,
    agreementIds: tenures.map((tenure) => tenure.agreementId),
    registrationIds: registrationsOf(facts).map(([id]) => id),
    licenseArn: sendableArn([resolution?.licenseArn]) ?? sendableArn(agreementFacts.map((fact) => fact.licenseArn)),
    customerAwsAccountId: resolution?.customerAwsAccountId ?? latest(agreementFacts, 'customerAwsAccountId'),
    productCode: resolution?.productCode ?? latest(agreementFacts, 'productCode'),
  };
  if (awaitsMigration(facts)) {
    return defined({ status: 'PENDING' as const, statusAt: knownSince, pendingReason: 'NOT_MIGRATED' as const, ...identity });
  }
  // Nothing activates a license before an agreement starts: it is waited for from then on.
  const status = statusOf(activeSince, finalWindowClosesAt, now, Math.max(knownSince, earliest(starts) ?? 0));
  return defined({
    ...status,
    ...identity,
    migratedFrom: migration?.migratedFrom,
    cutOver: migration?.cutOver,
    pendingReason: status.status === 'PENDING' ? pendingReason(starts, now) : undefined,
    knownSince: status.status === 'PENDING' && status.statusAt > knownSince ? knownSince : undefined,
    activeSince,
    endedAt,
    endStatus: endedAt === undefined ? undefined : current.endStatus,
    finalWindowClosesAt,
    registeredAt,
    firstRegistrationId,
    isRenewal: isRenewal(tenures),
    ...trialOf(facts, current.agreementId, now),
  });
}

/** The state of a buyer of a legacy product: the last tenure decides. */
function legacyState(facts: SubscriptionFacts, notifications: NotificationFacts, now: number): SubscriptionState {
  const { resolution, migration } = facts;
  const tenure = legacyTenuresOf(notifications, migration?.cutOver).at(-1) ?? {};
  const { activatedAt, endedAt, closedAt, failed } = tenure;
  const { registeredAt, registrationId: firstRegistrationId } = firstOf(facts) ?? {};
  const known = inOrder(notifications);
  const finalWindowClosesAt = earliest([finalWindowAfter(endedAt), closedAt]);
  const natural = statusOf(activatedAt, finalWindowClosesAt, now, knownSinceOf(facts, known));
  const hasMoved = migration !== undefined && natural.status === 'ACTIVE' && now >= migration.cutOver;
  const status = hasMoved ? { status: 'ENDED' as const, statusAt: migration.cutOver } : natural;
  return defined({
    ...status,
    continuesAs: hasMoved ? migration.continuesAs : undefined,
    cutOver: migration?.cutOver,
    pendingReason: status.status === 'PENDING' ? 'NOT_ACTIVATED' as const : undefined,
    agreementIds: [],
    activeSince: activatedAt,
    endedAt,
    endStatus: failed ? 'FAILED' : hasMoved ? 'MIGRATED' : undefined,
    finalWindowClosesAt,
    registeredAt,
    firstRegistrationId,
    registrationIds: registrationsOf(facts).map(([id]) => id),
    licenseArn: sendableArn([resolution?.licenseArn]),
    customerAwsAccountId: resolution?.customerAwsAccountId,
    productCode: resolution?.productCode,
    freeTrial: known.filter(({ freeTrial }) => freeTrial !== undefined).at(-1)?.freeTrial,
  });
}

/** The tenures of a license; the last one decides. */
export function tenuresOf(facts: SubscriptionFacts): readonly LicenseTenure[] {
  const all = Object.values(facts.agreements);
  const agreementIds = new Set(all.map((fact) => fact.agreementId));
  const tenures = [...agreementIds].map((agreementId) => tenureOf(agreementId, all.filter((fact) => fact.agreementId === agreementId)))
    .filter((tenure) => tenure.activatedAt !== undefined || tenure.deprovisionedAt !== undefined);
  const succeeded = new Set(tenures.filter((tenure) => tenure.activatedAt !== undefined).map((tenure) => tenure.previousAgreementId));
  const rank = (tenure: LicenseTenure) => (succeeded.has(tenure.agreementId) ? 0 : 1);
  // Of an agreement whose License Updated is not known, the end alone must not hide a successor that came before it.
  const since = (tenure: LicenseTenure) => tenure.activatedAt ?? (SUCCEEDED_STATUSES.has(tenure.endStatus) ? undefined : tenure.deprovisionedAt) ?? 0;
  return tenures.sort((a, b) => rank(a) - rank(b) || since(a) - since(b) || compare(a.agreementId, b.agreementId));
}

/** Whether the first tenure succeeds an agreement that had another license (docs/marketplace-facts.md#f-2-4). */
function isRenewal(tenures: readonly LicenseTenure[]): true | undefined {
  const agreementIds = new Set<string | undefined>(tenures.map((tenure) => tenure.agreementId));
  const withoutPredecessor = tenures.filter((tenure) => !agreementIds.has(tenure.previousAgreementId));
  // The manufacturer's variant of the event says no more than the intent (docs/marketplace-facts.md#f-3-4): of several, the time decides.
  const since = earliest(withoutPredecessor.map((tenure) => tenure.activatedAt));
  const { previousAgreementId: previous, intent }: Partial<LicenseTenure> = withoutPredecessor.find((tenure) => tenure.activatedAt === since) ?? {};
  return previous !== undefined || SUCCESSOR_INTENTS.has(intent) || undefined;
}

function tenureOf(agreementId: string, about: readonly AgreementFact[]): LicenseTenure {
  const of = (kind: AgreementFact['kind']) => about.filter((fact) => fact.kind === kind);
  const ended = of('ENDED').filter((fact) => !SUCCEEDED_STATUSES.has(fact.status));
  return defined({
    agreementId,
    activatedAt: earliest(of('LICENSE_UPDATED').map((fact) => fact.time)),
    deprovisionedAt: earliest(of('LICENSE_DEPROVISIONED').map((fact) => fact.time)),
    endedAt: earliest(ended.map((fact) => fact.time)),
    endStatus: latest(ended, 'status') ?? latest(of('ENDED'), 'status'),
    previousAgreementId: latest(of('CREATED'), 'previousAgreementId'),
    intent: latest(of('CREATED'), 'intent'),
  });
}

/** The end of the hour in which AWS still accepts usage. */
function finalWindowAfter(end: number | undefined): number | undefined {
  return end === undefined ? undefined : end + FINAL_WINDOW_SECONDS * SECOND_MS;
}

function knownSinceOf(facts: SubscriptionFacts, reported: readonly { readonly time: number }[]): number {
  return facts.resolution?.firstAt ?? firstOf(facts)?.registeredAt ?? earliest(reported.map(({ time }) => time)) ?? 0;
}

function statusOf(activeSince: number | undefined, endsAt: number | undefined, now: number, knownSince: number) {
  if (endsAt !== undefined) {
    return { status: now < endsAt ? 'ENDING' as const : 'ENDED' as const, statusAt: endsAt };
  }
  return activeSince === undefined
    ? { status: 'PENDING' as const, statusAt: knownSince }
    : { status: 'ACTIVE' as const, statusAt: activeSince };
}

function trialOf(facts: SubscriptionFacts, agreementId: string | undefined, now: number): Pick<SubscriptionState, 'freeTrial' | 'trialEndsAt'> {
  if (!Object.values(facts.agreements).some((fact) => fact.kind === 'TERMS' && fact.agreementId === agreementId)) {
    return {};
  }
  const trial = freeTrialsOf(facts, now).find((one) => one.agreementId === agreementId);
  return trial === undefined ? { freeTrial: false } : { freeTrial: trial.outcome !== 'CONVERTED', trialEndsAt: trial.endsAt };
}

/** When agreements start. AWS's text may be no time: that start is not known then. */
function startsOf(facts: readonly AgreementFact[]): readonly number[] {
  return timesIn(facts.filter(({ kind }) => kind === 'CREATED').map(({ startTime }) => startTime));
}

function pendingReason(starts: readonly number[], now: number): PendingReason {
  return starts.length > 0 && starts.every((start) => start > now) ? 'STARTS_LATER' : 'NOT_ACTIVATED';
}

function earliest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

function latest<F extends 'status' | 'intent' | 'previousAgreementId' | 'customerAwsAccountId' | 'productCode'>(
  facts: readonly AgreementFact[], field: F,
): string | undefined {
  return facts.filter((fact) => fact[field] !== undefined)
    .sort((a, b) => a.time - b.time || compare(String(a[field]), String(b[field]))).at(-1)?.[field];
}
