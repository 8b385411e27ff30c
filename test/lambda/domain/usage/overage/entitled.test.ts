import type { EntitlementPeriod } from '../../../../../lambda/domain/entitlements/ports';
import type { MeteredLicense } from '../../../../../lambda/domain/subscription-directory';
import { entitledIn, isKnown, periodOf } from '../../../../../lambda/domain/usage/overage/entitled';

const HOUR = '2026-11-23T09';
const at = (text: string) => Date.parse(`2026-11-${text}:00Z`);
const period = (value: number | string, agreementId?: string): EntitlementPeriod =>
  ({ since: 0, entitlements: { Users: { value } }, ...(agreementId && { agreementId }) });

function entitled(per: 'HOUR' | 'MONTH' | 'CONTRACT', ...periods: EntitlementPeriod[]) {
  const { term, amount } = entitledIn({ of: 'Users', per }, HOUR, { periods });
  return { term, amount: amount.toFixed() };
}

test.each([['HOUR', '2026-11-23T09'], ['MONTH', '2026-11'], ['CONTRACT', 'CONTRACT']] as const)('usage per %s draws on the allowance of %s', (per, expected) => {
  expect(periodOf({ of: 'Users', per }, HOUR)).toBe(expected);
});

test('usage of an hour may draw on the most that was in force in it', () => {
  expect(entitled('HOUR', period(5), period(12.5), period(0))).toEqual({ term: HOUR, amount: '12.5' });
});

test('a value that is no number, and no entitlement, cover nothing', () => {
  expect(entitled('MONTH', period('unlimited'))).toEqual({ term: '2026-11', amount: '0' });
  expect(entitled('MONTH')).toEqual({ term: '2026-11', amount: '0' });
});

test('usage per contract draws on what the latest agreement with the dimension entitles to, not on what former ones did', () => {
  const without = { entitlements: {}, agreementId: 'c' } as unknown as EntitlementPeriod;
  expect(entitled('CONTRACT', period(50, 'a'), period(10, 'b'), period(20, 'b'), without)).toEqual({ term: 'b', amount: '20' });
  expect(entitled('CONTRACT', period(10))).toEqual({ term: 'NONE', amount: '10' });
});

test('usage per contract draws on the latest of many agreements, and on nothing when none has the dimension', () => {
  expect(entitled('CONTRACT', period(50, 'a'), period(10, 'b'), period(7, 'c'))).toEqual({ term: 'c', amount: '7' });
  expect(entitled('CONTRACT', { since: 0, entitlements: { Storage: { value: 5 } }, agreementId: 'a' })).toEqual({ term: 'NONE', amount: '0' });
  expect(entitled('CONTRACT')).toEqual({ term: 'NONE', amount: '0' });
});

test('usage of an hour draws on nothing of a period without its dimension', () => {
  const other: EntitlementPeriod = { since: 0, entitlements: { Storage: { value: 5 } } };
  expect(entitled('HOUR', other)).toEqual({ term: HOUR, amount: '0' });
  expect(entitled('HOUR', other, period(3), other)).toEqual({ term: HOUR, amount: '3' });
});

describe('what covered an hour', () => {
  const license: MeteredLicense = { licenseId: 'l-1', status: 'ACTIVE', activeSince: at('20T00:00'), updatedAt: at('23T09:30') };

  test.each([
    ['is not known before AWS was asked since the latest License Updated', license, { periods: [period(1)], askedAt: at('23T09:29') }, false],
    ['is known when AWS was asked since', license, { periods: [period(1)], askedAt: at('23T09:30') }, true],
    ['does not depend on a License Updated after that hour', { ...license, updatedAt: at('23T10:00') }, { periods: [period(1)], askedAt: at('22T00:00') }, true],
    ['is not known while a recent purchase has no entitlements yet', { ...license, updatedAt: undefined }, { periods: [], askedAt: at('22T23:59') }, false],
    ['is known to be nothing three days after the purchase', { ...license, updatedAt: undefined }, { periods: [], askedAt: at('23T00:00') }, true],
    ['is not known while AWS was never asked', license, { periods: [period(1)] }, false],
    ['is not known while AWS was never asked about a recent purchase', { ...license, updatedAt: undefined }, { periods: [] }, false],
    ['is known enough of a license that is pending', { ...license, status: 'PENDING' }, { periods: [] }, true],
    ['is known enough of a license that has ended', { ...license, status: 'ENDED' }, { periods: [] }, true],
    ['is known enough of an unknown license', undefined, { periods: [] }, true],
  ] as const)('%s', (_, of, known, expected) => {
    expect(isKnown(HOUR, known as Parameters<typeof isKnown>[1], of as MeteredLicense | undefined)).toBe(expected);
  });
});
