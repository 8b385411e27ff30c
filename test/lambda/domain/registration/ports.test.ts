import { EmailRefusedError, TokenRefusedError } from '../../../../lambda/domain/registration/ports';

test.each([
  ['EXPIRED', 'TokenRefusedError: Registration token is expired'],
  ['INVALID', 'TokenRefusedError: Registration token is invalid'],
] as const)('a registration token that is refused as %s is logged with that reason', (reason, text) => {
  const error = new TokenRefusedError(reason);
  expect([error.reason, String(error)]).toEqual([reason, text]);
});

test('an e-mail address that is refused is logged with the reason, and without the address', () => {
  const error = new EmailRefusedError('MessageRejected');
  expect([error.reason, String(error)]).toEqual(['MessageRejected', 'EmailRefusedError: The address was refused: MessageRejected']);
});
