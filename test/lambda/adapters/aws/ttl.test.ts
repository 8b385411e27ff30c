import { expiresAfter, isExpired } from '../../../../lambda/adapters/aws/ttl';

test('an item expires in whole seconds, never before its time', () => {
  expect(expiresAfter(1_000_001, 60)).toBe(1061);
  expect(expiresAfter(1_000_000, 60)).toBe(1060);
});

test('an item is expired from that second on, and without a time it is', () => {
  expect(isExpired(1060, 1_059_999)).toBe(false);
  expect(isExpired(1060, 1_060_000)).toBe(true);
  expect(isExpired(undefined, 0)).toBe(true);
});
