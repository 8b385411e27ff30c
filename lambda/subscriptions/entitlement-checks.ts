import { METRICS } from '../../src/names';
import type { Clock } from '../domain/clock';
import { defined } from '../domain/defined';
import { describeError } from '../domain/describe-error';
import type { EntitlementAnswer } from '../domain/entitlements/license-entitlements';
import type { EntitlementSource, EntitlementStore, LicenseToAsk, RecordedEntitlements } from '../domain/entitlements/ports';
import type { Log, MetricSink } from '../domain/ports';
import type { SubscriptionStore } from '../domain/subscription/ports';
import { subscriptionState } from '../domain/subscription/state';
import { lastLicenseUpdate } from '../domain/subscription/subscription';

export interface EntitlementChecksDependencies {
  readonly source: EntitlementSource;
  readonly entitlements: EntitlementStore;
  readonly store: SubscriptionStore;
  readonly productCode: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: MetricSink;
}

/** Asks AWS what a license is entitled to, stores the answer, and publishes what has changed. */
export class EntitlementChecks {
  constructor(private readonly deps: EntitlementChecksDependencies) {}

  /**
   * Checks one license. A read that fails is stored as such, and made again by reconciliation; it is no failure here. A license
   * that has ended loses its entitlements without a read.
   *
   * @returns undefined where no such subscription is known
   * @throws any error of the table
   */
  async check(licenseId: string): Promise<RecordedEntitlements | undefined> {
    const { store, entitlements, productCode, clock, log } = this.deps;
    const subscription = await store.read(licenseId);
    if (subscription === undefined) {
      return undefined;
    }
    const state = subscriptionState(subscription.facts, clock.now());
    const { licenseArn, customerAwsAccountId, endedAt, agreementId, status } = state;
    const answer = endedAt === undefined ? await this.ask({ licenseId, ...defined({ licenseArn, customerAwsAccountId }) }) : 'FAILED';
    const circumstances = defined({
      licenseId,
      agreementId,
      endedAt,
      updatedAt: lastLicenseUpdate(subscription.facts),
      knownSince: state.activeSince ?? state.knownSince ?? state.statusAt,
    });
    const subject = defined({
      productCode: state.productCode ?? productCode, licenseArn, customerAwsAccountId, status, registered: state.registeredAt !== undefined,
    });
    const recorded = await entitlements.addAnswer(circumstances, answer, subject, clock.now());
    if (recorded.events.length > 0) {
      log.info('Entitlements changed', { licenseId, status, entitlements: recorded.entitlements.entitlements });
    }
    await this.publish(licenseId, recorded);
    return recorded;
  }

  private async ask(license: LicenseToAsk): Promise<EntitlementAnswer> {
    const { source, clock, log, metrics } = this.deps;
    const askedAt = clock.now();
    try {
      return { askedAt, entitlements: await source.entitlementsOf(license) };
    } catch (error) {
      metrics.add(METRICS.ENTITLEMENT_READS_FAILED);
      log.warn('Entitlements could not be read', { licenseId: license.licenseId, ...describeError(error) });
      return 'FAILED';
    }
  }

  private async publish(licenseId: string, recorded: RecordedEntitlements): Promise<void> {
    try {
      await this.deps.entitlements.publishPendingEvents(recorded);
    } catch (error) {
      this.deps.log.warn('Domain events stay pending until the next sweep', { licenseId, ...describeError(error) });
    }
  }
}
