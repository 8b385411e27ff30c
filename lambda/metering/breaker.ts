import { describeError, type Log } from '../adapters/aws/logging';
import type { Clock } from '../domain/clock';
import type { Bucket } from '../domain/usage/ledger/bucket';
import type { BreakerState, ControlStore } from '../domain/usage/ports';

/** Unknown outcomes in a row, within one run, after which the run stops sending. */
export const MAX_FAILED_PROBES = 3;

/**
 * Open after a call of which nobody knows what was taken. While it is open, one record at a time is sent: all others
 * stay certainly unsent. Runs hand it on, with the record to try with: always the same, and one that was sent already,
 * as each that is tried anew may end with an outcome that only CloudTrail tells.
 */
export class Breaker {
  static async load(control: ControlStore, clock: Clock, log: Log): Promise<Breaker> {
    return new Breaker(control, clock, log, await control.readBreaker());
  }

  failures = 0;

  private constructor(
    private readonly control: ControlStore, private readonly clock: Clock, private readonly log: Log, private state: BreakerState,
  ) {}

  get open(): boolean {
    return this.state.open;
  }

  get probe(): Bucket | undefined {
    return this.state.probe;
  }

  /** @param sent what was in the call */
  async trip(sent: readonly Bucket[]): Promise<void> {
    this.failures += 1;
    if (this.open && sent.some((bucket) => sameBucket(bucket, this.probe))) {
      return;
    }
    const probe = sent.reduce((youngest, bucket) => (bucket.hour > youngest.hour ? bucket : youngest));
    await this.write({ open: true, probe });
  }

  async reset(): Promise<void> {
    this.failures = 0;
    if (!this.open) {
      return;
    }
    await this.write({ open: false });
  }

  /** A run that cannot tell the next one still has outcomes to write: it goes on. */
  private async write(state: BreakerState): Promise<void> {
    this.state = state;
    try {
      await this.control.writeBreaker(state, this.clock.now());
    } catch (error) {
      this.log.error('Later runs do not learn whether outcomes are unknown', describeError(error));
    }
  }
}

function sameBucket(a: Bucket, b: Bucket | undefined): boolean {
  return a.licenseId === b?.licenseId && a.dimension === b.dimension && a.hour === b.hour;
}
