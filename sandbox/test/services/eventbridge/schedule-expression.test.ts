import * as fc from 'fast-check';
import { nextOccurrence, ScheduleError } from '../../../src/services/eventbridge/schedule-expression';

const at = (iso: string) => Date.parse(iso);

function next(expression: string, after: string): string | undefined {
  const time = nextOccurrence(expression, at(after));
  return time === undefined ? undefined : new Date(time).toISOString().replace('.000Z', 'Z');
}

describe('rate', () => {
  test.each<[string, string]>([
    ['rate(1 minute)', '2026-11-23T05:01:00Z'],
    ['rate(5 minutes)', '2026-11-23T05:05:00Z'],
    ['rate(1 hour)', '2026-11-23T06:00:00Z'],
    ['rate(2 days)', '2026-11-25T05:00:00Z'],
  ])('%s', (expression, expected) => {
    expect(next(expression, '2026-11-23T05:00:00Z')).toBe(expected);
  });

  test('counts from the start', () => {
    const start = at('2026-11-23T05:00:30Z');
    expect(nextOccurrence('rate(5 minutes)', at('2026-11-23T05:07:00Z'), start)).toBe(at('2026-11-23T05:10:30Z'));
    expect(nextOccurrence('rate(5 minutes)', at('2026-11-23T05:05:30Z'), start)).toBe(at('2026-11-23T05:10:30Z'));
    expect(nextOccurrence('rate(5 minutes)', at('2026-11-23T04:00:00Z'), start)).toBe(at('2026-11-23T05:05:30Z'));
  });

  test('a rate is due once a period, whatever the moment it is asked from', () => {
    fc.assert(fc.property(fc.integer({ min: 2, max: 90 }), fc.nat(10 ** 9), fc.nat(10 ** 9), (minutes, start, after) => {
      const due = nextOccurrence(`rate(${minutes} minutes)`, start + after, start) ?? NaN;
      expect(due).toBeGreaterThan(start + after);
      expect(due - (start + after)).toBeLessThanOrEqual(minutes * 60_000);
      expect((due - start) % (minutes * 60_000)).toBe(0);
    }));
  });
});

describe('cron', () => {
  // 23 November 2026 is a Monday.
  test.each<[string, string | undefined]>([
    ['cron(0 10 * * ? *)', '2026-11-23T10:00:00Z'],
    ['cron(0/15 * * * ? *)', '2026-11-23T05:15:00Z'],
    ['cron(10,40 * * * ? *)', '2026-11-23T05:10:00Z'],
    ['cron(0 8 1 * ? *)', '2026-12-01T08:00:00Z'],
    ['cron(0 18 ? * MON-FRI *)', '2026-11-23T18:00:00Z'],
    ['cron(0 18 ? * 1 *)', '2026-11-29T18:00:00Z'],
    ['cron(0 18 ? * SUN *)', '2026-11-29T18:00:00Z'],
    ['cron(0 18 ? * L *)', '2026-11-28T18:00:00Z'],
    ['cron(15 10 ? * 6L *)', '2026-11-27T10:15:00Z'],
    ['cron(0 10 ? * 3#2 *)', '2026-12-08T10:00:00Z'],
    ['cron(0 10 L * ? *)', '2026-11-30T10:00:00Z'],
    ['cron(0 9 3W * ? *)', '2026-12-03T09:00:00Z'],
    ['cron(0 0 1 JAN ? *)', '2027-01-01T00:00:00Z'],
    ['cron(0 0 1 1 ? 2028-2030)', '2028-01-01T00:00:00Z'],
    ['cron(0 0 1 1 ? 2020)', undefined],
  ])('%s', (expression, expected) => {
    expect(next(expression, '2026-11-23T05:00:00Z')).toBe(expected);
  });

  test('the next time of a cron expression is later than the moment it is asked from', () => {
    expect(next('cron(0 * * * ? *)', '2026-11-23T05:00:00Z')).toBe('2026-11-23T06:00:00Z');
    expect(next('cron(0 * * * ? *)', '2026-11-23T04:59:59.999Z')).toBe('2026-11-23T05:00:00Z');
    expect(next('cron(0 * * * ? *)', '2026-11-23T05:00:00.001Z')).toBe('2026-11-23T06:00:00Z');
  });

  test('a cron expression does not know of summer time', () => {
    expect(next('cron(30 2 * * ? *)', '2026-03-28T12:00:00Z')).toBe('2026-03-29T02:30:00Z');
  });
});

test('at() is due once', () => {
  expect(next('at(2026-11-23T06:00:00)', '2026-11-23T05:00:00Z')).toBe('2026-11-23T06:00:00Z');
  expect(next('at(2026-11-23T06:00:00)', '2026-11-23T06:00:00Z')).toBeUndefined();
});

describe('expressions EventBridge refuses', () => {
  test.each<[string, string]>([
    ['every day', 'it must be rate(…), cron(…) or at(…)'],
    ['rate(5 minute)', 'rate() takes a number and its unit'],
    ['rate(1 minutes)', 'rate() takes a number and its unit'],
    ['rate(0 minutes)', 'rate() takes a number and its unit'],
    ['rate(1 month)', 'rate() takes a number and its unit'],
    ['cron(0 10 * * ?)', 'cron() takes 6 fields, not 5'],
    ['cron(0 10 * * * *)', 'one of the fields day of month and day of week, and only one, must be "?"'],
    ['cron(0 10 ? * ? *)', 'one of the fields day of month and day of week, and only one, must be "?"'],
    ['cron(0 25 * * ? *)', 'CronPattern'],
    ['at(tomorrow)', 'at() takes a time such as'],
  ])('%s', (expression, message) => {
    expect(() => nextOccurrence(expression, 0)).toThrow(ScheduleError);
    expect(() => nextOccurrence(expression, 0)).toThrow(message);
  });
});

describe('in a time zone', () => {
  const inParis = (expression: string, after: string) => new Date(nextOccurrence(expression, Date.parse(after), undefined, 'Europe/Paris')!).toISOString();

  test('a time of day stays the same when daylight saving time begins', () => {
    expect(inParis('cron(0 9 * * ? *)', '2026-03-27T12:00:00Z')).toBe('2026-03-28T08:00:00.000Z');
    expect(inParis('cron(0 9 * * ? *)', '2026-03-28T12:00:00Z')).toBe('2026-03-29T07:00:00.000Z');
    expect(inParis('at(2026-07-01T00:00:00)', '2026-03-28T12:00:00Z')).toBe('2026-06-30T22:00:00.000Z');
    expect(inParis('rate(1 hour)', '2026-03-28T12:00:00Z')).toBe('2026-03-28T13:00:00.000Z');
  });

  test('a time that the beginning of daylight saving time leaves out is skipped, and one that its end repeats is due once', () => {
    expect(inParis('cron(30 2 * * ? *)', '2026-03-28T12:00:00Z')).toBe('2026-03-30T00:30:00.000Z');
    expect(inParis('cron(0/30 * * * ? *)', '2026-03-29T00:30:00Z')).toBe('2026-03-29T01:00:00.000Z');
    expect(inParis('cron(30 2 * * ? *)', '2026-10-24T12:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
    expect(inParis('cron(30 2 * * ? *)', '2026-10-25T00:30:00Z')).toBe('2026-10-26T01:30:00.000Z');
  });
});
