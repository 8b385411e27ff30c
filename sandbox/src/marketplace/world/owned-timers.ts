import { SECOND } from './time';
import type { Timers, Clock } from '../../ports';

/** The timers as Marketplace uses it: entries can belong to an owner, and all of them can be dropped. */
export class OwnedTimers {
  private readonly entries = new Set<number>();

  constructor(
    private readonly clock: Clock,
    private readonly timers: Timers,
  ) {}

  /** Runs at `time`, or at once when that is now or past. `owner` collects the entry's id while it is open. */
  at(time: number, label: string, run: () => void, owner?: Set<number>): void {
    if (time <= this.clock.now()) {
      run();
      return;
    }
    const id = this.timers.at(time, label, () => {
      this.entries.delete(id);
      owner?.delete(id);
      run();
    });
    this.entries.add(id);
    owner?.add(id);
  }

  after(seconds: number, label: string, run: () => void, owner?: Set<number>): void {
    this.at(this.clock.now() + seconds * SECOND, label, run, owner);
  }

  cancel(owner: Set<number>): void {
    for (const id of owner) {
      this.timers.cancel(id);
      this.entries.delete(id);
    }
    owner.clear();
  }

  reset(): void {
    for (const id of this.entries) {
      this.timers.cancel(id);
    }
    this.entries.clear();
  }
}
