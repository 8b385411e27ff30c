import { LATEST_KEPT } from '../subscription/registrations';
import { HOUR_MS, MINUTE_MS } from '../time';

/** A registration that was completed while ResolveCustomer did not yet name a license (docs/marketplace-facts.md#f-1-3). */
export interface UnlinkedRegistration {
  readonly registrationId: string;
  /** Epoch milliseconds: when ResolveCustomer answered. */
  readonly resolvedAt: number;
  /** Epoch milliseconds: when the buyer completed it. */
  readonly registeredAt: number;
  readonly freeTrialHint?: boolean;
}

/**
 * Adds a registration to those that wait for a license. Beside the first, the latest 20 wait: with a valid token, a
 * buyer can register again and again, and an item has 400 KB.
 */
export function withWaiting(waiting: readonly UnlinkedRegistration[], added: UnlinkedRegistration): readonly UnlinkedRegistration[] {
  const known = waiting.some(({ registrationId }) => registrationId === added.registrationId);
  const inOrder = [...waiting, ...(known ? [] : [added])].sort((a, b) => a.registeredAt - b.registeredAt);
  const dropped = new Set(inOrder.slice(1, -LATEST_KEPT));
  return inOrder.filter((registration) => !dropped.has(registration));
}

/** A license of the same account and product. */
export interface LinkCandidate {
  readonly licenseId: string;
  /** Epoch milliseconds: since when the license is known to exist. */
  readonly since: number;
  readonly registrationIds: readonly string[];
}

export interface LinkDecision {
  readonly registration: UnlinkedRegistration;
  readonly licenseId: string;
}

/**
 * ResolveCustomer lagged behind a license for less than about two minutes (docs/marketplace-facts.md#f-1-3): a license that was known for
 * longer than this is most likely another one, which the buyer has not registered yet.
 */
const RESOLVE_LAG_MS = 5 * MINUTE_MS;
/** An older license than this is never the one that ResolveCustomer did not name. */
const LONGEST_LAG_MS = HOUR_MS;
/** After this, no other license is expected to come. */
const LICENSE_EXPECTED_WITHIN_MS = HOUR_MS;

/**
 * Finds the licenses that registrations without one belong to. A link is made only when nothing else is possible:
 * one unregistered license of that account and product, which is known since about the time the registration was
 * resolved, or later; or, when an hour has brought no such license, the one that is known since the hour before.
 * A registration that a license already has is found again, so that repeating an interrupted link completes it.
 *
 * @returns the links that are certain; every other registration stays unlinked, for the next attempt
 */
export function decideLinks(
  registrations: readonly UnlinkedRegistration[], licenses: readonly LinkCandidate[], now: number,
): readonly LinkDecision[] {
  const made = registrations.flatMap((registration) => licenses
    .filter((license) => license.registrationIds.includes(registration.registrationId))
    .map(({ licenseId }) => ({ registration, licenseId })).slice(0, 1));
  const waiting = registrations.filter((registration) => !made.some((link) => link.registration === registration));
  const isNew: Fits = (license, { resolvedAt }) => license.since >= resolvedAt - RESOLVE_LAG_MS;
  const awaited = waiting.filter((registration) => licenses.some((license) => isNew(license, registration)));
  const found = linkOnlyOne(awaited, licenses, isNew, now);
  if (found.length > 0) {
    // The next attempt decides about the others with these links made.
    return [...made, ...found];
  }
  const isRecent: Fits = (license, { resolvedAt }) => license.since >= resolvedAt - LONGEST_LAG_MS;
  const impatient = waiting.filter((registration) => !awaited.includes(registration) && hasWaitedLongEnough(registration, now));
  return [...made, ...linkOnlyOne(impatient, licenses, isRecent, now)];
}

type Fits = (license: LinkCandidate, registration: UnlinkedRegistration) => boolean;

function linkOnlyOne(
  waiting: readonly UnlinkedRegistration[], licenses: readonly LinkCandidate[], fits: Fits, now: number,
): readonly LinkDecision[] {
  const fitting = licenses.filter((license) => waiting.some((registration) => fits(license, registration)));
  const open = fitting.filter((license) => license.registrationIds.length === 0);
  const [only] = open.length > 0 ? open : fitting;
  if (only === undefined || open.length > 1 || (open.length === 0 && fitting.length > 1)) {
    return [];
  }
  const its = waiting.filter((registration) => fits(only, registration));
  // The same buyer twice, or two purchases of which one license is still to come: an hour later it is clear.
  const certain = its.every((registration) => hasWaitedLongEnough(registration, now)) || (open.length === 1 && its.length === 1);
  return certain ? its.map((registration) => ({ registration, licenseId: only.licenseId })) : [];
}

function hasWaitedLongEnough({ registeredAt }: UnlinkedRegistration, now: number): boolean {
  return now - registeredAt >= LICENSE_EXPECTED_WITHIN_MS;
}
