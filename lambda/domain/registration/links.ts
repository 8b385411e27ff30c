/** A registration that was completed while ResolveCustomer did not yet name a license (docs/marketplace-facts.md#f-1-3). */
export interface UnlinkedRegistration {
  readonly registrationId: string;
  /** Epoch milliseconds: when ResolveCustomer answered. */
  readonly resolvedAt: number;
  /** Epoch milliseconds: when the buyer completed it. */
  readonly registeredAt: number;
  readonly freeTrialHint?: boolean;
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
const RESOLVE_LAG_MILLIS = 5 * 60_000;
/** An older license than this is never the one that ResolveCustomer did not name. */
const LONGEST_LAG_MILLIS = 3_600_000;
/** After this, no other license is expected to come. */
const SETTLED_MILLIS = 3_600_000;

/**
 * Finds the licenses that registrations without one belong to. A link is made only when nothing else is possible:
 * one license of that account and product that nobody registered, which came to be around or after the time the
 * registration was resolved; or, when an hour has brought no such license, the one that came to be in the hour before.
 * A registration that a license already carries is found again, so that repeating an interrupted link completes it.
 *
 * @returns the links that are certain; what is missing stays unlinked and is looked at again
 */
export function decideLinks(
  registrations: readonly UnlinkedRegistration[], licenses: readonly LinkCandidate[], now: number,
): readonly LinkDecision[] {
  const made = registrations.flatMap((registration) => licenses
    .filter((license) => license.registrationIds.includes(registration.registrationId))
    .map(({ licenseId }) => ({ registration, licenseId })).slice(0, 1));
  const waiting = registrations.filter((registration) => !made.some((link) => link.registration === registration));
  const isNew: Fits = (license, { resolvedAt }) => license.since >= resolvedAt - RESOLVE_LAG_MILLIS;
  const awaited = waiting.filter((registration) => licenses.some((license) => isNew(license, registration)));
  const found = linkOnlyOne(awaited, licenses, isNew, now);
  if (found.length > 0) {
    // What is left is looked at again with these made.
    return [...made, ...found];
  }
  const isRecent: Fits = (license, { resolvedAt }) => license.since >= resolvedAt - LONGEST_LAG_MILLIS;
  const settled = waiting.filter((registration) => !awaited.includes(registration) && isSettled(registration, now));
  return [...made, ...linkOnlyOne(settled, licenses, isRecent, now)];
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
  // The same buyer twice, or two purchases of which one license is still to come: time tells.
  const certain = its.every((registration) => isSettled(registration, now)) || (open.length === 1 && its.length === 1);
  return certain ? its.map((registration) => ({ registration, licenseId: only.licenseId })) : [];
}

function isSettled({ registeredAt }: UnlinkedRegistration, now: number): boolean {
  return now - registeredAt >= SETTLED_MILLIS;
}
