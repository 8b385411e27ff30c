import { DetailType, METRICS } from '../../src/names';
import { describeError } from '../domain/describe-error';
import type { Log, MetricSink } from '../domain/ports';
import { type AgreementFacts, EMPTY_FACTS, type SubscriptionFacts } from '../domain/subscription/facts';
import type { RecordedSubscription, SubscriptionStore } from '../domain/subscription/ports';
import { isUnregistered } from '../domain/subscription/unregistered';

/** Records facts and publishes the domain events that follow from them. */
export class SubscriptionRecorder {
  /** @param isMigrating buyers of the product may still have customer identifiers, which license events do not name */
  constructor(
    private readonly store: SubscriptionStore, private readonly log: Log, private readonly metrics: MetricSink, private readonly isMigrating = false,
  ) {}

  /**
   * Adds facts to a subscription and publishes its pending events, those of an earlier, interrupted change included. An
   * unavailable bus is no failure: reconciliation publishes them later.
   */
  async recordFacts(licenseId: string, facts: SubscriptionFacts, now: number): Promise<RecordedSubscription> {
    const recorded = await this.store.addFacts(licenseId, facts, now);
    this.report(recorded, now);
    await this.publish(recorded);
    return recorded;
  }

  /**
   * Adds facts about an agreement. Where its license is known, by this very event or from before, all facts of the
   * agreement are added to the license in one write, so that recording any of them again completes what a crash interrupted.
   *
   * @returns the subscriptions of that agreement: none while the facts wait for License Updated
   */
  async recordAgreementFacts(
    agreementId: string, own: AgreementFacts, licenseId: string | undefined, now: number,
  ): Promise<readonly RecordedSubscription[]> {
    const agreement = await this.store.addAgreementFacts(agreementId, licenseId === undefined ? own : {}, licenseId, now);
    const recorded: RecordedSubscription[] = [];
    for (const id of agreement.licenseIds) {
      const facts = { ...agreement.facts, ...(id === licenseId ? own : {}) };
      recorded.push(await this.recordFacts(id, { ...EMPTY_FACTS, agreements: facts, ...(this.isMigrating && { awaited: true }) }, now));
    }
    return recorded;
  }

  /** Brings the stored state up to date: without a new fact, time alone ends the final hour. */
  async reevaluate(licenseId: string, now: number): Promise<RecordedSubscription> {
    return this.recordFacts(licenseId, EMPTY_FACTS, now);
  }

  private async publish(recorded: RecordedSubscription): Promise<void> {
    try {
      await this.store.publishPendingEvents(recorded);
    } catch (error) {
      this.log.warn('Domain events stay pending until the next sweep', { licenseId: recorded.licenseId, ...describeError(error) });
    }
  }

  private report({ licenseId, events, state }: RecordedSubscription, now: number): void {
    const count = (type: string) => events.filter(({ detailType }) => detailType === type).length;
    // Reconciliation looks at each subscription when it is active for a day: a License Updated that comes later is counted here.
    if (count(DetailType.SUBSCRIPTION_ACTIVATED) > 0 && isUnregistered(state, now)) {
      this.metrics.add(METRICS.SUBSCRIPTIONS_UNREGISTERED);
    }
    const issued = count(DetailType.ADVISORY_ISSUED);
    if (issued > 0) {
      this.metrics.add(METRICS.ADVISORIES_ISSUED, issued);
      this.log.warn('AWS suspects fraud or compromise of a buyer\'s account', { licenseId });
    }
  }
}
