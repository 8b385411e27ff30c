import type { Clock } from '../domain/clock';
import type { Bucket } from '../domain/usage/ledger/bucket';
import type { WaitReason } from '../domain/usage/ledger/next-step';

/** `CircuitOpen`: AWS refused it, or one like it, and it is not tried again yet. */
export type RunWaitReason = WaitReason | 'CircuitOpen';

/** What one run counts, and how long it may continue. */
export class RunState {
  readonly counts = { calls: 0, billed: 0, notAccepted: 0, unknown: 0, unresolved: 0, carried: 0, rejected: 0, dryRun: 0 };
  /** Closed buckets that cannot be sent yet, by what they wait for. */
  readonly waiting: Partial<Record<RunWaitReason, number>> = {};
  /** Buckets that should be frozen by now and got an amount in this run: nothing else makes them due in time. */
  readonly toWorkOn: Bucket[] = [];
  /** No more calls in this run; the reason is in the log. */
  halted = false;

  constructor(private readonly clock: Clock, private readonly deadline: number) {}

  hasTime(): boolean {
    return this.clock.now() < this.deadline;
  }

  maySend(): boolean {
    return !this.halted && this.hasTime();
  }

  /** The bucket is closed, and cannot be sent yet. */
  wait(reason: RunWaitReason): void {
    if (reason !== 'NotClosed') {
      this.waiting[reason] = (this.waiting[reason] ?? 0) + 1;
    }
  }
}
