import { EmailRefusedError, TokenRefusedError } from '../../../../lambda/domain/registration/ports';

test.each([
  [new TokenRefusedError('EXPIRED'), 'TokenRefusedError: Registration token is expired'],
  [new TokenRefusedError('INVALID'), 'TokenRefusedError: Registration token is invalid'],
  [new EmailRefusedError('MessageRejected'), 'EmailRefusedError: The address was refused: MessageRejected'],
])('a refusal is logged with its name and reason: %s', (error, text) => {
  expect(String(error)).toBe(text);
  expect(text.toUpperCase()).toContain(error.reason.toUpperCase());
});
