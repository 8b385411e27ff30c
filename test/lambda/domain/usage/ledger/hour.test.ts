import { hourEnd, hourOf, hourStart, isHour, monthEnd, nextHour } from '../../../../../lambda/domain/usage/ledger/hour';

describe('an hour', () => {
  test.each([
    ['2026-11-23T05', true],
    ['2028-02-29T23', true],
    ['2026-11-23T24', false],
    ['2026-02-29T05', false],
    ['2026-13-01T05', false],
    ['2026-11-23T5', false],
    ['2026-11-23T05:00', false],
    ['x2026-11-23T05', false],
    ['2026-11-23', false],
    ['2026-11-23t05', false],
    ['', false],
  ])('an hour is written as date and hour: %j is one: %s', (text, expected) => {
    expect(isHour(text)).toBe(expected);
  });

  test('lasts from its first millisecond to the first of the next hour', () => {
    expect(hourStart('2026-11-23T05')).toBe(Date.parse('2026-11-23T05:00:00.000Z'));
    expect(hourEnd('2026-11-23T05')).toBe(Date.parse('2026-11-23T06:00:00.000Z'));
    expect(hourOf(Date.parse('2026-11-23T05:00:00.000Z'))).toBe('2026-11-23T05');
    expect(hourOf(Date.parse('2026-11-23T05:59:59.999Z'))).toBe('2026-11-23T05');
    expect(nextHour('2026-12-31T23')).toBe('2027-01-01T00');
  });

  test.each([
    ['2026-11-23T05', '2026-12-01T00:00:00.000Z'],
    ['2026-12-31T23', '2027-01-01T00:00:00.000Z'],
    ['2028-02-01T00', '2028-03-01T00:00:00.000Z'],
  ])('belongs to a month: that of %s ends at %s', (hour, end) => {
    expect(new Date(monthEnd(hour)).toISOString()).toBe(end);
  });
});
