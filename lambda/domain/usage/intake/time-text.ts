import { MINUTE_MS } from '../ledger/hour';

const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)$/;

/** Epoch milliseconds of an ISO 8601 time with a zone; undefined for any other text, 30 February included. */
export function parseInstant(text: string): number | undefined {
  const match = ISO.exec(text.trim().toUpperCase());
  if (!match) {
    return undefined;
  }
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const millis = Math.floor(Number(`0.${match[7] ?? 0}`) * 1000);
  const local = Date.UTC(year, month - 1, day, hour, minute, second, millis);
  const asWritten = new Date(local);
  const exists = asWritten.getUTCMonth() === month - 1 && asWritten.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  const zone = offset(match[8]);
  return exists && zone !== undefined ? local - zone : undefined;
}

function offset(zone: string): number | undefined {
  if (zone === 'Z') {
    return 0;
  }
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 23 || minutes > 59) {
    return undefined;
  }
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * MINUTE_MS;
}
