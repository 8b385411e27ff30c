/** A registration that was completed while ResolveCustomer did not yet name a license (facts 1.3). */
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

/** ResolveCustomer lagged behind a license for less than this, so an older license is not the one it did not name. */
const RESOLVE_LAG_MILLIS = 3_600_000;
/** After this, a license that several registrations wait for is taken to be the only one to come. */
const SETTLED_MILLIS = 3_600_000;

/**
 * Finds the licenses that registrations without one belong to. A link is made only when nothing else is possible:
 * one license of that account and product that nobody registered, which came to be around or after the time the
 * registration was resolved. A registration that a license already carries is found again, so that repeating an
 * interrupted link completes it.
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
  const fitting = licenses.filter((license) => waiting.some((registration) => fits(license, registration)));
  const open = fitting.filter((license) => license.registrationIds.length === 0);
  const [only] = open.length > 0 ? open : fitting;
  if (only === undefined || open.length > 1 || (open.length === 0 && fitting.length > 1)) {
    return made;
  }
  const its = waiting.filter((registration) => fits(only, registration));
  // The same buyer twice, or two purchases of which one license is still to come: time tells.
  const settled = its.every((registration) => now - registration.registeredAt >= SETTLED_MILLIS);
  const certain = settled || (open.length === 1 && its.length === 1);
  return certain ? [...made, ...its.map((registration) => ({ registration, licenseId: only.licenseId }))] : made;
}

function fits(license: LinkCandidate, registration: UnlinkedRegistration): boolean {
  return license.since >= registration.resolvedAt - RESOLVE_LAG_MILLIS;
}
