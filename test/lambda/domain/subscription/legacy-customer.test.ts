import { isCustomerIdentifier, legacyCustomerOf, legacyIdOf } from '../../../../lambda/domain/subscription/legacy-customer';
import { LICENSE } from '../../../support/facts';

test('the key of a legacy subscription names its product and customer, and is read back', () => {
  const customer = { productCode: 'abc123', customerIdentifier: 'X-y_z.9' };
  expect(legacyIdOf(customer)).toBe('legacy-abc123-X-y_z.9');
  expect(legacyCustomerOf(legacyIdOf(customer))).toEqual(customer);
});

test.each([LICENSE, 'legacy-abc', 'legacy--customer', 'legacy-abc-a#b', 'legacy-abc-', 'a-legacy-abc-a', 'legacy-ABC-a', ''])('the key %j is none of a legacy subscription', (key) => {
  expect(legacyCustomerOf(key)).toBeUndefined();
});

test.each([['aBc_1.2-3', true], ['a'.repeat(128), true], ['a'.repeat(129), false], ['', false], ['a#b', false], ['a b', false]])(
  'the text %j can be a customer identifier: %s', (text, expected) => {
    expect(isCustomerIdentifier(text)).toBe(expected);
  });
