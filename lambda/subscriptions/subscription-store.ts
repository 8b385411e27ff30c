import { describeError, type Log } from '../adapters/aws/logging';
import { Outbox } from '../adapters/events/outbox';
import type { SubscriptionItem } from '../adapters/subscriptions/items';
import type { Learned, SubscriptionTable } from '../adapters/subscriptions/subscription-table';
import type { AgreementFact, SubscriptionFacts } from '../domain/subscription/facts';
import { agreementFacts, NO_FACTS } from '../domain/subscription/facts';

/** Learns facts and tells the seller's app what follows from them. */
export class SubscriptionStore {
  constructor(readonly table: SubscriptionTable, private readonly outbox: Outbox, private readonly log: Log) {}

  /**
   * Adds facts to a subscription and sends the events owed, those of an earlier, interrupted run included. That the
   * bus is unavailable is no failure: what is owed is sent by the sweep.
   */
  async learn(licenseId: string, facts: SubscriptionFacts, now: number): Promise<Learned> {
    const learned = await this.table.learn(licenseId, facts, now);
    await this.tell(learned.item);
    return learned;
  }

  /**
   * Adds a fact about an agreement. Where its license is known, by this very event or from before, the license
   * learns everything known of the agreement, so that delivering any event again completes what a crash cut short.
   *
   * @returns the subscriptions that learned of it: none while the fact waits for License Updated
   */
  async learnOfAgreement(fact: AgreementFact, licenseId: string | undefined, now: number): Promise<readonly Learned[]> {
    const own = agreementFacts(fact);
    const agreement = await this.table.learnOfAgreement(fact.agreementId, licenseId === undefined ? own : {}, licenseId, now);
    const learned: Learned[] = [];
    for (const id of agreement.licenseIds) {
      const facts = { ...agreement.facts, ...(id === licenseId ? own : {}) };
      learned.push(await this.learn(id, { ...NO_FACTS, agreements: facts }, now));
    }
    return learned;
  }

  private async tell(item: SubscriptionItem): Promise<void> {
    try {
      await this.outbox.publishAndClear(item);
    } catch (error) {
      this.log.warn('Domain events stay owed until the next sweep', { licenseId: item.licenseId, ...describeError(error) });
    }
  }
}
