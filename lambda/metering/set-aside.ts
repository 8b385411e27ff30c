import { createHash } from 'node:crypto';
import type { RunState } from './run-state';
import { MAX_RECORDS } from '../domain/usage/ledger/batching';
import { type Bucket, bucketId } from '../domain/usage/ledger/bucket';
import { MINUTE_MS } from '../domain/usage/ledger/hour';

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
    if (buckets) {
      buckets.push(bucket);
    } else {
      this.units.set(unit, [bucket]);
    }
  }

  /** Who is in the next call; they stay. Unit by unit, so that where a record was taken, the rest of its unit follows. */
  next(): Candidate[] {
    const found: Candidate[] = [];
    for (const [unit, buckets] of this.units) {
      for (const bucket of buckets) {
        found.push({ unit, bucket });
        if (found.length === this.width) {
          return found;
        }
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
    if (rest.length > 0) {
      this.units.set(unit, rest);
    } else {
      this.units.delete(unit);
    }
  }

  removeUnit(unit: string): readonly Bucket[] {
    const buckets = this.units.get(unit) ?? [];
    this.units.delete(unit);
    return buckets;
  }

  sort(place: (unit: string) => number): void {
    const placed = [...this.units].map((entry) => ({ entry, at: place(entry[0]) }));
    this.units = new Map(placed.sort((a, b) => a.at - b.at).map(({ entry }) => entry));
  }
}

/** What a run does not send among others. */
export class SetAside {
  private groups = new Map<string, Group>();
  private size = 0;

  /**
   * @param turn where on the circle of all units a run begins, from 0 up to 1: see {@link turnAt}. Absent: first come, first
   * served
   */
  constructor(private readonly run: RunState, private readonly turn?: number) {}

  add(group: string, candidate: Candidate): void {
    if (this.size >= CAPACITY) {
      this.makeRoom();
    }
    if (this.size >= CAPACITY) {
      this.run.wait('Refused');
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
    if (this.turn !== undefined) {
      groups.forEach((group) => group.sort((unit) => this.place(unit)));
    }
    this.groups = new Map();
    this.size = 0;
    return groups;
  }

  private makeRoom(): void {
    if (this.turn === undefined) {
      return;
    }
    const all = [...this.groups.values()].flatMap((group) => group.names.map((unit) => ({ group, unit, at: this.place(unit) })));
    for (const { group, unit } of all.sort((a, b) => b.at - a.at)) {
      if (this.size <= CAPACITY / 2) {
        return;
      }
      const left = group.removeUnit(unit);
      left.forEach(() => this.run.wait('Refused'));
      this.size -= left.length;
    }
  }

  /** How far the unit is ahead of the turn. */
  private place(unit: string): number {
    const at = createHash('sha256').update(unit).digest().readUInt32BE() / 2 ** 32;
    return (at - (this.turn ?? 0) + 1) % 1;
  }
}

/**
 * Where on the circle of all units the run of this time begins. Steps of the golden ratio, whatever time is between runs,
 * leave no part of the circle out for long: each unit has its turn soon, and nobody has to remember whose it was.
 */
export function turnAt(now: number): number {
  return ((now / (5 * MINUTE_MS)) * ((Math.sqrt(5) - 1) / 2)) % 1;
}
