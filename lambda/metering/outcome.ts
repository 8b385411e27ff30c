import { BucketWork, type Ready, reportUnresolved } from './bucket';
import type { Circuits } from './circuits';
import type { MeteringDependencies } from './dependencies';
import type { RunState } from './run-state';
import { METRICS } from '../../src/names';
import { mapBounded } from '../domain/bounded';
import { defined } from '../domain/defined';
import { describeError } from '../domain/describe-error';
import { unresolvedEvent } from '../domain/usage/intake/rejection';
import { bucketId } from '../domain/usage/ledger/bucket';
import { scopeOf } from '../domain/usage/ledger/circuit';
import { isZero, SHARED_INTENT, UnbilledReason } from '../domain/usage/ledger/ledger';
import { type IntentKind, isFinalRefusal, type RecordAnswer, verdictOf } from '../domain/usage/ledger/outcome';

/** A record whose intent is written: only such a record is ever sent. */
export interface RecordToSend {
  readonly ready: Ready;
  readonly token: string;
  readonly intent: IntentKind;
}

/** The bucket after its intent was withdrawn: the intent of another attempt stays. */
export function afterWithdraw({ ready, intent }: RecordToSend): Ready {
  return withIntent(ready, intent === 'FIRST' ? undefined : SHARED_INTENT);
}

/** The bucket after a call that may have been accepted. */
export function withUnknownOutcome(toSend: RecordToSend): Ready {
  const { ready, ready: { meta } } = toSend;
  return { ...ready, meta: { ...meta, intent: intentOf(toSend), callLeft: true } };
}

/** What `META` has as the intent of this attempt. */
function intentOf({ token, intent }: RecordToSend): string {
  return intent === 'FIRST' ? token : SHARED_INTENT;
}

function withIntent(ready: Ready, intent: string | undefined): Ready {
  return { ...ready, meta: { ...ready.meta, intent } };
}

/** Writes the answer to a call into the ledger, record by record. */
export class OutcomeWriter {
  private readonly work: BucketWork;

  constructor(private readonly deps: MeteringDependencies, private readonly run: RunState, private readonly circuits: Circuits) {
    this.work = new BucketWork(deps, run);
  }

  /** Answers the records that are to be sent again at once. */
  async write(toSend: readonly RecordToSend[], answers: readonly RecordAnswer[]): Promise<RecordToSend[]> {
    const again = new Set<RecordToSend>();
    const due: Ready[] = [];
    await this.each(toSend, async (sent, index) => {
      const { meta } = sent.ready;
      const answer = answers[index];
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
        case 'NOT_ACCEPTED':
          if (verdict.again === 'NOW') {
            again.add(sent);
          } else {
            await this.refused(sent, verdict.reason);
          }
          break;
        case 'UNKNOWN':
          this.run.counts.unknown += 1;
          this.deps.log.error('The answer to a call does not say what became of one of its records', { bucket: bucketId(meta.bucket), answer });
          await this.deps.ledger.noteCallLeft(meta.bucket, intentOf(sent));
          break;
      }
    });
    for (const { meta, license } of due) {
      await this.work.advance(meta.bucket, license);
    }
    return toSend.filter((sent) => again.has(sent));
  }

  /** AWS refused a call for these records, which are refused together. */
  async refuse(toSend: readonly RecordToSend[], code: string, message: string): Promise<void> {
    const { log, metrics } = this.deps;
    if (scopeOf(code) !== 'LICENSE' && toSend.some(({ ready: { meta, license } }) => !isFinalRefusal(code, license) && !isZero(meta))) {
      metrics.add(METRICS.METERING_CONFIGURATION_ERRORS);
    }
    await this.each(toSend, async (sent) => {
      const { meta, license } = sent.ready;
      log.error('AWS Marketplace refuses a metering record', { bucket: bucketId(meta.bucket), code, reason: message });
      await (isFinalRefusal(code, license) ? this.giveUp(sent, code) : this.refused(sent, code));
    });
  }

  /** The hour can never be billed: what it has is carried, unless an earlier attempt may have been accepted. */
  private async giveUp({ ready: { meta, license }, token, intent }: RecordToSend, reason: string): Promise<void> {
    const { ledger, clock, productCode } = this.deps;
    if (intent === 'FIRST') {
      await ledger.withdrawIntent(meta.bucket, token, reason);
      await ledger.refuse(meta.bucket, 'FROZEN', reason);
    } else if (isZero(meta)) {
      await ledger.refuseZero(meta.bucket, reason);
    } else {
      const events = [unresolvedEvent(meta, reason, productCode, clock.now())];
      if (await ledger.unresolve(meta.bucket, SHARED_INTENT, reason, events, clock.now())) {
        await reportUnresolved(this.deps, this.run, meta.bucket);
      }
    }
    await this.work.advance(meta.bucket, license);
  }

  /** A call with these records left, and no answer says what became of them. */
  async noteCallsLeft(toSend: readonly RecordToSend[]): Promise<void> {
    await this.each(toSend, async (sent) => this.deps.ledger.noteCallLeft(sent.ready.meta.bucket, intentOf(sent)));
  }

  /** Certainly not sent, or not taken. */
  async withdraw(toSend: readonly RecordToSend[], reason?: string): Promise<void> {
    await this.each(toSend, async ({ ready, token, intent }) => {
      if (intent === 'FIRST') {
        await this.deps.ledger.withdrawIntent(ready.meta.bucket, token, reason);
      }
    });
  }

  /** Whether the bucket still has something to do. */
  private async bill(sent: RecordToSend, meteringRecordId: string | undefined): Promise<boolean> {
    const { ledger, clock, metrics } = this.deps;
    const { meta, clearIfRevision } = sent.ready;
    await this.circuits.accepted(meta.bucket);
    const { billed, due } = await ledger.bill(meta.bucket, defined({ at: clock.now(), meteringRecordId, clearIfRevision }));
    if (billed) {
      this.run.counts.billed += 1;
      metrics.add(METRICS.METERING_RECORDS_ACCEPTED);
    }
    return due;
  }

  /** Not accepted now: the circuit opens. A quantity of 0 is closed, as nothing is lost with it. */
  private async refused(sent: RecordToSend, reason: string): Promise<void> {
    const { meta, license } = sent.ready;
    await this.circuits.refused(scopeOf(reason), meta.bucket, reason);
    if (isZero(meta)) {
      await this.giveUp(sent, reason);
      return;
    }
    this.run.counts.notAccepted += 1;
    this.deps.metrics.add(METRICS.METERING_RECORDS_NOT_ACCEPTED);
    this.deps.log.warn('A metering record was not accepted, and waits', { bucket: bucketId(meta.bucket), reason, status: license.status });
    await this.withdraw([sent], reason);
  }

  /**
   * AWS has a record of this hour: of somebody else, or of an earlier attempt of which nothing is known but its intent. The
   * process may have died before its call.
   */
  private async conflict(sent: RecordToSend, reason: UnbilledReason): Promise<void> {
    const { ledger, clock, log, metrics, productCode } = this.deps;
    const { meta } = sent.ready;
    const events = [unresolvedEvent(meta, reason, productCode, clock.now())];
    if (await ledger.unresolve(meta.bucket, intentOf(sent), reason, events, clock.now())) {
      metrics.add(METRICS.METERING_CONFLICTS);
      log.error('This hour was metered by somebody else: two deployments of one product?', { bucket: bucketId(meta.bucket), reason });
      await reportUnresolved(this.deps, this.run, meta.bucket);
    }
    await this.work.advance(meta.bucket, sent.ready.license);
  }

  /** What fails for one record is no reason to forget the outcome of another. */
  private async each(toSend: readonly RecordToSend[], act: (sent: RecordToSend, index: number) => Promise<void>): Promise<void> {
    const { concurrency, log } = this.deps;
    await mapBounded(toSend, concurrency, async (sent, index) => {
      try {
        await act(sent, index);
      } catch (error) {
        log.error('An outcome could not be written: the same will be sent again', { bucket: bucketId(sent.ready.meta.bucket), ...describeError(error) });
      }
    });
  }
}
