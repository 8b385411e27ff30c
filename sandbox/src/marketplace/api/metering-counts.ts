/** How the calls of BatchMeterUsage went. */
export interface MeteringCalls {
  readonly total: number;
  readonly throttled: number;
  /** Those that got another error than ThrottlingException. */
  readonly failed: number;
}

/** Counts the calls of BatchMeterUsage since the start, or the last reset. */
export class MeteringCounts {
  private total = 0;
  private throttled = 0;
  private failed = 0;

  /** `error`: type of the error that the call got. */
  add(operation: string, error?: string): void {
    if (operation !== 'BatchMeterUsage') {
      return;
    }
    this.total += 1;
    if (error === 'ThrottlingException') {
      this.throttled += 1;
    } else if (error !== undefined) {
      this.failed += 1;
    }
  }

  calls(): MeteringCalls {
    return { total: this.total, throttled: this.throttled, failed: this.failed };
  }

  reset(): void {
    this.total = 0;
    this.throttled = 0;
    this.failed = 0;
  }
}
