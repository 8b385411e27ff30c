import { Keys, SCHEMA_VERSION } from '../../../src/names';
import { defined } from '../../domain/defined';
import type { Entitlements } from '../../domain/entitlements/entitlement';
import type { LicenseEntitlements } from '../../domain/entitlements/license-entitlements';
import type { EntitlementPeriod } from '../../domain/entitlements/ports';
import type { UnlinkedRegistration } from '../../domain/registration/links';
import { type AgreementFacts, EMPTY_FACTS, type SubscriptionFacts } from '../../domain/subscription/facts';
import { legacyCustomerOf } from '../../domain/subscription/legacy-customer';
import type { BuyerAccount } from '../../domain/subscription/ports';
import type { SubscriptionState } from '../../domain/subscription/state';
import type { Subscription } from '../../domain/subscription/subscription';
import { isoTime, optionalIsoTime } from '../../domain/time';
import { expiresAfter } from '../aws/ttl';
import type { OutboxAttributes } from '../events/outbox';

/*
 * Keys and shapes of all items of the subscriptions table. No other file knows them.
 */

/** `pk = L#<licenseId>`: one subscription. Fields beside `facts` are the state that followed from them when it was written. */
export interface SubscriptionItem extends Partial<OutboxAttributes> {
  readonly pk: string;
  readonly sk: 'SUBSCRIPTION';
  readonly type: 'Subscription';
  readonly v: number;
  /** Counts the writes: a write based on an older read is refused. */
  readonly revision: number;
  readonly licenseId: string;
  readonly facts: SubscriptionFacts;
  /** ISO 8601: the instant `status` was derived for. */
  readonly asOf: string;
  readonly status: string;
  readonly statusAt: string;
  readonly [field: string]: unknown;
}

/** `pk = A#<agreementId>`: what is known of an agreement, before and after its licenses are. */
export interface AgreementItem {
  readonly pk: string;
  readonly sk: 'AGREEMENT';
  readonly type: 'Agreement';
  readonly v: number;
  readonly revision: number;
  readonly agreementId: string;
  readonly licenseIds: readonly string[];
  readonly facts: AgreementFacts;
  /** Epoch seconds: while no license is known. */
  readonly expiresAt?: number | undefined;
}

/**
 * `sk = ENTITLEMENTS` beside the subscription: the entitlements of a license. `sk = ENTITLEMENTS#<since>`: what was in force
 * from then until the next.
 */
export interface EntitlementsItem extends Partial<OutboxAttributes> {
  readonly pk: string;
  readonly sk: string;
  readonly type: 'Entitlements' | 'EntitlementPeriod';
  readonly v: number;
  readonly revision: number;
  readonly licenseId: string;
  readonly entitlements: Entitlements;
  readonly since?: string;
  readonly agreementId?: string;
  readonly changes: number;
  readonly askedAt?: string;
  readonly emptySince?: string;
  /** {@link ENTITLEMENTS_DUE} while AWS has to be asked again, and when. */
  readonly status?: string;
  readonly statusAt?: string;
  readonly [field: string]: unknown;
}

/** What may be due: the outcome of a free trial, the end of a former key at its cut-over. `sk` of the item, and its `status` in the index until it is done. */
const DUE_TYPES = { FREE_TRIAL: 'FreeTrial', MIGRATION: 'Migration' } as const;
export type DueKind = keyof typeof DUE_TYPES;

/** Beside the subscription: when something is due. */
export interface DueItem {
  readonly pk: string;
  readonly sk: DueKind;
  readonly licenseId: string;
  readonly [field: string]: unknown;
}

/** `pk = P#<productCode>#<accountId>`: registrations of one account and product that wait for a license. */
export interface UnlinkedItem {
  readonly revision: number;
  /** Not `customerAwsAccountId`: the index of that name lists the subscriptions of an account. */
  readonly accountId: string;
  readonly productCode: string;
  /** By registration id. */
  readonly registrations: Readonly<Record<string, UnlinkedRegistration>>;
  readonly [field: string]: unknown;
}

/** `status` of {@link UnlinkedItem} in the index by status, as long as it has registrations. */
export const UNLINKED = 'UNLINKED';

/** `status` of {@link EntitlementsItem} in the index by status, until the license has ended. */
export const ENTITLEMENTS_DUE = 'ENTITLEMENTS_DUE';

/** Events that never find a license (another product's, say) expire; an agreement may start long after it was signed. */
const UNMATCHED_KEPT_SECONDS = 400 * 86_400;

/** Without registrations, an item leaves the index at once and expires later. */
const EMPTY_KEPT_SECONDS = 86_400;

export const subscriptionKey = (licenseId: string) => ({ pk: `L#${licenseId}`, sk: 'SUBSCRIPTION' as const });
export const entitlementsKey = (licenseId: string) => ({ pk: `L#${licenseId}`, sk: 'ENTITLEMENTS' as const });
/** @param since ISO 8601 */
export const entitlementPeriodKey = (licenseId: string, since: string) => ({ pk: `L#${licenseId}`, sk: `ENTITLEMENTS#${since}` });
export const agreementKey = (agreementId: string) => ({ pk: `A#${agreementId}`, sk: 'AGREEMENT' as const });
export const unlinkedKey = ({ customerAwsAccountId, productCode }: BuyerAccount) =>
  ({ pk: `P#${productCode}#${customerAwsAccountId}`, sk: 'REGISTRATIONS' as const });

/** Items without an index: what reconciliation remembers. */
export const RECONCILIATION_PK = 'RECONCILIATION';
export const UNREGISTERED_KEY = { pk: RECONCILIATION_PK, sk: 'PROGRESS' } as const;
export const AGREEMENT_SCAN_KEY = { pk: RECONCILIATION_PK, sk: 'AGREEMENTS' } as const;

export function toSubscription(item: Pick<SubscriptionItem, 'licenseId' | 'facts' | 'asOf'>): Subscription {
  return { licenseId: item.licenseId, facts: { ...EMPTY_FACTS, ...item.facts }, asOf: Date.parse(item.asOf) };
}

/** A subscription as readers of the table see it: the app, tools, indexes. */
export function subscriptionItem({ licenseId, facts, asOf }: Subscription, state: SubscriptionState, revision: number): SubscriptionItem {
  return {
    ...subscriptionKey(licenseId),
    type: 'Subscription',
    v: SCHEMA_VERSION,
    revision,
    licenseId,
    facts,
    asOf: isoTime(asOf),
    status: state.status,
    statusAt: isoTime(state.statusAt),
    pendingReason: state.pendingReason,
    agreementId: state.agreementId,
    agreementIds: state.agreementIds,
    registrationIds: state.registrationIds,
    licenseArn: state.licenseArn,
    customerAwsAccountId: state.customerAwsAccountId,
    productCode: state.productCode,
    customerIdentifier: legacyCustomerOf(licenseId)?.customerIdentifier ?? facts.resolution?.customerIdentifier,
    freeTrial: state.freeTrial,
    trialEndsAt: optionalIsoTime(state.trialEndsAt),
    freeTrialHint: facts.resolution?.freeTrialHint,
    activeSince: optionalIsoTime(state.activeSince),
    endedAt: optionalIsoTime(state.endedAt),
    endStatus: state.endStatus,
    finalWindowClosesAt: optionalIsoTime(state.finalWindowClosesAt),
    registeredAt: optionalIsoTime(state.registeredAt),
    continuation: state.isRenewal,
    continuesAs: state.continuesAs,
    migratedFrom: state.migratedFrom,
    cutOver: optionalIsoTime(state.cutOver),
  };
}

/** Matches subscriptions that wait for AWS, and not for the seller to migrate their buyer. */
export const NOT_AWAITED_FILTER = {
  FilterExpression: 'attribute_not_exists(pendingReason) OR pendingReason <> :notMigrated',
  values: { ':notMigrated': 'NOT_MIGRATED' },
} as const;

/** Matches subscriptions that a buyer should have registered, and has not. */
export const UNREGISTERED_FILTER = 'attribute_not_exists(registeredAt) AND attribute_not_exists(continuation)';

export function agreementItem(
  agreementId: string, { licenseIds, facts }: Pick<AgreementItem, 'licenseIds' | 'facts'>, revision: number, now: number,
): AgreementItem {
  return {
    ...agreementKey(agreementId),
    type: 'Agreement',
    v: SCHEMA_VERSION,
    revision,
    agreementId,
    licenseIds,
    facts,
    [Keys.TTL]: licenseIds.length > 0 ? undefined : expiresAfter(now, UNMATCHED_KEPT_SECONDS),
  };
}

export function entitlementsItem(known: LicenseEntitlements, productCode: string, revision: number): EntitlementsItem {
  const { licenseId, entitlements, since, agreementId, changes, askedAt, emptySince, checkAt } = known;
  return defined({
    ...entitlementsKey(licenseId),
    type: 'Entitlements' as const,
    v: SCHEMA_VERSION,
    revision,
    licenseId,
    productCode,
    entitlements,
    since: optionalIsoTime(since),
    agreementId,
    changes,
    askedAt: optionalIsoTime(askedAt),
    emptySince: optionalIsoTime(emptySince),
    status: checkAt === undefined ? undefined : ENTITLEMENTS_DUE,
    statusAt: optionalIsoTime(checkAt),
  }) as EntitlementsItem;
}

/** What was in force before a change, under the time since when; absent where nothing was ever in force. */
export function entitlementPeriodItem({ licenseId, since, entitlements, agreementId }: LicenseEntitlements): object | undefined {
  return since === undefined ? undefined : defined({
    ...entitlementPeriodKey(licenseId, isoTime(since)),
    type: 'EntitlementPeriod',
    v: SCHEMA_VERSION,
    licenseId,
    entitlements,
    since: isoTime(since),
    agreementId,
  });
}

export function toLicenseEntitlements(item: EntitlementsItem): LicenseEntitlements {
  const { licenseId, entitlements, agreementId, changes } = item;
  return defined({
    licenseId,
    entitlements,
    since: epochMs(item.since),
    agreementId,
    changes,
    askedAt: epochMs(item.askedAt),
    emptySince: epochMs(item.emptySince),
    checkAt: epochMs(item.statusAt),
  }) as LicenseEntitlements;
}

export function toEntitlementPeriod({ entitlements, since, agreementId }: EntitlementsItem): EntitlementPeriod | undefined {
  const from = epochMs(since);
  return from === undefined ? undefined : defined({ entitlements, since: from, agreementId }) as EntitlementPeriod;
}

/** Of a time that may be unknown. */
export function epochMs(isoText: string | undefined): number | undefined {
  return isoText === undefined ? undefined : Date.parse(isoText);
}

export function unlinkedItem(account: BuyerAccount, registrations: readonly UnlinkedRegistration[], revision: number, now: number): UnlinkedItem {
  const waiting = registrations.length > 0;
  return {
    ...unlinkedKey(account),
    type: 'UnlinkedRegistrations',
    v: SCHEMA_VERSION,
    revision,
    accountId: account.customerAwsAccountId,
    productCode: account.productCode,
    registrations: Object.fromEntries(registrations.map((registration) => [registration.registrationId, registration])),
    status: waiting ? UNLINKED : undefined,
    statusAt: waiting ? isoTime(Math.min(...registrations.map(({ registeredAt }) => registeredAt))) : undefined,
    [Keys.TTL]: waiting ? undefined : expiresAfter(now, EMPTY_KEPT_SECONDS),
  };
}

/** @param until epoch milliseconds; absent: it is done, and the item leaves the index */
export function dueItem(kind: DueKind, licenseId: string, until: number | undefined, now = 0): DueItem {
  return {
    pk: `L#${licenseId}`,
    sk: kind,
    type: DUE_TYPES[kind],
    v: SCHEMA_VERSION,
    licenseId,
    status: until === undefined ? undefined : kind,
    statusAt: optionalIsoTime(until),
    [Keys.TTL]: until === undefined ? expiresAfter(now, EMPTY_KEPT_SECONDS) : undefined,
  };
}
