import fc from 'fast-check';
import { parseInstant } from '../../../../../lambda/domain/usage/intake/time-text';

describe('the time of a usage record', () => {
  test.each([
    ['2026-11-23T05:30:00Z', '2026-11-23T05:30:00.000Z'],
    ['2026-11-23t05:30:00z', '2026-11-23T05:30:00.000Z'],
    ['2026-11-23 05:30Z', '2026-11-23T05:30:00.000Z'],
    ['2026-11-23T05:30:00,25Z', '2026-11-23T05:30:00.250Z'],
    ['2026-11-23T05:30:00.123999999Z', '2026-11-23T05:30:00.123Z'],
    ['2026-11-23T05:30:00+01', '2026-11-23T04:30:00.000Z'],
    ['2026-11-23T05:30:00+0130', '2026-11-23T04:00:00.000Z'],
    ['2026-11-23T05:30:00-05:30', '2026-11-23T11:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ])('%s is %s', (text, instant) => {
    expect(new Date(parseInstant(text)!).toISOString()).toBe(instant);
  });

  test.each([
    '2026-11-23T05:30:00', '2026-11-23', '2026-02-30T00:00:00Z', '2026-02-29T00:00:00Z', '1900-02-29T00:00:00Z', '2026-13-01T00:00:00Z',
    '2026-11-23T24:00:00Z', '2026-11-23T05:60:00Z', '2026-11-23T05:30:00+24:00', '1764000000', '', ' 2026-11-23T05:30:00Z',
  ])('"%s" is no time', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  test('every time that JavaScript writes is read as the same time', () => {
    fc.assert(fc.property(fc.date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('2999-12-31T23:59:59Z'), noInvalidDate: true }), (date) => {
      expect(parseInstant(date.toISOString())).toBe(date.getTime());
    }));
  });
});
