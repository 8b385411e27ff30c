import type { SubscriptionStore } from './subscription-store';
import type { Log } from '../adapters/aws/logging';
import { toSubscription } from '../adapters/subscriptions/items';
import type { UnlinkedAccount, UnlinkedRegistrations } from '../adapters/subscriptions/unlinked-registrations';
import { decideLinks, type LinkCandidate } from '../domain/registration/links';
import { NO_FACTS } from '../domain/subscription/facts';
import { subscriptionState } from '../domain/subscription/state';

export interface LinkOutcome {
  /** License id by registration id. */
  readonly linked: Readonly<Record<string, string>>;
  /** How many go on waiting. */
  readonly waiting: number;
}

/** Joins registrations made before their license was known with that license. */
export class RegistrationLinks {
  constructor(
    private readonly store: SubscriptionStore, private readonly unlinked: UnlinkedRegistrations, private readonly log: Log,
  ) {}

  /**
   * Links what can be linked for one account and product. The license learns of the registration before the
   * registration stops waiting, so an interrupted link is completed by the next attempt.
   *
   * @param known a license of the account that the index may not show yet
   */
  async link(account: UnlinkedAccount, now: number, known: readonly string[] = []): Promise<LinkOutcome> {
    const registrations = await this.unlinked.of(account);
    if (registrations.length === 0) {
      return { linked: {}, waiting: 0 };
    }
    const linked: Record<string, string> = {};
    const decisions = decideLinks(registrations, await this.candidates(account, now, known), now);
    for (const { registration, licenseId } of decisions) {
      const { registrationId, resolvedAt, registeredAt, freeTrialHint } = registration;
      await this.store.learn(licenseId, {
        ...NO_FACTS,
        registrations: { [registrationId]: registeredAt },
        resolution: { ...account, firstAt: resolvedAt, lastAt: resolvedAt, ...(freeTrialHint ? { freeTrialHint } : {}) },
      }, now);
      linked[registrationId] = licenseId;
    }
    if (decisions.length > 0) {
      await this.unlinked.remove(account, Object.keys(linked), now);
      this.log.info('Registrations found their license', { linked });
    }
    return { linked, waiting: registrations.length - decisions.length };
  }

  private async candidates({ customerAwsAccountId, productCode }: UnlinkedAccount, now: number, known: readonly string[]): Promise<LinkCandidate[]> {
    const candidates: LinkCandidate[] = [];
    const indexed = await this.store.table.ofAccount(customerAwsAccountId, productCode);
    for (const licenseId of [...new Set([...indexed.map((item) => item.licenseId), ...known])].sort()) {
      const item = await this.store.table.load(licenseId);
      if (item !== undefined) {
        const state = subscriptionState(toSubscription(item).facts, now);
        candidates.push({ licenseId, since: state.activeSince ?? state.statusAt, registrationIds: state.registrationIds });
      }
    }
    return candidates;
  }
}
