import type { RegistrationSession } from './session';
import { DetailType } from '../../../src/names';
import { defined } from '../defined';
import type { DomainEvent } from '../domain-event';
import { DAY_MS, isoTime } from '../time';

/** The link in the welcome e-mail confirms the address for this long. */
export const CONFIRMATION_SECONDS = 7 * 86_400;
/** To different addresses of one registration: a buyer corrects a typo, and does not write to strangers. */
export const MAX_WELCOMES_OF_REGISTRATION = 5;
/** Anyone with a subscription can start registrations again and again. */
export const MAX_WELCOMES_OF_ACCOUNT_AND_DAY = 20;

/** What is known of the address that a buyer entered. Hashes are of the address in lower case. */
export interface BuyerEmail {
  readonly registrationId: string;
  readonly customerAwsAccountId: string;
  readonly productCode: string;
  readonly licenseId?: string;
  readonly email: string;
  readonly emailHash: string;
  /** Of the page on which it was entered, such as `de`; absent: English. */
  readonly language?: string;
  /** The address to which the welcome e-mail went last. */
  readonly welcomedHash?: string;
  /** ISO 8601. */
  readonly welcomedAt?: string;
  readonly welcomes?: number;
  readonly confirmation?: EmailConfirmation;
  /** The address that was confirmed last. */
  readonly confirmedHash?: string;
}

/** What a link in an e-mail confirms. */
export interface EmailConfirmation {
  /** Hash of the secret in the link. */
  readonly tokenHash: string;
  readonly emailHash: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

/** `CONFIRMABLE` by the link that was followed; `INVALID`: unknown, too old, or of an address that was corrected since. */
export type ConfirmationState = 'CONFIRMABLE' | 'CONFIRMED' | 'INVALID';

/** @param now epoch milliseconds */
export function confirmationState(buyer: BuyerEmail | undefined, tokenHash: string, now: number): ConfirmationState {
  const { confirmation, emailHash, confirmedHash } = buyer ?? {};
  if (confirmation?.tokenHash !== tokenHash || confirmation.emailHash !== emailHash) {
    return 'INVALID';
  }
  if (confirmedHash === emailHash) {
    return 'CONFIRMED';
  }
  return confirmation.expiresAt * 1000 > now ? 'CONFIRMABLE' : 'INVALID';
}

/** @param ofAccount everything that the AWS account has registered */
export function mayWelcome({ welcomes = 0 }: BuyerEmail, ofAccount: readonly Pick<BuyerEmail, 'welcomedAt' | 'welcomes'>[], now: number): boolean {
  const ofDay = ofAccount.filter(({ welcomedAt }) => welcomedAt !== undefined && Date.parse(welcomedAt) > now - DAY_MS);
  return welcomes < MAX_WELCOMES_OF_REGISTRATION
    && ofDay.reduce((sum, other) => sum + (other.welcomes ?? 0), 0) < MAX_WELCOMES_OF_ACCOUNT_AND_DAY;
}

/** A buyer has sent the form. It has no address: who may read that, finds it by the registration. */
export function buyerEmailEntered(session: RegistrationSession, now: number): DomainEvent {
  const { registrationId, customerAwsAccountId, productCode, licenseId, registeredAt } = session;
  const time = isoTime(now);
  return {
    detailType: DetailType.BUYER_EMAIL_ENTERED,
    time,
    detail: defined({
      version: '1' as const,
      eventId: `buyer-email-entered:${registrationId}:${time}`,
      productCode,
      licenseId,
      customerAwsAccountId,
      registrationId,
      enteredAt: time,
      enteredAgain: registeredAt !== undefined,
    }),
  };
}

export function buyerEmailConfirmed({ registrationId, customerAwsAccountId, productCode, licenseId }: BuyerEmail, now: number): DomainEvent {
  const time = isoTime(now);
  return {
    detailType: DetailType.BUYER_EMAIL_CONFIRMED,
    time,
    detail: defined({
      version: '1' as const,
      eventId: `buyer-email-confirmed:${registrationId}:${time}`,
      productCode,
      licenseId,
      customerAwsAccountId,
      registrationId,
      confirmedAt: time,
    }),
  };
}
