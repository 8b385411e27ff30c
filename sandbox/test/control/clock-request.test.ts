import { clockMove } from '../../src/control/clock-request';

const NOW = Date.parse('2026-11-23T05:00:00Z');

test('a move of ten years is taken, one that would never end is not', () => {
  expect(clockMove({ advance: 'P3660D' }, NOW)).toEqual({ target: NOW + 3660 * 86_400_000 });
  for (const body of [{ advance: 'P99999999D' }, { advance: 'P3661D' }, { set: '9999-01-01T00:00:00Z' }]) {
    expect(() => clockMove(body, NOW)).toThrow(expect.objectContaining({ status: 400, code: 'ClockMoveTooLong', message: expect.stringContaining('3660 days') }));
  }
});

test('schedules are thinned by a duration', () => {
  expect(clockMove({ advance: 'PT1H', thin: 'PT6H' }, NOW)).toEqual({ target: NOW + 3_600_000, thinMillis: 6 * 3_600_000 });
  for (const thin of ['often', 6, 'PT0S', null]) {
    expect(() => clockMove({ advance: 'PT1H', thin }, NOW)).toThrow(expect.objectContaining({ status: 400, code: 'InvalidClock', message: expect.stringContaining('thin') }));
  }
});
