import { BucketWork } from './bucket';
import { Circuits } from './circuits';
import type { MeteringDependencies } from './dependencies';
import { advance, Drain, type RunParts } from './drain';
import { Lease } from './lease';
import { LicenseCache } from './license-cache';
import { Pacer } from './pacer';
import { RunState } from './run-state';
import { Submit } from './submit';
import { hasZeroHours, openZeroBuckets } from './zero-usage';
import { METRICS } from '../../src/names';
import { allOf, mapBounded } from '../domain/bounded';
import { describeError } from '../domain/describe-error';
import { readFirst } from '../domain/read-ahead';
import type { Bucket } from '../domain/usage/ledger/bucket';

/** Buckets looked at in search of one that can be the probe: the newest may all wait for their licenses. */
const MAX_PROBES_LOOKED_AT = 500;
/** Seconds' worth of calls that a run spends at most on what AWS refused before. */
const RETRY_SECONDS = 60;

/** What a run did, for the log and for the caller of the function. */
export type RunReport = RunState['counts'] & Pick<RunState, 'waiting'> & { readonly finished: boolean };

/** What a run finds when it begins. Absent: nothing. */
interface DueWork {
  readonly ending?: AsyncIterable<{ readonly licenseId: string }> | undefined;
  readonly buckets?: AsyncIterable<Bucket> | undefined;
}

/** Runs of metering. Any number may overlap: only their pace would suffer. */
export class Metering {
  private readonly pacer: Pacer;

  constructor(private readonly deps: MeteringDependencies) {
    this.pacer = new Pacer(deps.clock, deps.sleep, deps.maxCallsPerSecond);
  }

  /**
   * Does all that is due: licenses that end first, then the oldest hours, then zero records, then what was refused before. Where nothing
   * is due, the run only reads.
   *
   * @param deadline epoch milliseconds
   */
  async runAll(deadline: number): Promise<RunReport> {
    const { directory, due, clock, log, metrics, rules } = this.deps;
    const run = new RunState(clock, deadline);
    const [ending, buckets, zeroHours] = await allOf([
      readFirst(directory.list('ENDING', clock.now())),
      readFirst(due.due(clock.now())),
      rules.reportZeroUsage ? hasZeroHours(this.deps) : Promise.resolve(false),
    ]);
    const work: DueWork = { ending, buckets };
    if (work.ending || work.buckets || zeroHours) {
      return this.runWithLease(run, work, deadline);
    }
    const result = report(run, true);
    log.info('Metering run', result);
    metrics.add(METRICS.METERING_RUNS);
    return result;
  }

  /** Sends what a license that has just ended may send already, without waiting for a run. */
  async flushLicense(licenseId: string, deadline: number): Promise<RunReport> {
    const run = new RunState(this.deps.clock, deadline);
    const finished = await this.flush(licenseId, await this.begin(run));
    const result = report(run, finished);
    this.deps.log.info('Flushed a license', { licenseId, ...result });
    return result;
  }

  /** Does at once what a single bucket needs. */
  async workOn(bucket: Bucket, deadline: number): Promise<RunReport> {
    const run = new RunState(this.deps.clock, deadline);
    const finished = await new Drain(this.deps, await this.parts(run)).all(once(bucket));
    return report(run, finished);
  }

  private async runWithLease(run: RunState, work: DueWork, deadline: number): Promise<RunReport> {
    const { control, clock, newToken, metrics, log, rules } = this.deps;
    const lease = new Lease(control, clock, newToken());
    if (!await lease.take(deadline)) {
      log.info('Another run is at work');
      return report(run, false);
    }
    try {
      const parts = await this.begin(run);
      const ending = new Set<string>();
      await this.flushEnding(work.ending ?? none(), ending, parts);
      let finished = await new Drain(this.deps, parts).all(without(ending, work.buckets ?? none()));
      if (rules.reportZeroUsage && finished) {
        finished = await new Drain(this.deps, parts).all(openZeroBuckets(this.deps, parts));
      }
      await this.retryRefused(parts);
      const result = report(run, finished);
      log.info('Metering run', result);
      metrics.add(METRICS.METERING_RUNS);
      return result;
    } finally {
      if (run.waiting.UnknownLicense) {
        metrics.add(METRICS.USAGE_WAITING_FOR_UNKNOWN_LICENSE, run.waiting.UnknownLicense);
      }
      await this.release(lease);
    }
  }

  /** Where time runs out here, what comes after it does not finish either. */
  private async flushEnding(licenses: AsyncIterable<{ readonly licenseId: string }>, ending: Set<string>, parts: RunParts): Promise<void> {
    for await (const { licenseId } of licenses) {
      if (!parts.run.hasTime()) {
        return;
      }
      ending.add(licenseId);
      await this.flush(licenseId, parts);
    }
  }

  /** The calls of a license that ends carry no other records: refused as a whole, they delay no other license. */
  private async flush(licenseId: string, parts: RunParts): Promise<boolean> {
    const drain = new Drain({ ...this.deps, lanes: 1 }, parts);
    await drain.all(this.deps.due.dueOfLicense(licenseId));
    return drain.all(taken(parts.run.toWorkOn));
  }

  /** Tries one record of each circuit whose time has come; where AWS accepts it, the rest of the license follows. */
  private async retryRefused(parts: RunParts): Promise<void> {
    const { run, circuits, submit } = parts;
    const { due, lanes, log, maxCallsPerSecond } = this.deps;
    circuits.takeClosedLicenses();
    await mapBounded(circuits.retries(RETRY_SECONDS * maxCallsPerSecond), lanes, async (bucket) => {
      if (!run.maySend()) {
        return;
      }
      const progress = await advance(log, parts, bucket);
      if (progress.kind === 'READY' && circuits.beginTrial(bucket)) {
        await submit.send([progress.ready]);
      }
    });
    await new Drain(this.deps, parts).all(concat(circuits.takeClosedLicenses(), (licenseId) => due.dueOfLicense(licenseId)));
  }

  private async begin(run: RunState): Promise<RunParts> {
    const parts = await this.parts(run);
    await this.probe(parts);
    return parts;
  }

  /**
   * While the outcome of a call is unknown, sends one record: the same as before, as each further one may end with an outcome
   * that only CloudTrail shows; else the youngest, which can be sent for longest.
   */
  private async probe(parts: RunParts): Promise<void> {
    const { run, circuits, submit } = parts;
    const { due, clock, log } = this.deps;
    if (!circuits.probe) {
      return;
    }
    let looked = 0;
    for await (const bucket of startingWith(circuits.probe, due.newest(clock.now()))) {
      const progress = await advance(log, parts, bucket);
      if (progress.kind === 'READY' && circuits.isClear(bucket)) {
        await circuits.probeWith(bucket);
        await submit.probe(progress.ready);
        return;
      }
      looked += 1;
      if (looked >= MAX_PROBES_LOOKED_AT || !run.hasTime()) {
        return;
      }
    }
  }

  private async parts(run: RunState): Promise<RunParts> {
    const { control, clock, directory, log } = this.deps;
    const circuits = await Circuits.load(control, clock, log);
    return {
      run,
      circuits,
      work: new BucketWork(this.deps, run),
      licenses: new LicenseCache(directory, clock),
      submit: new Submit(this.deps, run, this.pacer, circuits),
    };
  }

  private async release(lease: Lease): Promise<void> {
    try {
      await lease.release();
    } catch (error) {
      this.deps.log.warn('The lease could not be released, it will run out', describeError(error));
    }
  }
}

function report(run: RunState, finished: boolean): RunReport {
  return { ...run.counts, waiting: run.waiting, finished };
}

async function* without(licenses: ReadonlySet<string>, buckets: AsyncIterable<Bucket>): AsyncIterable<Bucket> {
  for await (const bucket of buckets) {
    if (!licenses.has(bucket.licenseId)) {
      yield bucket;
    }
  }
}

async function* startingWith(first: Bucket, others: AsyncIterable<Bucket>): AsyncIterable<Bucket> {
  yield first;
  yield* others;
}

/** Takes one after the other out of a list that may grow meanwhile. */
async function* taken<T>(items: T[]): AsyncIterable<T> {
  for (let item = items.shift(); item !== undefined; item = items.shift()) {
    yield item;
  }
}

async function* none(): AsyncIterable<never> {}

async function* once(bucket: Bucket): AsyncIterable<Bucket> {
  yield bucket;
}

async function* concat<T>(keys: readonly string[], list: (key: string) => AsyncIterable<T>): AsyncIterable<T> {
  for (const key of keys) {
    yield* list(key);
  }
}
