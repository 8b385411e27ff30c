import { MINUTE_MS } from '../ledger/hour';

const LEAP_YEAR = '(\\d\\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)';
const DATE = `(\\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])|(0[469]|11)-(0[1-9]|[12]\\d|30)|02-(0[1-9]|1\\d|2[0-8]))|${LEAP_YEAR}-02-29)`;
const CLOCK = '([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d([.,]\\d{1,9})?)?';
const ZONE = '([Zz]|[+-]([01]\\d|2[0-3])(:?[0-5]\\d)?)';

/**
 * A date that exists, a time, and a zone: RFC 3339, and what else programs write of ISO 8601 (no seconds, a comma, `+0100`,
 * `+01`, a space for the `T`). The published schema has the same pattern.
 */
export const TIME_PATTERN = `^${DATE}[Tt ]${CLOCK}${ZONE}$`;

const TIME = new RegExp(TIME_PATTERN);
const PARTS = /^(\d{4})-(\d\d)-(\d\d).(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(.+)$/;

/** Epoch milliseconds of a time with a zone; undefined for any other text, 30 February included. */
export function parseInstant(text: string): number | undefined {
  const match = TIME.test(text) ? PARTS.exec(text) : null;
  if (!match) {
    return undefined;
  }
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const millis = Math.floor(Number(`0.${match[7] ?? 0}`) * 1000);
  return Date.UTC(year, month - 1, day, hour, minute, second, millis) - offsetMillis(match[8]);
}

function offsetMillis(zone: string): number {
  // Z has no digits, and a zone may have no minutes: the number of no digits is 0.
  const digits = zone.slice(1).replace(':', '');
  return (zone.startsWith('-') ? -1 : 1) * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * MINUTE_MS;
}
