/*
 * Names shared by the constructs (`src`), the handlers (`lambda`) and, through template metadata, the sandbox.
 * This module imports nothing. It is not part of the public jsii API: `src/index.ts` does not export it.
 */

/** Written on every stored item, so that a later release can tell what it reads. */
export const SCHEMA_VERSION = 1;

/** `Metadata` key on resources by which tools (the sandbox) find their role in an integration. */
export const METADATA_KEY = 'cdk-marketplace-saas';

/** Values of `role` below {@link METADATA_KEY}. */
export const ResourcePart = {
  SUBSCRIPTIONS_TABLE: 'subscriptions-table',
  REGISTRATIONS_TABLE: 'registrations-table',
  USAGE_TABLE: 'usage-table',
  REGISTRATION_API: 'registration-api',
  EVENT_BUS: 'event-bus',
  USAGE_QUEUE: 'usage-queue',
} as const;

/** Environment variables of the handlers. */
export const Env = {
  PRODUCT_CODE: 'PRODUCT_CODE',
  /** JSON: {@link DimensionConfig}[] */
  DIMENSIONS: 'DIMENSIONS',
  SUBSCRIPTIONS_TABLE: 'SUBSCRIPTIONS_TABLE',
  REGISTRATIONS_TABLE: 'REGISTRATIONS_TABLE',
  USAGE_TABLE: 'USAGE_TABLE',
  EVENT_BUS_NAME: 'EVENT_BUS_NAME',
  /** Role in the seller account, assumed for every Marketplace call; absent when it is this account. */
  SELLER_ROLE_ARN: 'SELLER_ROLE_ARN',
  SELLER_EXTERNAL_ID: 'SELLER_EXTERNAL_ID',
  /** Region of ResolveCustomer and GetEntitlements. */
  MARKETPLACE_REGION: 'MARKETPLACE_REGION',
  /** Region of BatchMeterUsage: one per product, as deduplication is per region (docs/marketplace-facts.md#f-6-3). */
  METERING_REGION: 'METERING_REGION',
  METERING_MODE: 'METERING_MODE',
  MAX_CALLS_PER_SECOND: 'MAX_CALLS_PER_SECOND',
  /** Seconds after an hour's end during which its bucket stays open. */
  CLOSE_GRACE_SECONDS: 'CLOSE_GRACE_SECONDS',
  /** Seconds after a license's end during which the app may still report the running hour. */
  FINAL_USAGE_GRACE_SECONDS: 'FINAL_USAGE_GRACE_SECONDS',
  LATE_USAGE_POLICY: 'LATE_USAGE_POLICY',
  /** `true` or `false` */
  REPORT_ZERO_USAGE: 'REPORT_ZERO_USAGE',
  /** JSON: {@link RegistrationConfig} */
  REGISTRATION: 'REGISTRATION',
  /** Value of the CloudWatch dimension that tells two integrations apart. */
  INTEGRATION_ID: 'INTEGRATION_ID',
} as const;

export interface UsageMetricConfig {
  readonly name: string;
  /** Dimension units a unit of this metric is worth: a decimal as a string. */
  readonly unitsPerQuantity: string;
}

export interface DimensionConfig {
  readonly name: string;
  readonly kind: 'METERED' | 'ENTITLED';
  /** Internal metrics that are billed as this dimension; absent: usage is reported in the dimension itself. */
  readonly metrics?: readonly UsageMetricConfig[];
}

export interface RegistrationConfig {
  /** Seller's own sign-up page; absent: the hosted page. */
  readonly signUpUrl?: string;
  readonly productName?: string;
  readonly supportEmail?: string;
  readonly supportUrl?: string;
  readonly loginUrl?: string;
}

/** `source` of every domain event. */
export const EVENT_SOURCE = 'marketplace-saas';

/** `detail-type` of the domain events on the integration's event bus. */
export const DetailType = {
  BUYER_REGISTERED: 'Buyer Registered',
  SUBSCRIPTION_ACTIVATED: 'Subscription Activated',
  SUBSCRIPTION_UPDATED: 'Subscription Updated',
  SUBSCRIPTION_ENDING: 'Subscription Ending',
  SUBSCRIPTION_ENDED: 'Subscription Ended',
  ADVISORY_ISSUED: 'Advisory Issued',
  ADVISORY_RESOLVED: 'Advisory Resolved',
  USAGE_REJECTED: 'Usage Rejected',
  USAGE_UNRESOLVED: 'Usage Unresolved',
} as const;

/** `source` of AWS Marketplace's own events (docs/marketplace-facts.md#f-3-1). */
export const AGREEMENT_EVENT_SOURCE = 'aws.agreement-marketplace';

/** CloudWatch namespace of all metrics of this library. */
export const METRIC_NAMESPACE = 'MarketplaceSaas';

/** Name of the CloudWatch dimension whose value is INTEGRATION_ID. */
export const METRIC_DIMENSION = 'Integration';

/** A CloudWatch metric: what handlers write, constructs read, and the docs list. */
export interface MetricDefinition {
  readonly name: string;
  readonly unit: 'Count' | 'Seconds';
  /** How values of one period are put together: a sum of events, or the maximum of a gauge. */
  readonly statistic: 'Sum' | 'Maximum';
  /** One sentence for people: what one unit stands for. */
  readonly description: string;
}

/** Every metric of this library. */
export const METRICS = {
  USAGE_RECORDS_ACCEPTED: {
    name: 'UsageRecordsAccepted',
    unit: 'Count',
    statistic: 'Sum',
    description: 'Usage records accepted by intake.',
  },
  USAGE_RECORDS_REJECTED: {
    name: 'UsageRecordsRejected',
    unit: 'Count',
    statistic: 'Sum',
    description: 'Usage records, or amounts of usage, that will not be billed; each has a stored reason.',
  },
  METERING_RECORDS_ACCEPTED: {
    name: 'MeteringRecordsAccepted',
    unit: 'Count',
    statistic: 'Sum',
    description: 'Metering records AWS Marketplace accepted.',
  },
  METERING_RECORDS_HELD: {
    name: 'MeteringRecordsHeld',
    unit: 'Count',
    statistic: 'Sum',
    description: 'Metering records held back (not subscribed while active, unprocessed, throttled).',
  },
  METERING_RECORDS_UNRESOLVED: {
    name: 'MeteringRecordsUnresolved',
    unit: 'Count',
    statistic: 'Maximum',
    description: 'Bucket-hours whose outcome is unknown and has to be settled from CloudTrail.',
  },
  METERING_CONFLICTS: {
    name: 'MeteringConflicts',
    unit: 'Count',
    statistic: 'Maximum',
    description: 'Hours among these for which AWS has a quantity that this ledger never sent: someone else meters this product.',
  },
  METERING_CONFIGURATION_ERRORS: {
    name: 'MeteringConfigurationErrors',
    unit: 'Count',
    statistic: 'Sum',
    description: 'Calls refused because of configuration (DisabledApiException, access denied, bad product code).',
  },
  METERING_RUNS: {
    name: 'MeteringRuns',
    unit: 'Count',
    statistic: 'Sum',
    description: 'Runs of metering that reached their end, those with nothing to send included.',
  },
  USAGE_CARRIED_FORWARD: {
    name: 'UsageCarriedForward',
    unit: 'Count',
    statistic: 'Sum',
    description: 'Late amounts carried into a later hour.',
  },
  OLDEST_PENDING_USAGE_AGE: {
    name: 'OldestPendingUsageAge',
    unit: 'Seconds',
    statistic: 'Maximum',
    description: 'Age (since its hour\'s end) of the oldest bucket-hour not yet settled.',
  },
  USAGE_WAITING_FOR_UNKNOWN_LICENSE: {
    name: 'UsageWaitingForUnknownLicense',
    unit: 'Count',
    statistic: 'Maximum',
    description: 'Closed bucket-hours, seen by one run, of licenses that AWS has not named: they are not in the age above.',
  },
  RECONCILIATION_RUNS: {
    name: 'ReconciliationRuns',
    unit: 'Count',
    statistic: 'Sum',
    description: 'Runs of reconciliation that reached their end.',
  },
  BUYERS_REGISTERED: {
    name: 'BuyersRegistered',
    unit: 'Count',
    statistic: 'Sum',
    description: 'Buyers who completed registration.',
  },
  REGISTRATION_FAILURES: {
    name: 'RegistrationFailures',
    unit: 'Count',
    statistic: 'Sum',
    description: 'Registration requests that failed for a reason on our side or AWS\'s.',
  },
  SUBSCRIPTIONS_STUCK_PENDING: {
    name: 'SubscriptionsStuckPending',
    unit: 'Count',
    statistic: 'Maximum',
    description: 'Subscriptions registered but without their License Updated event after an hour.',
  },
  SUBSCRIPTIONS_UNREGISTERED: {
    name: 'SubscriptionsUnregistered',
    unit: 'Count',
    statistic: 'Maximum',
    description: 'Active subscriptions whose buyer has not registered after a day.',
  },
  OUTBOX_BACKLOG: {
    name: 'OutboxBacklog',
    unit: 'Count',
    statistic: 'Maximum',
    description: 'Domain events owed for over 15 minutes.',
  },
  UNKNOWN_AGREEMENT_EVENTS: {
    name: 'UnknownAgreementEvents',
    unit: 'Count',
    statistic: 'Sum',
    description: 'Agreement events with a detail-type this release does not know.',
  },
  ADVISORIES_ISSUED: {
    name: 'AdvisoriesIssued',
    unit: 'Count',
    statistic: 'Sum',
    description: 'Advisories issued (suspected fraud or compromise of the buyer\'s account).',
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>;

/** Keys and indexes of the tables: a contract with the data, from the first release on. All keys are strings. */
export const Keys = { PK: 'pk', SK: 'sk', TTL: 'expiresAt' } as const;

export interface IndexConfig {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey: string;
}

/** Subscriptions, agreements and what joins them; also the outbox of subscription events. */
export const SubscriptionIndex: Readonly<Record<'OUTBOX' | 'BY_ACCOUNT' | 'BY_STATUS', IndexConfig>> = {
  /** Sparse: items that owe domain events. */
  OUTBOX: { name: 'outbox', partitionKey: 'outboxShard', sortKey: 'outboxAt' },
  /** All subscriptions of one buyer account. */
  BY_ACCOUNT: { name: 'byAccount', partitionKey: 'customerAwsAccountId', sortKey: 'pk' },
  /** Subscriptions by status; `statusAt` is when the status next wants a look (end of the final hour), else since when. */
  BY_STATUS: { name: 'byStatus', partitionKey: 'status', sortKey: 'statusAt' },
};

/** The ledger: one partition per bucket (license, dimension, hour). */
export const UsageIndex: Readonly<Record<'OUTBOX' | 'DUE' | 'DUE_BY_LICENSE' | 'ATTENTION', IndexConfig>> = {
  /** Sparse: items that owe domain events (rejections, unresolved hours). */
  OUTBOX: { name: 'outbox', partitionKey: 'outboxShard', sortKey: 'outboxAt' },
  /** Sparse: bucket META items that metering has to look at, oldest first. */
  DUE: { name: 'due', partitionKey: 'dueShard', sortKey: 'dueAt' },
  /** The same, by license: an ending license is flushed ahead of the others. */
  DUE_BY_LICENSE: { name: 'dueByLicense', partitionKey: 'dueLicense', sortKey: 'dueAt' },
  /** Sparse: what a person may have to look at: rejected records, unresolved hours. */
  ATTENTION: { name: 'attention', partitionKey: 'attention', sortKey: 'attentionAt' },
};

/** Partitions of the outbox and due indexes: one index partition takes 1,000 writes a second. */
export const INDEX_SHARDS = 4;

/** Seconds the last hour of usage is accepted after License Deprovisioned (docs/marketplace-facts.md#f-3-7). */
export const FINAL_WINDOW_SECONDS = 3600;
