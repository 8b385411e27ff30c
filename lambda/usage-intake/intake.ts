import { type DimensionConfig, METRICS } from '../../src/names';
import { mapBounded } from '../domain/bounded';
import type { Clock } from '../domain/clock';
import { compare } from '../domain/compare';
import { defined } from '../domain/defined';
import { describeError } from '../domain/describe-error';
import type { Log, MetricSink } from '../domain/ports';
import { judgeRecord } from '../domain/usage/intake/judge-record';
import { withLegacyLicense } from '../domain/usage/intake/legacy-record';
import { type Parsed, parseRecord } from '../domain/usage/intake/parse-record';
import { type Problem, recordRejectedEvent, rejectedRecord, type RejectedRecord, RejectionReason } from '../domain/usage/intake/rejection';
import { isSameContent, type SentRecord, type UsageRecord } from '../domain/usage/intake/usage-record';
import { type Bucket, bucketId } from '../domain/usage/ledger/bucket';
import { hourEnd } from '../domain/usage/ledger/hour';
import type { ChangedLines, EndedLicenses, IntakeStore } from '../domain/usage/ports';

export interface IntakeDeps {
  readonly store: IntakeStore;
  readonly endedLicenses: EndedLicenses;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: MetricSink;
  readonly productCode: string;
  /** Absent: CONCURRENT. */
  readonly agreementMode?: 'CONCURRENT' | 'LEGACY' | 'MIGRATING';
  readonly dimensions: readonly DimensionConfig[];
  /** Milliseconds after an hour's end during which its bucket stays open. */
  readonly closeGrace: number;
}

/** The verdict on one record. */
export interface RecordResult {
  readonly id?: string;
  readonly status: 'ACCEPTED' | 'DUPLICATE' | 'REJECTED';
  readonly reason?: string;
  readonly message?: string;
}

/** A record as it was sent, or what makes it unreadable. */
export interface Incoming {
  readonly original: unknown;
  readonly unreadable?: Problem;
  /** When it was sent; epoch milliseconds. Absent: now. */
  readonly sentAt?: number;
  /** How many records an unreadable text seems to contain. */
  readonly records?: number;
}

/** `FAILED`: nothing is known to be stored; it has to be sent again. */
export type Taken = RecordResult | { readonly status: 'FAILED'; readonly error: unknown };

const CONCURRENCY = 8;

/** Records after which their buckets are marked as changed: metering finds what was stored before the time ran out. */
const CHUNK = 500;

const OUT_OF_TIME: Taken = { status: 'FAILED', error: new Error('There was no time left for this usage record') };

/** Puts usage records into their buckets, each exactly once. */
export class Intake {
  constructor(private readonly deps: IntakeDeps) {}

  /**
   * Answers in the order of `incoming`. A record that cannot be stored fails alone: the promise is never rejected because of it.
   *
   * @param until epoch milliseconds: records that are not started by then are FAILED
   */
  async take(incoming: readonly Incoming[], until = Infinity): Promise<Taken[]> {
    const { clock, metrics, log } = this.deps;
    const batch = new Batch(clock.now());
    const taken: Taken[] = [];
    for (let from = 0; from < incoming.length; from += CHUNK) {
      const chunk = incoming.slice(from, from + CHUNK);
      taken.push(...clock.now() < until ? await this.takeChunk(chunk, batch) : chunk.map(() => OUT_OF_TIME));
    }
    const remaining = taken.filter((each) => each === OUT_OF_TIME).length;
    if (remaining > 0) {
      log.warn('Too many usage records for one invocation: the rest has to be delivered again', { records: incoming.length, remaining });
    }
    metrics.add(METRICS.USAGE_RECORDS_ACCEPTED, taken.filter(({ status }) => status === 'ACCEPTED').length);
    return taken;
  }

  private async takeChunk(incoming: readonly Incoming[], batch: Batch): Promise<Taken[]> {
    const { store, closeGrace } = this.deps;
    const parsed = incoming.map(({ original, unreadable }): Parsed => unreadable ? { ok: false, problem: unreadable } : this.parse(original));
    await this.readLicenses(parsed, batch);
    const taken: Taken[] = [];
    const touched = new Map<string, Touched>();
    for (const wave of waves(parsed)) {
      await mapBounded(wave, CONCURRENCY, async (index) => {
        const { result, owner } = await this.attempt(() => this.store(incoming[index], parsed[index], batch));
        taken[index] = result;
        if (owner) {
          const { bucket, storedLate = false } = owner;
          const entry = touched.get(bucketId(bucket)) ?? { bucket, indexes: [], lines: 'OTHERS' };
          entry.indexes.push(index);
          touched.set(bucketId(bucket), { ...entry, lines: storedLate ? entry.lines : 'RECORDS' });
        }
      });
    }
    await mapBounded(inOrder(touched), CONCURRENCY, async ({ bucket, indexes, lines }) => {
      const { result } = await this.attempt(async () => {
        await store.markChanged(bucket, hourEnd(bucket.hour) + closeGrace, lines);
        return { result: { status: 'ACCEPTED' } };
      });
      if (result.status === 'FAILED') {
        indexes.forEach((index) => {
          taken[index] = result;
        });
      }
    });
    return taken;
  }

  private parse(original: unknown): Parsed {
    const { agreementMode, productCode } = this.deps;
    return parseRecord(agreementMode === undefined || agreementMode === 'CONCURRENT' ? original : withLegacyLicense(original, productCode));
  }

  /** Reads each license once in a batch. If that fails, its usage is accepted, and metering decides. */
  private async readLicenses(parsed: readonly Parsed[], batch: Batch): Promise<void> {
    const licenseIds = batch.unread(parsed.flatMap((each) => (each.ok ? [each.record.licenseId] : [])));
    if (licenseIds.length === 0) {
      return;
    }
    try {
      batch.addEnded(await this.deps.endedLicenses.among(licenseIds, batch.now));
    } catch (error) {
      this.deps.log.warn('Subscriptions could not be read: usage of ended ones is accepted, and rejected by metering', describeError(error));
    }
  }

  private async store(incoming: Incoming, parsed: Parsed, batch: Batch): Promise<Stored> {
    if (!parsed.ok) {
      return this.reject(incoming, parsed.problem, batch, parsed);
    }
    const judgement = judgeRecord(parsed.record, {
      dimensions: this.deps.dimensions,
      sentAt: incoming.sentAt ?? batch.now,
      hasEnded: batch.hasEnded(parsed.record.licenseId),
    });
    if (judgement.ok) {
      const { record } = judgement;
      const isLate = batch.now > hourEnd(record.bucket.hour) + this.deps.closeGrace;
      const claim = defined({ ...record, storedLate: isLate ? true as const : undefined });
      return this.put(incoming, parsed.record, await this.deps.store.claim(claim) ?? claim, batch);
    }
    // A known id is known whatever a delivery would be judged now: it may be late, or the product may have changed.
    const claimed = await this.deps.store.readClaim(parsed.record.licenseId, parsed.record.id);
    return claimed ? this.put(incoming, parsed.record, claimed, batch) : this.reject(incoming, judgement.problem, batch, parsed.record);
  }

  /**
   * Puts the record that has the id, also when another one was sent under it: a crash may have left its claim without its line.
   *
   * @param owner the record that has the id
   */
  private async put(incoming: Incoming, sent: SentRecord, owner: UsageRecord, batch: Batch): Promise<Stored> {
    const put = await this.deps.store.putRecord(owner);
    if (put !== 'OTHER' && isSameContent(owner, sent)) {
      return { result: { id: sent.id, status: put === 'NEW' ? 'ACCEPTED' : 'DUPLICATE' }, owner };
    }
    const message = `id ${sent.id} is the id of another record of ${sent.licenseId}: that one stays, this one was not accepted`;
    const rejected = await this.reject(incoming, { reason: RejectionReason.CONFLICTING_RECORD, message }, batch, sent);
    return { ...rejected, owner };
  }

  /** Writes the same rejection once for a batch: a message may contain it many times. */
  private async reject(incoming: Incoming, problem: Problem, batch: Batch, { id, licenseId }: { id?: string; licenseId?: string }): Promise<Stored> {
    const rejection = rejectedRecord(incoming.original, problem, batch.now, { id, licenseId });
    const key = `${rejection.licenseId}#${rejection.key}`;
    const answer = batch.rejected.get(key) ?? this.storeRejection(rejection, incoming.records);
    batch.rejected.set(key, answer);
    return answer;
  }

  private async storeRejection(rejection: RejectedRecord, records = 1): Promise<Stored> {
    const { store, log, metrics, productCode } = this.deps;
    const { id, licenseId, reason, message } = rejection;
    const events = [recordRejectedEvent(rejection, productCode)];
    if (await store.reject(rejection, events)) {
      metrics.add(METRICS.USAGE_RECORDS_REJECTED, records);
      log.warn('Usage record rejected', { id, licenseId, reason, key: rejection.key });
      try {
        await store.publishRejection(rejection, events);
      } catch (error) {
        log.warn('The rejection is stored; reconciliation will publish its event', { id, licenseId, ...describeError(error) });
      }
    }
    return { result: defined({ id, status: 'REJECTED' as const, reason, message }) };
  }

  private async attempt(act: () => Promise<Stored>): Promise<{ readonly result: Taken; readonly owner?: UsageRecord }> {
    try {
      return await act();
    } catch (error) {
      this.deps.log.error('The usage record could not be stored: it has to be delivered again', describeError(error));
      return { result: { status: 'FAILED', error } };
    }
  }
}

/** State shared by the chunks of one batch. */
class Batch {
  readonly rejected = new Map<string, Promise<Stored>>();
  private readonly read = new Set<string>();
  private readonly ended = new Set<string>();

  /** @param now when the batch arrived; epoch milliseconds */
  constructor(readonly now: number) {}

  /** Licenses that were not read yet, each once; from then on they count as read. */
  unread(licenseIds: readonly string[]): string[] {
    const unread = [...new Set(licenseIds)].filter((licenseId) => !this.read.has(licenseId));
    unread.forEach((licenseId) => this.read.add(licenseId));
    return unread;
  }

  addEnded(licenseIds: ReadonlySet<string>): void {
    licenseIds.forEach((licenseId) => this.ended.add(licenseId));
  }

  hasEnded(licenseId: string): boolean {
    return this.ended.has(licenseId);
  }
}

interface Stored {
  readonly result: RecordResult;
  /** Of the record's id; its bucket changed. */
  readonly owner?: UsageRecord;
}

/** A bucket that a chunk changed, and by which of its records. */
interface Touched {
  readonly bucket: Bucket;
  readonly indexes: number[];
  readonly lines: ChangedLines;
}

/** Indexes of the records in groups that are stored one after another, each id once in a group: the first record of an id wins. */
function waves(parsed: readonly Parsed[]): number[][] {
  const counts = new Map<string, number>();
  const split: number[][] = [];
  parsed.forEach((each, index) => {
    // What is rejected waits for no other record.
    const key = each.ok ? `${each.record.licenseId}#${each.record.id}` : String(index);
    const wave = counts.get(key) ?? 0;
    counts.set(key, wave + 1);
    (split[wave] ??= []).push(index);
  });
  return split;
}

/** Records that are stored together touch their buckets in an order that may be another one each time. */
function inOrder<T>(touched: ReadonlyMap<string, T>): T[] {
  return [...touched].sort(([a], [b]) => compare(a, b)).map(([, value]) => value);
}
