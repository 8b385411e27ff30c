import { Metric, type DimensionConfig } from '../../src/contract';
import { describeError, type Log, type MetricSink } from '../adapters/logging';
import type { Clock } from '../domain/clock';
import { mapBounded } from '../domain/usage/bounded';
import { type Bucket, bucketId } from '../domain/usage/bucket';
import { hourEnd } from '../domain/usage/hour';
import { type Problem, recordRejectedEvent, rejectedRecord, type RejectedRecord, RejectionReason } from '../domain/usage/rejection';
import type { IntakeStore } from '../domain/usage/store';
import type { UsageRecord } from '../domain/usage/usage-record';
import { validate, type Validation } from '../domain/usage/validation';

export interface IntakeOptions {
  readonly store: IntakeStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: MetricSink;
  readonly productCode: string;
  readonly dimensions: readonly DimensionConfig[];
  /** Milliseconds after an hour's end during which its bucket stays open. */
  readonly closeGrace: number;
}

/** What became of one record. */
export interface RecordResult {
  readonly id?: string;
  readonly status: 'ACCEPTED' | 'DUPLICATE' | 'REJECTED';
  readonly reason?: string;
  readonly message?: string;
}

/** A record as it came, or what makes it unreadable. */
export interface Incoming {
  readonly original: unknown;
  readonly unreadable?: Problem;
}

/** `FAILED`: nothing is known to be stored; it has to be delivered again. */
export type Taken = RecordResult | { readonly status: 'FAILED'; readonly error: unknown };

const CONCURRENCY = 8;
const OUT_OF_TIME: Taken = { status: 'FAILED', error: new Error('There was no time left for this usage record') };

/** Puts usage records into their buckets, each exactly once. */
export class Intake {
  constructor(private readonly options: IntakeOptions) {}

  /**
   * Answers in the order of `incoming`; rejects for no record's sake.
   *
   * @param until epoch milliseconds: what is not begun by then is FAILED
   */
  async take(incoming: readonly Incoming[], until = Infinity): Promise<Taken[]> {
    const { clock, dimensions, metrics, log } = this.options;
    const now = clock.now();
    const checked = incoming.map(({ original, unreadable }): Validation =>
      unreadable ? { ok: false, problem: unreadable } : validate(original, dimensions, now));
    const taken: Taken[] = [];
    const touched = new Map<string, { readonly bucket: Bucket; readonly indexes: number[] }>();
    for (const wave of waves(incoming, checked)) {
      await mapBounded(wave, CONCURRENCY, async (index) => {
        if (clock.now() >= until) {
          taken[index] = OUT_OF_TIME;
          return;
        }
        const { result, bucket } = await this.attempt(() => this.store(incoming[index], checked[index], now));
        taken[index] = result;
        if (bucket) {
          const entry = touched.get(bucketId(bucket)) ?? { bucket, indexes: [] };
          entry.indexes.push(index);
          touched.set(bucketId(bucket), entry);
        }
      });
    }
    const left = taken.filter((each) => each === OUT_OF_TIME).length;
    if (left > 0) log.warn('Too many usage records for one invocation: the rest has to come again', { records: incoming.length, left });
    await mapBounded(inOrder(touched), CONCURRENCY, async ({ bucket, indexes }) => {
      const { result } = await this.attempt(async () => {
        await this.options.store.bump(bucket, hourEnd(bucket.hour) + this.options.closeGrace);
        return { result: { status: 'ACCEPTED' } };
      });
      if (result.status === 'FAILED') indexes.forEach((index) => { taken[index] = result; });
    });
    metrics.count(Metric.USAGE_RECORDS_ACCEPTED, taken.filter(({ status }) => status === 'ACCEPTED').length);
    return taken;
  }

  private async store(incoming: Incoming, checked: Validation, now: number): Promise<Stored> {
    if (checked.ok) return this.put(incoming, checked.record, now);
    const { problem, tooOld, id, licenseId } = checked;
    if (tooOld && (await this.options.store.readClaim(tooOld.bucket.licenseId, tooOld.id)) !== undefined) {
      return this.put(incoming, tooOld, now);
    }
    return this.reject(rejectedRecord(incoming.original, problem, now, { id, licenseId }));
  }

  private async put(incoming: Incoming, record: UsageRecord, now: number): Promise<Stored> {
    const { store } = this.options;
    const claimed = await store.claim(record);
    const put = claimed === 'OTHER' ? claimed : await store.putRecord(record);
    if (put === 'OTHER') {
      const message = `id ${record.id} is the id of another record of ${record.bucket.licenseId}: that one stays, this one was not taken`;
      const problem = { reason: RejectionReason.CONFLICTING_RECORD, message };
      return this.reject(rejectedRecord(incoming.original, problem, now, { id: record.id, licenseId: record.bucket.licenseId }));
    }
    return { result: { id: record.id, status: put === 'NEW' ? 'ACCEPTED' : 'DUPLICATE' }, bucket: record.bucket };
  }

  private async reject(rejection: RejectedRecord): Promise<Stored> {
    const { store, log, metrics, productCode } = this.options;
    const { id, licenseId, reason, message } = rejection;
    const events = [recordRejectedEvent(rejection, productCode)];
    if (await store.reject(rejection, events)) {
      metrics.count(Metric.USAGE_RECORDS_REJECTED);
      log.warn('Usage record rejected', { id, licenseId, reason, key: rejection.key });
      try {
        await store.announceRejection(rejection, events);
      } catch (error) {
        log.warn('Rejection is stored, its event will be sent by reconciliation', { id, licenseId, ...describeError(error) });
      }
    }
    return { result: { ...(id !== undefined && { id }), status: 'REJECTED', reason, message } };
  }

  private async attempt(act: () => Promise<Stored>): Promise<{ readonly result: Taken; readonly bucket?: Bucket }> {
    try {
      return await act();
    } catch (error) {
      this.options.log.error('Usage record could not be stored, it has to come again', describeError(error));
      return { result: { status: 'FAILED', error } };
    }
  }
}

interface Stored {
  readonly result: RecordResult;
  readonly bucket?: Bucket;
}

/** Indexes of the records, so split that one id (or one original without any) is at work only once at a time: the first of a batch wins. */
function waves(incoming: readonly Incoming[], checked: readonly Validation[]): number[][] {
  const counts = new Map<string, number>();
  const split: number[][] = [];
  checked.forEach((validation, index) => {
    const key = validation.ok
      ? `${validation.record.bucket.licenseId}#${validation.record.id}`
      : `rejected#${validation.licenseId}#${validation.id ?? JSON.stringify(incoming[index].original)}`;
    const wave = counts.get(key) ?? 0;
    counts.set(key, wave + 1);
    (split[wave] ??= []).push(index);
  });
  return split;
}

function inOrder<T>(touched: ReadonlyMap<string, T>): T[] {
  return [...touched].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}
