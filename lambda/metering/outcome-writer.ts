import { BucketWork, type Ready, reportUnresolved } from './bucket-work';
import type { MeteringOptions } from './options';
import type { Refusals } from './refusals';
import type { RunState } from './run-state';
import type { Noted } from './sender';
import { METRICS } from '../../src/names';
import { describeError } from '../adapters/aws/logging';
import { mapBounded } from '../domain/bounded';
import { unresolvedEvent } from '../domain/usage/intake/rejection';
import { bucketId } from '../domain/usage/ledger/bucket';
import { isZero, SHARED_INTENT, UnbilledReason } from '../domain/usage/ledger/ledger';
import { isFinalRefusal, type RecordAnswer, verdictOf } from '../domain/usage/ledger/outcome';
import { scopeOf } from '../domain/usage/ledger/refusal';

/** Writes what a call told into the ledger, record by record. */
export class OutcomeWriter {
  private readonly work: BucketWork;

  constructor(private readonly options: MeteringOptions, private readonly run: RunState, private readonly refusals: Refusals) {
    this.work = new BucketWork(options, run);
  }

  /** Answers the records that are to be sent again at once. */
  async write(noted: readonly Noted[], answers: readonly RecordAnswer[]): Promise<Noted[]> {
    const again: Noted[] = [];
    const due: Ready[] = [];
    await this.each(noted.map((sent, index) => ({ sent, answer: answers[index] })), ({ sent }) => sent, async ({ sent, answer }) => {
      const verdict = verdictOf(answer, sent.intent);
      switch (verdict.kind) {
        case 'BILLED':
          if (await this.bill(sent, verdict.meteringRecordId)) {
            due.push(sent.ready);
          }
          break;
        case 'CONFLICT':
          await this.conflict(sent);
          break;
        case 'HELD':
          if (verdict.again === 'NOW') {
            again.push(sent);
          } else {
            await this.hold(sent, verdict.reason);
          }
          break;
        case 'UNKNOWN':
          this.run.counts.unknown += 1;
          this.options.log.error('An answer does not tell about one of its records', { bucket: bucketId(sent.ready.meta.bucket), answer });
          break;
      }
    });
    for (const { meta, license } of due) {
      await this.work.advance(meta.bucket, license);
    }
    return noted.filter((sent) => again.includes(sent));
  }

  /** A record that was refused alone: what is wrong is wrong with it. */
  async refuse(noted: Noted, code: string, message: string): Promise<void> {
    const { ledger, log, clock, metrics, productCode } = this.options;
    const { meta, license } = noted.ready;
    log.error('AWS Marketplace refuses a metering record', { bucket: bucketId(meta.bucket), code, message });
    if (!isFinalRefusal(code, license)) {
      this.refusals.learn(meta.bucket, code);
      if (scopeOf(code) !== 'LICENSE') {
        metrics.add(METRICS.METERING_CONFIGURATION_ERRORS);
      }
      await this.each([noted], (sent) => sent, async (sent) => this.hold(sent, code));
      return;
    }
    await this.each([noted], (sent) => sent, async ({ token, intent }) => {
      if (intent === 'REPEATED' && isZero(meta)) {
        await ledger.refuseZero(meta.bucket, code);
      } else if (intent === 'REPEATED') {
        const events = [unresolvedEvent(meta, code, productCode, clock.now())];
        const given = await ledger.unresolve(meta.bucket, SHARED_INTENT, code, events, clock.now());
        if (given) {
          await reportUnresolved(this.options, this.run, meta.bucket);
        }
      } else {
        await ledger.withdrawIntent(meta.bucket, token, code);
        await ledger.refuse(meta.bucket, 'FROZEN', code);
      }
      await this.work.advance(meta.bucket, license);
    });
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

  private async hold(sent: Noted, reason: string): Promise<void> {
    const { bucket } = sent.ready.meta;
    this.run.counts.held += 1;
    this.options.metrics.add(METRICS.METERING_RECORDS_HELD);
    this.options.log.warn('A metering record is held', { bucket: bucketId(bucket), reason, status: sent.ready.license.status });
    await this.withdraw([sent], reason);
  }

  private async conflict(sent: Noted): Promise<void> {
    const { ledger, clock, log, metrics, productCode } = this.options;
    const { meta } = sent.ready;
    const reason = UnbilledReason.METERED_ELSEWHERE;
    const events = [unresolvedEvent(meta, reason, productCode, clock.now())];
    if (await ledger.unresolve(meta.bucket, sent.token, reason, events, clock.now())) {
      metrics.add(METRICS.METERING_CONFLICTS);
      log.error('This hour was metered by somebody else: two deployments of one product?', { bucket: bucketId(meta.bucket) });
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
