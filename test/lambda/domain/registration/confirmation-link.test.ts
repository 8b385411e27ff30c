import { confirmationHash, confirmationId, readConfirmationId } from '../../../../lambda/domain/registration/confirmation-link';

const SECRET = `${'aZ09_-'.repeat(7)}x`;
const HASH = '8b89d799cf4a1e0807436acdad8cdc1545a05ee96005b113a62d9a0f9f3e3ab7';

test('a link that confirms an address has the registration and the secret; what is stored has a hash of the secret', () => {
  expect(confirmationId('reg-1', SECRET)).toBe(`reg-1.${SECRET}`);
  expect(confirmationHash(SECRET)).toBe(HASH);
  expect(readConfirmationId(`reg-1.${SECRET}`)).toEqual({ registrationId: 'reg-1', tokenHash: HASH });
});

test.each(['R', '0', '3f2504e0-4f89-11d3-9A0C-0305E82C3301', 'x'.repeat(64)])('a link of the registration %s is read', (registrationId) => {
  expect(readConfirmationId(confirmationId(registrationId, SECRET))).toEqual({ registrationId, tokenHash: HASH });
});

test.each([
  ['nothing', ''],
  ['no secret', 'reg-1'],
  ['an empty secret', 'reg-1.'],
  ['no registration', `.${SECRET}`],
  ['a registration of 65 characters', `${'x'.repeat(65)}.${SECRET}`],
  ['a registration with another character', `reg_1.${SECRET}`],
  ['a secret that is too short', `reg-1.${SECRET.slice(1)}`],
  ['a secret that is too long', `reg-1.${SECRET}a`],
  ['a secret with another character', `reg-1.${SECRET.slice(1)}+`],
  ['text before it', `/reg-1.${SECRET}`],
  ['text after it', `reg-1.${SECRET}\n`],
])('a text with %s is no link that confirms an address', (_what, id) => {
  expect(readConfirmationId(id)).toBeUndefined();
});
