import { createHash } from 'node:crypto';
import type { RunState } from './run-state';
import { MAX_RECORDS } from '../domain/usage/batching';
import { type Bucket, bucketId } from '../domain/usage/bucket';

/** Buckets kept in mind, by their ids: a few megabytes. */
const CAPACITY = 20_000;

/** A bucket, and the name of what is refused together with it. */
export interface Candidate {
  readonly unit: string;
  readonly bucket: Bucket;
}

/** Buckets that one cause keeps from being billed, or may keep. */
export class Group {
  private units = new Map<string, Bucket[]>();
  private width = 1;

  get empty(): boolean {
    return this.units.size === 0;
  }

  get names(): readonly string[] {
    return [...this.units.keys()];
  }

  add({ unit, bucket }: Candidate): void {
    const buckets = this.units.get(unit);
    if (buckets) buckets.push(bucket);
    else this.units.set(unit, [bucket]);
  }

  /** Who is in the next call; they stay. Unit by unit, so that where a record was taken, the rest of its unit follows. */
  next(): Candidate[] {
    const found: Candidate[] = [];
    for (const [unit, buckets] of this.units) {
      for (const bucket of buckets) {
        found.push({ unit, bucket });
        if (found.length === this.width) return found;
      }
    }
    return found;
  }

  /** Each call that was taken is followed by one of twice as many. */
  widen(): void {
    this.width = Math.min(MAX_RECORDS, 2 * this.width);
  }

  narrow(): void {
    this.width = 1;
  }

  remove({ unit, bucket }: Candidate): void {
    const rest = (this.units.get(unit) ?? []).filter((other) => bucketId(other) !== bucketId(bucket));
    if (rest.length > 0) this.units.set(unit, rest);
    else this.units.delete(unit);
  }

  removeUnit(unit: string): readonly Bucket[] {
    const buckets = this.units.get(unit) ?? [];
    this.units.delete(unit);
    return buckets;
  }

  sort(rank: (unit: string) => string): void {
    const ranked = [...this.units].map((entry) => ({ entry, at: rank(entry[0]) }));
    this.units = new Map(ranked.sort((a, b) => (a.at < b.at ? -1 : 1)).map(({ entry }) => entry));
  }
}

/** What a run does not send among others. */
export class SetAside {
  private groups = new Map<string, Group>();
  private size = 0;

  /**
   * @param salt another one each run: then it is each unit's turn some time, also where there are more of them than a run
   * can keep in mind or try. Absent: first come, first served
   */
  constructor(private readonly run: RunState, private readonly salt?: string) {}

  add(group: string, candidate: Candidate): void {
    if (this.size >= CAPACITY) this.makeRoom();
    if (this.size >= CAPACITY) {
      this.run.wait(candidate.bucket, 'Refused');
      return;
    }
    const found = this.groups.get(group) ?? new Group();
    this.groups.set(group, found);
    found.add(candidate);
    this.size += 1;
  }

  /** Empties this. */
  takeAll(): Group[] {
    const groups = [...this.groups.values()];
    if (this.salt !== undefined) groups.forEach((group) => group.sort((unit) => this.rank(unit)));
    this.groups = new Map();
    this.size = 0;
    return groups;
  }

  private makeRoom(): void {
    if (this.salt === undefined) return;
    const all = [...this.groups.values()].flatMap((group) => group.names.map((unit) => ({ group, unit, at: this.rank(unit) })));
    for (const { group, unit } of all.sort((a, b) => (a.at < b.at ? 1 : -1))) {
      if (this.size <= CAPACITY / 2) return;
      const left = group.removeUnit(unit);
      left.forEach((bucket) => this.run.wait(bucket, 'Refused'));
      this.size -= left.length;
    }
  }

  private rank(unit: string): string {
    return createHash('sha1').update(`${this.salt}#${unit}`).digest('hex');
  }
}
