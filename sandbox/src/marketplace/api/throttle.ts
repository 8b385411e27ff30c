import { TokenBucket } from '../../clock/token-bucket';

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
