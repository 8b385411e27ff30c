import { Cron } from 'croner';

/** A schedule expression EventBridge would not take. */
export class ScheduleError extends Error {
  constructor(expression: string, reason: string) {
    super(`"${expression}" is not a schedule expression: ${reason}`);
    this.name = 'ScheduleError';
  }
}

const UNIT_MILLIS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * The next time a schedule is due.
 *
 * @param expression `rate(5 minutes)`, `cron(0 10 * * ? *)` or `at(2026-11-23T05:00:00)`
 * @param after epoch milliseconds; the answer is later than this
 * @param start epoch milliseconds from which rates count; default `after`
 * @param timezone in which cron(…) and at(…) are meant, by its IANA name
 * @returns epoch milliseconds; undefined when the schedule is over
 * @throws ScheduleError
 */
export function nextOccurrence(expression: string, after: number, start: number = after, timezone = 'Etc/UTC'): number | undefined {
  const [, kind, argument = ''] = /^(rate|cron|at)\((.*)\)$/.exec(expression.trim()) ?? [];
  switch (kind) {
    case 'rate':
      return nextOfRate(expression, argument, after, start);
    case 'cron':
      return nextOfCron(expression, argument, after, timezone);
    case 'at': {
      if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(argument) || Number.isNaN(Date.parse(`${argument}Z`))) {
        throw new ScheduleError(expression, 'at() takes a time such as 2026-11-23T05:00:00');
      }
      return cronOf(expression, argument, timezone).nextRun(new Date(after))?.getTime();
    }
    default:
      throw new ScheduleError(expression, 'it must be rate(…), cron(…) or at(…)');
  }
}

function nextOfRate(expression: string, argument: string, after: number, start: number): number {
  const [, count, unit = '', plural] = /^(\d+) (minute|hour|day)(s?)$/.exec(argument) ?? [];
  const period = Number(count) * (UNIT_MILLIS[unit] ?? NaN);
  if (!(period > 0) || (count === '1') === (plural === 's')) {
    throw new ScheduleError(expression, 'rate() takes a number and its unit: 1 minute, 5 minutes, 1 hour, 2 days, …');
  }
  return start + Math.max(1, Math.floor((after - start) / period) + 1) * period;
}

function nextOfCron(expression: string, argument: string, after: number, timezone: string): number | undefined {
  const fields = argument.trim().split(/\s+/);
  const [minutes = '', hours = '', dayOfMonth = '', month = '', dayOfWeek = '', year = ''] = fields;
  if (fields.length !== 6) {
    throw new ScheduleError(expression, `cron() takes 6 fields, not ${fields.length}`);
  }
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw new ScheduleError(expression, 'one of the fields day of month and day of week, and only one, must be "?"');
  }
  const pattern = ['0', minutes, hours, dayOfMonth.replace('?', '*'), month, lastDayOfWeek(dayOfWeek.replace('?', '*')), year].join(' ');
  const cron = cronOf(expression, pattern, timezone);
  let next = cron.nextRun(new Date(after));
  // A time that a change to daylight saving time leaves out is skipped: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
  while (next && !cron.match(next)) {
    next = cron.nextRun(next);
  }
  return next?.getTime();
}

/** `L` alone is Saturday, the seventh day. */
function lastDayOfWeek(field: string): string {
  return field === 'L' ? '7' : field;
}

function cronOf(expression: string, pattern: string, timezone: string): Cron {
  try {
    return new Cron(pattern, { timezone, mode: '7-part', alternativeWeekdays: true, sloppyRanges: true, paused: true });
  } catch (error) {
    throw new ScheduleError(expression, error instanceof Error ? error.message : String(error));
  }
}
