import { AgreementRepair, type RebuildDependencies } from './agreement-repair';
import { type MigrateRequest, readMigrateRequest } from './migrate-request';
import { METRICS } from '../../src/names';
import { defined } from '../domain/defined';
import { describeError } from '../domain/describe-error';
import type { AgreementRecord } from '../domain/subscription/agreement-source';
import { EMPTY_FACTS, type SubscriptionFacts } from '../domain/subscription/facts';
import { legacyCustomerOf, legacyIdOf } from '../domain/subscription/legacy-customer';
import { licenseIdOf, sendableArn } from '../domain/subscription/license';
import { hasMoved, type Migration } from '../domain/subscription/migration';
import type { DueStore } from '../domain/subscription/ports';
import { subscriptionState } from '../domain/subscription/state';
import { type Subscription } from '../domain/subscription/subscription';
import { DAY_MS, isoTime, MINUTE_MS, SECOND_MS } from '../domain/time';

/** A run of metering that began before the migration was recorded has ended by then, and so has the clocks' difference. */
export const NOTICE_MS = 30 * MINUTE_MS;
/** A cut-over further ahead is a wrong month or year: usage that names the license would wait until then. */
export const LONGEST_NOTICE_MS = 31 * DAY_MS;
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
  | 'AlreadyMigrated'
  /** Another license was recorded for the buyer. */
  | 'OtherLicense'
  /** The cut-over of the request begins in less than 30 minutes, and was not recorded for this buyer before. */
  | 'CutOverTooNear'
  /** Something failed, AWS's answer say: send the same request again. */
  | 'Failed';

export interface MigratedBuyer {
  readonly customerIdentifier: string;
  readonly licenseId?: string;
  /** The AWS account that has the license. */
  readonly customerAwsAccountId?: string;
  /** ISO 8601. */
  readonly cutOver?: string;
  readonly problem?: MigrationProblem;
}

export interface MigrateDependencies extends RebuildDependencies {
  readonly migrations: Pick<DueStore, 'watch' | 'due'>;
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
 * Moves buyers of a legacy product to their licenses, from a cut-over hour on. The key that loses hours is written first: the former one at first,
 * the license where the cut-over moves to a later hour. Between the two writes no hour is metered twice, and the same request completes what a crash
 * interrupted, however late; so does any request for all buyers.
 *
 * @param remainingMs how long the invocation may still take
 */
export async function migrate(
  event: unknown, deps: MigrateDependencies, remainingMs: () => number,
): Promise<MigrateReport | { readonly error: { readonly code: 'INVALID_REQUEST'; readonly message: string } }> {
  const request = readMigrateRequest(event);
  const now = deps.clock.now();
  if ('problem' in request) {
    return { error: { code: 'INVALID_REQUEST', message: request.problem } };
  }
  const { cutOver = now + NOTICE_MS } = request;
  const migrator = new Migrator(request, deps);
  const isFar = cutOver > now + LONGEST_NOTICE_MS;
  if (isFar || (cutOver < now + NOTICE_MS && !(await migrator.repeats(cutOver)))) {
    const limit = isFar ? 'at most 31 days' : 'at least 30 minutes';
    return { error: { code: 'INVALID_REQUEST', message: `cutOver: it is ${isoTime(cutOver)}, and must be ${limit} from now, ${isoTime(now)}` } };
  }
  return migrator.run(() => remainingMs() > RESERVE_MS);
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
      const { problem, ...buyer } = await this.moveApart(customerIdentifier, licenseArn);
      (problem === undefined ? this.migrated : this.left).push(defined({ customerIdentifier, ...buyer, problem }));
    }
    const { dryRun } = this.request;
    this.deps.log.info('Migration of buyers', { dryRun, migrated: this.migrated.length, left: this.left.length, complete });
    return { dryRun, migrated: this.migrated, left: this.left, complete };
  }

  /** Whether a move to this cut-over was begun, and may have been interrupted. */
  async repeats(cutOver: number): Promise<boolean> {
    for await (const { facts } of this.begun()) {
      if (facts.migration?.cutOver === cutOver) {
        return true;
      }
    }
    return false;
  }

  /** Buyers whose move is recorded under the former key, as long as it is not over. */
  private async *begun(): AsyncIterable<Subscription> {
    const { migrations, store, clock } = this.deps;
    for await (const formerId of migrations.due(clock.now() + LONGEST_NOTICE_MS)) {
      const former = await store.read(formerId);
      if (former?.facts.migration !== undefined) {
        yield former;
      }
    }
  }

  private async *customers(): AsyncIterable<{ readonly customerIdentifier: string; readonly licenseArn?: string }> {
    const { customers } = this.request;
    if (customers !== undefined) {
      yield* customers;
      return;
    }
    for await (const former of this.begun()) {
      const buyer = legacyCustomerOf(former.licenseId);
      if (buyer && !(await this.isComplete(former))) {
        yield { customerIdentifier: buyer.customerIdentifier };
      }
    }
    for await (const licenseId of this.deps.store.licensesByStatus('ACTIVE', this.deps.clock.now())) {
      const buyer = legacyCustomerOf(licenseId);
      const known = buyer && await this.deps.store.read(licenseId);
      if (buyer && known && known.facts.migration === undefined) {
        yield { customerIdentifier: buyer.customerIdentifier };
      }
    }
  }

  /** A buyer whose move fails stops no other. */
  private async moveApart(customerIdentifier: string, namedArn: string | undefined): Promise<Omit<MigratedBuyer, 'customerIdentifier'>> {
    try {
      return await this.move(customerIdentifier, namedArn);
    } catch (error) {
      this.deps.log.error('A buyer could not be moved', describeError(error));
      return { problem: 'Failed' };
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
    const isOver = known !== undefined && known.cutOver < now + NOTICE_MS;
    const isComplete = known !== undefined && await this.isComplete(former);
    // What was interrupted is completed at its own cut-over, when it is too late for another one.
    const cutOver = isOver && !isComplete ? known.cutOver : this.request.cutOver ?? known?.cutOver;
    const answer = defined({ licenseId, cutOver: cutOver === undefined ? undefined : isoTime(cutOver) });
    if (known !== undefined && known.continuesAs !== licenseId) {
      return { ...answer, problem: 'OtherLicense' };
    }
    if (isOver && known.cutOver !== cutOver) {
      return { ...answer, problem: 'AlreadyMigrated' };
    }
    if (cutOver !== undefined && cutOver < now + NOTICE_MS && known?.cutOver !== cutOver) {
      return { ...answer, problem: 'CutOverTooNear' };
    }
    const license = await this.licenseOfBuyer(former, licenseId, licenseArn);
    if (typeof license === 'string') {
      return { ...answer, problem: license };
    }
    const { customerAwsAccountId } = license;
    if (!this.request.dryRun && cutOver !== undefined && !(isComplete && known.cutOver === cutOver)) {
      const recordedAt = await this.isRepeat(known, licenseId, cutOver) ? known!.recordedAt : now;
      const problem = await this.record(former, licenseId, licenseArn, { cutOver, recordedAt }, license.agreement);
      return defined({ ...answer, customerAwsAccountId, problem });
    }
    return { ...answer, customerAwsAccountId };
  }

  /**
   * The repeat of an interrupted request is the same decision, and its event keeps its id. It is another one where the license has a later word,
   * of a move to a later hour that was interrupted.
   */
  private async isRepeat(known: Migration | undefined, licenseId: string, cutOver: number): Promise<boolean> {
    const { recordedAt = -Infinity } = (await this.deps.store.read(licenseId))?.facts.migration ?? {};
    return known?.cutOver === cutOver && recordedAt <= known.recordedAt;
  }

  /** Whether the license has all that the former key says of the move. */
  private async isComplete({ licenseId: formerId, facts: { migration } }: Subscription): Promise<boolean> {
    const license = migration?.continuesAs === undefined ? undefined : await this.deps.store.read(migration.continuesAs);
    return license !== undefined && hasMoved(license.facts, formerId)
      && license.facts.migration?.cutOver === migration?.cutOver && isActivated(license);
  }

  private async licenseOf({ facts }: Subscription): Promise<string | 'SeveralLicenses' | undefined> {
    const { store, productCode } = this.deps;
    const resolved = facts.migration?.licenseArn ?? sendableArn([facts.resolution?.licenseArn]);
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
  private async licenseOfBuyer(former: Subscription, licenseId: string, licenseArn: string): Promise<License | MigrationProblem> {
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
      return customerAwsAccountId === undefined ? 'LicenseNotActive'
        : account !== undefined && customerAwsAccountId !== account ? 'OtherBuyer' : { customerAwsAccountId };
    }
    const { agreements } = await source.search({ licenseArn });
    const agreement = agreements.find(({ status, licenseArns }) => status === 'ACTIVE' && licenseArns.some((arn) => licenseIdOf(arn) === licenseId));
    if (agreement?.customerAwsAccountId === undefined) {
      return 'LicenseNotActive';
    }
    const { customerAwsAccountId } = agreement;
    return account !== undefined && customerAwsAccountId !== account ? 'OtherBuyer' : { customerAwsAccountId, agreement };
  }

  /** @param agreement AWS's record of it, where the license is not active here yet */
  private async record(
    former: Subscription, licenseId: string, licenseArn: string, at: Pick<Migration, 'cutOver' | 'recordedAt'>, agreement: AgreementRecord | undefined,
  ): Promise<MigrationProblem | undefined> {
    const { subscriptions, migrations, productCode, clock, metrics, log } = this.deps;
    const { licenseId: formerId, facts: { registrations, firstRegistration, resolution, migration } } = former;
    await migrations.watch(formerId, at.cutOver);
    const ended: SubscriptionFacts = { ...EMPTY_FACTS, migration: { ...at, continuesAs: licenseId, licenseArn } };
    const end = async () => subscriptions.recordMigration(formerId, ended, clock.now());
    const facts: SubscriptionFacts = defined({
      ...EMPTY_FACTS,
      migration: { ...at, migratedFrom: formerId },
      registrations,
      firstRegistration,
      resolution: resolution && { ...resolution, licenseArn },
    });
    const begin = async () => subscriptions.recordMigration(licenseId, facts, clock.now());
    // The one that loses hours first: in between, an hour is metered by neither, never by both.
    for (const write of migration !== undefined && at.cutOver > migration.cutOver ? [begin, end] : [end, begin]) {
      await write();
    }
    const repair = new AgreementRepair({ dryRun: false }, { ...this.deps, productCode }, METRICS.SUBSCRIPTIONS_REBUILT);
    const repaired = agreement && await repair.repair(agreement);
    metrics.flush();
    if (typeof repaired === 'object' && 'skipped' in repaired) {
      log.warn('The agreement of a buyer who moves could not be recorded', { licenseId, reason: repaired.skipped });
      return 'LicenseNotActive';
    }
    log.info('A buyer continues by license', { licenseId, migratedFrom: formerId, cutOver: isoTime(at.cutOver) });
    return undefined;
  }
}

/** The license to which a buyer moves. */
interface License {
  readonly customerAwsAccountId: string;
  /** AWS's record of its agreement, where it is not active here yet. */
  readonly agreement?: AgreementRecord;
}

function isActivated({ facts }: Subscription): boolean {
  const kinds = Object.values(facts.agreements).map(({ kind }) => kind);
  return kinds.includes('LICENSE_UPDATED') && !kinds.includes('LICENSE_DEPROVISIONED');
}

function hasEnded(subscription: Subscription): boolean {
  return subscriptionState({ ...subscription.facts, awaited: undefined } as SubscriptionFacts, subscription.asOf).endedAt !== undefined;
}
