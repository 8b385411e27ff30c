import { afterFailure, Circuit, circuitKey, circuitKeys, isForgotten, isPoison, scopeOf } from '../../../../../lambda/domain/usage/ledger/circuit';

const BUCKET = { licenseId: 'l-1', dimension: 'ApiCalls', hour: '2026-11-23T05' };
const OTHER = { licenseId: 'l-2', dimension: 'Units', hour: '2026-11-23T06' };
const NOW = Date.parse('2026-11-23T06:12:00Z');
const MINUTE_MS = 60_000;

function failures(count: number, scope: Circuit['scope']): Circuit {
  return Array.from({ length: count }).reduce<Circuit | undefined>(
    (before, _, index) => afterFailure(before, { scope, bucket: index === 0 ? BUCKET : OTHER, reason: 'Why', now: NOW }), undefined)!;
}

test.each([
  ['CustomerNotSubscribed', 'LICENSE', false],
  ['InvalidLicenseException', 'LICENSE', true],
  ['InvalidCustomerIdentifierException', 'LICENSE', true],
  ['InvalidUsageDimensionException', 'DIMENSION', true],
  ['InvalidTagException', 'BUCKET', true],
])('%s concerns the %s, and makes AWS refuse the whole call: %s', (reason, scope, poison) => {
  expect([scopeOf(reason), isPoison(reason)]).toEqual([scope, poison]);
});

test('each scope has a key of its own, from the narrowest to the widest', () => {
  expect(circuitKeys(BUCKET)).toEqual(['BUCKET#l-1#ApiCalls#2026-11-23T05', 'DIMENSION#l-1#ApiCalls', 'LICENSE#l-1', 'ALL']);
  expect(circuitKey('DIMENSION', OTHER)).toBe('DIMENSION#l-2#Units');
});

test.each([[1, 5], [2, 10], [3, 20], [4, 40], [5, 60], [9, 60]])('after failure %d, a refusal is tried again in %d minutes', (count, minutes) => {
  expect(failures(count, 'LICENSE')).toMatchObject({ failures: count, failedAt: NOW, retryAt: NOW + minutes * MINUTE_MS, reason: 'Why' });
  expect(failures(count, 'LICENSE')).not.toHaveProperty('probe');
});

test('an unknown outcome is probed by each run, and always with the same bucket', () => {
  expect(failures(3, 'ALL')).toEqual({ key: 'ALL', scope: 'ALL', reason: 'Why', failures: 3, failedAt: NOW, retryAt: NOW, probe: BUCKET });
});

test('a refusal is forgotten a day after the last failure, an unknown outcome never', () => {
  const day = 24 * 60 * MINUTE_MS;
  expect(isForgotten(failures(1, 'BUCKET'), NOW + day - 1)).toBe(false);
  expect(isForgotten(failures(1, 'BUCKET'), NOW + day)).toBe(true);
  expect(isForgotten(failures(1, 'ALL'), NOW + 99 * day)).toBe(false);
});
