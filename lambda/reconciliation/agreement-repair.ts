import type { RebuildRequest } from './rebuild-request';
import type { MetricDefinition } from '../../src/names';
import type { Clock } from '../domain/clock';
import type { Log, MetricSink } from '../domain/ports';
import {
  type AgreementPage, type AgreementQuery, type AgreementRecord, type AgreementSource, AgreementSourceError,
} from '../domain/subscription/agreement-source';
import { type AgreementFact, type AgreementFactKind, type AgreementFacts, agreementFacts, mergeAgreements, EMPTY_FACTS } from '../domain/subscription/facts';
import { licenseIdOf } from '../domain/subscription/license';
import type { SubscriptionStore } from '../domain/subscription/ports';
import { needsRelated, type RebuiltFacts, rebuiltFacts, type SkipReason } from '../domain/subscription/rebuilt-facts';
import { subscriptionState } from '../domain/subscription/state';
import { applyFacts } from '../domain/subscription/subscription';
import type { Subscriptions } from '../subscriptions/subscriptions';

/** What {@link AgreementRepair} needs: the deps of a rebuild and of reconciliation. */
export interface RebuildDependencies {
  readonly source: AgreementSource;
  readonly store: SubscriptionStore;
  readonly subscriptions: Subscriptions;
  readonly productCode: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: MetricSink;
}

/** What is recorded, or in a dry run would be recorded, about one agreement. */
export interface RebuildChange {
  readonly agreementId: string;
  readonly licenseId: string;
  readonly facts: readonly AgreementFactKind[];
  readonly status: { readonly from: string; readonly to: string };
}

/** `UNCHANGED`: nothing is missing. */
export type RepairOutcome = RebuildChange | 'UNCHANGED' | { readonly skipped: SkipReason };

/** Records what is missing of one agreement; in a dry run, finds out what that is. */
export class AgreementRepair {
  /** @param metric counts the agreements of which something was recorded */
  constructor(
    private readonly request: Pick<RebuildRequest, 'dryRun' | 'productId'>, private readonly deps: RebuildDependencies,
    private readonly metric: MetricDefinition,
  ) {}

  async repair(summary: AgreementRecord): Promise<RepairOutcome> {
    const agreement = await this.complete(summary);
    const license = await this.licenseOf(agreement);
    if ('skipped' in license) {
      return license;
    }
    const { store, productCode, clock } = this.deps;
    const { licenseId, licenseArn } = license;
    const [subscription, knownAgreement] = [await store.read(licenseId), await store.readAgreement(agreement.agreementId)];
    const known = mergeAgreements(knownAgreement?.facts ?? {}, ofAgreement(agreement.agreementId, subscription?.facts.agreements ?? {}));
    const decide = (related: readonly AgreementRecord[]) =>
      rebuiltFacts({ agreement, licenseArn, related, known, productCode, now: clock.now() });
    const first = decide([]);
    // Without the related agreements it is already certain that nothing is missing, or that the record does not suffice.
    const decision = !needsRelated(agreement) || ('facts' in first && first.facts.length === 0) || isFinal(first)
      ? first : await this.decideByRelated(agreement, licenseArn, decide);
    if ('skipped' in decision) {
      return decision;
    }
    return decision.facts.length === 0 ? 'UNCHANGED' : this.record(agreement.agreementId, licenseId, decision.facts, known);
  }

  private async record(agreementId: string, licenseId: string, facts: readonly AgreementFact[], known: AgreementFacts): Promise<RebuildChange> {
    const { store, subscriptions, productCode, clock, metrics } = this.deps;
    const now = clock.now();
    const before = await store.read(licenseId);
    const added = agreementFacts(...facts);
    const after = this.request.dryRun
      ? applyFacts(before, licenseId, { ...EMPTY_FACTS, agreements: mergeAgreements(known, added) }, now, productCode).state
      : (await subscriptions.recordAgreementFacts(agreementId, added, licenseId, now))
        .find((recorded) => recorded.licenseId === licenseId)?.state;
    if (!this.request.dryRun) {
      metrics.add(this.metric);
    }
    return {
      agreementId,
      licenseId,
      facts: facts.map(({ kind }) => kind),
      status: { from: before === undefined ? 'UNKNOWN' : subscriptionState(before.facts, now).status, to: after?.status ?? 'UNKNOWN' },
    };
  }

  /** Summaries have all that is needed, as far as AWS's samples show; what they lack is read one by one. */
  private async complete(summary: AgreementRecord): Promise<AgreementRecord> {
    const { status, customerAwsAccountId, startTime, initialAgreementId } = summary;
    if ([status, customerAwsAccountId, startTime, initialAgreementId].every((field) => field !== undefined)) {
      return summary;
    }
    const described = await unless('ResourceNotFoundException', this.deps.source.describe(summary.agreementId));
    const productIds = summary.productIds.length > 0 ? summary.productIds : described?.productIds ?? [];
    return { ...described, ...summary, productIds };
  }

  private async licenseOf(
    { licenseArns, productIds }: AgreementRecord,
  ): Promise<{ readonly licenseId: string; readonly licenseArn: string } | { readonly skipped: SkipReason }> {
    const { productId } = this.request;
    if (productId !== undefined && !productIds.includes(productId)) {
      return { skipped: 'OtherProduct' };
    }
    const licenses = licenseArns.flatMap((licenseArn) => {
      const licenseId = licenseIdOf(licenseArn);
      return licenseId === undefined ? [] : [{ licenseId, licenseArn }];
    });
    const [only] = licenses;
    if (only === undefined) {
      return { skipped: 'NoLicense' };
    }
    if (productId !== undefined && licenses.length === 1) {
      return only;
    }
    for (const license of licenses) {
      if (await this.deps.store.read(license.licenseId) !== undefined) {
        return license;
      }
    }
    return { skipped: licenses.length === 1 ? 'ProductUnknown' : 'SeveralLicenses' };
  }

  private async decideByRelated(
    { agreementId, initialAgreementId = agreementId }: AgreementRecord, licenseArn: string,
    decide: (related: readonly AgreementRecord[]) => RebuiltFacts,
  ): Promise<RebuiltFacts> {
    const related = new Map<string, AgreementRecord>();
    for (const query of [{ licenseArn }, ...(initialAgreementId === agreementId ? [] : [{ initialAgreementId }])]) {
      const found = await unless('ValidationException', this.searchAll(query));
      if (found === undefined) {
        return { skipped: 'RelatedUnknown' };
      }
      found.forEach((agreement) => related.set(agreement.agreementId, agreement));
    }
    return decide([...related.values()]);
  }

  private async searchAll(query: AgreementQuery): Promise<readonly AgreementRecord[]> {
    const all: AgreementRecord[] = [];
    let nextToken: string | undefined;
    do {
      const page: AgreementPage = await this.deps.source.search(query, nextToken);
      all.push(...page.agreements);
      ({ nextToken } = page);
    } while (nextToken !== undefined);
    return all;
  }
}

/** @returns undefined where AWS answers with the error of this code */
async function unless<T>(code: string, answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AgreementSourceError && error.code === code) {
      return undefined;
    }
    throw error;
  }
}

/** Skipped for a reason that no other agreement changes. */
function isFinal(decision: RebuiltFacts): boolean {
  return 'skipped' in decision && decision.skipped !== 'Succeeded';
}

function ofAgreement(agreementId: string, facts: AgreementFacts): AgreementFacts {
  return Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact.agreementId === agreementId));
}
