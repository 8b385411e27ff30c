import { isoTime, optionalIsoTime, timesIn } from '../../../lambda/domain/time';

test('a time is written in UTC with milliseconds, and one that is not known is absent', () => {
  expect(isoTime(1_795_424_400_005)).toBe('2026-11-23T09:00:00.005Z');
  expect(optionalIsoTime(1_795_424_400_005)).toBe('2026-11-23T09:00:00.005Z');
  expect(optionalIsoTime(0)).toBe('1970-01-01T00:00:00.000Z');
  expect(optionalIsoTime(undefined)).toBeUndefined();
});

test('of several texts those that are times are read, and others are left out', () => {
  expect(timesIn(['2026-11-23T00:00:00Z', undefined, 'soon', '', '1970-01-01T00:00:00.001Z'])).toEqual([1_795_392_000_000, 1]);
});
