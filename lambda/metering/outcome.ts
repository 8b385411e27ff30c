import { BucketWork, type Ready, reportUnresolved } from './bucket';
import type { Circuits } from './circuits';
import type { MeteringOptions } from './options';
import type { RunState } from './run-state';
import { METRICS } from '../../src/names';
import { mapBounded } from '../domain/bounded';
import { describeError } from '../domain/describe-error';
import { unresolvedEvent } from '../domain/usage/intake/rejection';
import { bucketId } from '../domain/usage/ledger/bucket';
import { scopeOf } from '../domain/usage/ledger/circuit';
import { isZero, SHARED_INTENT, UnbilledReason } from '../domain/usage/ledger/ledger';
import { type IntentKind, isFinalRefusal, type RecordAnswer, verdictOf } from '../domain/usage/ledger/outcome';

/** A record whose intent is noted: only such a record is ever sent. */
export interface Noted {
  readonly ready: Ready;
  readonly token: string;
  readonly intent: IntentKind;
}

/** The bucket after its intent was withdrawn: the intent of another attempt stays. */
export function afterWithdraw({ ready, intent }: Noted): Ready {
  return withIntent(ready, intent === 'FIRST' ? undefined : SHARED_INTENT);
}

/** The bucket after a call that may have been accepted. */
export function withUnknownOutcome(noted: Noted): Ready {
  const { ready, ready: { meta } } = noted;
  return { ...ready, meta: { ...meta, intent: intentOf(noted), callLeft: true } };
}

/** What `META` has as the intent of this attempt. */
function intentOf({ token, intent }: Noted): string {
  return intent === 'FIRST' ? token : SHARED_INTENT;
}

function withIntent(ready: Ready, intent: string | undefined): Ready {
  return { ...ready, meta: { ...ready.meta, intent } };
}

/** Writes the answer to a call into the ledger, record by record. */
export class OutcomeWriter {
  private readonly work: BucketWork;

  constructor(private readonly options: MeteringOptions, private readonly run: RunState, private readonly circuits: Circuits) {
    this.work = new BucketWork(options, run);
  }

  /** Answers the records that are to be sent again at once. */
  async write(noted: readonly Noted[], answers: readonly RecordAnswer[]): Promise<Noted[]> {
    const again: Noted[] = [];
    const due: Ready[] = [];
    await this.each(noted.map((sent, index) => ({ sent, answer: answers[index] })), ({ sent }) => sent, async ({ sent, answer }) => {
      const { meta } = sent.ready;
      const verdict = verdictOf(answer, { intent: sent.intent, callLeft: meta.callLeft === true });
      switch (verdict.kind) {
        case 'BILLED':
          if (await this.bill(sent, verdict.meteringRecordId)) {
            due.push(sent.ready);
          }
          break;
        case 'CONFLICT':
          if (sent.intent === 'FIRST' || !isZero(meta)) {
            await this.conflict(sent, verdict.reason);
          } else if (await this.bill(sent, undefined)) {
            // Ours or not, nothing is lost with a quantity of 0.
            due.push(sent.ready);
          }
          break;
        case 'HELD':
          if (verdict.again === 'NOW') {
            again.push(sent);
          } else {
            await this.refused(sent, verdict.reason);
          }
          break;
        case 'UNKNOWN':
          this.run.counts.unknown += 1;
          this.options.log.error('The answer to a call does not say what became of one of its records', { bucket: bucketId(meta.bucket), answer });
          await this.options.ledger.noteCallLeft(meta.bucket, intentOf(sent));
          break;
      }
    });
    for (const { meta, license } of due) {
      await this.work.advance(meta.bucket, license);
    }
    return noted.filter((sent) => again.includes(sent));
  }

  /** AWS refused a call for its only record. */
  async refuse(noted: Noted, code: string, message: string): Promise<void> {
    const { log, metrics } = this.options;
    const { meta, license } = noted.ready;
    log.error('AWS Marketplace refuses a metering record', { bucket: bucketId(meta.bucket), code, message });
    if (!isFinalRefusal(code, license)) {
      if (scopeOf(code) !== 'LICENSE' && !isZero(meta)) {
        metrics.add(METRICS.METERING_CONFIGURATION_ERRORS);
      }
      await this.each([noted], (sent) => sent, async (sent) => this.refused(sent, code));
      return;
    }
    await this.each([noted], (sent) => sent, async (sent) => this.giveUp(sent, code));
  }

  /** The hour can never be billed: what it has is carried, unless an earlier attempt may have been accepted. */
  private async giveUp({ ready: { meta, license }, token, intent }: Noted, reason: string): Promise<void> {
    const { ledger, clock, productCode } = this.options;
    if (intent === 'FIRST') {
      await ledger.withdrawIntent(meta.bucket, token, reason);
      await ledger.refuse(meta.bucket, 'FROZEN', reason);
    } else if (isZero(meta)) {
      await ledger.refuseZero(meta.bucket, reason);
    } else {
      const events = [unresolvedEvent(meta, reason, productCode, clock.now())];
      if (await ledger.unresolve(meta.bucket, SHARED_INTENT, reason, events, clock.now())) {
        await reportUnresolved(this.options, this.run, meta.bucket);
      }
    }
    await this.work.advance(meta.bucket, license);
  }

  /** A call with these records left, and no answer says what became of them. */
  async noteCallsLeft(noted: readonly Noted[]): Promise<void> {
    await this.each(noted, (sent) => sent, async (sent) => this.options.ledger.noteCallLeft(sent.ready.meta.bucket, intentOf(sent)));
  }

  /** Certainly not sent, or not taken. */
  async withdraw(noted: readonly Noted[], reason?: string): Promise<void> {
    await this.each(noted, (sent) => sent, async ({ ready, token, intent }) => {
      if (intent === 'FIRST') {
        await this.options.ledger.withdrawIntent(ready.meta.bucket, token, reason);
      }
    });
  }

  /** Whether the bucket still has something to do. */
  private async bill(sent: Noted, meteringRecordId: string | undefined): Promise<boolean> {
    const { ledger, clock, metrics } = this.options;
    const { meta, clearIfRevision } = sent.ready;
    await this.circuits.accepted(meta.bucket);
    const { billed, due } = await ledger.bill(meta.bucket, {
      at: clock.now(),
      ...(meteringRecordId !== undefined && { meteringRecordId }),
      ...(clearIfRevision !== undefined && { clearIfRevision }),
    });
    if (!billed) {
      return true;
    }
    this.run.counts.billed += 1;
    metrics.add(METRICS.METERING_RECORDS_ACCEPTED);
    return due;
  }

  /** Not accepted now: the circuit opens. A quantity of 0 is closed, as nothing is lost with it. */
  private async refused(sent: Noted, reason: string): Promise<void> {
    const { meta, license } = sent.ready;
    await this.circuits.refused(scopeOf(reason), meta.bucket, reason);
    if (isZero(meta)) {
      await this.giveUp(sent, reason);
      return;
    }
    this.run.counts.held += 1;
    this.options.metrics.add(METRICS.METERING_RECORDS_HELD);
    this.options.log.warn('A metering record was not accepted, and waits', { bucket: bucketId(meta.bucket), reason, status: license.status });
    await this.withdraw([sent], reason);
  }

  /**
   * AWS has a record of this hour: of somebody else, or of an earlier attempt of which nothing is known but its intent. The
   * process may have died before its call.
   */
  private async conflict(sent: Noted, reason: UnbilledReason): Promise<void> {
    const { ledger, clock, log, metrics, productCode } = this.options;
    const { meta } = sent.ready;
    const events = [unresolvedEvent(meta, reason, productCode, clock.now())];
    if (await ledger.unresolve(meta.bucket, intentOf(sent), reason, events, clock.now())) {
      metrics.add(METRICS.METERING_CONFLICTS);
      log.error('This hour was metered by somebody else: two deployments of one product?', { bucket: bucketId(meta.bucket), reason });
      await reportUnresolved(this.options, this.run, meta.bucket);
    }
    await this.work.advance(meta.bucket, sent.ready.license);
  }

  /** What fails for one record is no reason to forget the outcome of another. */
  private async each<T>(items: readonly T[], notedOf: (item: T) => Noted, act: (item: T) => Promise<void>): Promise<void> {
    await mapBounded(items, this.options.concurrency, async (item) => {
      try {
        await act(item);
      } catch (error) {
        const { bucket } = notedOf(item).ready.meta;
        this.options.log.error('An outcome could not be written: the same will be sent again', { bucket: bucketId(bucket), ...describeError(error) });
      }
    });
  }
}
