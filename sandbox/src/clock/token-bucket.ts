/** A token bucket: some calls at once, then as fast as it refills. Time is milliseconds. */
export class TokenBucket {
  private tokens?: number;
  private refilledAt = 0;

  /**
   * Takes a call.
   *
   * @param perSecond 0: unlimited
   * @param burst calls at once; default: those of a second
   */
  take(perSecond: number, at: number, burst = perSecond): boolean {
    if (perSecond === 0) {
      this.tokens = undefined;
      return true;
    }
    const elapsed = Math.max(0, at - this.refilledAt);
    this.tokens = Math.min(burst, this.tokens === undefined ? burst : this.tokens + (elapsed * perSecond) / 1_000);
    this.refilledAt = at;
    // The refill is a fraction: a caller that keeps the pace exactly must not fail by its rounding.
    if (this.tokens < 1 - 1e-6) {
      return false;
    }
    this.tokens = Math.max(0, this.tokens - 1);
    return true;
  }
}
