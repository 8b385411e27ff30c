/*
 * Names shared by the constructs (`src`), the handlers (`lambda`) and, through template metadata, the sandbox.
 * This module imports nothing. It is not part of the public jsii API: `src/index.ts` does not export it.
 */

/** Written on every stored item, so that a later release knows which layout it reads. */
export const SCHEMA_VERSION = 1;

/** Key of the `Metadata` by which the sandbox finds the part that a resource has in an integration. */
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
  /** A value of SaasPricingModel. */
  PRICING_MODEL: 'PRICING_MODEL',
  /** CONCURRENT or LEGACY */
  AGREEMENT_MODE: 'AGREEMENT_MODE',
  SUBSCRIPTIONS_TABLE: 'SUBSCRIPTIONS_TABLE',
  REGISTRATIONS_TABLE: 'REGISTRATIONS_TABLE',
  USAGE_TABLE: 'USAGE_TABLE',
  EVENT_BUS_NAME: 'EVENT_BUS_NAME',
  /** Role in the seller account, assumed for every Marketplace call; absent where this is the seller account. */
  SELLER_ROLE_ARN: 'SELLER_ROLE_ARN',
  SELLER_EXTERNAL_ID: 'SELLER_EXTERNAL_ID',
  /** Region of ResolveCustomer, GetEntitlements, SearchAgreements and DescribeAgreement. */
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
  /** JSON: the part of {@link RegistrationConfig} that only CloudFormation knows; the rest is in {@link SETTINGS_FILE}. */
  REGISTRATION: 'REGISTRATION',
  /** Value of the CloudWatch dimension, different for each integration. */
  INTEGRATION_ID: 'INTEGRATION_ID',
} as const;

export interface UsageMetricConfig {
  readonly name: string;
  /** Units of the dimension that a quantity of 1 of this metric is billed as: a decimal as a string. */
  readonly unitsPerQuantity: string;
}

export interface DimensionConfig {
  readonly name: string;
  readonly kind: 'METERED' | 'ENTITLED';
  /** Usage metrics that are billed as this dimension; absent where usage records name the dimension itself. */
  readonly metrics?: readonly UsageMetricConfig[];
}

export interface RegistrationConfig {
  /** The seller's own sign-up page; absent for the hosted page. */
  readonly signUpUrl?: string;
  /** What follows the hosted page; absent: its confirmation. */
  readonly afterRegistration?: AfterRegistrationConfig;
  readonly productName?: string;
  readonly supportEmail?: string;
  readonly supportUrl?: string;
  readonly loginUrl?: string;
  /** The listing in AWS Marketplace, where an ended subscription can be started anew. */
  readonly listingUrl?: string;
  readonly termsUrl?: string;
  readonly privacyUrl?: string;
  /** How the pages look and what they ask for; absent for the defaults. */
  readonly page?: RegistrationPageConfig;
  /** How long what a buyer entered is kept; absent: until it is deleted. */
  readonly buyerDataRetentionSeconds?: number;
  /** First part of the path below a domain that other APIs share; absent: the API has its host for itself. */
  readonly basePath?: string;
}

export interface AfterRegistrationConfig {
  /** `HAND_OVER`: with a one-time code. */
  readonly kind: 'REDIRECT' | 'HAND_OVER';
  readonly url: string;
}

/** File beside the code of a handler: {@link HandlerSettings} as JSON, because an environment has room for 4 KB only. */
export const SETTINGS_FILE = 'settings.json';

/** What may be too large for the environment of a function. Each handler has the settings that it reads. */
export interface HandlerSettings {
  readonly dimensions?: readonly DimensionConfig[];
  readonly registration?: RegistrationConfig;
}

/** What the seller has chosen for the pages. All texts are the seller's, in English. */
export interface RegistrationPageConfig {
  /** Name of the company. */
  readonly brandName?: string;
  readonly logo?: RegistrationLogoConfig;
  readonly darkLogo?: RegistrationLogoConfig;
  readonly colors?: RegistrationColors;
  /** In their order, e-mail first. */
  readonly fields?: readonly RegistrationFieldConfig[];
  /** What happens after registration. `{email}` stands for the masked address. */
  readonly nextSteps?: readonly string[];
  /** English is always one of them, and needs no entry. */
  readonly languages?: readonly RegistrationLanguageConfig[];
}

/** An image, inlined. Sizes are in pixels. */
export interface RegistrationLogoConfig {
  readonly dataUri: string;
  readonly width: number;
  readonly height: number;
}

/** `#rrggbb` each: of links and buttons, and of text on buttons, in light and in dark mode. */
export interface RegistrationColors {
  readonly accent: string;
  readonly onAccent: string;
  readonly darkAccent: string;
  readonly onDarkAccent: string;
}

export type RegistrationFieldKind = 'EMAIL' | 'COMPANY' | 'NAME' | 'PHONE' | 'CHOICE' | 'TEXT' | 'CONSENT';

/** A field of the form. */
export interface RegistrationFieldConfig {
  readonly kind: RegistrationFieldKind;
  /** Name in the form and in the stored answers; differs from those of all other fields. */
  readonly name: string;
  readonly required: boolean;
  /** UTF-16 code units, as browsers count them. */
  readonly maxLength: number;
  /** Absent for kinds that have a label of their own. */
  readonly label?: string;
  readonly hint?: string;
  readonly choices?: readonly string[];
  /** What the buyer consents to. */
  readonly url?: string;
}

/** A language of the pages other than English, with the seller's words in it. What is absent is shown in English. */
export interface RegistrationLanguageConfig {
  readonly tag: string;
  readonly nextSteps?: readonly string[];
  /** By name of the field. */
  readonly labels?: Readonly<Record<string, string>>;
  /** By name of the field. */
  readonly hints?: Readonly<Record<string, string>>;
}

/** Where the pages in dark and light mode have their colors from; contrast of an accent color is computed on these. */
export const PAGE_COLORS = { light: { page: '#f5f6f8', card: '#ffffff' }, dark: { page: '#0e0f13', card: '#191b22' } } as const;

/** `source` of every domain event. */
export const EVENT_SOURCE = 'marketplace-saas';

/** `detail-type` of the domain events on the integration's event bus. */
export const DetailType = {
  BUYER_REGISTERED: 'Buyer Registered',
  SUBSCRIPTION_ACTIVATED: 'Subscription Activated',
  SUBSCRIPTION_UPDATED: 'Subscription Updated',
  ENTITLEMENT_CHANGED: 'Entitlement Changed',
  SUBSCRIPTION_ENDING: 'Subscription Ending',
  SUBSCRIPTION_ENDED: 'Subscription Ended',
  ADVISORY_ISSUED: 'Advisory Issued',
  ADVISORY_RESOLVED: 'Advisory Resolved',
  AGREEMENT_NOTICE: 'Agreement Notice',
  USAGE_REJECTED: 'Usage Rejected',
  USAGE_UNRESOLVED: 'Usage Unresolved',
} as const;

/** `source` of AWS Marketplace's own events (docs/marketplace-facts.md#f-3-1). */
export const AGREEMENT_EVENT_SOURCE = 'aws.agreement-marketplace';

/** `detail-type` of a notification of AWS Marketplace that was forwarded from the seller account; its `detail` is SNS's envelope. */
export const FORWARDED_NOTIFICATION = 'AWS Marketplace Notification';

/** CloudWatch namespace of all metrics of this library. */
export const METRIC_NAMESPACE = 'MarketplaceSaas';

/** Name of the CloudWatch dimension whose value is INTEGRATION_ID. */
export const METRIC_DIMENSION = 'Integration';

/** A CloudWatch metric: what handlers write, constructs read, and the docs list. */
export interface MetricDefinition {
  readonly name: string;
  readonly unit: 'Count' | 'Seconds';
  /** How the values of one period are combined: a sum of events, or the maximum of a gauge. */
  readonly statistic: 'Sum' | 'Maximum';
  /** What it counts, in one sentence; docs/metrics.md and the docstrings have the same. */
  readonly description: string;
}

/** Every metric of this library. */
export const METRICS = {
  USAGE_RECORDS_ACCEPTED: {
    name: 'UsageRecordsAccepted',
    unit: 'Count',
    statistic: 'Sum',
    description: 'Usage records that intake accepted.',
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
    description: 'Metering records that AWS Marketplace accepted.',
  },
  METERING_RECORDS_HELD: {
    name: 'MeteringRecordsHeld',
    unit: 'Count',
    statistic: 'Sum',
    description: 'Metering records that were not accepted and will be sent again: license not subscribed yet, unprocessed, or throttled.',
  },
  METERING_RECORDS_UNRESOLVED: {
    name: 'MeteringRecordsUnresolved',
    unit: 'Count',
    statistic: 'Maximum',
    description: 'Hours whose outcome at AWS is unknown, until a person settles them from CloudTrail.',
  },
  METERING_CONFLICTS: {
    name: 'MeteringConflicts',
    unit: 'Count',
    statistic: 'Maximum',
    description: 'Unresolved hours for which AWS has a quantity that this ledger never sent: another deployment or tool meters this product.',
  },
  METERING_CONFIGURATION_ERRORS: {
    name: 'MeteringConfigurationErrors',
    unit: 'Count',
    statistic: 'Sum',
    description: 'Metering calls that AWS refused because of configuration: disabled API, denied access, or wrong product code.',
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
    description: 'Late amounts of usage that were carried into a later hour.',
  },
  OLDEST_PENDING_USAGE_AGE: {
    name: 'OldestPendingUsageAge',
    unit: 'Seconds',
    statistic: 'Maximum',
    description: 'Seconds since the end of the oldest closed hour that has usage without an outcome. AWS accepts usage for 24 hours.',
  },
  USAGE_WAITING_FOR_UNKNOWN_LICENSE: {
    name: 'UsageWaitingForUnknownLicense',
    unit: 'Count',
    statistic: 'Maximum',
    description: 'Closed hours of usage whose license AWS has not named: the app reports usage of a license that no buyer has.',
  },
  RECONCILIATION_RUNS: {
    name: 'ReconciliationRuns',
    unit: 'Count',
    statistic: 'Sum',
    description: 'Runs of reconciliation that reached their end.',
  },
  REGISTRATIONS_STARTED: {
    name: 'RegistrationsStarted',
    unit: 'Count',
    statistic: 'Sum',
    description: 'Buyers who came from AWS Marketplace with a token that it took: so many could register.',
  },
  REGISTRATION_TOKENS_EXPIRED: {
    name: 'RegistrationTokensExpired',
    unit: 'Count',
    statistic: 'Sum',
    description: 'Tokens that AWS Marketplace refused as expired: these buyers are asked to start again.',
  },
  REGISTRATION_TOKENS_INVALID: {
    name: 'RegistrationTokensInvalid',
    unit: 'Count',
    statistic: 'Sum',
    description: 'Tokens that AWS Marketplace does not know: made up, or of a product of another seller account.',
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
    description: 'Registration requests that failed for a reason on our side or on AWS\'s.',
  },
  SUBSCRIPTIONS_STUCK_PENDING: {
    name: 'SubscriptionsStuckPending',
    unit: 'Count',
    statistic: 'Maximum',
    description: 'Subscriptions that were registered over an hour ago and have no License Updated event.',
  },
  SUBSCRIPTIONS_UNREGISTERED: {
    name: 'SubscriptionsUnregistered',
    unit: 'Count',
    statistic: 'Sum',
    description: 'Subscriptions whose buyer has not registered a day after the activation; each is counted once.',
  },
  SUBSCRIPTIONS_REBUILT: {
    name: 'SubscriptionsRebuilt',
    unit: 'Count',
    statistic: 'Sum',
    description: 'Agreements of which a rebuild recorded what was missing, from AWS\'s own records.',
  },
  SUBSCRIPTIONS_REPAIRED: {
    name: 'SubscriptionsRepaired',
    unit: 'Count',
    statistic: 'Sum',
    description: 'Agreements of which reconciliation recorded what lost events would have reported, from AWS\'s own records.',
  },
  AGREEMENT_READS_FAILED: {
    name: 'AgreementReadsFailed',
    unit: 'Count',
    statistic: 'Sum',
    description: 'Reads of the Agreement API that reconciliation was denied or that failed; until one succeeds, lost events are not repaired.',
  },
  ENTITLEMENT_READS_FAILED: {
    name: 'EntitlementReadsFailed',
    unit: 'Count',
    statistic: 'Sum',
    description: 'Checks of a contract to which GetEntitlements gave no complete answer; what is known stays, and AWS is asked again.',
  },
  ENTITLEMENTS_REPAIRED: {
    name: 'EntitlementsRepaired',
    unit: 'Count',
    statistic: 'Sum',
    description: 'Changes of entitlements that reconciliation found, because their event was lost, or came before AWS showed the change.',
  },
  OUTBOX_BACKLOG: {
    name: 'OutboxBacklog',
    unit: 'Count',
    statistic: 'Maximum',
    description: 'Domain events that have waited for over 15 minutes to be published.',
  },
  UNKNOWN_AGREEMENT_EVENTS: {
    name: 'UnknownAgreementEvents',
    unit: 'Count',
    statistic: 'Sum',
    description: 'AWS Marketplace events with a detail-type that this release does not know.',
  },
  ADVISORIES_ISSUED: {
    name: 'AdvisoriesIssued',
    unit: 'Count',
    statistic: 'Sum',
    description: 'Advisories of AWS about accounts of buyers: suspected fraud, abuse or compromise.',
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>;

/** Keys and indexes of the tables. Stored data depends on them, so they never change. All keys are strings. */
export const Keys = { PK: 'pk', SK: 'sk', TTL: 'expiresAt' } as const;

export interface IndexConfig {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey: string;
}

/** Indexes of the table of subscriptions and agreements. */
export const SubscriptionIndex: Readonly<Record<'OUTBOX' | 'BY_ACCOUNT' | 'BY_STATUS', IndexConfig>> = {
  /** Sparse: items with domain events that are not published yet. */
  OUTBOX: { name: 'outbox', partitionKey: 'outboxShard', sortKey: 'outboxAt' },
  /** All subscriptions of one buyer account. */
  BY_ACCOUNT: { name: 'byAccount', partitionKey: 'customerAwsAccountId', sortKey: 'pk' },
  /** Subscriptions by status. `statusAt` is when the final window ends, and for other statuses since when they have it. */
  BY_STATUS: { name: 'byStatus', partitionKey: 'status', sortKey: 'statusAt' },
};

/** Indexes of the table of registrations, by which the data of one buyer is found. */
export const RegistrationIndex: Readonly<Record<'OUTBOX' | 'BY_ACCOUNT' | 'BY_EMAIL', IndexConfig>> = {
  /** Sparse: items with domain events that are not published yet. */
  OUTBOX: { name: 'outbox', partitionKey: 'outboxShard', sortKey: 'outboxAt' },
  /** All registrations of one buyer account. */
  BY_ACCOUNT: { name: 'byAccount', partitionKey: 'customerAwsAccountId', sortKey: 'pk' },
  /** All registrations with one e-mail address, by its hash: keys show up in logs of AWS's, where no address belongs. */
  BY_EMAIL: { name: 'byEmail', partitionKey: 'emailHash', sortKey: 'pk' },
};

/** Indexes of the ledger, which has one partition per bucket (license, dimension, hour). */
export const UsageIndex: Readonly<Record<'OUTBOX' | 'DUE' | 'DUE_BY_LICENSE' | 'ATTENTION', IndexConfig>> = {
  /** Sparse: items with domain events (rejections, unresolved hours) that are not published yet. */
  OUTBOX: { name: 'outbox', partitionKey: 'outboxShard', sortKey: 'outboxAt' },
  /** Sparse: META items of buckets that metering has to process, oldest first. */
  DUE: { name: 'due', partitionKey: 'dueShard', sortKey: 'dueAt' },
  /** The same by license, so that an ending license is flushed before the others. */
  DUE_BY_LICENSE: { name: 'dueByLicense', partitionKey: 'dueLicense', sortKey: 'dueAt' },
  /** Sparse: rejected records and unresolved hours, which a person may have to look at. The partition begins with which of them. */
  ATTENTION: { name: 'attentionByShard', partitionKey: 'attentionShard', sortKey: 'attentionAt' },
};

/** Partitions of the outbox, due and attention indexes, because one index partition accepts 1,000 writes a second. */
export const INDEX_SHARDS = 4;

/** Seconds after License Deprovisioned in which AWS accepts the last usage (docs/marketplace-facts.md#f-3-7). */
export const FINAL_WINDOW_SECONDS = 3600;
