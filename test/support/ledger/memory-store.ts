import { Gate, gated } from './gate';
import { DomainEvent } from '../../../lambda/domain/domain-event';
import { RejectedRecord } from '../../../lambda/domain/usage/intake/rejection';
import { isSameContent, UsageRecord } from '../../../lambda/domain/usage/intake/usage-record';
import { Amounts } from '../../../lambda/domain/usage/ledger/amounts';
import { Bucket, bucketId, parseBucketId } from '../../../lambda/domain/usage/ledger/bucket';
import { Circuit } from '../../../lambda/domain/usage/ledger/circuit';
import { BucketMeta, ContentLine, FrozenQuantity, OutLine, RecordSum, SHARED_INTENT, UnbilledReason } from '../../../lambda/domain/usage/ledger/ledger';
import { IntentKind } from '../../../lambda/domain/usage/ledger/outcome';
import { Allowance, AllowanceKey, Draw } from '../../../lambda/domain/usage/overage/allowance';
import { AllowanceStore, BilledBy, ChangedLines, ControlStore, DueStore, IntakeStore, LedgerStore, PutOutcome, UsageGaugeStore, ZeroProgress } from '../../../lambda/domain/usage/ports';

const RECORDS_READ = {
  ALL: { operation: 'readRecords', isRead: () => true },
  OTHERS: { operation: 'readLateRecords', isRead: ({ storedLate }: UsageRecord) => storedLate === true },
};
const NO_INTENT = { intent: undefined, intentRegion: undefined, callLeft: undefined };

export interface CarriedInLine {
  readonly source: string;
  /** Where it comes from another license: the former key of a migrated buyer. */
  readonly sourceLicense?: string;
  readonly n: number;
  readonly amount: Amounts;
  readonly oldest: string;
}

/** Lines of one hour of both keys of a migrated buyer may meet in one bucket. */
export function carriedInKey(source: string, n: number, sourceLicense?: string): string {
  return `${source}#${n}${sourceLicense === undefined ? '' : `#${sourceLicense}`}`;
}

/** One bucket's partition. */
export class Partition {
  meta: (BucketMeta & { dueAt?: number; meteringRecordId?: string }) | undefined;
  readonly records = new Map<string, UsageRecord>();
  readonly carriedIn = new Map<string, CarriedInLine>();
  readonly out: OutLine[] = [];
  readonly draws: Draw[] = [];
  owed: DomainEvent[] = [];
  readonly owedByLine = new Map<number, DomainEvent[]>();
}

/** The usage table in memory, with the same conditions. Each item operation is one step for the gate. */
export class MemoryStore implements IntakeStore, LedgerStore, AllowanceStore, DueStore, ControlStore, UsageGaugeStore {
  readonly partitions = new Map<string, Partition>();
  readonly allowances = new Map<string, Allowance>();
  readonly claims = new Map<string, UsageRecord>();
  readonly rejections = new Map<string, { rejection: RejectedRecord; owed: DomainEvent[] }>();
  readonly published: DomainEvent[] = [];
  lease: { owner: string; until: number } | undefined;
  readonly circuits = new Map<string, Circuit>();
  zero: ZeroProgress | undefined;

  constructor(public gate: Gate) {}

  partition(bucket: Bucket): Partition {
    const id = bucketId(bucket);
    const found = this.partitions.get(id) ?? new Partition();
    this.partitions.set(id, found);
    return found;
  }

  // intake

  async claim(record: UsageRecord): Promise<UsageRecord | undefined> {
    return gated(this.gate, 'claim', () => {
      const key = `${record.bucket.licenseId}#${record.id}`;
      const claimed = this.claims.get(key);
      if (!claimed) this.claims.set(key, record);
      return claimed;
    });
  }

  async readClaim(licenseId: string, id: string): Promise<UsageRecord | undefined> {
    return gated(this.gate, 'readClaim', () => this.claims.get(`${licenseId}#${id}`));
  }

  async putRecord(record: UsageRecord): Promise<PutOutcome> {
    return gated(this.gate, 'putRecord', () => put(this.partition(record.bucket).records, record.id, record));
  }

  async markChanged(bucket: Bucket, dueAt: number, lines?: ChangedLines): Promise<void> {
    await gated(this.gate, 'markChanged', () => {
      const partition = this.partition(bucket);
      const meta = partition.meta ?? { bucket, state: 'OPEN' as const, revision: 0, recordsRevision: 0 };
      const recordsRevision = meta.recordsRevision + (lines === 'OTHERS' ? 0 : 1);
      partition.meta = { ...meta, revision: meta.revision + 1, recordsRevision, dueAt: meta.dueAt ?? dueAt };
    });
  }

  async reject(rejection: RejectedRecord, events: readonly DomainEvent[]): Promise<boolean> {
    return gated(this.gate, 'reject', () => {
      if (this.rejections.has(rejection.key)) return false;
      this.rejections.set(rejection.key, { rejection, owed: [...events] });
      return true;
    });
  }

  async publishRejection(rejection: RejectedRecord): Promise<void> {
    await this.publishEvents(() => this.rejections.get(rejection.key)!.owed, () => { this.rejections.get(rejection.key)!.owed = []; });
  }

  // metering

  async readMetas(buckets: readonly Bucket[]): Promise<ReadonlyMap<string, BucketMeta>> {
    const metas = new Map<string, BucketMeta>();
    for (const bucket of buckets) {
      const meta = await gated(this.gate, 'readMeta', () => this.partitions.get(bucketId(bucket))?.meta);
      if (meta) metas.set(bucketId(bucket), meta);
    }
    return metas;
  }

  async readOutLines(bucket: Bucket): Promise<OutLine[]> {
    return gated(this.gate, 'readOutLines', () => [...this.partition(bucket).out]);
  }

  async *contentLines(bucket: Bucket, range: 'ALL' | 'OTHERS' = 'ALL'): AsyncIterable<ContentLine> {
    const { carriedIn, draws, records } = this.partition(bucket);
    const covered = await gated(this.gate, 'readDraws', () => [...draws]);
    for (const { units, covered: amount, tagsDropped } of covered) yield { kind: 'COVERED', amount, oldest: bucket.hour, decides: { units, tagsDropped } };
    const amounts = await gated(this.gate, 'readCarriedIn', () => [...carriedIn.values()]);
    for (const { amount, oldest } of amounts) yield { kind: 'CARRIED_IN', amount, oldest };
    const { operation, isRead } = RECORDS_READ[range];
    const lines = await gated(this.gate, operation, () => [...records.values()].filter(isRead));
    for (const { units, receivedAt, storedLate } of lines) {
      yield { kind: 'RECORD', amount: Amounts.fromStored(units), oldest: bucket.hour, receivedAt, storedLate };
    }
  }

  async openEmpty(bucket: Bucket, dueAt: number): Promise<boolean> {
    return gated(this.gate, 'openEmpty', () => {
      const partition = this.partition(bucket);
      if (partition.meta) return false;
      partition.meta = { bucket, state: 'OPEN', revision: 0, recordsRevision: 0, dueAt };
      return true;
    });
  }

  async freeze(bucket: Bucket, frozen: FrozenQuantity, onTimeUnits: string, sum?: RecordSum): Promise<boolean> {
    return this.change('freeze', bucket, (meta) => meta.state === 'OPEN', { state: 'FROZEN', frozen, onTimeUnits, ...(sum && { sum }) });
  }

  async refuse(bucket: Bucket, from: 'OPEN' | 'FROZEN', reason: UnbilledReason, onTimeUnits?: string): Promise<boolean> {
    return this.change('refuse', bucket, (meta) => meta.state === from && meta.intent === undefined,
      { state: 'REFUSED', reason, ...(onTimeUnits !== undefined && { onTimeUnits }) });
  }

  async refuseZero(bucket: Bucket, reason: UnbilledReason): Promise<boolean> {
    return this.change('refuseZero', bucket, (meta) => meta.state === 'FROZEN' && meta.frozen?.quantity === 0,
      { state: 'REFUSED', reason, ...NO_INTENT });
  }

  async unresolve(bucket: Bucket, intent: string, reason: UnbilledReason, events: readonly DomainEvent[]): Promise<boolean> {
    return this.change('unresolve', bucket, (meta) => meta.state === 'FROZEN' && meta.intent === intent, { state: 'UNRESOLVED', reason },
      (partition) => { partition.owed = [...events]; });
  }

  async noteIntent(bucket: Bucket, intent: string | undefined, token: string, region: string): Promise<IntentKind | undefined> {
    const written = await this.change('noteIntent', bucket, (meta) => meta.state === 'FROZEN' && meta.intent === intent,
      intent === undefined ? { intent: token, intentRegion: region } : { intent: SHARED_INTENT });
    if (!written) return undefined;
    return intent === undefined ? 'FIRST' : 'REPEATED';
  }

  async noteCallLeft(bucket: Bucket, intent: string): Promise<void> {
    await this.change('noteCallLeft', bucket, (meta) => meta.intent === intent, { callLeft: true });
  }

  async withdrawIntent(bucket: Bucket, token: string, reason?: UnbilledReason): Promise<void> {
    await this.change('withdrawIntent', bucket, (meta) => meta.intent === token, { ...NO_INTENT, ...(reason !== undefined && { reason }) });
  }

  async bill(bucket: Bucket, by: BilledBy): Promise<{ billed: boolean; due: boolean }> {
    const now = { state: 'BILLED' as const, ...NO_INTENT, reason: undefined, meteringRecordId: by.meteringRecordId };
    return this.close('bill', bucket, by, ['FROZEN', 'UNRESOLVED'], now);
  }

  async recordDryRun(bucket: Bucket, by: BilledBy): Promise<{ billed: boolean; due: boolean }> {
    return this.close('recordDryRun', bucket, by, ['FROZEN'], { state: 'DRY_RUN' });
  }

  async appendOut(bucket: Bucket, line: OutLine, events: readonly DomainEvent[]): Promise<boolean> {
    return gated(this.gate, 'appendOut', () => {
      const { out, owedByLine } = this.partition(bucket);
      if (out[line.n]) return false;
      out[line.n] = line;
      owedByLine.set(line.n, [...events]);
      return true;
    });
  }

  async putCarriedIn(source: Bucket, line: OutLine): Promise<void> {
    await gated(this.gate, 'putCarriedIn', () => {
      const { carriedIn } = this.partition({ ...source, licenseId: line.toLicense ?? source.licenseId, hour: line.to! });
      const sourceLicense = line.toLicense === undefined ? undefined : source.licenseId;
      const key = carriedInKey(source.hour, line.n, sourceLicense);
      const { n, amount, oldest } = line;
      if (!carriedIn.has(key)) carriedIn.set(key, { source: source.hour, ...sourceLicense && { sourceLicense }, n, amount, oldest });
    });
  }

  async publishLineEvents(bucket: Bucket, line: OutLine): Promise<void> {
    const { owedByLine } = this.partition(bucket);
    await this.publishEvents(() => owedByLine.get(line.n) ?? [], () => owedByLine.set(line.n, []));
  }

  async publishMetaEvents(bucket: Bucket): Promise<void> {
    const partition = this.partition(bucket);
    await this.publishEvents(() => partition.owed, () => { partition.owed = []; });
  }

  async markDone(bucket: Bucket, n: number): Promise<void> {
    await gated(this.gate, 'markDone', () => {
      const { out } = this.partition(bucket);
      out[n] = { ...out[n], done: true };
    });
  }

  async clearDue(bucket: Bucket, revision: number, sum?: RecordSum): Promise<boolean> {
    return this.change('clearDue', bucket, (meta) => meta.revision === revision, { dueAt: undefined, ...(sum && { sum }) });
  }

  async settle(bucket: Bucket, outcome: 'BILLED' | 'REFUSED', _at: number, dueAt: number): Promise<boolean> {
    const revision = (this.partition(bucket).meta?.revision ?? 0) + 1;
    const reason = outcome === 'REFUSED' ? { reason: 'SettledAsRefused' } : {};
    return this.change('settle', bucket, (meta) => meta.state === 'UNRESOLVED', { state: outcome, ...NO_INTENT, revision, dueAt, ...reason });
  }

  // draws on entitlements

  async readAllowance(key: AllowanceKey): Promise<Allowance | undefined> {
    return gated(this.gate, 'readAllowance', () => this.allowances.get(allowanceId(key)));
  }

  async saveAllowance(key: AllowanceKey, allowance: Allowance): Promise<boolean> {
    return gated(this.gate, 'saveAllowance', () => {
      if ((this.allowances.get(allowanceId(key))?.revision ?? 0) !== allowance.revision - 1) return false;
      this.allowances.set(allowanceId(key), allowance);
      return true;
    });
  }

  async putDraw(draw: Draw): Promise<void> {
    await gated(this.gate, 'putDraw', () => { this.partition(draw.bucket).draws[draw.n] ??= draw; });
  }

  async countDraws(bucket: Bucket): Promise<number> {
    return gated(this.gate, 'countDraws', () => this.partition(bucket).draws.length);
  }

  // discovery

  async *due(now: number): AsyncIterable<Bucket> {
    yield* await gated(this.gate, 'listDue', () => this.dueBuckets((meta) => meta.dueAt! <= now));
  }

  async *newest(now: number): AsyncIterable<Bucket> {
    yield* await gated(this.gate, 'listNewest', () => this.dueBuckets((meta) => meta.dueAt! <= now).reverse());
  }

  async *dueOfLicense(licenseId: string): AsyncIterable<Bucket> {
    yield* await gated(this.gate, 'listDueOfLicense', () => this.dueBuckets((meta) => meta.bucket.licenseId === licenseId));
  }

  // gauges

  unfinished(now: number): readonly AsyncIterable<readonly BucketMeta[]>[] {
    const metas = this.dueBuckets((meta) => meta.dueAt! <= now).map((bucket) => this.partition(bucket).meta!);
    return [(async function* () {
      yield metas.filter(({ state }) => state === 'OPEN' || state === 'FROZEN');
    }())];
  }

  async firstContentLines(bucket: Bucket): Promise<readonly ContentLine[]> {
    const { carriedIn, records } = this.partition(bucket);
    return [
      ...[...carriedIn.values()].map(({ amount, oldest }) => ({ kind: 'CARRIED_IN' as const, amount, oldest })),
      ...[...records.values()].map(({ units, receivedAt }) =>
        ({ kind: 'RECORD' as const, amount: Amounts.fromStored(units), oldest: bucket.hour, receivedAt })),
    ];
  }

  async *unresolved(): AsyncIterable<{ readonly reason?: string }> {
    for (const { meta } of this.partitions.values()) {
      if (meta?.state === 'UNRESOLVED') {
        yield { reason: meta.reason };
      }
    }
  }

  // control

  async acquireLease(owner: string, now: number, until: number): Promise<boolean> {
    return gated(this.gate, 'acquireLease', () => {
      if (this.lease && this.lease.owner !== owner && this.lease.until > now) return false;
      this.lease = { owner, until };
      return true;
    });
  }

  async releaseLease(owner: string): Promise<void> {
    await gated(this.gate, 'releaseLease', () => { if (this.lease?.owner === owner) this.lease = undefined; });
  }

  async readCircuits(): Promise<Circuit[]> {
    return gated(this.gate, 'readCircuits', () => [...this.circuits.values()]);
  }

  async writeCircuit(circuit: Circuit): Promise<void> {
    await gated(this.gate, 'writeCircuit', () => { this.circuits.set(circuit.key, circuit); });
  }

  async closeCircuit(key: string): Promise<void> {
    await gated(this.gate, 'closeCircuit', () => { this.circuits.delete(key); });
  }

  async readZeroProgress(): Promise<ZeroProgress | undefined> {
    return gated(this.gate, 'readZeroProgress', () => this.zero);
  }

  async writeZeroProgress(progress: ZeroProgress): Promise<void> {
    await gated(this.gate, 'writeZeroProgress', () => { this.zero = progress; });
  }

  /** The bucket that is sent while the outcome of a call is unknown; undefined: no outcome is unknown. */
  get probe(): Bucket | undefined {
    return this.circuits.get('ALL')?.probe;
  }

  /** What reconciliation does: sends what crashes left owed. */
  sweepOutbox(): void {
    for (const entry of this.rejections.values()) this.published.push(...entry.owed.splice(0));
    for (const partition of this.partitions.values()) {
      this.published.push(...partition.owed.splice(0));
      for (const owed of partition.owedByLine.values()) this.published.push(...owed.splice(0));
    }
  }

  private dueBuckets(matches: (meta: BucketMeta & { dueAt?: number }) => boolean): Bucket[] {
    return [...this.partitions]
      .flatMap(([id, { meta }]) => (meta?.dueAt !== undefined && matches(meta) ? [{ id, dueAt: meta.dueAt }] : []))
      .sort((a, b) => a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1))
      .map(({ id }) => parseBucketId(id));
  }

  private async publishEvents(owed: () => DomainEvent[], clear: () => unknown): Promise<void> {
    await gated(this.gate, 'publish', () => { this.published.push(...owed()); });
    await gated(this.gate, 'clearOutbox', clear);
  }

  private async close(operation: string, bucket: Bucket, by: BilledBy, from: string[], to: Partial<Partition['meta'] & object>) {
    if (by.clearIfRevision !== undefined) {
      const cleared = await this.change(operation, bucket,
        (meta) => meta.state === 'FROZEN' && meta.revision === by.clearIfRevision && (to.state !== 'DRY_RUN' || meta.intent === undefined), { ...to, dueAt: undefined });
      if (cleared) return { billed: true, due: false };
    }
    const billed = await this.change(operation, bucket,
      (meta) => from.includes(meta.state) && (to.state !== 'DRY_RUN' || meta.intent === undefined), to);
    return { billed, due: true };
  }

  private async change(
    operation: string, bucket: Bucket, condition: (meta: BucketMeta) => boolean, to: Partial<Partition['meta'] & object>,
    also: (partition: Partition) => void = () => {},
  ): Promise<boolean> {
    return gated(this.gate, operation, () => {
      const partition = this.partition(bucket);
      if (!partition.meta || !condition(partition.meta)) return false;
      partition.meta = { ...partition.meta, ...to };
      also(partition);
      return true;
    });
  }
}

function put(into: Map<string, UsageRecord>, key: string, record: UsageRecord): PutOutcome {
  const there = into.get(key);
  if (!there) into.set(key, record);
  return !there ? 'NEW' : isSameContent(there, record) ? 'SAME' : 'OTHER';
}

export function allowanceId({ licenseId, dimension, period }: AllowanceKey): string {
  return `${licenseId}#${dimension}#${period}`;
}
