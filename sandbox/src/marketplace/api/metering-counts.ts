import type { ServiceName } from '../world/types';

/** One request to a Marketplace API. Bodies are left out: they may carry registration tokens. */
export interface LoggedCall {
  readonly requestId: string;
  /** ISO 8601, virtual. */
  readonly time: string;
  readonly service?: ServiceName;
  readonly operation: string;
  readonly region: string;
  readonly status: number;
  readonly error?: string;
}

const KEPT = 1_000;

/** The last 1,000 calls, and how the calls of BatchMeterUsage went since the start. */
export class CallLog {
  private readonly ring: LoggedCall[] = [];
  private count = 0;
  private metering = { total: 0, throttled: 0, failed: 0 };

  add(call: LoggedCall): void {
    this.ring[this.count % KEPT] = call;
    this.count += 1;
    if (call.operation === 'BatchMeterUsage') {
      this.metering.total += 1;
      if (call.error === 'ThrottlingException') {
        this.metering.throttled += 1;
      } else if (call.error) {
        this.metering.failed += 1;
      }
    }
  }

  /** Oldest first. */
  calls(): LoggedCall[] {
    const start = this.count > KEPT ? this.count % KEPT : 0;
    return [...this.ring.slice(start), ...this.ring.slice(0, start)];
  }

  meteringCalls(): { total: number; throttled: number; failed: number } {
    return { ...this.metering };
  }

  reset(): void {
    this.ring.length = 0;
    this.count = 0;
    this.metering = { total: 0, throttled: 0, failed: 0 };
  }
}
