import { HOUR_MS } from '../../time';

export { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../time';

/* Hours are the grain of metering: UTC, written as `2026-11-23T05`. Instants are epoch milliseconds. */

/** The hour an instant lies in. */
export function hourOf(instant: number): string {
  return new Date(Math.floor(instant / HOUR_MS) * HOUR_MS).toISOString().slice(0, 13);
}

export function hourStart(hour: string): number {
  return Date.parse(`${hour}:00:00Z`);
}

export function hourEnd(hour: string): number {
  return hourStart(hour) + HOUR_MS;
}

export function nextHour(hour: string): string {
  return hourOf(hourEnd(hour));
}

export function isHour(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d$/.test(text) && !Number.isNaN(hourStart(text)) && hourOf(hourStart(text)) === text;
}

/** First instant of the month after the one `hour` lies in. */
export function monthEnd(hour: string): number {
  const start = new Date(hourStart(hour));
  return Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1);
}
