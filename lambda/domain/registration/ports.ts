import type { BuyerEmail, EmailConfirmation } from './buyer-email';
import type { BuyerDetails } from './buyer-form';
import type { UnlinkedRegistration } from './links';
import type { RegistrationSession } from './session';
import type { WelcomeEmailConfig } from '../../../src/names';
import type { DomainEvent } from '../domain-event';
import type { BuyerAccount } from '../subscription/ports';

/** The buyer and the product that a registration token stands for. */
export interface ResolvedCustomer extends BuyerAccount {
  /** May be missing at first (docs/marketplace-facts.md#f-1-3). */
  readonly licenseArn?: string;
  /** Empty on new products (docs/marketplace-facts.md#f-2-1). */
  readonly customerIdentifier?: string;
}

export interface CustomerResolver {
  /**
   * @throws TokenRefusedError when the buyer has to get a new token; any other error is AWS's or ours, and may pass
   */
  resolve(registrationToken: string): Promise<ResolvedCustomer>;
}

export class TokenRefusedError extends Error {
  constructor(readonly reason: 'EXPIRED' | 'INVALID') {
    super(`Registration token is ${reason.toLowerCase()}`);
    this.name = 'TokenRefusedError';
  }
}

export interface ClaimedCode {
  readonly session: RegistrationSession;
  /** Epoch milliseconds: of the first claim. */
  readonly claimedAt: number;
  /** The same claimant claimed the code before. */
  readonly repeated: boolean;
}

/** Sessions, one-time codes and what buyers entered. All single-item reads are strongly consistent. */
export interface RegistrationStore {
  openSession(handle: string, session: RegistrationSession, now: number): Promise<void>;
  /** @returns undefined when there is none, or its time is over */
  session(handle: string, now: number): Promise<RegistrationSession | undefined>;
  /**
   * Notes in the session that the registration is complete.
   *
   * @returns whether this call was the first: of parallel ones, one is
   */
  completeSession(handle: string, registeredAt: number, licenseId: string | undefined): Promise<boolean>;
  /** @returns undefined when nothing was entered for that registration */
  buyer(registrationId: string): Promise<BuyerDetails | undefined>;
  /** Stores what was entered, in place of what was before, and the events to publish about it. */
  saveBuyer(details: BuyerDetails, session: RegistrationSession, now: number, events: readonly DomainEvent[]): Promise<void>;
  /** Publishes what events a buyer's item has. @throws any error of the table or the bus; they then still wait */
  publishPendingEvents(registrationId: string): Promise<void>;
  /** Lets expire what others entered who registered this license before, by the index of accounts: eventually consistent. */
  expireFormerBuyers(licenseId: string, registrationId: string, account: BuyerAccount, now: number): Promise<void>;
  offerCode(code: string, session: RegistrationSession, now: number): Promise<void>;
  /**
   * Marks a code as claimed by `claimId`, once: of parallel claims, one wins.
   *
   * @returns undefined for a code that is unknown, expired or claimed by another claimant
   */
  claimCode(code: string, claimId: string, now: number): Promise<ClaimedCode | undefined>;
}

/** The e-mail address of each registration, and whether its buyer has confirmed it. Reads are strongly consistent. */
export interface BuyerEmailStore {
  read(registrationId: string): Promise<BuyerEmail | undefined>;
  /** @returns false when the buyer has entered another address meanwhile */
  offerConfirmation(registrationId: string, confirmation: EmailConfirmation): Promise<boolean>;
  noteWelcome(registrationId: string, emailHash: string, now: number): Promise<void>;
  /**
   * Confirms the address, with the event to publish about it.
   *
   * @returns false when it is confirmed already, or another address was entered meanwhile
   */
  confirm(buyer: BuyerEmail, event: DomainEvent, now: number): Promise<boolean>;
}

export interface EmailMessage {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface EmailSender {
  /**
   * @param registrationId names the e-mail in reports of bounces
   * @throws EmailRefusedError when no e-mail can be sent to that address; any other error may pass
   */
  send(config: WelcomeEmailConfig, to: string, message: EmailMessage, registrationId: string): Promise<void>;
}

export class EmailRefusedError extends Error {
  /** @param reason without personal data */
  constructor(readonly reason: string) {
    super(`The address was refused: ${reason}`);
    this.name = 'EmailRefusedError';
  }
}

/** What one buyer entered, as it is stored: who else may read it is the seller's decision. */
export interface StoredBuyer {
  readonly registrationId: string;
  readonly licenseId?: string;
  readonly customerAwsAccountId: string;
  readonly welcomedAt?: string;
  readonly welcomes?: number;
  readonly [field: string]: unknown;
}

/** What buyers entered, found by their account or e-mail address; eventually consistent. */
export interface BuyerDataStore {
  ofAccount(customerAwsAccountId: string): Promise<readonly StoredBuyer[]>;
  /** Upper and lower case are the same. */
  ofEmail(email: string): Promise<readonly StoredBuyer[]>;
  remove(registrationId: string): Promise<void>;
}

/** Registrations that wait until AWS Marketplace names their license. */
export interface UnlinkedRegistrationStore {
  /** Strongly consistent, by registration id. */
  read(account: BuyerAccount): Promise<readonly UnlinkedRegistration[]>;
  /** Replaces the waiting registrations of an account by what `change` makes of them. It may be called again when another writer came between. */
  update(
    account: BuyerAccount, change: (waiting: readonly UnlinkedRegistration[]) => readonly UnlinkedRegistration[], now: number,
  ): Promise<void>;
  /** Accounts with waiting registrations, those that wait longest first; eventually consistent. Epoch milliseconds. */
  accounts(): AsyncIterable<BuyerAccount & { readonly waitingSince: number }>;
}
