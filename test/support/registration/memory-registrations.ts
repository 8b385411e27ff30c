import { emailHash } from '../../../lambda/adapters/registrations/items';
import type { DomainEvent } from '../../../lambda/domain/domain-event';
import type { BuyerEmail } from '../../../lambda/domain/registration/buyer-email';
import type { BuyerDetails } from '../../../lambda/domain/registration/buyer-form';
import { confirmationHash, confirmationId } from '../../../lambda/domain/registration/confirmation-link';
import { type BuyerEmailStore, type CustomerResolver, type RegistrationStore, TokenRefusedError } from '../../../lambda/domain/registration/ports';
import type { RegistrationSession } from '../../../lambda/domain/registration/session';
import { registrationHandler } from '../../../lambda/registration/handle-registration';
import { Subscriptions } from '../../../lambda/subscriptions/subscriptions';
import type { RegistrationConfig } from '../../../src/names';
import { ARN } from '../facts';
import { ACCOUNT, PRODUCT } from '../integration';
import { MemorySubscriptions, NO_UNLINKED } from '../memory-subscriptions';
import { Telemetry } from '../telemetry';

/** What fails, with a message that repeats what the call was given. */
export type Fault = 'NONE' | 'RESOLVER' | 'REFUSED' | 'STORE';

/** The addresses of registrations, of which any may get a link. */
class MemoryEmails implements BuyerEmailStore {
  private readonly emails = new Map<string, BuyerEmail>();

  constructor(private readonly faults: { readonly fault: Fault; readonly store: MemorySubscriptions }) {}

  /**
   * A welcome e-mail went to the address.
   *
   * @returns the last part of the link in it
   */
  offer(registrationId: string, email: string, secret: string, expiresAt: number): string {
    const hash = emailHash(email);
    const confirmation = { tokenHash: confirmationHash(secret), emailHash: hash, expiresAt: expiresAt / 1000 };
    this.emails.set(registrationId, { registrationId, email, emailHash: hash, customerAwsAccountId: ACCOUNT, productCode: PRODUCT, confirmation });
    return confirmationId(registrationId, secret);
  }

  isConfirmed(registrationId: string): boolean {
    return this.emails.get(registrationId)?.confirmedHash !== undefined;
  }

  async read(registrationId: string): Promise<BuyerEmail | undefined> {
    const found = this.emails.get(registrationId);
    if (this.faults.fault === 'STORE') {
      throw new Error(`cannot read ${registrationId} ${JSON.stringify(found)}\n    at ${registrationId} ${found?.email}:1:1`);
    }
    return found;
  }

  async offerConfirmation(): Promise<boolean> {
    return false;
  }

  async noteWelcome(): Promise<void> {}

  async confirm(buyer: BuyerEmail, event: DomainEvent): Promise<boolean> {
    this.emails.set(buyer.registrationId, { ...buyer, confirmedHash: buyer.emailHash });
    this.faults.store.events.push(event);
    return true;
  }
}

/** The registration handler over stores in memory, for properties that need many requests. */
export class MemoryRegistrations implements RegistrationStore, CustomerResolver {
  readonly telemetry = new Telemetry();
  readonly store = new MemorySubscriptions();
  readonly sessions = new Map<string, RegistrationSession>();
  readonly buyers = new Map<string, BuyerDetails>();
  readonly emails = new MemoryEmails(this);
  readonly handle: ReturnType<typeof registrationHandler>;
  fault: Fault = 'NONE';
  private ids = 0;

  constructor(config: RegistrationConfig) {
    const common = { log: this.telemetry, metrics: this.telemetry };
    const subscriptions = new Subscriptions({ ...common, store: this.store, unlinked: NO_UNLINKED });
    this.handle = registrationHandler(() => ({
      ...common,
      config,
      productCode: PRODUCT,
      resolver: this,
      registrations: this,
      buyerEmails: this.emails,
      subscriptions,
      clock: { now: () => Date.parse('2026-11-28T12:00:00Z') },
      newHandle: () => `handle-${(this.ids += 1)}-`.padEnd(43, 'x'),
      newId: () => `registration-${this.ids + 1}`,
    }));
  }

  async resolve(token: string) {
    if (this.fault === 'RESOLVER') {
      throw new Error(`cannot resolve ${token}\n    at ${token}:1:1`);
    }
    if (this.fault === 'REFUSED') {
      throw new TokenRefusedError('INVALID');
    }
    return { customerAwsAccountId: ACCOUNT, productCode: PRODUCT, licenseArn: `${ARN}${this.ids}` };
  }

  async openSession(handle: string, session: RegistrationSession): Promise<void> {
    this.sessions.set(handle, session);
  }

  async session(handle: string): Promise<RegistrationSession | undefined> {
    return this.sessions.get(handle);
  }

  async expireFormerBuyers(): Promise<void> {}

  async completeSession(handle: string, registeredAt: number): Promise<boolean> {
    const session = this.sessions.get(handle) as RegistrationSession;
    this.sessions.set(handle, { ...session, registeredAt });
    return session.registeredAt === undefined;
  }

  async buyer(registrationId: string): Promise<BuyerDetails | undefined> {
    return this.buyers.get(registrationId);
  }

  async publishPendingEvents(): Promise<void> {}

  async saveBuyer(details: BuyerDetails, { registrationId }: RegistrationSession): Promise<void> {
    if (this.fault === 'STORE') {
      throw new Error(`cannot save ${JSON.stringify(details)}\n    at ${details.email}:1:1`);
    }
    this.buyers.set(registrationId, details);
  }

  async offerCode(): Promise<void> {}

  async claimCode(): Promise<undefined> {
    return undefined;
  }
}
