import { changesBetween, type DimensionChange, type Entitlements, isEmpty, NO_ENTITLEMENTS } from './entitlement';
import { defined } from '../defined';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time';

/** What is known of the entitlements of one license. Times are epoch milliseconds. */
export interface LicenseEntitlements {
  readonly licenseId: string;
  /** In force; empty before the first are known, and after the license has ended. */
  readonly entitlements: Entitlements;
  /** Since when these are in force; absent while none were ever known. */
  readonly since?: number;
  /** The agreement that had the license when they came into force. */
  readonly agreementId?: string;
  /** How often they have changed. */
  readonly changes: number;
  /** When AWS was asked the question whose answer this is; absent before the first answer. */
  readonly askedAt?: number;
  /** Since when AWS has answered that there are none, while some are known. */
  readonly emptySince?: number;
  /** When AWS is asked again; absent after the license has ended. */
  readonly checkAt?: number;
}

/** What the facts of the subscription say. Times are epoch milliseconds. */
export interface LicenseCircumstances {
  readonly licenseId: string;
  readonly agreementId?: string;
  /** The latest License Updated: AWS sends it for a purchase, an amendment and a renewal. */
  readonly updatedAt?: number;
  /** When the license ended, however late its entitlements would expire. */
  readonly endedAt?: number;
  /** Since when the license is known here. */
  readonly knownSince: number;
}

/** What AWS answered, and when it was asked: `FAILED` is no answer. */
export type EntitlementAnswer = { readonly askedAt: number; readonly entitlements: Entitlements } | 'FAILED';

export interface EntitlementTransition {
  readonly after: LicenseEntitlements;
  /** What of it the seller's app has to be informed of; empty where nothing changed. */
  readonly changes: readonly DimensionChange[];
}

/** AWS warns of empty answers soon after a purchase, and others saw them for days (docs/marketplace-facts.md#f-11-2). */
export const NOT_YET_FOR_MS = 3 * DAY_MS;
/** An answer without entitlements ends known ones only when it has been the same for so long. */
const EMPTY_BELIEVED_AFTER_MS = HOUR_MS;
const EMPTY_CHECK_INTERVAL_MS = 10 * MINUTE_MS;
const SHORTEST_INTERVAL_MS = 5 * MINUTE_MS;
const LONGEST_INTERVAL_MS = DAY_MS;
/** While nothing is known yet, or something known should have expired. */
const LONGEST_INTERVAL_IN_DOUBT_MS = HOUR_MS;
/** A change that is seen later than this after a License Updated did not come with it. */
const CHANGE_FOLLOWS_UPDATE_WITHIN_MS = DAY_MS;

/**
 * What is known after AWS was asked.
 *
 * - A license that has ended has no entitlements, whatever was answered and whatever their expiration.
 * - A failed read changes nothing. An answer to an earlier question never replaces the answer to a later one.
 * - No entitlements where none are known: not yet. AWS is asked again, more and more rarely.
 * - No entitlements where some are known: they stay until AWS has answered so for an hour. An expiration that is past ends
 *   nothing by itself, as a renewal may be under way.
 */
export function applyAnswer(
  known: LicenseEntitlements | undefined, circumstances: LicenseCircumstances, answer: EntitlementAnswer, now: number,
): EntitlementTransition {
  const { licenseId, endedAt } = circumstances;
  const before: LicenseEntitlements = known ?? { licenseId, entitlements: NO_ENTITLEMENTS, changes: 0 };
  if (endedAt !== undefined) {
    const { checkAt, emptySince, ...rest } = before;
    return changeTo(NO_ENTITLEMENTS, rest, circumstances, endedAt);
  }
  if (answer === 'FAILED') {
    return { after: { ...before, checkAt: now + SHORTEST_INTERVAL_MS }, changes: [] };
  }
  const { askedAt, entitlements } = answer;
  if (askedAt < (before.askedAt ?? -Infinity)) {
    return { after: before, changes: [] };
  }
  const { emptySince = askedAt, ...rest } = before;
  if (isEmpty(entitlements) && !isEmpty(before.entitlements) && askedAt - emptySince < EMPTY_BELIEVED_AFTER_MS) {
    return { after: { ...rest, askedAt, emptySince, checkAt: now + EMPTY_CHECK_INTERVAL_MS }, changes: [] };
  }
  const { after, changes } = changeTo(entitlements, { ...rest, askedAt }, circumstances, changedAt(before, circumstances, askedAt));
  return { after: { ...after, checkAt: nextCheck(after, circumstances, now) }, changes };
}

function changeTo(
  entitlements: Entitlements, before: LicenseEntitlements, { agreementId }: LicenseCircumstances, time: number,
): EntitlementTransition {
  const changes = changesBetween(before.entitlements, entitlements);
  // Another agreement begins another term, also with the same entitlements.
  const isRenewed = agreementId !== undefined && agreementId !== before.agreementId && !isEmpty(entitlements);
  if (changes.length === 0 && !isRenewed) {
    return { after: before, changes };
  }
  // Strictly later than the period before: each period has a start of its own.
  const since = Math.max(time, (before.since ?? -Infinity) + 1);
  return { after: defined({ ...before, entitlements, since, agreementId, changes: before.changes + Math.sign(changes.length) }), changes };
}

/** With License Updated, where the change follows one; else when it was seen. */
function changedAt({ since = -Infinity }: LicenseEntitlements, { updatedAt = -Infinity }: LicenseCircumstances, askedAt: number): number {
  const follows = updatedAt > since && updatedAt <= askedAt && askedAt - updatedAt < CHANGE_FOLLOWS_UPDATE_WITHIN_MS;
  return follows ? updatedAt : askedAt;
}

/** The longer ago something happened to the license, the more rarely AWS is asked. */
function nextCheck({ entitlements }: LicenseEntitlements, { updatedAt, knownSince }: LicenseCircumstances, now: number): number {
  const age = now - (updatedAt ?? knownSince);
  const expirations = Object.values(entitlements).flatMap(({ expiresAt }) => expiresAt === undefined ? [] : [Date.parse(expiresAt)]);
  const inDoubt = isEmpty(entitlements) ? age < NOT_YET_FOR_MS : expirations.some((time) => time <= now);
  const longest = inDoubt ? LONGEST_INTERVAL_IN_DOUBT_MS : LONGEST_INTERVAL_MS;
  const regular = now + Math.min(Math.max(age / 2, SHORTEST_INTERVAL_MS), longest);
  const afterExpiration = expirations.filter((time) => time > now).map((time) => time + SHORTEST_INTERVAL_MS);
  return Math.round(Math.min(regular, ...afterExpiration));
}
