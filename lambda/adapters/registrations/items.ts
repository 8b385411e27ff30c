import { createHash } from 'node:crypto';
import { Keys, SCHEMA_VERSION } from '../../../src/names';
import { defined } from '../../domain/defined';
import type { BuyerEmail } from '../../domain/registration/buyer-email';
import type { BuyerDetails } from '../../domain/registration/buyer-form';
import { CODE_SECONDS, type RegistrationSession, SESSION_SECONDS } from '../../domain/registration/session';
import { isoTime } from '../../domain/time';
import { expiresAfter } from '../aws/ttl';
import type { OutboxAttributes } from '../events/outbox';

/*
 * Keys and shapes of all items of the registrations table. No other file knows them. Of handles and codes only hashes
 * are stored, so that reading the table does not let anyone continue a registration.
 */

/** `pk = S#…`: a session of the hosted page. `pk = K#…`: a one-time code for the seller's own sign-up page. */
export interface SessionItem {
  readonly session: RegistrationSession;
  /** Epoch milliseconds: when the code was claimed. */
  readonly claimedAt?: number;
  /** Hash of the claim id that redeemed the code. */
  readonly claimedBy?: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

export const sessionKey = (handle: string) => ({ pk: `S#${sha256(handle)}`, sk: 'SESSION' });
export const codeKey = (code: string) => ({ pk: `K#${sha256(code)}`, sk: 'CODE' });
export const buyerKey = (registrationId: string) => ({ pk: `R#${registrationId}`, sk: 'BUYER' });

export function sessionItem(handle: string, session: RegistrationSession, now: number) {
  return { ...sessionKey(handle), type: 'RegistrationSession', v: SCHEMA_VERSION, session, [Keys.TTL]: expiresAfter(now, SESSION_SECONDS) };
}

export function codeItem(code: string, session: RegistrationSession, now: number) {
  return { ...codeKey(code), type: 'RegistrationCode', v: SCHEMA_VERSION, session, [Keys.TTL]: expiresAfter(now, CODE_SECONDS) };
}

/** What is hidden in exports: hashes and secrets. */
type EmailAttributes = Pick<BuyerEmail, 'confirmation' | 'welcomedHash' | 'confirmedHash'>;

/** What the buyer entered: the only item with personal data. */
export interface BuyerItem extends BuyerDetails, EmailAttributes, Partial<OutboxAttributes> {
  readonly pk: string;
  readonly sk: string;
  readonly type: 'Buyer';
  readonly v: number;
  readonly registrationId: string;
  readonly emailHash: string;
  readonly customerAwsAccountId: string;
  readonly productCode: string;
  readonly licenseId?: string;
  readonly savedAt: string;
  /** Epoch seconds; absent when it is kept until it is deleted. */
  readonly expiresAt?: number;
}

/** What a form sets of a buyer's item, or removes when it is not there. All else, such as events to publish, outlives a correction. */
export const ENTERED = ['type', 'v', 'registrationId', 'email', 'contactName', 'company', 'phone', 'answers', 'consents', 'language', 'emailHash',
  'customerAwsAccountId', 'productCode', 'licenseId', 'savedAt', 'expiresAt'] as const satisfies readonly (keyof BuyerItem)[];

/** @param retentionSeconds how long it is kept; undefined: until it is deleted */
export function buyerItem(
  details: BuyerDetails, { registrationId, customerAwsAccountId, productCode, licenseId }: RegistrationSession, now: number,
  retentionSeconds?: number,
): BuyerItem {
  return {
    ...buyerKey(registrationId),
    type: 'Buyer',
    v: SCHEMA_VERSION,
    registrationId,
    ...details,
    emailHash: emailHash(details.email),
    customerAwsAccountId,
    productCode,
    licenseId,
    savedAt: isoTime(now),
    ...retentionSeconds !== undefined && { [Keys.TTL]: expiresAfter(now, retentionSeconds) },
  };
}

/** Addresses that differ in case only reach the same mailbox nearly everywhere. */
export function emailHash(email: string): string {
  return sha256(email.trim().toLowerCase());
}

/** How a code item names who claimed it. */
export function claimantOf(claimId: string): string {
  return sha256(claimId);
}

/** The part of a buyer's item that the buyer entered. */
export function buyerDetails({ email, contactName, company, phone, answers, consents, language }: BuyerDetails): BuyerDetails {
  return defined({ email, contactName, company, phone, answers, consents, language });
}

function sha256(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}
