/*
 * Names shared by the constructs (`src`), the handlers (`lambda`) and, through template metadata, the sandbox.
 * This module imports nothing but the catalogue of metrics. It is not part of the public jsii API: `src/index.ts` does not export it.
 */

export * from './metrics';

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
  /** Region of ResolveCustomer, GetEntitlements, SearchAgreements, DescribeAgreement and GetAgreementTerms. */
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
  /** Of the function in the seller account that forwards notifications. */
  WORKLOAD_EVENT_BUS_ARN: 'WORKLOAD_EVENT_BUS_ARN',
  /** The fulfillment URL, with a slash at its end. */
  REGISTRATION_URL: 'REGISTRATION_URL',
  /** Name of a configuration set of SES; absent: that of the identity. */
  EMAIL_CONFIGURATION_SET: 'EMAIL_CONFIGURATION_SET',
  /** JSON: ARNs of SNS topics that get what buyers entered. */
  CONTACT_TOPICS: 'CONTACT_TOPICS',
  /** Value of the CloudWatch dimension, different for each integration. */
  INTEGRATION_ID: 'INTEGRATION_ID',
} as const;

/** Usage of a metered dimension is billed only as far as it exceeds an entitlement. */
export interface OverageConfig {
  /** The entitled dimension. */
  readonly of: string;
  /** For how long an entitlement lasts before it begins anew: a value of OveragePeriod. */
  readonly per: 'HOUR' | 'MONTH' | 'CONTRACT';
}

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
  /** Absent: all usage is billed. */
  readonly overage?: OverageConfig;
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
  /** The e-mail to a buyer who has sent the form; absent: none. */
  readonly welcomeEmail?: WelcomeEmailConfig;
  /** How long what a buyer entered is kept; absent: until it is deleted. */
  readonly buyerDataRetentionSeconds?: number;
  /** First part of the path below a domain that other APIs share; absent: the API has its host for itself. */
  readonly basePath?: string;
}

/** Texts are the seller's, in English. */
export interface WelcomeEmailConfig extends WelcomeEmailWordsConfig {
  /** An address, or a name and an address in angle brackets. */
  readonly sender: string;
  readonly replyTo?: string;
  /** The e-mail has a link by which the buyer confirms the address. */
  readonly confirmAddress?: boolean;
}

export interface WelcomeEmailWordsConfig {
  readonly subject?: string;
  readonly paragraphs?: readonly string[];
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
  readonly welcomeEmail?: WelcomeEmailWordsConfig;
}

/** Where the pages in dark and light mode have their colors from; contrast of an accent color is computed on these. */
export const PAGE_COLORS = { light: { page: '#f5f6f8', card: '#ffffff' }, dark: { page: '#0e0f13', card: '#191b22' } } as const;

/** `source` of every domain event. */
export const EVENT_SOURCE = 'marketplace-saas';

/** `detail-type` of the domain events on the integration's event bus. */
export const DetailType = {
  BUYER_REGISTERED: 'Buyer Registered',
  BUYER_EMAIL_ENTERED: 'Buyer Email Entered',
  BUYER_EMAIL_CONFIRMED: 'Buyer Email Confirmed',
  SUBSCRIPTION_ACTIVATED: 'Subscription Activated',
  SUBSCRIPTION_UPDATED: 'Subscription Updated',
  ENTITLEMENT_CHANGED: 'Entitlement Changed',
  SUBSCRIPTION_ENDING: 'Subscription Ending',
  SUBSCRIPTION_ENDED: 'Subscription Ended',
  ADVISORY_ISSUED: 'Advisory Issued',
  ADVISORY_RESOLVED: 'Advisory Resolved',
  AGREEMENT_NOTICE: 'Agreement Notice',
  FREE_TRIAL_STARTED: 'Free Trial Started',
  FREE_TRIAL_CONVERTED: 'Free Trial Converted',
  FREE_TRIAL_LAPSED: 'Free Trial Lapsed',
  USAGE_REJECTED: 'Usage Rejected',
  USAGE_UNRESOLVED: 'Usage Unresolved',
} as const;

/** `source` of AWS Marketplace's own events (docs/marketplace-facts.md#f-3-1). */
export const AGREEMENT_EVENT_SOURCE = 'aws.agreement-marketplace';

/** `detail-type` of a notification of AWS Marketplace that was forwarded from the seller account; its `detail` is SNS's envelope. */
export const FORWARDED_NOTIFICATION = 'AWS Marketplace Notification';

/** Keys and indexes of the tables. Stored data depends on them, so they never change. All keys are strings. */
export const Keys = { PK: 'pk', SK: 'sk', TTL: 'expiresAt' } as const;

export interface IndexConfig {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey: string;
  /** What an item has in the index beside the keys; absent: all attributes. */
  readonly attributes?: readonly string[];
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
  /**
   * Sparse: rejected records and unresolved hours, which a person may have to look at. The partition begins with which of them. Without the
   * original of a record, which may have 100,000 characters: its key finds it in the table.
   */
  ATTENTION: {
    name: 'attentionSummary',
    partitionKey: 'attentionShard',
    sortKey: 'attentionAt',
    attributes: ['licenseId', 'dimension', 'hour', 'quantity', 'amount', 'reason', 'message'],
  },
};

/** Partitions of the outbox, due and attention indexes, because one index partition accepts 1,000 writes a second. */
export const INDEX_SHARDS = 4;

/** Seconds after License Deprovisioned in which AWS accepts the last usage (docs/marketplace-facts.md#f-3-7). */
export const FINAL_WINDOW_SECONDS = 3600;
