import type { EntitlementChecks } from './entitlement-checks';
import { type LinkOutcome, RegistrationLinks } from './registration-links';
import { SubscriptionRecorder } from './subscription-recorder';
import type { Log, MetricSink } from '../domain/ports';
import { type UnlinkedRegistration, withWaiting } from '../domain/registration/links';
import type { UnlinkedRegistrationStore } from '../domain/registration/ports';
import { type AgreementFact, type AgreementFactKind, type AgreementFacts, agreementFacts, EMPTY_FACTS, type Resolution, type SubscriptionFacts } from '../domain/subscription/facts';
import { type NotificationFact, notificationFacts } from '../domain/subscription/notification-facts';
import type { BuyerAccount, RecordedSubscription, SubscriptionStore } from '../domain/subscription/ports';
import { type SubscriptionState, subscriptionState } from '../domain/subscription/state';

export interface SubscriptionsDependencies {
  readonly store: SubscriptionStore;
  readonly unlinked: UnlinkedRegistrationStore;
  readonly log: Log;
  readonly metrics: MetricSink;
  /** Absent: the pricing model has no entitlements. */
  readonly entitlementChecks?: EntitlementChecks | undefined;
  /** Absent: CONCURRENT. */
  readonly agreementMode?: AgreementMode | undefined;
}

/** As the seller has set it: CONCURRENT by license, LEGACY by customer identifier, MIGRATING buyer by buyer from the one to the other. */
export type AgreementMode = 'CONCURRENT' | 'LEGACY' | 'MIGRATING';

/** AWS sends License Updated for every purchase, amendment and renewal (docs/marketplace-facts.md#f-3-6). */
const CHANGES_ENTITLEMENTS: ReadonlySet<AgreementFactKind> = new Set(['LICENSE_UPDATED', 'LICENSE_DEPROVISIONED', 'ENDED']);

/**
 * What the handlers do with subscriptions. Whatever names a license, or a registration without one, is recorded first;
 * then the registrations of that buyer which still wait for a license are linked as far as is certain.
 */
export class Subscriptions {
  private readonly recorder: SubscriptionRecorder;
  private readonly links: RegistrationLinks;

  constructor(private readonly deps: SubscriptionsDependencies) {
    const { store, unlinked, log, metrics, agreementMode } = deps;
    this.recorder = new SubscriptionRecorder(store, log, metrics, agreementMode === 'MIGRATING');
    this.links = new RegistrationLinks(this.recorder, store, unlinked, log);
  }

  /** @returns undefined: nothing is known of the license */
  async read(licenseId: string, now: number): Promise<SubscriptionState | undefined> {
    const subscription = await this.deps.store.read(licenseId);
    return subscription === undefined ? undefined : subscriptionState(subscription.facts, now);
  }

  /** Records that ResolveCustomer named a license. */
  async recordResolution(licenseId: string, resolution: Resolution, now: number): Promise<RecordedSubscription> {
    const recorded = await this.recorder.recordFacts(licenseId, { ...EMPTY_FACTS, resolution }, now);
    await this.linkWaiting(resolution, now, licenseId);
    return recorded;
  }

  /**
   * Records a completed registration with its license; without one, it waits for its license.
   *
   * @returns the subscription, if its license is known by now
   */
  async recordRegistration(
    registration: UnlinkedRegistration, account: BuyerAccount, licenseId: string | undefined, now: number,
  ): Promise<RecordedSubscription | undefined> {
    const { registrationId, registeredAt } = registration;
    if (licenseId !== undefined) {
      const recorded = await this.recorder.recordFacts(licenseId, { ...EMPTY_FACTS, registrations: { [registrationId]: registeredAt } }, now);
      await this.deps.entitlementChecks?.check(licenseId);
      return recorded;
    }
    await this.deps.unlinked.update(account, (waiting) => withWaiting(waiting, registration), now);
    const { linked } = await this.linkWaiting(account, now);
    return linked.get(registrationId);
  }

  /**
   * Records what an event reports about an agreement.
   *
   * @param licenseId the license that the event names, if it names one
   * @returns the subscriptions of that agreement: none while the fact waits for License Updated
   */
  async recordAgreementFact(fact: AgreementFact, licenseId: string | undefined, now: number): Promise<readonly RecordedSubscription[]> {
    return this.recordAgreementFacts(fact.agreementId, agreementFacts(fact), licenseId, now);
  }

  /** Like {@link recordAgreementFact}, for several facts of one agreement: its license gets all of them in one write. */
  async recordAgreementFacts(
    agreementId: string, facts: AgreementFacts, licenseId: string | undefined, now: number,
  ): Promise<readonly RecordedSubscription[]> {
    const recorded = await this.recorder.recordAgreementFacts(agreementId, facts, licenseId, now);
    const named = recorded.find((subscription) => subscription.licenseId === licenseId);
    const { customerAwsAccountId, productCode, registeredAt } = named?.state ?? {};
    if (registeredAt === undefined && customerAwsAccountId !== undefined && productCode !== undefined) {
      await this.linkWaiting({ customerAwsAccountId, productCode }, now, licenseId);
    }
    if (Object.values(facts).some(({ kind }) => CHANGES_ENTITLEMENTS.has(kind))) {
      for (const subscription of recorded) {
        await this.deps.entitlementChecks?.check(subscription.licenseId);
      }
    }
    return recorded;
  }

  /** Records what a notification reports about a buyer of a legacy product. */
  async recordNotification(licenseId: string, fact: NotificationFact, now: number): Promise<RecordedSubscription> {
    const recorded = await this.recorder.recordFacts(licenseId, { ...EMPTY_FACTS, notifications: notificationFacts(fact) }, now);
    // Both topics follow a change of a contract, in either order (docs/marketplace-facts.md#f-4); AWS may show it with the second only.
    await this.deps.entitlementChecks?.check(licenseId);
    return recorded;
  }

  /** Records what a person has decided about the move of a buyer from its customer identifier to its license. */
  async recordMigration(licenseId: string, facts: SubscriptionFacts, now: number): Promise<RecordedSubscription> {
    const recorded = await this.recorder.recordFacts(licenseId, facts, now);
    await this.deps.entitlementChecks?.check(licenseId);
    return recorded;
  }

  /** The license by which a buyer of a customer identifier continues, from the moment on at which that is decided. */
  async continuationOf(licenseId: string): Promise<string | undefined> {
    return (await this.deps.store.read(licenseId))?.facts.migration?.continuesAs;
  }

  /** Brings the stored state up to date: without a new fact, time alone ends the final hour. */
  async reevaluate(licenseId: string, now: number): Promise<RecordedSubscription> {
    return this.recorder.reevaluate(licenseId, now);
  }

  /** Links waiting registrations of one account and product. `licenseId`: one of its licenses, which the index may not show yet. */
  async linkWaiting({ customerAwsAccountId, productCode }: BuyerAccount, now: number, licenseId?: string): Promise<LinkOutcome> {
    return this.links.link({ customerAwsAccountId, productCode }, now, licenseId === undefined ? [] : [licenseId]);
  }
}
