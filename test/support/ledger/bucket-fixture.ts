import { Steps } from './gate';
import { LICENSE, LedgerFixture, LedgerFixtureOptions } from './ledger-fixture';
import { Partition } from './memory-store';
import { Amounts } from '../../../lambda/domain/usage/ledger/amounts';
import { Bucket } from '../../../lambda/domain/usage/ledger/bucket';
import { OutLine } from '../../../lambda/domain/usage/ledger/ledger';
import { BucketWork, Progress } from '../../../lambda/metering/bucket';
import { MeteringDependencies } from '../../../lambda/metering/dependencies';
import { RunState } from '../../../lambda/metering/run-state';
import { Telemetry } from '../telemetry';

/** The bucket that these tests work on: calls of the hour in which the fixture's clock begins. */
export const BUCKET: Bucket = { licenseId: LICENSE, dimension: 'ApiCalls', hour: '2026-11-23T05' };

/** An amount that a bucket gives away. */
export function outLine(n: number, units: number, change: Partial<OutLine> = {}): OutLine {
  return { n, amount: Amounts.of(units), oldest: BUCKET.hour, to: '2026-11-23T06', done: false, ...change };
}

/** Work on one bucket, with the operations that it takes and what else happens between them. */
export class BucketFixture extends LedgerFixture {
  readonly steps: Steps;
  readonly runState = new RunState(this.clock, Infinity);
  /** Log and metrics of this run alone. */
  readonly seen = new Telemetry();

  constructor(change: Omit<LedgerFixtureOptions, 'gate'> = {}) {
    const steps = new Steps();
    super({ ...change, gate: steps });
    this.steps = steps;
  }

  dependencies(change: Partial<MeteringDependencies> = {}): MeteringDependencies {
    return { ...this.deps, log: this.seen, metrics: this.seen, ...change };
  }

  get bucket(): Partition {
    return this.store.partition(BUCKET);
  }

  /** Usage of the hour, and the time at which it is closed. */
  async closedWith(quantity: number | string): Promise<this> {
    await this.report(quantity);
    return this.at('2026-11-23T06:10:00Z');
  }

  /** The hour is closed and AWS has its usage; it is due once more. */
  async billedWith(quantity: number): Promise<this> {
    await this.closedWith(quantity);
    await this.store.freeze(BUCKET, { quantity }, String(quantity));
    await this.store.bill(BUCKET, { at: this.now });
    return this;
  }

  async reportLate(quantity: number): Promise<void> {
    await this.report(quantity, { time: '2026-11-23T05:40:00Z' });
  }

  /** What this run does with the bucket. Its operations are counted from here. */
  async advance(bucket = BUCKET, change: Partial<MeteringDependencies> = {}): Promise<Progress> {
    const license = await this.directory.get(bucket.licenseId, this.now);
    this.steps.operations = [];
    return new BucketWork(this.dependencies(change), this.runState).advance(bucket, license);
  }

  /** Another run does what the bucket needs now. */
  async anotherRun(change: Partial<MeteringDependencies> = {}): Promise<void> {
    await this.metering(change).workOn(BUCKET, Infinity);
  }

  /** Units by the hour that they were carried to. */
  carriedOut(): Record<string, string> {
    return Object.fromEntries(this.bucket.out.map(({ n, to, reason, amount }) => [`${n} ${to ?? reason}`, amount.total().toFixed()]));
  }

  /** Units that were carried into an hour. */
  carriedInto(hour: string, licenseId = LICENSE): string[] {
    return [...this.partition(hour, BUCKET.dimension, licenseId)?.carriedIn.values() ?? []].map(({ amount }) => amount.total().toFixed());
  }

  /** Lines of the log with this message. */
  logged(message: string): object[] {
    return this.seen.logged(message);
  }
}
