import { Breaker } from './breaker';
import { BucketWork } from './bucket-work';
import { Drain } from './drain';
import { Lease } from './lease';
import { LicenseCache } from './license-cache';
import type { MeteringOptions } from './options';
import { Pacer } from './pacer';
import { Refusals } from './refusals';
import { RunState } from './run-state';
import { SecondTry, type SecondTryTools } from './second-try';
import { Sender } from './sender';
import { openZeroBuckets } from './zero-usage';
import { METRICS } from '../../src/names';
import { describeError } from '../adapters/aws/logging';
import type { Bucket } from '../domain/usage/ledger/bucket';
import { sinksCalls } from '../domain/usage/ledger/refusal';

/** Buckets looked at in search of one that can be sent. */
const MAX_PROBES_LOOKED_AT = 20;

/** Seconds' worth of calls that may be spent on what AWS refused before, and refuses again. */
const REFUSED_SECONDS = 10;

/** What a run did, for the log and for whoever invoked the function. */
export type RunReport = RunState['counts'] & Pick<RunState, 'waiting'> & { readonly finished: boolean };

/** Runs of metering. Any number may overlap: only their pace would suffer. */
export class Metering {
  private readonly pacer: Pacer;

  constructor(private readonly options: MeteringOptions) {
    this.pacer = new Pacer(options.clock, options.sleep, options.maxCallsPerSecond);
  }

  /** Works off all that is due: ending licenses first, then oldest first. `deadline` is epoch milliseconds. */
  async runAll(deadline: number): Promise<RunReport> {
    const { control, clock, newToken, directory, due, metrics, log, rules } = this.options;
    const run = new RunState(clock, deadline);
    const lease = new Lease(control, clock, newToken());
    if (!await lease.take(deadline)) {
      log.info('Another run is at work');
      return report(run, false);
    }
    try {
      const tools = await this.tools(run, async () => run.hasTime());
      await this.probe(run, tools);
      const ending = new Set<string>();
      let finished = true;
      for await (const { licenseId } of directory.list('ENDING', clock.now())) {
        ending.add(licenseId);
        finished = run.hasTime() && await this.flush(licenseId, run, tools) && finished;
        if (!run.hasTime()) {
          break;
        }
      }
      await this.tryRefused(run, tools);
      finished = await new Drain(this.options, run, tools).all(without(ending, due.due(clock.now()))) && finished;
      if (rules.reportZeroUsage && finished) {
        finished = await new Drain(this.options, run, tools).all(openZeroBuckets(this.options, run));
      }
      await this.tryRefused(run, tools);
      finished = await new SecondTry(this.options, run, tools).all(tools.refusals.takeDoubtful()) && finished;
      const did = report(run, finished);
      log.info('Metering run', did);
      metrics.add(METRICS.METERING_RUNS);
      return did;
    } finally {
      if (run.waiting.UnknownLicense) {
        metrics.add(METRICS.USAGE_WAITING_FOR_UNKNOWN_LICENSE, run.waiting.UnknownLicense);
      }
      await this.release(lease);
    }
  }

  /** Sends what a license that has just ended may send already, without waiting for a run. */
  async flushLicense(licenseId: string, deadline: number): Promise<RunReport> {
    const run = new RunState(this.options.clock, deadline);
    const tools = await this.tools(run, async () => run.hasTime());
    await this.probe(run, tools);
    const finished = await this.flush(licenseId, run, tools);
    await this.tryRefused(run, tools);
    const did = report(run, finished);
    this.options.log.info('Flushed a license', { licenseId, ...did });
    return did;
  }

  /** Does at once what a single bucket needs. */
  async workOn(bucket: Bucket, deadline: number): Promise<RunReport> {
    const run = new RunState(this.options.clock, deadline);
    const finished = await new Drain(this.options, run, await this.tools(run, async () => run.hasTime())).all(once(bucket));
    return report(run, finished);
  }

  /** The calls of a license that ends carry nobody else's records: refused as a whole, they hurt nobody else. */
  private async flush(licenseId: string, run: RunState, tools: SecondTryTools): Promise<boolean> {
    return new Drain({ ...this.options, lanes: 1 }, run, tools).all(this.options.due.dueOfLicense(licenseId));
  }

  private async tryRefused(run: RunState, tools: SecondTryTools): Promise<void> {
    await new SecondTry(this.options, run, tools).all(tools.refusals.takeRefused(), REFUSED_SECONDS * this.options.maxCallsPerSecond);
  }

  /** While outcomes are unknown, one record tells whether to go on: the one that was tried before, else the youngest. */
  private async probe(run: RunState, { breaker, work, sender, licenses }: SecondTryTools): Promise<void> {
    if (!breaker.open) {
      return;
    }
    const { due, clock } = this.options;
    let looked = 0;
    for await (const bucket of startingWith(breaker.probe, due.newest(clock.now()))) {
      const progress = await work.advance(bucket, await licenses.get(bucket.licenseId));
      looked += 1;
      const sendable = progress.kind === 'READY' && !sinksCalls(progress.ready.meta.reason);
      if (sendable) {
        await sender.send([progress.ready]);
      }
      if (sendable || looked >= MAX_PROBES_LOOKED_AT || !run.hasTime()) {
        return;
      }
    }
  }

  private async tools(run: RunState, mayGoOn: () => Promise<boolean>): Promise<SecondTryTools> {
    const { control, clock, directory, log } = this.options;
    const breaker = await Breaker.load(control, clock, log);
    const refusals = new Refusals(run, clock.now());
    return {
      breaker,
      refusals,
      work: new BucketWork(this.options, run),
      sender: new Sender(this.options, run, this.pacer, breaker, refusals),
      licenses: new LicenseCache(directory, clock),
      mayGoOn,
    };
  }

  private async release(lease: Lease): Promise<void> {
    try {
      await lease.release();
    } catch (error) {
      this.options.log.warn('The lease could not be released, it will run out', describeError(error));
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

async function* startingWith(first: Bucket | undefined, others: AsyncIterable<Bucket>): AsyncIterable<Bucket> {
  if (first) {
    yield first;
  }
  yield* others;
}

async function* once(bucket: Bucket): AsyncIterable<Bucket> {
  yield bucket;
}
