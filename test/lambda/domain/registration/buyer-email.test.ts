import {
  type BuyerEmail, buyerEmailConfirmed, buyerEmailEntered, CONFIRMATION_SECONDS, confirmationState, MAX_WELCOMES_OF_ACCOUNT_AND_DAY,
  MAX_WELCOMES_OF_REGISTRATION, mayWelcome,
} from '../../../../lambda/domain/registration/buyer-email';
import type { RegistrationSession } from '../../../../lambda/domain/registration/session';

const NOW = Date.parse('2026-11-23T09:00:00.000Z');
const BUYER: BuyerEmail = {
  registrationId: 'reg-1', customerAwsAccountId: '111122223333', productCode: 'p', licenseId: 'l-1', email: 'Jo@example.com', emailHash: 'hash-of-jo',
};
const LINKED: BuyerEmail = { ...BUYER, confirmation: { tokenHash: 'token', emailHash: 'hash-of-jo', expiresAt: NOW / 1000 + 60 } };

test('the limits are those that the documentation names: a link of seven days, 5 e-mails a registration, 20 an account and day', () => {
  expect([CONFIRMATION_SECONDS, MAX_WELCOMES_OF_REGISTRATION, MAX_WELCOMES_OF_ACCOUNT_AND_DAY]).toEqual([604_800, 5, 20]);
});

describe('the link in a welcome e-mail', () => {
  test.each<[string, BuyerEmail | undefined, string]>([
    ['the address to which it went', LINKED, 'CONFIRMABLE'],
    ['an address that is confirmed already', { ...LINKED, confirmedHash: 'hash-of-jo' }, 'CONFIRMED'],
    ['an address that was entered after another one was confirmed', { ...LINKED, confirmedHash: 'hash-of-former' }, 'CONFIRMABLE'],
    ['no address that was entered since', { ...LINKED, emailHash: 'hash-of-corrected' }, 'INVALID'],
    ['no address that was entered since and has been confirmed', { ...LINKED, emailHash: 'corrected', confirmedHash: 'corrected' }, 'INVALID'],
    ['no address of a buyer who got no link', BUYER, 'INVALID'],
    ['no address of a buyer who got no link and is confirmed', { ...BUYER, confirmedHash: 'hash-of-jo' }, 'INVALID'],
    ['no address of an unknown registration', undefined, 'INVALID'],
  ])('the link in a welcome e-mail confirms %s', (_what, buyer, state) => {
    expect(confirmationState(buyer, 'token', NOW)).toBe(state);
  });

  test('the link in a welcome e-mail is invalid with another secret, also when the address is confirmed', () => {
    expect(confirmationState(LINKED, 'other', NOW)).toBe('INVALID');
    expect(confirmationState({ ...LINKED, confirmedHash: 'hash-of-jo' }, 'other', NOW)).toBe('INVALID');
  });

  test.each([[-1, 'CONFIRMABLE'], [0, 'INVALID'], [1, 'INVALID']])('the link in a welcome e-mail, %d ms after its end, is %s', (later, state) => {
    expect(confirmationState(LINKED, 'token', NOW + 60_000 + later)).toBe(state);
  });

  test('the link in a welcome e-mail says that its address is confirmed long after it expired', () => {
    expect(confirmationState({ ...LINKED, confirmedHash: 'hash-of-jo' }, 'token', NOW + 1e12)).toBe('CONFIRMED');
  });
});

describe('welcome e-mails', () => {
  const welcomed = (welcomes: number | undefined, milliseconds: number) => ({ welcomes, welcomedAt: new Date(NOW - milliseconds).toISOString() });
  const DAY = 86_400_000;

  test.each([[undefined, true], [0, true], [4, true], [5, false], [6, false]])('welcome e-mails are sent after %s to one registration: %s', (welcomes, may) => {
    expect(mayWelcome({ ...BUYER, welcomes }, [], NOW)).toBe(may);
  });

  test.each([
    ['19 of the last 24 hours', [welcomed(10, 0), welcomed(9, DAY - 1)], true],
    ['20 of the last 24 hours', [welcomed(10, 0), welcomed(10, DAY - 1)], false],
    ['21 of the last 24 hours', [welcomed(10, 0), welcomed(11, 5)], false],
    ['20 of which some are a day old', [welcomed(10, 0), welcomed(10, DAY)], true],
    ['many that are older than a day', [welcomed(100, DAY + 1)], true],
    ['registrations without an e-mail', [{ welcomes: 100 }, {}], true],
    ['a registration whose e-mails were not counted', [welcomed(undefined, 1), welcomed(19, 1)], true],
    ['20 beside a registration whose e-mails were not counted', [welcomed(undefined, 1), welcomed(20, 1)], false],
  ])('welcome e-mails of one AWS account, with %s, are sent: %s', (_what, ofAccount, may) => {
    expect(mayWelcome(BUYER, ofAccount, NOW)).toBe(may);
  });

  test('welcome e-mails are not sent beyond the limit of the registration, however few the account has', () => {
    expect(mayWelcome({ ...BUYER, welcomes: 5 }, [welcomed(5, 1)], NOW)).toBe(false);
  });
});

describe('the events about an address', () => {
  const SESSION: RegistrationSession = {
    registrationId: 'reg-1', customerAwsAccountId: '111122223333', productCode: 'p', licenseId: 'l-1', resolvedAt: NOW - 1000,
  };

  test('the events about an address that was entered have the registration, and not the address', () => {
    expect(buyerEmailEntered(SESSION, NOW)).toStrictEqual({
      detailType: 'Buyer Email Entered',
      time: '2026-11-23T09:00:00.000Z',
      detail: {
        version: '1',
        eventId: 'buyer-email-entered:reg-1:2026-11-23T09:00:00.000Z',
        productCode: 'p',
        licenseId: 'l-1',
        customerAwsAccountId: '111122223333',
        registrationId: 'reg-1',
        enteredAt: '2026-11-23T09:00:00.000Z',
        enteredAgain: false,
      },
    });
  });

  test('the events about an address say whether the registration was complete before, and name no license that is not known', () => {
    const { detail } = buyerEmailEntered({ ...SESSION, licenseId: undefined, registeredAt: NOW - 500 }, NOW);
    expect(detail.enteredAgain).toBe(true);
    expect(detail).not.toHaveProperty('licenseId');
  });

  test('the events about an address that was confirmed have the registration, and not the address', () => {
    const event = {
      detailType: 'Buyer Email Confirmed',
      time: '2026-11-23T09:00:00.000Z',
      detail: {
        version: '1',
        eventId: 'buyer-email-confirmed:reg-1:2026-11-23T09:00:00.000Z',
        productCode: 'p',
        licenseId: 'l-1',
        customerAwsAccountId: '111122223333',
        registrationId: 'reg-1',
        confirmedAt: '2026-11-23T09:00:00.000Z',
      },
    };
    expect(buyerEmailConfirmed(LINKED, NOW)).toStrictEqual(event);
    expect(buyerEmailConfirmed({ ...LINKED, licenseId: undefined }, NOW).detail).not.toHaveProperty('licenseId');
  });
});
