import type { MeteringDependencies } from './dependencies';
import { drawsOf } from './draws';
import type { RunState } from './run-state';
import { METRICS } from '../../src/names';
import { defined } from '../domain/defined';
import { describeError } from '../domain/describe-error';
import type { MeteredLicense } from '../domain/subscription-directory';
import { amountRejectedEvent, unresolvedEvent } from '../domain/usage/intake/rejection';
import { type Bucket, bucketId } from '../domain/usage/ledger/bucket';
import { hourEnd } from '../domain/usage/ledger/hour';
import { type BucketMeta, committedAmount, currentSum, type OutLine, type RecordSum, sumContent, withDecided } from '../domain/usage/ledger/ledger';
import { waitWhileOpen, type WaitReason, type Lines, nextStep, type Step } from '../domain/usage/ledger/next-step';
import { freezesAt } from '../domain/usage/ledger/rules';

/** A bucket whose frozen quantity is to be sent now. */
export interface Ready {
  readonly meta: BucketMeta;
  readonly license: MeteredLicense;
  /** No difference is left besides the frozen quantity, as long as `revision` is this one. */
  readonly clearIfRevision?: number;
}

export type Progress =
  | { readonly kind: 'READY'; readonly ready: Ready }
  | { readonly kind: 'WAITS'; readonly reason: WaitReason }
  /** Nothing is left to do. */
  | { readonly kind: 'DONE' }
  /** Another run changed it, or something failed: a later run continues. */
  | { readonly kind: 'LEFT' };

/** Turns with others changing the bucket in between, before it is left to a later run. */
const MAX_READS = 6;

/** Does what a due bucket needs, step by step, up to the point where it is to be sent. */
export class BucketWork {
  constructor(private readonly deps: MeteringDependencies, private readonly run: RunState) {}

  /** @param meta as just read; absent: it is read here */
  async advance(bucket: Bucket, license: MeteredLicense | undefined, meta?: BucketMeta): Promise<Progress> {
    const { log } = this.deps;
    let staleReads = 0;
    try {
      for (let read = 0; read < MAX_READS; read += 1) {
        const current = read === 0 && meta ? meta : (await this.deps.ledger.readMetas([bucket])).get(bucketId(bucket));
        if (!current) {
          return { kind: 'DONE' };
        }
        const pass = new BucketPass(this.deps, this.run, license, current);
        const progress = await pass.run();
        if (progress !== undefined) {
          return progress;
        }
        staleReads = pass.staleRead ? staleReads + 1 : 0;
      }
      if (staleReads === MAX_READS) {
        log.error('A bucket has given away more than it got, and nothing is done about it', { bucket: bucketId(bucket) });
      }
    } catch (error) {
      log.error('A bucket could not be worked on, a later run tries again', { bucket: bucketId(bucket), ...describeError(error) });
    }
    return { kind: 'LEFT' };
  }
}

/** Steps on one reading of META. Lines are read after it, once; what this pass writes itself it keeps in mind. */
class BucketPass {
  /** The reads do not belong together. */
  staleRead = false;
  private lines: Lines | undefined;
  /** Of the records that were stored in time. */
  private sum: RecordSum | undefined;
  private clearable = false;

  constructor(
    private readonly deps: MeteringDependencies,
    private readonly runState: RunState,
    private readonly license: MeteredLicense | undefined,
    private meta: BucketMeta,
  ) {}

  /** Undefined: the reading does not wait any more. */
  async run(): Promise<Progress | undefined> {
    for (;;) {
      if (this.meta.state === 'OPEN') {
        const waitsFor = waitWhileOpen(this.meta, this.license, this.deps.clock.now(), this.deps.rules);
        if (waitsFor !== undefined) {
          return { kind: 'WAITS', reason: waitsFor };
        }
      }
      if (this.meta.state !== 'FROZEN' && !this.lines) {
        const { sum, ...lines } = await readLines(this.deps, this.meta);
        this.lines = lines;
        this.sum = currentSum(this.meta) ? undefined : sum;
      }
      const view = { meta: this.meta, lines: this.lines, isOverage: isOverage(this.deps, this.meta.bucket) };
      const step = nextStep(view, this.license, this.deps.clock.now(), this.deps.rules);
      const done = await this.execute(step);
      if (done !== 'NEXT') {
        return done === 'AGAIN' ? undefined : done;
      }
    }
  }

  private async execute(step: Step): Promise<Progress | 'NEXT' | 'AGAIN'> {
    const { ledger, clock } = this.deps;
    const { bucket, revision } = this.meta;
    switch (step.kind) {
      case 'WAIT':
        return { kind: 'WAITS', reason: step.reason };
      case 'SEND':
        return this.deps.mode === 'DRY_RUN' ? this.recordDryRun() : { kind: 'READY', ready: this.ready() };
      case 'DRAW':
        return this.draw();
      case 'FREEZE':
        if (!await ledger.freeze(bucket, step.frozen, step.onTimeUnits, this.sum)) {
          return 'AGAIN';
        }
        this.meta = { ...this.meta, state: 'FROZEN', frozen: step.frozen, onTimeUnits: step.onTimeUnits };
        this.clearable = this.lines!.content.amount.minus(committedAmount(this.meta)).isZero();
        return 'NEXT';
      case 'REFUSE': {
        const from = this.meta.state === 'OPEN' ? 'OPEN' : 'FROZEN';
        if (!await ledger.refuse(bucket, from, step.reason, step.onTimeUnits)) {
          return 'AGAIN';
        }
        this.meta = { ...this.meta, ...defined({ state: 'REFUSED' as const, reason: step.reason, onTimeUnits: step.onTimeUnits }) };
        return 'NEXT';
      }
      case 'REFUSE_ZERO':
        await ledger.refuseZero(bucket, step.reason);
        return 'AGAIN';
      case 'UNRESOLVE': {
        const events = [unresolvedEvent(this.meta, step.reason, this.deps.productCode, clock.now())];
        if (await ledger.unresolve(bucket, this.meta.intent!, step.reason, events, clock.now())) {
          await reportUnresolved(this.deps, this.runState, bucket);
        }
        return 'AGAIN';
      }
      case 'APPEND':
        return await this.append(step.line) ? 'NEXT' : 'AGAIN';
      case 'FINISH':
        await this.finish(step.line);
        return 'NEXT';
      case 'CLEAR':
        return await ledger.clearDue(bucket, revision, this.sum) ? { kind: 'DONE' } : 'AGAIN';
      case 'STALE_READ':
        this.staleRead = true;
        return 'AGAIN';
    }
  }

  private ready(): Ready {
    return defined({ meta: this.meta, license: this.license!, clearIfRevision: this.clearIfRevision() });
  }

  private clearIfRevision(): number | undefined {
    return this.clearable ? this.meta.revision : undefined;
  }

  private async recordDryRun(): Promise<Progress | 'AGAIN'> {
    const { ledger, clock, log } = this.deps;
    const { bucket, frozen, intent } = this.meta;
    if (intent !== undefined) {
      return { kind: 'LEFT' };
    }
    const { billed, due } = await ledger.recordDryRun(bucket, defined({ at: clock.now(), clearIfRevision: this.clearIfRevision() }));
    if (billed) {
      this.runState.counts.dryRun += 1;
      log.info('Dry run: this would have been metered', { bucket: bucketId(bucket), quantity: frozen!.quantity, licenseArn: this.license!.licenseArn });
    }
    return due ? 'AGAIN' : { kind: 'DONE' };
  }

  private async draw(): Promise<Progress | 'NEXT' | 'AGAIN'> {
    const { bucket } = this.meta;
    const draws = drawsOf(this.deps, bucket.dimension)!;
    const drawn = await draws.draw(this.meta, this.lines!, this.license);
    if (drawn === 'EntitlementsUnknown') {
      return { kind: 'WAITS', reason: drawn };
    }
    if (drawn === 'STALE') {
      return 'AGAIN';
    }
    this.lines = { ...this.lines!, content: withDecided(this.lines!.content, drawn) };
    return 'NEXT';
  }

  private async append(line: OutLine): Promise<boolean> {
    const { ledger, clock, metrics, productCode } = this.deps;
    const { bucket } = this.meta;
    const events = line.reason === undefined ? [] : [amountRejectedEvent(bucket, line, productCode, clock.now())];
    if (!await ledger.appendOut(bucket, line, events, clock.now())) {
      return false;
    }
    if (line.reason === undefined) {
      this.runState.counts.carried += 1;
      metrics.add(METRICS.USAGE_CARRIED_FORWARD);
    } else {
      this.runState.counts.rejected += 1;
      metrics.add(METRICS.USAGE_RECORDS_REJECTED);
      this.deps.log.warn('Usage will not be billed', { bucket: bucketId(bucket), units: line.amount.total().toFixed(), reason: line.reason });
    }
    this.lines = { ...this.lines!, out: [...this.lines!.out, line] };
    return true;
  }

  private async finish(line: OutLine): Promise<void> {
    const { ledger, clock, rules } = this.deps;
    const { bucket } = this.meta;
    if (line.to === undefined) {
      await publishEvents(this.deps, bucket, async () => ledger.publishLineEvents(bucket, line));
    } else {
      const target = { ...bucket, licenseId: line.toLicense ?? bucket.licenseId, hour: line.to };
      const license = line.toLicense === undefined ? this.license : this.license?.continuation;
      await ledger.putCarriedIn(bucket, line, clock.now());
      await ledger.markChanged(target, hourEnd(line.to) + rules.closeGrace, 'OTHERS');
      if (freezesAt(line.to, license, rules) <= clock.now()) {
        this.runState.toWorkOn.push(target);
      }
    }
    await ledger.markDone(bucket, line.n);
    this.lines = { ...this.lines!, out: this.lines!.out.map((other) => (other.n === line.n ? { ...other, done: true } : other)) };
  }
}

/** What has been summed of the bucket before is not read again. */
async function readLines({ ledger, rules }: MeteringDependencies, meta: BucketMeta): Promise<Lines & { readonly sum: RecordSum }> {
  const { bucket, state } = meta;
  // no line leaves an open bucket, and what this reading leads to is written only if it still is open
  const out = state === 'OPEN' ? [] : await ledger.readOutLines(bucket);
  const lines = ledger.contentLines(bucket, currentSum(meta) ? 'OTHERS' : 'ALL');
  return { out, ...await sumContent(meta, hourEnd(bucket.hour) + rules.closeGrace, lines) };
}

function isOverage(deps: MeteringDependencies, { dimension }: Bucket): boolean {
  return drawsOf(deps, dimension) !== undefined;
}

/** Why a run would leave the bucket as it is; undefined: it would not. Changes nothing. */
export async function explainWait(deps: MeteringDependencies, bucket: Bucket): Promise<WaitReason | undefined> {
  const { ledger, directory, clock, rules } = deps;
  const meta = (await ledger.readMetas([bucket])).get(bucketId(bucket));
  if (!meta) {
    return undefined;
  }
  const license = await directory.get(bucket.licenseId, clock.now());
  const step = nextStep({ meta, lines: await readLines(deps, meta), isOverage: isOverage(deps, bucket) }, license, clock.now(), rules);
  if (step.kind === 'DRAW' && await drawsOf(deps, bucket.dimension)!.isUnknown(bucket, license)) {
    return 'EntitlementsUnknown';
  }
  return step.kind === 'WAIT' ? step.reason : undefined;
}

/** An hour whose outcome only CloudTrail can show: published, and left to a person. */
export async function reportUnresolved(deps: MeteringDependencies, run: RunState, bucket: Bucket): Promise<void> {
  run.counts.unresolved += 1;
  deps.metrics.add(METRICS.METERING_RECORDS_UNRESOLVED);
  deps.log.error('The outcome of a metering record is unknown: settle it from CloudTrail', { bucket: bucketId(bucket) });
  await publishEvents(deps, bucket, async () => deps.ledger.publishMetaEvents(bucket));
}

/** Work on the bucket continues if the bus fails: the event stays in the outbox of the item until it is published. */
async function publishEvents({ log }: MeteringDependencies, bucket: Bucket, send: () => Promise<void>): Promise<void> {
  try {
    await send();
  } catch (error) {
    log.warn('The event about it will be sent by reconciliation', { bucket: bucketId(bucket), ...describeError(error) });
  }
}
