import type { Clock } from '../domain/clock';
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

  constructor(private readonly clock: Clock, private readonly deadline: number) {}

  hasTime(): boolean {
    return this.clock.now() < this.deadline;
  }

  maySend(): boolean {
    return !this.halted && this.hasTime();
  }

  /** The bucket is closed, and cannot be sent yet. */
  wait(reason: WaitReason): void {
    if (reason !== 'NotClosed') {
      this.waiting[reason] = (this.waiting[reason] ?? 0) + 1;
    }
  }
}
