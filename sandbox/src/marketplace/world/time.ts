export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The end of an endless agreement, as events write it: docs/marketplace-facts.md#f-3-5. */
export const ENDLESS = '9999-01-01T00:00:00Z';

/** Start of the UTC hour `time` lies in. */
export function hourOf(time: number): number {
  return Math.floor(time / HOUR) * HOUR;
}

/** Start of the UTC month `time` lies in. */
export function monthOf(time: number): number {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}

export function isoMilliseconds(time: number): string {
  return new Date(time).toISOString();
}

export function isoSeconds(time: number): string {
  return new Date(Math.floor(time / SECOND) * SECOND).toISOString().replace('.000Z', 'Z');
}
