import { Timers } from '../ports';

export interface Timer {
  readonly id: number;
  readonly time: number;
  readonly label: string;
  readonly run: () => void | Promise<void>;
  /** Whether it falls due again and again, whatever happens. */
  readonly recurs: boolean;
}

/** A binary heap in order of time, then of insertion: the order in which a story always replays. */
export class TimerQueue implements Timers {
  private heap: Timer[] = [];
  private live = new Set<number>();
  private lastId = 0;

  at(time: number, label: string, run: () => void | Promise<void>, recurs = false): number {
    const entry = { id: ++this.lastId, time, label, run, recurs };
    this.live.add(entry.id);
    this.heap.push(entry);
    this.rise(this.heap.length - 1);
    return entry.id;
  }

  cancel(id: number): void {
    this.live.delete(id);
  }

  /** When the next entry falls due; undefined when nothing is planned. */
  nextTime(): number | undefined {
    return this.peek()?.time;
  }

  /** Removes and returns the first entry due at or before `time`. */
  takeDue(time: number): Timer | undefined {
    const first = this.peek();
    if (!first || first.time > time) {
      return undefined;
    }
    this.pop();
    this.live.delete(first.id);
    return first;
  }

  clear(): void {
    this.heap = [];
    this.live.clear();
    this.lastId = 0;
  }

  private peek(): Timer | undefined {
    while (this.heap.length > 0 && !this.live.has(this.heap[0].id)) {
      this.pop();
    }
    return this.heap[0];
  }

  private pop(): void {
    const last = this.heap.pop();
    if (last && this.heap.length > 0) {
      this.heap[0] = last;
      this.sink(0);
    }
  }

  private before(a: number, b: number): boolean {
    const left = this.heap[a];
    const right = this.heap[b];
    return left.time < right.time || (left.time === right.time && left.id < right.id);
  }

  private swap(a: number, b: number): void {
    [this.heap[a], this.heap[b]] = [this.heap[b], this.heap[a]];
  }

  private rise(start: number): void {
    let at = start;
    while (at > 0) {
      const parent = Math.floor((at - 1) / 2);
      if (!this.before(at, parent)) {
        return;
      }
      this.swap(at, parent);
      at = parent;
    }
  }

  private sink(start: number): void {
    let at = start;
    for (;;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < this.heap.length && this.before(child, least)) {
          least = child;
        }
      }
      if (least === at) {
        return;
      }
      this.swap(at, least);
      at = least;
    }
  }
}
