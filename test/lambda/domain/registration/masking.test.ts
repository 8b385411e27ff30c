import { accountEnding, maskEmail } from '../../../../lambda/domain/registration/masking';

test('of an account id its last four digits are shown', () => {
  expect(accountEnding('111122220049')).toBe('0049');
});

test.each([
  ['jo@example.com', 'j•••@example.com'],
  ['a@b@example.com', 'a•••@example.com'],
  ['😀o@example.com', '😀•••@example.com'],
  ['j@example.com', 'j•••@example.com'],
  ['@example.com', '•••'],
  ['nobody', '•••'],
  ['', '•••'],
])('the address %j is shown as %j', (email, shown) => {
  expect(maskEmail(email)).toBe(shown);
});
