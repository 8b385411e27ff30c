import { allowanceId, MemoryStore } from './memory-store';
import { UsageRecord } from '../../../lambda/domain/usage/intake/usage-record';
import { Bucket, bucketId } from '../../../lambda/domain/usage/ledger/bucket';
import { hourOf } from '../../../lambda/domain/usage/ledger/hour';
import { BucketMeta, ContentLine, FrozenQuantity, OutLine, RecordSum } from '../../../lambda/domain/usage/ledger/ledger';
import { IntentKind } from '../../../lambda/domain/usage/ledger/outcome';
import { Allowance, AllowanceKey, Draw } from '../../../lambda/domain/usage/overage/allowance';
import { BilledBy, ChangedLines, PutOutcome } from '../../../lambda/domain/usage/ports';

/*
 * The ledger with one rule of its protocol taken away each: what a test says about the rule must fail on these.
 */

export class NoMarkForRedelivery extends MemoryStore {
  private redelivered = false;

  async putRecord(record: UsageRecord): Promise<PutOutcome> {
    const outcome = await super.putRecord(record);
    this.redelivered = outcome === 'SAME';
    return outcome;
  }

  async markChanged(bucket: Bucket, dueAt: number, lines?: ChangedLines): Promise<void> {
    if (!this.redelivered) await super.markChanged(bucket, dueAt, lines);
  }
}

/** Also what readers see of a transaction of both: items one by one, in any order. */
export class MarkVisibleBeforePut extends MemoryStore {
  async putRecord(record: UsageRecord): Promise<PutOutcome> {
    await super.markChanged(record.bucket, 0, 'RECORDS');
    return super.putRecord(record);
  }

  async markChanged(): Promise<void> {}
}

export class OverwritesRecords extends MemoryStore {
  async claim(): Promise<undefined> {}

  async putRecord(record: UsageRecord): Promise<PutOutcome> {
    this.partition(record.bucket).records.delete(record.id);
    return super.putRecord(record);
  }
}

export class ReadsLinesBeforeMeta extends MemoryStore {
  private readonly early = new Map<string, ContentLine[]>();

  async readMetas(buckets: readonly Bucket[]): Promise<ReadonlyMap<string, BucketMeta>> {
    for (const bucket of buckets) {
      const lines: ContentLine[] = [];
      for await (const line of super.contentLines(bucket)) lines.push(line);
      this.early.set(bucketId(bucket), lines);
    }
    return super.readMetas(buckets);
  }

  async *contentLines(bucket: Bucket): AsyncIterable<ContentLine> {
    yield* this.early.get(bucketId(bucket)) ?? [];
  }
}

export class ClearsWhateverCame extends MemoryStore {
  async clearDue(bucket: Bucket): Promise<boolean> {
    await this.gate.pass('clearDue', 'before');
    const partition = this.partition(bucket);
    partition.meta = { ...partition.meta!, dueAt: undefined };
    return true;
  }

  async bill(bucket: Bucket, by: BilledBy): Promise<{ billed: boolean; due: boolean }> {
    const { billed } = await super.bill(bucket, { at: by.at });
    await this.clearDue(bucket);
    return { billed, due: false };
  }
}

export class FreezesAgain extends MemoryStore {
  async freeze(bucket: Bucket, frozen: FrozenQuantity, onTimeUnits: string, sum?: RecordSum): Promise<boolean> {
    await this.gate.pass('freeze', 'before');
    const partition = this.partition(bucket);
    partition.meta = { ...partition.meta!, state: 'FROZEN', frozen, onTimeUnits, sum };
    return true;
  }
}

/** Sends what there is at the moment of sending. */
export class SumsAtSending extends MemoryStore {
  async readMetas(buckets: readonly Bucket[]): Promise<ReadonlyMap<string, BucketMeta>> {
    const metas = await super.readMetas(buckets);
    return new Map([...metas].map(([id, meta]) => {
      const quantity = [...this.partition(meta.bucket).records.values()].reduce((sum, { units }) => sum + Number(units.amount), 0);
      return [id, meta.state === 'FROZEN' ? { ...meta, frozen: { quantity } } : meta];
    }));
  }
}

export class NotesNoIntent extends MemoryStore {
  async noteIntent(): Promise<IntentKind> {
    return 'FIRST';
  }
}

export class NeverWithdraws extends MemoryStore {
  async withdrawIntent(): Promise<void> {}
}

export class WithdrawsAnybodysIntent extends MemoryStore {
  async withdrawIntent(bucket: Bucket): Promise<void> {
    await this.gate.pass('withdrawIntent', 'before');
    const partition = this.partition(bucket);
    partition.meta = { ...partition.meta!, intent: undefined };
  }
}

/** The SDK repeats a write whose answer got lost. */
export class WithdrawsTwice extends MemoryStore {
  async withdrawIntent(bucket: Bucket, token: string, reason?: string): Promise<void> {
    await super.withdrawIntent(bucket, token, reason);
    await super.withdrawIntent(bucket, token, reason);
  }
}

export class CountsIntents extends MemoryStore {
  private readonly counts = new Map<string, number>();

  async noteIntent(bucket: Bucket): Promise<IntentKind | undefined> {
    await this.gate.pass('noteIntent', 'before');
    return this.add(bucket, 1) > 1 ? 'REPEATED' : 'FIRST';
  }

  async withdrawIntent(bucket: Bucket): Promise<void> {
    await this.gate.pass('withdrawIntent', 'before');
    this.add(bucket, -1);
    this.add(bucket, -1);
  }

  private add(bucket: Bucket, change: number): number {
    const count = Math.max(0, (this.counts.get(bucketId(bucket)) ?? 0) + change);
    this.counts.set(bucketId(bucket), count);
    const partition = this.partition(bucket);
    partition.meta = { ...partition.meta!, intent: count > 0 ? `count ${count}` : undefined };
    return count;
  }
}

export class LeavesForeignTokens extends MemoryStore {
  async noteIntent(bucket: Bucket, intent: string | undefined, token: string, region: string): Promise<IntentKind | undefined> {
    return intent === undefined ? super.noteIntent(bucket, intent, token, region) : 'REPEATED';
  }
}

export class NotesIntentInAnyState extends MemoryStore {
  async noteIntent(bucket: Bucket, _maybe: string | undefined, token: string): Promise<IntentKind> {
    await this.gate.pass('noteIntent', 'before');
    const partition = this.partition(bucket);
    partition.meta = { ...partition.meta!, intent: token };
    return 'FIRST';
  }
}

export class OverwritesOutLines extends MemoryStore {
  async appendOut(bucket: Bucket, line: OutLine): Promise<boolean> {
    await this.gate.pass('appendOut', 'before');
    this.partition(bucket).out[line.n] = line;
    return true;
  }
}

export class PicksTargetAnew extends MemoryStore {
  now = () => 0;

  async putCarriedIn(source: Bucket, line: OutLine): Promise<void> {
    await super.putCarriedIn(source, { ...line, to: hourOf(this.now()) });
  }
}

export class DoneBeforeArrival extends MemoryStore {
  async appendOut(bucket: Bucket, line: OutLine): Promise<boolean> {
    return super.appendOut(bucket, { ...line, done: true }, []);
  }
}

export class SettlesQuietly extends MemoryStore {
  async settle(bucket: Bucket, outcome: 'BILLED' | 'REFUSED'): Promise<boolean> {
    const partition = this.partition(bucket);
    partition.meta = { ...partition.meta!, state: outcome, intent: undefined };
    return true;
  }
}

export class SettlesWithoutRevision extends MemoryStore {
  async settle(bucket: Bucket, outcome: 'BILLED' | 'REFUSED', at: number, dueAt: number): Promise<boolean> {
    const { revision } = this.partition(bucket).meta!;
    const settled = await super.settle(bucket, outcome, at, dueAt);
    this.partition(bucket).meta = { ...this.partition(bucket).meta!, revision };
    return settled;
  }
}

export class ForgetsUnresolved extends MemoryStore {
  async readMetas(buckets: readonly Bucket[]): Promise<ReadonlyMap<string, BucketMeta>> {
    const metas = await super.readMetas(buckets);
    return new Map([...metas].map(([id, meta]) => [id, meta.state === 'UNRESOLVED' ? { ...meta, state: 'REFUSED' as const } : meta]));
  }
}

/** All items of a carry at once, as readers see it: one by one, the markChanged first. */
export class CarriesInOneTransaction extends MemoryStore {
  async appendOut(bucket: Bucket, line: OutLine): Promise<boolean> {
    await super.markChanged({ ...bucket, hour: line.to! }, 0, 'OTHERS');
    await super.putCarriedIn(bucket, line);
    return super.appendOut(bucket, { ...line, done: true }, []);
  }
}

/** The bucket that an amount goes to is marked before the amount is there. */
export class MarksBeforeArrival extends MemoryStore {
  private isMarked = false;

  async putCarriedIn(source: Bucket, line: OutLine): Promise<void> {
    await super.markChanged({ ...source, hour: line.to! }, 0, 'OTHERS');
    this.isMarked = true;
    return super.putCarriedIn(source, line);
  }

  async markChanged(bucket: Bucket, dueAt: number, lines?: ChangedLines): Promise<void> {
    const isAfterPut = this.isMarked && lines === 'OTHERS';
    this.isMarked = false;
    if (!isAfterPut) await super.markChanged(bucket, dueAt, lines);
  }
}

/** A zero record that is not in the ledger. */
export class SendsZeroAside extends MemoryStore {
  send: (bucket: Bucket) => Promise<unknown> = async () => {};

  async openEmpty(bucket: Bucket): Promise<boolean> {
    if (!this.partition(bucket).meta) await this.send(bucket);
    return false;
  }
}

/** A zero record that does not ask what is there. */
export class OpensOverWhatIsThere extends MemoryStore {
  async openEmpty(bucket: Bucket, dueAt: number): Promise<boolean> {
    await this.gate.pass('openEmpty', 'before');
    this.partition(bucket).meta = { bucket, state: 'OPEN', revision: 0, recordsRevision: 0, dueAt };
    return true;
  }
}

/** Takes the sum of records for good, whatever was added to them. */
export class TrustsOldSums extends MemoryStore {
  async readMetas(buckets: readonly Bucket[]): Promise<ReadonlyMap<string, BucketMeta>> {
    const metas = await super.readMetas(buckets);
    return new Map([...metas].map(([id, meta]) => [id, meta.sum ? { ...meta, sum: { ...meta.sum, revision: meta.recordsRevision } } : meta]));
  }
}

/** A sum has the revision at which it is written, not the one at which the records were read. */
export class DatesSumsTooLate extends MemoryStore {
  async freeze(bucket: Bucket, frozen: FrozenQuantity, onTimeUnits: string, sum?: RecordSum): Promise<boolean> {
    const isFrozen = await super.freeze(bucket, frozen, onTimeUnits);
    const partition = this.partition(bucket);
    partition.meta = { ...partition.meta!, sum: sum && { ...sum, revision: partition.meta!.recordsRevision } };
    return isFrozen;
  }
}

/** The line of a draw is put by the run that drew, or never. */
export class ForgetsTheLastDraw extends MemoryStore {
  private drawn: Draw | undefined;

  async saveAllowance(key: AllowanceKey, allowance: Allowance): Promise<boolean> {
    this.drawn = allowance.last;
    return super.saveAllowance(key, { ...allowance, last: { ...allowance.last } });
  }

  async putDraw(draw: Draw): Promise<void> {
    if (draw === this.drawn) await super.putDraw(draw);
  }
}

export class SavesAnyAllowance extends MemoryStore {
  async saveAllowance(key: AllowanceKey, allowance: Allowance): Promise<boolean> {
    await this.gate.pass('saveAllowance', 'before');
    this.allowances.set(allowanceId(key), allowance);
    return true;
  }
}

/** The draws that were read with the other lines. */
export class CountsDrawsBefore extends MemoryStore {
  private readonly early = new Map<string, number>();

  async *contentLines(bucket: Bucket): AsyncIterable<ContentLine> {
    // a slow run keeps what it has read: others do not change it
    if (!this.early.has(bucketId(bucket))) this.early.set(bucketId(bucket), this.partition(bucket).draws.length);
    yield* super.contentLines(bucket);
  }

  async countDraws(bucket: Bucket): Promise<number> {
    return this.early.get(bucketId(bucket)) ?? 0;
  }
}

export class DrawsForWhatIsCarriedIn extends MemoryStore {
  async *contentLines(bucket: Bucket): AsyncIterable<ContentLine> {
    for await (const line of super.contentLines(bucket)) {
      yield line.kind === 'CARRIED_IN' ? { ...line, kind: 'RECORD', receivedAt: 0 } : line;
    }
  }
}

/** All usage counts as decided until the bucket has an outcome. */
export class HidesUndecidedUsage extends MemoryStore {
  async *contentLines(bucket: Bucket): AsyncIterable<ContentLine> {
    const isOpen = this.partition(bucket).meta?.state === 'OPEN';
    for await (const line of super.contentLines(bucket)) {
      yield isOpen && line.kind === 'RECORD' ? { ...line, kind: 'CARRIED_IN' } : line;
    }
  }
}
