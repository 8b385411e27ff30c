/** A token bucket: a second's worth of calls at once, then as fast as it refills. Time is milliseconds. */
export class TokenBucket {
  private tokens?: number;
  private refilledAt = 0;

  /** Takes a call of `perSecond`; 0 means unlimited. */
  take(perSecond: number, at: number): boolean {
    if (perSecond === 0) {
      this.tokens = undefined;
      return true;
    }
    const elapsed = Math.max(0, at - this.refilledAt);
    this.tokens = Math.min(perSecond, this.tokens === undefined ? perSecond : this.tokens + (elapsed * perSecond) / 1_000);
    this.refilledAt = at;
    // The refill is a fraction: a caller that keeps the pace exactly must not fail by its rounding.
    if (this.tokens < 1 - 1e-6) {
      return false;
    }
    this.tokens = Math.max(0, this.tokens - 1);
    return true;
  }
}

/** One bucket per API and region, as AWS counts: docs/marketplace-facts.md#f-6-10. */
export class Throttle {
  private readonly buckets = new Map<string, TokenBucket>();

  take(api: string, region: string, perSecond: number, at: number): boolean {
    const key = `${api} ${region}`;
    const bucket = this.buckets.get(key) ?? new TokenBucket();
    this.buckets.set(key, bucket);
    return bucket.take(perSecond, at);
  }

  reset(): void {
    this.buckets.clear();
  }
}
