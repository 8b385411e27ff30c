import type { Clock } from '../domain/clock';
import type { Bucket } from '../domain/usage/bucket';
import { hourEnd, SECOND_MS } from '../domain/usage/hour';

/** What one run knows of itself: shared by its parts, forgotten at its end. */
export class RunState {
  readonly counts = { calls: 0, billed: 0, held: 0, unknown: 0, unresolved: 0, carried: 0, rejected: 0, dryRun: 0 };
  /** Sending is over for this run; the reason is in the log. */
  halted = false;
  private oldestPending: number | undefined;

  constructor(private readonly clock: Clock, private readonly deadline: number) {}

  hasTime(): boolean {
    return this.clock.now() < this.deadline;
  }

  maySend(): boolean {
    return !this.halted && this.hasTime();
  }

  /** The bucket is closed, and left for a later run. */
  leave(bucket: Bucket): void {
    const since = hourEnd(bucket.hour);
    if (this.oldestPending === undefined || since < this.oldestPending) this.oldestPending = since;
  }

  oldestPendingSeconds(): number {
    return this.oldestPending === undefined ? 0 : Math.max(0, (this.clock.now() - this.oldestPending) / SECOND_MS);
  }
}
