export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** ISO 8601 in UTC with milliseconds: the only form in which times are stored and published; it sorts as the times do. */
export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** Of texts as AWS sends them, those that are times; epoch milliseconds. */
export function timesIn(texts: readonly (string | undefined)[]): readonly number[] {
  return texts.map((text) => new Date(text ?? NaN).getTime()).filter((time) => !Number.isNaN(time));
}

/** {@link isoTime} of a time that may be unknown. */
export function optionalIsoTime(epochMs: number | undefined): string | undefined {
  return epochMs === undefined ? undefined : isoTime(epochMs);
}
