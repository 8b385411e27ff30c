import { clockTarget } from '../../src/control/clock-request';

const NOW = Date.parse('2026-11-23T05:00:00Z');

test('a move of ten years is taken, one that would never end is not', () => {
  expect(clockTarget({ advance: 'P3660D' }, NOW)).toBe(NOW + 3660 * 86_400_000);
  for (const body of [{ advance: 'P99999999D' }, { advance: 'P3661D' }, { set: '9999-01-01T00:00:00Z' }]) {
    expect(() => clockTarget(body, NOW)).toThrow(expect.objectContaining({ status: 400, code: 'ClockMoveTooLong', message: expect.stringContaining('3660 days') }));
  }
});
