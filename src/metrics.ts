/*
 * The catalogue of CloudWatch metrics: constructs, handlers, the dashboard and docs/metrics.md read it. Like `names.ts`, through which
 * others import it, it imports nothing.
 */

/** CloudWatch namespace of all metrics of this library. */
export const METRIC_NAMESPACE = 'MarketplaceSaas';

/** Name of the CloudWatch dimension whose value is INTEGRATION_ID. */
export const METRIC_DIMENSION = 'Integration';

/** Titles of the dashboard's graphs. */
export type MetricGraph =
  'Buyers who register' | 'Subscriptions' | 'AWS Marketplace' | 'Events to the app' | 'Entitlements' |
  'Usage' | 'Sent to AWS Marketplace' | 'Hours for a person to look at' | 'Ages in seconds';

/** A CloudWatch metric: what handlers write, constructs read, and the docs list. */
export interface MetricDefinition {
  readonly name: string;
  readonly unit: 'Count' | 'Seconds';
  /** How the values of one period are combined: a sum of events, or the maximum of a gauge. */
  readonly statistic: 'Sum' | 'Maximum';
  /** Title of the dashboard's graph that shows it. */
  readonly graph: MetricGraph;
  /** What it counts, in one sentence; docs/metrics.md and the docstrings have the same. */
  readonly description: string;
}

/** Every metric of this library. */
export const METRICS = {
  USAGE_RECORDS_ACCEPTED: {
    name: 'UsageRecordsAccepted',
    unit: 'Count',
    statistic: 'Sum',
    graph: 'Usage',
    description: 'Usage records that intake accepted.',
  },
  USAGE_RECORDS_REJECTED: {
    name: 'UsageRecordsRejected',
    unit: 'Count',
    statistic: 'Sum',
    graph: 'Usage',
    description: 'Usage records, or amounts of usage, that will not be billed; each has a stored reason.',
  },
  METERING_RECORDS_ACCEPTED: {
    name: 'MeteringRecordsAccepted',
    unit: 'Count',
    statistic: 'Sum',
    graph: 'Sent to AWS Marketplace',
    description: 'Metering records that AWS Marketplace accepted.',
  },
  METERING_RECORDS_NOT_ACCEPTED: {
    name: 'MeteringRecordsNotAccepted',
    unit: 'Count',
    statistic: 'Sum',
    graph: 'Sent to AWS Marketplace',
    description: 'Metering records that were not accepted and will be sent again: license not subscribed yet, unprocessed, or throttled.',
  },
  METERING_RECORDS_UNRESOLVED: {
    name: 'MeteringRecordsUnresolved',
    unit: 'Count',
    statistic: 'Maximum',
    graph: 'Hours for a person to look at',
    description: 'Hours whose outcome at AWS is unknown, until a person settles them from CloudTrail.',
  },
  METERING_CONFLICTS: {
    name: 'MeteringConflicts',
    unit: 'Count',
    statistic: 'Maximum',
    graph: 'Hours for a person to look at',
    description: 'Unresolved hours for which AWS has a quantity that this ledger did not send, or is not known to have sent: another deployment or tool may meter this product.',
  },
  METERING_CONFIGURATION_ERRORS: {
    name: 'MeteringConfigurationErrors',
    unit: 'Count',
    statistic: 'Sum',
    graph: 'Sent to AWS Marketplace',
    description: 'Metering calls that AWS refused because of configuration: disabled API, denied access, or wrong product code.',
  },
  METERING_RUNS: {
    name: 'MeteringRuns',
    unit: 'Count',
    statistic: 'Sum',
    graph: 'Sent to AWS Marketplace',
    description: 'Runs of metering that reached their end, those with nothing to send included.',
  },
  USAGE_CARRIED_FORWARD: {
    name: 'UsageCarriedForward',
    unit: 'Count',
    statistic: 'Sum',
    graph: 'Usage',
    description: 'Late amounts of usage that were carried into a later hour.',
  },
  OLDEST_PENDING_USAGE_AGE: {
    name: 'OldestPendingUsageAge',
    unit: 'Seconds',
    statistic: 'Maximum',
    graph: 'Ages in seconds',
    description: 'Seconds since the end of the oldest closed hour that has usage without an outcome. AWS accepts usage for 24 hours.',
  },
  USAGE_WAITING_FOR_UNKNOWN_LICENSE: {
    name: 'UsageWaitingForUnknownLicense',
    unit: 'Count',
    statistic: 'Maximum',
    graph: 'Hours for a person to look at',
    description: 'Closed hours of usage whose license AWS has not named: the app reports usage of a license that no buyer has.',
  },
  RECONCILIATION_RUNS: {
    name: 'ReconciliationRuns',
    unit: 'Count',
    statistic: 'Sum',
    graph: 'Events to the app',
    description: 'Runs of reconciliation that reached their end.',
  },
  REGISTRATIONS_STARTED: {
    name: 'RegistrationsStarted',
    unit: 'Count',
    statistic: 'Sum',
    graph: 'Buyers who register',
    description: 'Buyers who came from AWS Marketplace with a token that it took: so many could register.',
  },
  REGISTRATION_TOKENS_EXPIRED: {
    name: 'RegistrationTokensExpired',
    unit: 'Count',
    statistic: 'Sum',
    graph: 'Buyers who register',
    description: 'Tokens that AWS Marketplace refused as expired: these buyers are asked to start again.',
  },
  REGISTRATION_TOKENS_INVALID: {
    name: 'RegistrationTokensInvalid',
    unit: 'Count',
    statistic: 'Sum',
    graph: 'Buyers who register',
    description: 'Tokens that AWS Marketplace does not know: made up, or of a product of another seller account.',
  },
  BUYERS_REGISTERED: {
    name: 'BuyersRegistered',
    unit: 'Count',
    statistic: 'Sum',
    graph: 'Buyers who register',
    description: 'Buyers who completed registration.',
  },
  WELCOME_EMAILS_SENT: {
    name: 'WelcomeEmailsSent',
    unit: 'Count',
    statistic: 'Sum',
    graph: 'Buyers who register',
    description: 'Welcome e-mails to buyers that Amazon SES took.',
  },
  WELCOME_EMAILS_REFUSED: {
    name: 'WelcomeEmailsRefused',
    unit: 'Count',
    statistic: 'Sum',
    graph: 'Buyers who register',
    description: 'Welcome e-mails that were not sent: Amazon SES refused the address, or the buyer entered too many.',
  },
  BUYER_EMAILS_CONFIRMED: {
    name: 'BuyerEmailsConfirmed',
    unit: 'Count',
    statistic: 'Sum',
    graph: 'Buyers who register',
    description: 'Buyers who confirmed their e-mail address by the link in the welcome e-mail.',
  },
  REGISTRATION_FAILURES: {
    name: 'RegistrationFailures',
    unit: 'Count',
    statistic: 'Sum',
    graph: 'Buyers who register',
    description: 'Registration requests that failed for a reason on our side or on AWS\'s.',
  },
  SUBSCRIPTIONS_STUCK_PENDING: {
    name: 'SubscriptionsStuckPending',
    unit: 'Count',
    statistic: 'Maximum',
    graph: 'Subscriptions',
    description: 'Subscriptions that were registered over an hour ago and have no License Updated event.',
  },
  SUBSCRIPTIONS_UNREGISTERED: {
    name: 'SubscriptionsUnregistered',
    unit: 'Count',
    statistic: 'Sum',
    graph: 'Buyers who register',
    description: 'Subscriptions whose buyer has not registered a day after the activation; each is counted once.',
  },
  SUBSCRIPTIONS_REBUILT: {
    name: 'SubscriptionsRebuilt',
    unit: 'Count',
    statistic: 'Sum',
    graph: 'Subscriptions',
    description: 'Agreements of which a rebuild recorded what was missing, from AWS\'s own records.',
  },
  SUBSCRIPTIONS_REPAIRED: {
    name: 'SubscriptionsRepaired',
    unit: 'Count',
    statistic: 'Sum',
    graph: 'Subscriptions',
    description: 'Agreements of which reconciliation recorded what lost events would have reported, from AWS\'s own records.',
  },
  AGREEMENT_READS_FAILED: {
    name: 'AgreementReadsFailed',
    unit: 'Count',
    statistic: 'Sum',
    graph: 'AWS Marketplace',
    description: 'Reads of the Agreement API that reconciliation was denied or that failed; until one succeeds, lost events are not repaired.',
  },
  ENTITLEMENT_READS_FAILED: {
    name: 'EntitlementReadsFailed',
    unit: 'Count',
    statistic: 'Sum',
    graph: 'Entitlements',
    description: 'Checks of a contract to which GetEntitlements gave no complete answer; what is known stays, and AWS is asked again.',
  },
  ENTITLEMENTS_REPAIRED: {
    name: 'EntitlementsRepaired',
    unit: 'Count',
    statistic: 'Sum',
    graph: 'Entitlements',
    description: 'Changes of entitlements that reconciliation found, because their event was lost, or came before AWS showed the change.',
  },
  OUTBOX_BACKLOG: {
    name: 'OutboxBacklog',
    unit: 'Count',
    statistic: 'Maximum',
    graph: 'Events to the app',
    description: 'Domain events that have waited for over 15 minutes to be published.',
  },
  UNKNOWN_AGREEMENT_EVENTS: {
    name: 'UnknownAgreementEvents',
    unit: 'Count',
    statistic: 'Sum',
    graph: 'AWS Marketplace',
    description: 'AWS Marketplace events with a detail-type that this release does not know.',
  },
  ADVISORIES_ISSUED: {
    name: 'AdvisoriesIssued',
    unit: 'Count',
    statistic: 'Sum',
    graph: 'AWS Marketplace',
    description: 'Advisories of AWS about accounts of buyers: suspected fraud, abuse or compromise.',
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>;
