import type { Clock } from '../domain/clock';
import type { Bucket } from '../domain/usage/ledger/bucket';
import { hourEnd, SECOND_MS } from '../domain/usage/ledger/hour';
import type { HoldReason } from '../domain/usage/ledger/next-step';

/** Refused: AWS refused it, or one like it, before, and this run did not try it again. */
export type WaitReason = HoldReason | 'Refused';

/** What one run knows of itself: shared by its parts, forgotten at its end. */
export class RunState {
  readonly counts = { calls: 0, billed: 0, held: 0, unknown: 0, unresolved: 0, carried: 0, rejected: 0, dryRun: 0 };
  /** Closed buckets that cannot be sent yet, by what they wait for. */
  readonly waiting: Partial<Record<WaitReason, number>> = {};
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
    if (this.oldestPending === undefined || since < this.oldestPending) {
      this.oldestPending = since;
    }
  }

  /** The bucket cannot be sent yet. */
  wait(bucket: Bucket, reason: WaitReason): void {
    if (reason === 'NotClosed') {
      return;
    }
    this.waiting[reason] = (this.waiting[reason] ?? 0) + 1;
    // a license that was mistyped may never come: it has a metric of its own, lest it hide an outage for a month
    if (reason !== 'UnknownLicense') {
      this.leave(bucket);
    }
  }

  oldestPendingSeconds(): number {
    return this.oldestPending === undefined ? 0 : Math.max(0, (this.clock.now() - this.oldestPending) / SECOND_MS);
  }
}
