import type { BuyerDetails } from '../../../lambda/domain/registration/buyer-form';
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

/** No welcome e-mail was sent. */
const NO_EMAILS: BuyerEmailStore = {
  read: async () => undefined, offerConfirmation: async () => false, noteWelcome: async () => {}, confirm: async () => false,
};

/** The registration handler over stores in memory, for properties that need many requests. */
export class MemoryRegistrations implements RegistrationStore, CustomerResolver {
  readonly telemetry = new Telemetry();
  readonly store = new MemorySubscriptions();
  readonly sessions = new Map<string, RegistrationSession>();
  readonly buyers = new Map<string, BuyerDetails>();
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
      buyerEmails: NO_EMAILS,
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
