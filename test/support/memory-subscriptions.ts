import type { DomainEvent } from '../../lambda/domain/domain-event';
import type { UnlinkedRegistrationStore } from '../../lambda/domain/registration/ports';
import { type AgreementFacts, mergeAgreements, type SubscriptionFacts } from '../../lambda/domain/subscription/facts';
import type { KnownAgreement, RecordedSubscription, SubscriptionStore } from '../../lambda/domain/subscription/ports';
import { type SubscriptionState, subscriptionState } from '../../lambda/domain/subscription/state';
import { applyFacts, type Subscription } from '../../lambda/domain/subscription/subscription';

/** Subscriptions in memory, for properties that need many histories. Events are published at once. */
export class MemorySubscriptions implements SubscriptionStore {
  readonly subscriptions = new Map<string, Subscription>();
  readonly agreements = new Map<string, KnownAgreement>();
  readonly events: DomainEvent[] = [];
  writes = 0;

  /** Event ids. */
  get published(): string[] {
    return this.events.map(({ detail }) => detail.eventId);
  }

  async read(licenseId: string): Promise<Subscription | undefined> {
    return this.subscriptions.get(licenseId);
  }

  async readAgreement(agreementId: string): Promise<KnownAgreement | undefined> {
    return this.agreements.get(agreementId);
  }

  async addFacts(licenseId: string, facts: SubscriptionFacts, now: number): Promise<RecordedSubscription> {
    const { after, state, events, changed } = applyFacts(this.subscriptions.get(licenseId), licenseId, facts, now, 'product');
    if (changed) {
      this.writes += 1;
      this.subscriptions.set(licenseId, after);
    }
    this.events.push(...events);
    return { licenseId, state, events, pendingEvents: [] };
  }

  async addAgreementFacts(agreementId: string, facts: AgreementFacts, licenseId: string | undefined): Promise<KnownAgreement> {
    const known = this.agreements.get(agreementId);
    const after = {
      licenseIds: [...new Set([...known?.licenseIds ?? [], ...licenseId === undefined ? [] : [licenseId]])].sort(),
      facts: mergeAgreements(known?.facts ?? {}, facts),
    };
    this.agreements.set(agreementId, after);
    return after;
  }

  async publishPendingEvents(): Promise<void> {}

  async licensesOf(): Promise<readonly string[]> {
    return [...this.subscriptions.keys()];
  }

  async *licensesByStatus(): AsyncIterable<string> {}

  async countByStatus(): Promise<{ readonly count: number; readonly complete: boolean }> {
    return { count: 0, complete: true };
  }

  states(now: number): Record<string, SubscriptionState> {
    return Object.fromEntries([...this.subscriptions].sort().map(([licenseId, { facts }]) => [licenseId, subscriptionState(facts, now)]));
  }
}

/** No registration waits for its license. */
export const NO_UNLINKED: UnlinkedRegistrationStore = {
  read: async () => [],
  update: async () => {},
  async *accounts() {},
};
