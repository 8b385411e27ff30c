import { AgreementRepair, type RebuildDependencies } from './agreement-repair';
import { type MigrateRequest, readMigrateRequest } from './migrate-request';
import { METRICS } from '../../src/names';
import { defined } from '../domain/defined';
import { EMPTY_FACTS, type SubscriptionFacts } from '../domain/subscription/facts';
import { legacyCustomerOf, legacyIdOf } from '../domain/subscription/legacy-customer';
import { licenseIdOf, sendableArn } from '../domain/subscription/license';
import type { Migration } from '../domain/subscription/migration';
import type { FreeTrialStore } from '../domain/subscription/ports';
import { subscriptionState } from '../domain/subscription/state';
import { type Subscription } from '../domain/subscription/subscription';
import { isoTime, MINUTE_MS, SECOND_MS } from '../domain/time';

/** A run of metering that began before the migration was recorded has ended by then, and so has the clocks' difference. */
export const NOTICE_MS = 30 * MINUTE_MS;
/** The longest that one buyer takes: calls to AWS are tried several times. */
const RESERVE_MS = 60 * SECOND_MS;
/** So that the answer stays far below Lambda's limit of 6 MB. */
const MAX_BUYERS = 5_000;

/** Why a buyer is left as it is. */
export type MigrationProblem =
  /** There is no active subscription of this customer identifier. */
  | 'NotActive'
  /** Neither the request, nor ResolveCustomer, nor a license of the account says which license the buyer has. */
  | 'LicenseUnknown'
  /** The account of the buyer has more than one license: name it in the request. */
  | 'SeveralLicenses'
  /** AWS Marketplace has no active agreement of the license, or the account of the buyer is not known. */
  | 'LicenseNotActive'
  /** The license is of another buyer, or another buyer moves to it. */
  | 'OtherBuyer'
  /** The cut-over that was recorded for the buyer is over, or begins in less than 30 minutes. */
  | 'AlreadyMigrated';

export interface MigratedBuyer {
  readonly customerIdentifier: string;
  readonly licenseId?: string;
  /** ISO 8601. */
  readonly cutOver?: string;
  readonly problem?: MigrationProblem;
}

export interface MigrateDependencies extends RebuildDependencies {
  readonly migrations: Pick<FreeTrialStore, 'watch'>;
}

export interface MigrateReport {
  readonly dryRun: boolean;
  /** Recorded; in a dry run, would be. */
  readonly migrated: readonly MigratedBuyer[];
  readonly left: readonly MigratedBuyer[];
  /** False: there is more; send the same request again. */
  readonly complete: boolean;
}

/**
 * Moves buyers of a legacy product to their licenses, from a cut-over hour on. The former key gets the word first, and stops metering at that hour;
 * the license gets it second. Between the two nothing is metered twice, and the same request completes what a crash interrupted.
 *
 * @param remainingMs how long the invocation may still take
 */
export async function migrate(
  event: unknown, deps: MigrateDependencies, remainingMs: () => number,
): Promise<MigrateReport | { readonly error: { readonly code: 'INVALID_REQUEST'; readonly message: string } }> {
  const request = readMigrateRequest(event);
  const now = deps.clock.now();
  const problem = 'problem' in request ? request.problem
    : request.cutOver !== undefined && request.cutOver < now + NOTICE_MS
      ? `cutOver: it is ${isoTime(request.cutOver)}, and must be at least 30 minutes from now, ${isoTime(now)}` : undefined;
  if (problem !== undefined || 'problem' in request) {
    return { error: { code: 'INVALID_REQUEST', message: problem ?? '' } };
  }
  return new Migrator(request, deps).run(() => remainingMs() > RESERVE_MS);
}

class Migrator {
  private readonly migrated: MigratedBuyer[] = [];
  private readonly left: MigratedBuyer[] = [];

  constructor(private readonly request: MigrateRequest, private readonly deps: MigrateDependencies) {}

  async run(hasTime: () => boolean): Promise<MigrateReport> {
    let complete = true;
    for await (const { customerIdentifier, licenseArn } of this.customers()) {
      if (!hasTime() || this.migrated.length + this.left.length >= MAX_BUYERS) {
        complete = false;
        break;
      }
      const { problem, ...buyer } = await this.move(customerIdentifier, licenseArn);
      (problem === undefined ? this.migrated : this.left).push(defined({ customerIdentifier, ...buyer, problem }));
    }
    const { dryRun } = this.request;
    this.deps.log.info('Migration of buyers', { dryRun, migrated: this.migrated.length, left: this.left.length, complete });
    return { dryRun, migrated: this.migrated, left: this.left, complete };
  }

  private async *customers(): AsyncIterable<{ readonly customerIdentifier: string; readonly licenseArn?: string }> {
    const { customers } = this.request;
    if (customers !== undefined) {
      yield* customers;
      return;
    }
    for await (const licenseId of this.deps.store.licensesByStatus('ACTIVE', this.deps.clock.now())) {
      const buyer = legacyCustomerOf(licenseId);
      const known = buyer && await this.deps.store.read(licenseId);
      if (buyer && known && known.facts.migration === undefined) {
        yield { customerIdentifier: buyer.customerIdentifier };
      }
    }
  }

  private async move(customerIdentifier: string, namedArn: string | undefined): Promise<Omit<MigratedBuyer, 'customerIdentifier'>> {
    const { store, clock, productCode } = this.deps;
    const now = clock.now();
    const formerId = legacyIdOf({ productCode, customerIdentifier });
    const former = await store.read(formerId);
    const state = former && subscriptionState(former.facts, now);
    const known = former?.facts.migration;
    if (former === undefined || state === undefined || (state.status !== 'ACTIVE' && known === undefined)) {
      return { problem: 'NotActive' };
    }
    const licenseArn = namedArn ?? await this.licenseOf(former);
    if (licenseArn === 'SeveralLicenses' || licenseArn === undefined) {
      return { problem: licenseArn ?? 'LicenseUnknown' };
    }
    const licenseId = licenseIdOf(licenseArn)!;
    const cutOver = this.request.cutOver ?? known?.cutOver;
    const answer = defined({ licenseId, cutOver: cutOver === undefined ? undefined : isoTime(cutOver) });
    const isSame = known?.continuesAs === licenseId && known.cutOver === cutOver;
    if (known !== undefined && !isSame && known.cutOver < now + NOTICE_MS) {
      return { ...answer, problem: 'AlreadyMigrated' };
    }
    const problem = await this.problemOf(former, licenseId, licenseArn);
    if (problem !== undefined) {
      return { ...answer, problem };
    }
    if (!this.request.dryRun && cutOver !== undefined) {
      await this.record(former, licenseId, licenseArn, { cutOver, recordedAt: isSame ? known.recordedAt : now });
    }
    return answer;
  }

  private async licenseOf({ facts }: Subscription): Promise<string | 'SeveralLicenses' | undefined> {
    const { store, productCode } = this.deps;
    const resolved = sendableArn([facts.resolution?.licenseArn]);
    const account = facts.resolution?.customerAwsAccountId;
    if (resolved !== undefined || account === undefined) {
      return resolved;
    }
    const ofAccount = (await store.licensesOf({ customerAwsAccountId: account, productCode })).filter((id) => legacyCustomerOf(id) === undefined);
    const subscriptions = await Promise.all(ofAccount.map(async (id) => store.read(id)));
    const arns = subscriptions.flatMap((one) => one === undefined || hasEnded(one) ? [] : subscriptionState(one.facts, one.asOf).licenseArn ?? []);
    return arns.length > 1 ? 'SeveralLicenses' : arns[0];
  }

  /** Reads the agreement of a license that is not known here: nothing is sent again for buyers who had it before this deployment. */
  private async problemOf(former: Subscription, licenseId: string, licenseArn: string): Promise<MigrationProblem | undefined> {
    const { store, source, clock } = this.deps;
    const legacyId = former.licenseId;
    const account = former.facts.resolution?.customerAwsAccountId;
    const known = await store.read(licenseId);
    const other = known?.facts.migration?.migratedFrom;
    if (other !== undefined && other !== legacyId) {
      return 'OtherBuyer';
    }
    if (known !== undefined && isActivated(known)) {
      const { customerAwsAccountId } = subscriptionState(known.facts, clock.now());
      return account !== undefined && customerAwsAccountId !== account ? 'OtherBuyer' : customerAwsAccountId === undefined ? 'LicenseNotActive' : undefined;
    }
    const { agreements } = await source.search({ licenseArn });
    const agreement = agreements.find(({ status, licenseArns }) => status === 'ACTIVE' && licenseArns.some((arn) => licenseIdOf(arn) === licenseId));
    if (agreement?.customerAwsAccountId === undefined) {
      return 'LicenseNotActive';
    }
    return account !== undefined && agreement.customerAwsAccountId !== account ? 'OtherBuyer' : undefined;
  }

  private async record(former: Subscription, licenseId: string, licenseArn: string, at: Pick<Migration, 'cutOver' | 'recordedAt'>): Promise<void> {
    const { store, subscriptions, source, productCode, clock, metrics } = this.deps;
    const { licenseId: formerId, facts: { registrations, firstRegistration, resolution } } = former;
    await this.deps.migrations.watch(formerId, at.cutOver);
    await subscriptions.recordMigration(formerId, { ...EMPTY_FACTS, migration: { ...at, continuesAs: licenseId } }, clock.now());
    const known = await store.read(licenseId);
    const facts: SubscriptionFacts = defined({
      ...EMPTY_FACTS,
      migration: { ...at, migratedFrom: formerId },
      registrations,
      firstRegistration,
      resolution: resolution && { ...resolution, licenseArn },
    });
    await subscriptions.recordMigration(licenseId, facts, clock.now());
    if (known === undefined || !isActivated(known)) {
      const { agreements: [agreement] } = await source.search({ licenseArn });
      await new AgreementRepair({ dryRun: false }, { ...this.deps, productCode }, METRICS.SUBSCRIPTIONS_REBUILT).repair(agreement);
    }
    metrics.flush();
    this.deps.log.info('A buyer continues by license', { licenseId, migratedFrom: formerId, cutOver: isoTime(at.cutOver) });
  }
}

function isActivated({ facts }: Subscription): boolean {
  const kinds = Object.values(facts.agreements).map(({ kind }) => kind);
  return kinds.includes('LICENSE_UPDATED') && !kinds.includes('LICENSE_DEPROVISIONED');
}

function hasEnded(subscription: Subscription): boolean {
  return subscriptionState({ ...subscription.facts, awaited: undefined } as SubscriptionFacts, subscription.asOf).endedAt !== undefined;
}
