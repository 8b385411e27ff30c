import { withLegacyLicense } from '../../../../../lambda/domain/usage/intake/legacy-record';
import { parseRecord } from '../../../../../lambda/domain/usage/intake/parse-record';
import { LEGACY_BUYER, LEGACY_ID, LEGACY_PRODUCT } from '../../../../support/notifications';

const USAGE = { id: 'a', dimension: 'ApiCalls', quantity: 3, time: '2026-11-23T04:30:00Z' };
const read = (record: unknown) => parseRecord(withLegacyLicense(record, LEGACY_PRODUCT));

test('usage of a legacy product names its buyer by customer identifier or by the key of the subscription', () => {
  for (const buyer of [{ customerIdentifier: LEGACY_BUYER }, { license: LEGACY_ID }, { license: null, customerIdentifier: LEGACY_BUYER }]) {
    expect(read({ ...USAGE, ...buyer })).toMatchObject({ ok: true, record: { licenseId: LEGACY_ID } });
  }
});

test('a license that is given counts, whatever customer identifier stands beside it', () => {
  expect(read({ ...USAGE, license: 'l-1', customerIdentifier: LEGACY_BUYER })).toMatchObject({ ok: true, record: { licenseId: 'l-1' } });
});

test.each([5, '', 'a#b', 'x'.repeat(129)])('usage with the customer identifier %j is refused', (customerIdentifier) => {
  expect(read({ ...USAGE, customerIdentifier })).toMatchObject({ ok: false, problem: { reason: 'LegacyCustomerNotSupported' } });
});

test.each([[[]], [null], ['text'], [7], [undefined]])('%j is no usage record of a legacy product', (input) => {
  expect(withLegacyLicense(input, LEGACY_PRODUCT)).toBe(input);
});
