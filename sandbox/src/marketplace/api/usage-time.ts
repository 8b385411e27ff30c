import { WireError } from './wire';
import type { Settings } from '../settings/settings';
import { HOUR, hourOf, isoMilliseconds, monthOf, SECOND } from '../world/time';

/** How long usage of the month before is accepted: docs/marketplace-facts.md#f-6-2. */
const MONTH_END_GRACE = 6 * HOUR;

/**
 * Refuses usage too old, of a closed month, ahead of time, or from before the license: docs/marketplace-facts.md#f-6-2.
 * @throws WireError TimestampOutOfBoundsException
 */
export function checkTimestamp(timestamp: number, licenseStart: number, now: number, settings: Settings, path: string): void {
  const refused = reasonToRefuse(timestamp, licenseStart, now, settings);
  if (refused) {
    throw new WireError('TimestampOutOfBoundsException',
      `The timestamp value passed in the UsageRecord is out of allowed range: ${isoMilliseconds(timestamp)} ${refused} `
      + `at ${isoMilliseconds(now)} (${path}). No record of the batch was processed`);
  }
}

function reasonToRefuse(timestamp: number, licenseStart: number, now: number, settings: Settings): string | undefined {
  if (timestamp > now + settings.get('metering.futureToleranceSeconds') * SECOND) {
    return 'lies in the future';
  }
  // Usage is stamped with its hour: the hour a license starts in belongs to it.
  if (timestamp < hourOf(licenseStart)) {
    return `lies before the start of the license, ${isoMilliseconds(licenseStart)},`;
  }
  const month = monthOf(now);
  if (timestamp < month) {
    const previousMonth = monthOf(month - 1);
    if (now >= month + MONTH_END_GRACE || timestamp < previousMonth) {
      return 'belongs to a month that was closed at 06:00 UTC on the 1st';
    }
    if (settings.get('metering.monthEnd') === 'lenient') {
      return undefined;
    }
  }
  const limit = settings.get('metering.maxAgeHours');
  return tooOld(timestamp, now, limit * HOUR, settings) ? `is ${limit} hours old or older` : undefined;
}

function tooOld(timestamp: number, now: number, limit: number, settings: Settings): boolean {
  switch (settings.get('metering.ageFrom')) {
    case 'record-hour': return now - hourOf(timestamp) >= limit;
    case 'current-hour': return hourOf(now) - timestamp > limit;
    default: return now - timestamp >= limit;
  }
}
