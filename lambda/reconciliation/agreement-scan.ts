import { AgreementRepair, type RebuildDependencies } from './agreement-repair';
import { METRICS } from '../../src/names';
import { defined } from '../domain/defined';
import type { EntitlementStore } from '../domain/entitlements/ports';
import { type AgreementRecord, AgreementSourceError } from '../domain/subscription/agreement-source';
import { type AgreementFacts, agreementFacts } from '../domain/subscription/facts';
import { TRIAL_DECIDED_AFTER_MS, trialEnd } from '../domain/subscription/free-trial';
import { licenseIdOf } from '../domain/subscription/license';
import type { AgreementScan, DueStore, ReconciliationProgress } from '../domain/subscription/ports';
import { EVENT_EXPECTED_FOR_MS, type SkipReason } from '../domain/subscription/rebuilt-facts';
import { subscriptionState } from '../domain/subscription/state';
import { HOUR_MS, isoTime, MINUTE_MS } from '../domain/time';
import type { EntitlementChecks } from '../subscriptions/entitlement-checks';

/** Events arrive within 5 minutes (docs/marketplace-facts.md#f-11-2): what changed later than this is left to them. */
const EVENT_DELAY_MS = 10 * MINUTE_MS;
/** An agreement is looked at again an hour after its start, when it is certain that the buyer pays. */
const LOOK_BACK_MS = EVENT_EXPECTED_FOR_MS + 2 * EVENT_DELAY_MS;
/** While nothing changes, the progress is written so often. */
const WRITE_INTERVAL_MS = HOUR_MS;
const RETRY_AFTER_REFUSAL_MS = HOUR_MS;
/** Errors that the next run would meet again: a permission is missing, or AWS does not accept the request. */
const REFUSALS: ReadonlySet<string> = new Set(['AccessDenied', 'AccessDeniedException', 'ValidationException']);
/** Ordinary, and nothing that a person could do anything about. */
const QUIET_REASONS: ReadonlySet<SkipReason> = new Set(['OtherProduct', 'ProductUnknown', 'NotStarted', 'TooRecent', 'NoLicense']);

export interface AgreementScanDependencies extends RebuildDependencies {
  readonly progress: Pick<ReconciliationProgress, 'writeAgreementScan'>;
  readonly trials: DueStore;
  /** Absent: the pricing model has no entitlements. */
  readonly entitlements?: EntitlementStore | undefined;
  readonly entitlementChecks?: EntitlementChecks | undefined;
}

export interface ScanRun {
  /** Asked before each page and each agreement. */
  readonly hasTime: () => boolean;
  /** @returns false: the work failed, which is reported at the end of the run */
  readonly attempt: (item: object, work: () => Promise<void>) => Promise<boolean>;
}

/**
 * Compares the agreements that changed since the last run with what is recorded, as AWS has them on record, and records what
 * lost events would have reported. A run in which no agreement changed makes one call to AWS Marketplace. A scan that one
 * run does not complete is continued by the next. Where AWS refuses, the runs of the next hour do without.
 *
 * @param known how far the scan came; absent: this is the first one
 */
export async function scanAgreements(deps: AgreementScanDependencies, known: AgreementScan | undefined, run: ScanRun): Promise<void> {
  const now = deps.clock.now();
  if (known === undefined) {
    await deps.progress.writeAgreementScan({ checkedUntil: now });
  } else if (known.retryAt === undefined || known.retryAt <= now) {
    await new Scan(deps, known, now).run(run);
  }
}

class Scan {
  private readonly until: number;
  private productId: string | undefined;
  private page: string | undefined;
  private done: number;
  private anyDue = false;
  private termsRefused = false;

  constructor(private readonly deps: AgreementScanDependencies, private readonly known: AgreementScan, private readonly now: number) {
    ({ until: this.until, page: this.page, done: this.done } = known.open ?? { until: now, page: undefined, done: 0 });
    this.productId = known.productId;
  }

  async run(run: ScanRun): Promise<void> {
    const { progress } = this.deps;
    try {
      const outcome = await this.pages(run);
      if (outcome === 'INTERRUPTED') {
        await progress.writeAgreementScan({ ...this.known, ...this.position() });
      } else if (outcome === 'COMPLETE' && this.hasProgress()) {
        await progress.writeAgreementScan(defined({ checkedUntil: this.until, productId: this.productId }) as AgreementScan);
      }
    } catch (error) {
      if (!(error instanceof AgreementSourceError)) {
        throw error;
      }
      await this.stop(error);
    }
  }

  /** `FAILED`: an agreement could not be worked on, and the next run repeats the scan. */
  private async pages({ hasTime, attempt }: ScanRun): Promise<'COMPLETE' | 'INTERRUPTED' | 'FAILED'> {
    const { checkedUntil } = this.known;
    let failed = false;
    for (let isLast = false; !isLast;) {
      if (!hasTime()) {
        return 'INTERRUPTED';
      }
      const { agreements, nextToken } = await this.deps.source.search({ updatedAfter: checkedUntil - LOOK_BACK_MS }, this.page);
      for (const agreement of agreements.slice(this.done)) {
        if (!hasTime()) {
          return 'INTERRUPTED';
        }
        if (isDue(agreement, checkedUntil, this.until)) {
          this.anyDue = true;
          failed = !await this.repairApart(agreement, attempt) || failed;
        }
        this.done += 1;
      }
      isLast = nextToken === undefined;
      [this.page, this.done] = [nextToken, 0];
    }
    return failed ? 'FAILED' : 'COMPLETE';
  }

  /** An agreement that fails stops no other; an API that does not answer stops the scan. */
  private async repairApart(agreement: AgreementRecord, attempt: ScanRun['attempt']): Promise<boolean> {
    let refusal: AgreementSourceError | undefined;
    const succeeded = await attempt({ agreementId: agreement.agreementId }, async () => {
      try {
        await this.repair(agreement);
      } catch (error) {
        if (!(error instanceof AgreementSourceError)) {
          throw error;
        }
        refusal = error;
      }
    });
    if (refusal !== undefined) {
      throw refusal;
    }
    return succeeded;
  }

  private async repair(agreement: AgreementRecord): Promise<void> {
    const { log } = this.deps;
    const { agreementId } = agreement;
    this.productId ??= await this.productIdOf(agreement);
    const request = defined({ dryRun: false, productId: this.productId });
    const outcome = await new AgreementRepair(request, this.deps, METRICS.SUBSCRIPTIONS_REPAIRED).repair(agreement);
    if (outcome === 'UNCHANGED') {
      await this.checkEntitlements(agreement);
    } else if ('skipped' in outcome) {
      if (outcome.skipped === 'NotStarted') {
        await this.link(agreement);
      }
      log[QUIET_REASONS.has(outcome.skipped) ? 'debug' : 'info']('An agreement was left as it is', { agreementId, reason: outcome.skipped });
    } else {
      log.warn('An agreement was repaired whose events are missing', { ...outcome });
    }
    await this.readTerms(agreement);
  }

  /** Only the terms say whether the offer is a free trial (docs/marketplace-facts.md#f-3-4): they are read once. */
  private async readTerms({ agreementId, startTime, acceptanceTime = 0, licenseArns }: AgreementRecord): Promise<void> {
    const { store, source, subscriptions, trials, log, metrics } = this.deps;
    const agreement = await store.readAgreement(agreementId);
    const [licenseId] = agreement?.licenseIds ?? [];
    if (this.termsRefused || licenseId === undefined || startTime === undefined || licenseArns.length !== 1) {
      return;
    }
    if (hasTerms(agreementId, agreement?.facts)) {
      const subscription = await store.read(licenseId);
      if (!hasTerms(agreementId, subscription?.facts.agreements)) {
        // A crash came between the agreement and its license.
        await subscriptions.recordAgreementFacts(agreementId, {}, undefined, this.now);
      }
      return;
    }
    try {
      const start = Math.max(startTime, acceptanceTime);
      const { freeTrialDuration } = await source.terms(agreementId);
      const endsAt = freeTrialDuration === undefined ? undefined : trialEnd(start, freeTrialDuration);
      if (freeTrialDuration !== undefined && endsAt === undefined) {
        log.warn('The duration of a free trial could not be read', { agreementId, freeTrialDuration });
        return;
      }
      if (endsAt !== undefined) {
        await trials.watch(licenseId, endsAt + TRIAL_DECIDED_AFTER_MS);
      }
      const terms = defined({ kind: 'TERMS' as const, agreementId, time: start, trialEndsAt: endsAt === undefined ? undefined : isoTime(endsAt) });
      await subscriptions.recordAgreementFacts(agreementId, agreementFacts(terms), undefined, this.now);
    } catch (error) {
      if (!(error instanceof AgreementSourceError)) {
        throw error;
      }
      // Free trials stay unknown then; nothing else depends on the terms.
      this.termsRefused = true;
      metrics.add(METRICS.AGREEMENT_READS_FAILED);
      log.warn('The terms of an agreement could not be read', { agreementId, error: error.code, reason: error.message });
    }
  }

  /** Until its start no event joins agreement and license, so that a buyer who has registered could not see why nothing is active. */
  private async link({ agreementId, licenseArns }: AgreementRecord): Promise<void> {
    const { store, subscriptions } = this.deps;
    for (const licenseId of licenseIdsOf(licenseArns)) {
      if (await store.read(licenseId) !== undefined) {
        await subscriptions.recordAgreementFacts(agreementId, {}, licenseId, this.now);
      }
    }
  }

  /** An agreement names a product id, and only a license that is known connects it with the product code. */
  private async productIdOf({ productIds: [productId, ...others], licenseArns }: AgreementRecord): Promise<string | undefined> {
    const { store, productCode } = this.deps;
    for (const licenseId of others.length > 0 ? [] : licenseIdsOf(licenseArns)) {
      const subscription = await store.read(licenseId);
      if (subscription !== undefined && subscriptionState(subscription.facts, this.now).productCode === productCode) {
        return productId;
      }
    }
    return undefined;
  }

  /** A lost License Updated may have been that of an amendment. */
  private async checkEntitlements({ licenseArns, lastUpdateTime = 0 }: AgreementRecord): Promise<void> {
    const { entitlements, entitlementChecks, metrics } = this.deps;
    for (const licenseId of licenseIdsOf(licenseArns)) {
      const { askedAt = 0 } = await entitlements?.read(licenseId) ?? { askedAt: lastUpdateTime };
      if (askedAt < lastUpdateTime) {
        const checked = await entitlementChecks?.check(licenseId);
        metrics.add(METRICS.ENTITLEMENTS_REPAIRED, checked?.events.length ?? 0);
      }
    }
  }

  private hasProgress(): boolean {
    const { checkedUntil, open, retryAt } = this.known;
    return this.anyDue || open !== undefined || retryAt !== undefined || this.until - checkedUntil >= WRITE_INTERVAL_MS;
  }

  private position(): Pick<AgreementScan, 'productId' | 'open'> {
    const { until, page, done, productId } = this;
    return defined({ productId, open: defined({ until, page, done }) }) as Pick<AgreementScan, 'productId' | 'open'>;
  }

  private async stop({ code, message }: AgreementSourceError): Promise<void> {
    const { log, metrics, progress } = this.deps;
    metrics.add(METRICS.AGREEMENT_READS_FAILED);
    log.warn('Agreements could not be read: lost events are not repaired until they can', { error: code, reason: message });
    const { checkedUntil } = this.known;
    if (code === 'ValidationException' && this.page !== undefined) {
      // The token of an interrupted scan is no longer valid: the next run begins with the first page.
      await progress.writeAgreementScan({ checkedUntil, ...defined({ productId: this.productId }) } as AgreementScan);
    } else if (REFUSALS.has(code)) {
      await progress.writeAgreementScan({ checkedUntil, ...this.position(), retryAt: this.now + RETRY_AFTER_REFUSAL_MS });
    } else {
      await progress.writeAgreementScan({ checkedUntil, ...this.position() });
    }
  }
}

/** Whether a moment at which its events should have arrived lies after `since`, and not after `until`. */
function isDue({ lastUpdateTime, startTime, acceptanceTime, status }: AgreementRecord, since: number, until: number): boolean {
  const start = startTime === undefined ? undefined : Math.max(startTime, acceptanceTime ?? 0);
  const moments = [
    lastUpdateTime === undefined ? until : lastUpdateTime + EVENT_DELAY_MS,
    ...status === 'ACTIVE' && start !== undefined ? [start + EVENT_EXPECTED_FOR_MS] : [],
  ];
  return moments.some((moment) => moment > since && moment <= until);
}

function hasTerms(ofAgreement: string, facts: AgreementFacts | undefined): boolean {
  return Object.values(facts ?? {}).some(({ kind, agreementId }) => kind === 'TERMS' && agreementId === ofAgreement);
}

function licenseIdsOf(licenseArns: readonly string[]): readonly string[] {
  return licenseArns.flatMap((licenseArn) => licenseIdOf(licenseArn) ?? []);
}
