export interface ProductConfig {
  productCode: string;
  pricingModel: 'SUBSCRIPTION' | 'CONTRACT' | 'CONTRACT_WITH_CONSUMPTION';
  agreementMode: 'CONCURRENT' | 'LEGACY';
  /** API names of what BatchMeterUsage takes. */
  dimensions: string[];
  /** API names of what a contract entitles to. */
  entitledDimensions: string[];
  fulfillmentUrl: string;
  /** Account that published it. Absent: the same as for all. */
  sellerAccountId?: string;
}

export type AgreementStatus = 'ACTIVE' | 'CANCELLED' | 'EXPIRED' | 'TERMINATED' | 'RENEWED' | 'REPLACED';

/** How an agreement can end without a successor. */
export type EndReason = 'CANCELLED' | 'EXPIRED' | 'TERMINATED';

/** Times are epoch milliseconds. */
export interface Agreement {
  readonly agreementId: string;
  readonly product: ProductConfig;
  readonly license: License;
  readonly customerAwsAccountId: string;
  /** Who sells: the seller, or a channel partner. */
  readonly proposerAccountId: string;
  /** Present when a channel partner resells: docs/marketplace-facts.md#f-3-3. */
  readonly resaleAuthorizationId?: string;
  readonly intent: 'NEW' | 'RENEW' | 'REPLACE';
  readonly previousAgreementId?: string;
  readonly initialAgreementId: string;
  readonly acceptanceTime: number;
  readonly startTime: number;
  readonly freeTrial: boolean;
  offerId: string;
  status: AgreementStatus;
  /** Absent: endless, as pay-as-you-go agreements are. */
  endTime?: number;
  autoRenewal: boolean;
  /** Metered dimensions of the accepted offer: all of the product's, or some of them. */
  dimensions: readonly string[];
  /** Entitled dimension -> units bought, or what else the entitlement says. */
  quantities: Quantities;
  lastUpdateTime: number;
  endedAt?: number;
  /** When its `Purchase Agreement Created` is, or was, sent. */
  createdEventAt: number;
  /** Timers entries that end with the agreement: notices, expiry. */
  readonly pending: Set<number>;
}

/** A buyer's license: outlives an agreement when a renewal keeps it, see docs/marketplace-facts.md#f-2-4. Times are epoch milliseconds. */
export interface License {
  readonly licenseId: string;
  readonly licenseArn: string;
  readonly product: ProductConfig;
  readonly customerAwsAccountId: string;
  readonly startTime: number;
  /** Current agreement of the license. */
  agreementId: string;
  /** First `License Updated`: usage before it is not metered. */
  activeAt?: number;
  endedAt?: number;
  deprovisionedAt?: number;
  /** Calls of ResolveCustomer that found it. */
  resolves: number;
  /** What GetEntitlements shows. */
  entitlements: readonly Entitlement[];
  /** Timers entries of a change that GetEntitlements does not show yet. */
  readonly pendingEntitlements: Set<number>;
}

/** What a buyer of a contract has of each entitled dimension: an integer, a double, a boolean or a text. */
export type Quantities = Readonly<Record<string, EntitlementValue>>;

export type EntitlementValue = number | boolean | string;

export interface Entitlement {
  readonly dimension: string;
  readonly value: EntitlementValue;
  /** Epoch milliseconds. */
  readonly expirationDate: number;
}

export interface UsageAllocation {
  readonly AllocatedUsageQuantity: number;
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}

/** What Marketplace accepted, and will bill. */
export interface MeteringRecord {
  readonly meteringRecordId: string;
  readonly productCode: string;
  readonly licenseArn: string;
  readonly licenseId: string;
  readonly customerAwsAccountId: string;
  /** Of a legacy product's record that names its buyer so, and not by license. */
  readonly customerIdentifier?: string;
  readonly dimension: string;
  /** ISO 8601, as sent. */
  readonly timestamp: string;
  /** ISO 8601: the UTC hour deduplication goes by. */
  readonly hour: string;
  readonly quantity: number;
  readonly region: string;
  readonly usageAllocations?: readonly UsageAllocation[];
  /** ISO 8601 */
  readonly acceptedAt: string;
}

export interface Finding {
  readonly severity: 'error' | 'warning' | 'info';
  readonly code: string;
  readonly message: string;
}

export type ServiceName = 'metering' | 'entitlement' | 'agreement';
