import type { SubscriptionRecorder } from './subscription-recorder';
import { defined } from '../domain/defined';
import type { Log } from '../domain/ports';
import { decideLinks, type LinkCandidate } from '../domain/registration/links';
import type { UnlinkedRegistrationStore } from '../domain/registration/ports';
import { EMPTY_FACTS } from '../domain/subscription/facts';
import type { BuyerAccount, RecordedSubscription, SubscriptionStore } from '../domain/subscription/ports';
import { subscriptionState } from '../domain/subscription/state';

export interface LinkOutcome {
  /** By registration id. */
  readonly linked: ReadonlyMap<string, RecordedSubscription>;
  /** How many registrations still wait. */
  readonly waiting: number;
}

/** Links registrations that were made before their license was known to that license. */
export class RegistrationLinks {
  constructor(
    private readonly recorder: SubscriptionRecorder, private readonly store: SubscriptionStore,
    private readonly unlinked: UnlinkedRegistrationStore, private readonly log: Log,
  ) {}

  /**
   * Links what can be linked for one account and product. The registration is recorded with the license before it stops
   * waiting, so that the next attempt completes an interrupted link.
   *
   * @param known a license of the account that the index may not show yet
   */
  async link(account: BuyerAccount, now: number, known: readonly string[] = []): Promise<LinkOutcome> {
    const registrations = await this.unlinked.read(account);
    const linked = new Map<string, RecordedSubscription>();
    if (registrations.length === 0) {
      return { linked, waiting: 0 };
    }
    const decisions = decideLinks(registrations, await this.candidates(account, now, known), now);
    for (const { registration, licenseId } of decisions) {
      const { registrationId, resolvedAt, registeredAt, freeTrialHint } = registration;
      linked.set(registrationId, await this.recorder.recordFacts(licenseId, {
        ...EMPTY_FACTS,
        registrations: { [registrationId]: registeredAt },
        resolution: defined({ ...account, firstAt: resolvedAt, lastAt: resolvedAt, freeTrialHint }),
      }, now));
    }
    if (decisions.length > 0) {
      await this.unlinked.update(account, (waiting) => waiting.filter(({ registrationId }) => !linked.has(registrationId)), now);
      this.log.info('Registrations were linked to their license', {
        linked: Object.fromEntries(decisions.map(({ registration, licenseId }) => [registration.registrationId, licenseId])),
      });
    }
    return { linked, waiting: registrations.length - decisions.length };
  }

  private async candidates(account: BuyerAccount, now: number, known: readonly string[]): Promise<LinkCandidate[]> {
    const candidates: LinkCandidate[] = [];
    const indexed = await this.store.licensesOf(account);
    for (const licenseId of [...new Set([...indexed, ...known])].sort()) {
      const subscription = await this.store.read(licenseId);
      if (subscription !== undefined) {
        const state = subscriptionState(subscription.facts, now);
        candidates.push({ licenseId, since: state.activeSince ?? state.knownSince ?? state.statusAt, registrationIds: state.registrationIds });
      }
    }
    return candidates;
  }
}
