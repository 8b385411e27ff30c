import { DomainEvent } from '../domain-event';
import { RejectedRecord } from './intake/rejection';
import { UsageRecord } from './intake/usage-record';
import { Bucket } from './ledger/bucket';
import { Circuit } from './ledger/circuit';
import { BucketMeta, ContentLine, FrozenQuantity, OutLine, RecordSum, UnbilledReason } from './ledger/ledger';
import { IntentKind } from './ledger/outcome';
import { Allowance, AllowanceKey, Draw } from './overage/allowance';

/*
 * What the ledger needs of a table. Every write is one conditional write of one item; the conditions are part of the
 * contract (see docs/ledger-protocol.md#operations). All single-item reads and reads of lines are
 * strongly consistent. A `false` means that the condition was not met, so another run was there: read again.
 */

/** Which lines of a bucket changed. `RECORDS`: perhaps also records that were stored in time. */
export type ChangedLines = 'RECORDS' | 'OTHERS';

/** NEW: written. SAME: was there with the same content. OTHER: was there with other content, and still is. */
export type PutOutcome = 'NEW' | 'SAME' | 'OTHER';

export interface IntakeStore {
  /**
   * Binds a record id to its content, over all buckets of the license: a known id cannot return with other content.
   *
   * @returns the record that had the id already, also if its line was never put; undefined when the id now is `record`'s
   */
  claim(record: UsageRecord): Promise<UsageRecord | undefined>;
  readClaim(licenseId: string, id: string): Promise<UsageRecord | undefined>;
  /** Puts the record's line into its bucket if it is not there. */
  putRecord(record: UsageRecord): Promise<PutOutcome>;
  /**
   * Creates META if absent; `ADD revision 1`, sets `dueAt` if absent. Only after its lines are put.
   *
   * @param lines `OTHERS`: none of them is a record that was stored in time, so `recordsRevision` stays
   */
  markChanged(bucket: Bucket, dueAt: number, lines?: ChangedLines): Promise<void>;
  /** Stores a rejected record with its events, if the same rejection is not stored already. */
  reject(rejection: RejectedRecord, events: readonly DomainEvent[]): Promise<boolean>;
  /** Publishes and clears the events of a rejection that was just stored. */
  publishRejection(rejection: RejectedRecord, events: readonly DomainEvent[]): Promise<void>;
}

/** Which licenses are past their final window, so that AWS accepts no more usage of them. */
export interface EndedLicenses {
  /** @returns those of `licenseIds` of which it is certain; strongly consistent */
  among(licenseIds: readonly string[], now: number): Promise<ReadonlySet<string>>;
}

export interface BilledBy {
  readonly meteringRecordId?: string;
  readonly at: number;
  /** Also stop being due, if `revision` still is this one: the lines were read after it, and no difference is left. */
  readonly clearIfRevision?: number;
}

export interface LedgerStore {
  /** META of each bucket that has one, by bucket id. */
  readMetas(buckets: readonly Bucket[]): Promise<ReadonlyMap<string, BucketMeta>>;
  readOutLines(bucket: Bucket): Promise<OutLine[]>;
  /**
   * What is covered by an entitlement first, then amounts carried in, then records.
   *
   * @param lines `OTHERS`: without the records that were stored in time
   */
  contentLines(bucket: Bucket, lines?: 'ALL' | 'OTHERS'): AsyncIterable<ContentLine>;

  /** Creates an OPEN bucket that is due, unless there is one. */
  openEmpty(bucket: Bucket, dueAt: number): Promise<boolean>;
  /** From OPEN: FROZEN, without an intent. */
  freeze(bucket: Bucket, frozen: FrozenQuantity, onTimeUnits: string, sum?: RecordSum): Promise<boolean>;
  /** From OPEN, or from FROZEN without an intent: REFUSED. */
  refuse(bucket: Bucket, from: 'OPEN' | 'FROZEN', reason: UnbilledReason, onTimeUnits?: string): Promise<boolean>;
  /** From FROZEN with a quantity of 0, whatever intent there is: REFUSED, without intent. */
  refuseZero(bucket: Bucket, reason: UnbilledReason): Promise<boolean>;
  /** From FROZEN with exactly this intent: UNRESOLVED, with `events` in its outbox. */
  unresolve(bucket: Bucket, intent: string, reason: UnbilledReason, events: readonly DomainEvent[], at: number): Promise<boolean>;
  /**
   * Notes that the frozen quantity may be sent now. `intent` is what META said when read. An intent of somebody else is
   * replaced by the shared one, and keeps its region. Undefined: the bucket is not FROZEN any more, or changed hands: do not send.
   */
  noteIntent(bucket: Bucket, intent: string | undefined, token: string, region: string): Promise<IntentKind | undefined>;
  /** Notes that a call with this intent left without an answer, if the intent still is this one. */
  noteCallLeft(bucket: Bucket, intent: string): Promise<void>;
  /** Removes the intent if it is still this token; keeps the reason of the refusal. */
  withdrawIntent(bucket: Bucket, token: string, reason?: UnbilledReason): Promise<void>;
  /** From FROZEN or UNRESOLVED: BILLED, without intent. `due`: it still is, as it is when another run was there. */
  bill(bucket: Bucket, by: BilledBy): Promise<{ readonly billed: boolean; readonly due: boolean }>;
  /** From FROZEN without an intent: DRY_RUN. */
  recordDryRun(bucket: Bucket, by: BilledBy): Promise<{ readonly billed: boolean; readonly due: boolean }>;

  /** Puts `O#n` if that number is free; a rejection keeps `events` in its outbox until they are published, done or not. */
  appendOut(bucket: Bucket, line: OutLine, events: readonly DomainEvent[], at: number): Promise<boolean>;
  /** Puts `I#<source>#<n>` into the bucket that the line names, if it is not there. */
  putCarriedIn(source: Bucket, line: OutLine, at: number): Promise<void>;
  markChanged(bucket: Bucket, dueAt: number, lines?: ChangedLines): Promise<void>;
  /** Publishes the events in the outbox of a rejection line. */
  publishLineEvents(bucket: Bucket, line: OutLine): Promise<void>;
  /** Publishes the events in the outbox of META. */
  publishMetaEvents(bucket: Bucket): Promise<void>;
  markDone(bucket: Bucket, n: number): Promise<void>;
  /** Removes `dueAt` if `revision` still is this one. */
  clearDue(bucket: Bucket, revision: number, sum?: RecordSum): Promise<boolean>;
  /** From UNRESOLVED: BILLED or REFUSED; `ADD revision 1`, due again. */
  settle(bucket: Bucket, outcome: 'BILLED' | 'REFUSED', at: number, dueAt: number): Promise<boolean>;
}

/** Draws on entitlements: the allowance is written first, its line second (see docs/ledger-protocol.md#draws). */
export interface AllowanceStore {
  readAllowance(key: AllowanceKey): Promise<Allowance | undefined>;
  /** Writes the allowance with its draw, if it still has the revision before; false: somebody else drew. */
  saveAllowance(key: AllowanceKey, allowance: Allowance, at: number): Promise<boolean>;
  /** Puts the line of a draw into its bucket, if it is not there. */
  putDraw(draw: Draw, at: number): Promise<void>;
  /** How many draws have a line in the bucket. */
  countDraws(bucket: Bucket): Promise<number>;
}

/** Discovery is by indexes: it may lag, and may show what has nothing left to do. */
export interface DueStore {
  /** Buckets due by `now`, oldest first. */
  due(now: number): AsyncIterable<Bucket>;
  /** The same, youngest first: for who needs only a few. */
  newest(now: number): AsyncIterable<Bucket>;
  /** All due buckets of a license, also those not due yet, oldest first. */
  dueOfLicense(licenseId: string): AsyncIterable<Bucket>;
}

/** What gauges are computed from; all of it is eventually consistent. Whether a list is empty is read when it is asked for, and not when its items are. */
export interface UsageGaugeStore {
  /** Buckets due by `now` that are OPEN or FROZEN, oldest first, by shard of the index, page by page. */
  unfinished(now: number): readonly AsyncIterable<readonly BucketMeta[]>[];
  /** At most `limit` lines, amounts carried in first. */
  firstContentLines(bucket: Bucket, limit: number): Promise<readonly ContentLine[]>;
  /** Unresolved hours, with the reason of each. */
  unresolved(): AsyncIterable<{ readonly reason?: string }>;
}

/** Nothing of this bears on correctness: it keeps the pace, and saves work. */
export interface ControlStore {
  /** Takes or extends the lease, unless another run has it at `now`. */
  acquireLease(owner: string, now: number, until: number): Promise<boolean>;
  releaseLease(owner: string): Promise<void>;
  /** All open circuits, in any order. */
  readCircuits(): Promise<Circuit[]>;
  writeCircuit(circuit: Circuit): Promise<void>;
  closeCircuit(key: string, at: number): Promise<void>;
  readZeroProgress(): Promise<ZeroProgress | undefined>;
  writeZeroProgress(progress: ZeroProgress): Promise<void>;
}

/** How far zero records were written: all hours before `hour`, and of that hour the licenses listed up to `after`. */
export interface ZeroProgress {
  readonly hour: string;
  readonly after?: string;
}
