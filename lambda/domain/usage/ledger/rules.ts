import { DAY_MS, HOUR_MS, hourEnd, hourOf, hourStart, MINUTE_MS, monthEnd, nextHour } from './hour';
import { MeteredLicense } from '../../subscription-directory';

export type LateUsagePolicy = 'CARRY_FORWARD' | 'REJECT';

export interface MeteringRules {
  /** Milliseconds after an hour's end during which its bucket stays open. */
  readonly closeGrace: number;
  /** Milliseconds after a license's end during which the running hour stays open. */
  readonly finalUsageGrace: number;
  readonly lateUsage: LateUsagePolicy;
  readonly reportZeroUsage: boolean;
}

/** Marketplace refuses usage 24 hours old (docs/marketplace-facts.md#f-6-2); whether it floors to the hour is unknown, so an hour is kept clear. */
export const SENDABLE_MS = 23 * HOUR_MS;
/** Until when, after the end of a month, its usage is accepted (docs/marketplace-facts.md#f-6-2). */
export const MONTH_END_GRACE_MS = 6 * HOUR_MS;
/** Time kept at the end of the final window for sending its last hour. */
export const FINAL_SEND_MS = 10 * MINUTE_MS;
/** Usage of a license that never becomes active is given up when it is this old. */
export const NEVER_ACTIVATED_AFTER_MS = 31 * DAY_MS;

export function isTooOld(hour: string, now: number): boolean {
  return now >= hourStart(hour) + SENDABLE_MS || now >= monthEnd(hour) + MONTH_END_GRACE_MS;
}

/** When AWS stops to take usage of an ending license. */
export function finalWindowCloses(license: MeteredLicense): number | undefined {
  if (license.status !== 'ENDING' && license.status !== 'ENDED') {
    return undefined;
  }
  return license.finalWindowClosesAt ?? (license.endedAt === undefined ? undefined : license.endedAt + HOUR_MS);
}

/** Whether no usage of this hour can be sent any more, or ever, because the license has ended. */
export function isPastFinalWindow(hour: string, license: MeteredLicense | undefined, now: number): boolean {
  if (license?.status === 'ENDED') {
    return true;
  }
  const closes = license && finalWindowCloses(license);
  return closes !== undefined && (now >= closes || hourStart(hour) >= closes);
}

/** Whether the hour is metered under this key: a migrated buyer has two, and one hour between them that is metered under neither. */
export function isMetered(hour: string, license: MeteredLicense | undefined): boolean {
  const { meteredFrom, meteredUntil } = license ?? {};
  return (meteredFrom === undefined || hour >= meteredFrom) && (meteredUntil === undefined || hour < meteredUntil);
}

/** When the hour's bucket is frozen; usage that comes later is late. */
export function freezesAt(hour: string, license: MeteredLicense | undefined, rules: MeteringRules): number {
  const regular = hourEnd(hour) + rules.closeGrace;
  const windowCloses = license && finalWindowCloses(license);
  if (!license || license.endedAt === undefined || windowCloses === undefined) {
    return regular;
  }

  const lastMoment = windowCloses - FINAL_SEND_MS;
  const runningHour = hourOf(license.endedAt);
  if (hour < runningHour) {
    return rules.lateUsage === 'REJECT' ? regular : hourEnd(hour);
  }
  if (hour === runningHour) {
    return Math.max(hourStart(hour), Math.min(license.endedAt + rules.finalUsageGrace, lastMoment));
  }
  return Math.max(hourStart(hour), Math.min(regular, lastMoment));
}

/**
 * The later open hour into which an amount of `source` is carried; undefined when the license has none left. In the last minutes
 * of its final window: an hour that should be frozen by now. If it is, the amount is carried from there.
 */
export function carryTarget(
  source: string, license: MeteredLicense | undefined, now: number, rules: MeteringRules,
): string | undefined {
  let hour = hourOf(now);
  while (hour <= source || freezesAt(hour, license, rules) <= now || (license?.meteredFrom !== undefined && hour < license.meteredFrom)) {
    hour = nextHour(hour);
  }
  return isPastFinalWindow(hour, license, now) ? lastHourAfter(source, license, now) : hour;
}

/** Where an amount goes: an hour of the same license, or of the one by which a migrated buyer continues. */
export interface CarryTarget {
  readonly to: string;
  readonly toLicense?: string;
}

/** Like {@link carryTarget}; an amount that no hour of a migrated buyer's former key takes any more goes to the license. */
export function carryTargetOf(source: string, license: MeteredLicense | undefined, now: number, rules: MeteringRules): CarryTarget | undefined {
  const to = carryTarget(source, license, now, rules);
  const toLicense = license?.continuesAs;
  if (toLicense === undefined || license?.status !== 'ACTIVE' || (to !== undefined && isMetered(to, license))) {
    return to === undefined ? undefined : { to };
  }
  const meteredFrom = nextHour(license.meteredUntil!);
  const moved = carryTarget(source, { ...license.continuation ?? { licenseId: toLicense, status: 'PENDING' }, meteredFrom }, now, rules);
  // After the end of the license its own hour rejects the amount, with the reason.
  return { to: moved ?? meteredFrom, toLicense };
}

/** The first hour after `source`, from the end of the license on, of which AWS takes usage now. */
function lastHourAfter(source: string, license: MeteredLicense | undefined, now: number): string | undefined {
  if (license?.endedAt === undefined) {
    return undefined;
  }
  const runningHour = hourOf(license.endedAt);
  const hour = source < runningHour ? runningHour : nextHour(source);
  return hour <= hourOf(now) && !isPastFinalWindow(hour, license, now) && !isTooOld(hour, now) && isMetered(hour, license) ? hour : undefined;
}
