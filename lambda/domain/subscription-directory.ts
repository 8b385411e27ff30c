export type SubscriptionStatus = 'PENDING' | 'ACTIVE' | 'ENDING' | 'ENDED';

/** What metering needs to know of a subscription. Times are epoch milliseconds. */
export interface MeteredLicense {
  /** `l-…`: the key (docs/marketplace-facts.md#f-2-2). */
  readonly licenseId: string;
  /** The ARN to send to BatchMeterUsage; absent while only a short form was seen. */
  readonly licenseArn?: string;
  readonly customerAwsAccountId?: string;
  readonly productCode?: string;
  /** Buyers of a legacy product only: usage is sent with this and the product code, never with a license. */
  readonly customerIdentifier?: string;
  /** As of the `now` asked for. */
  readonly status: SubscriptionStatus;
  /** First License Updated: usage waits until it is known. */
  readonly activeSince?: number;
  /** The latest License Updated: AWS sends it for a purchase, an amendment and a renewal. */
  readonly updatedAt?: number;
  /** First of Purchase Agreement Ended (not RENEWED, not REPLACED) and License Deprovisioned. */
  readonly endedAt?: number;
  /** When AWS stops accepting usage: License Deprovisioned (or else Ended) + 60 minutes (docs/marketplace-facts.md#f-3-7). */
  readonly finalWindowClosesAt?: number;
  /** This hour (`2026-11-23T05`) and later ones are not metered by customer identifier: the buyer was migrated. */
  readonly meteredUntil?: string;
  /** The license by which a migrated buyer continues. */
  readonly continuesAs?: string;
  /** That license, where metering has read it. */
  readonly continuation?: MeteredLicense;
  /** Hours before this one are not metered by this license: the buyer was metered by customer identifier. */
  readonly meteredFrom?: string;
  /** The key that a migrated buyer had before: both share what is left of an entitlement. */
  readonly migratedFrom?: string;
}

/** Read side of the subscriptions, as metering and intake see it. */
export interface SubscriptionDirectory {
  /** Strongly consistent. */
  get(licenseId: string, now: number): Promise<MeteredLicense | undefined>;
  /** Eventually consistent listing, page by page. */
  list(status: SubscriptionStatus, now: number): AsyncIterable<MeteredLicense>;
}
