import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { IConstruct } from 'constructs';
import { DomainEventOptions } from './domain-event-options';

/**
 * An integration of this app, or of another one: what an app needs that reports usage, reads subscriptions and reacts to events.
 *
 * @example
 * class AppStack extends Stack {
 *   constructor(scope: Construct, id: string, integration: IMarketplaceSaasIntegration, usageReporter: iam.IRole) {
 *     super(scope, id);
 *     integration.grantReportUsage(usageReporter);
 *   }
 * }
 */
export interface IMarketplaceSaasIntegration extends IConstruct {
  /** Value of the CloudWatch dimension `Integration` on all metrics of this integration. */
  readonly integrationId: string;

  /** The event bus on which the integration publishes domain events. */
  readonly eventBus: events.IEventBus;

  /** Subscriptions and agreements. Releases may add attributes; never write to it. */
  readonly subscriptionsTable: dynamodb.ITableV2;

  /**
   * The queue to which the app sends usage records: see `grantReportUsage`.
   *
   * @throws Error for a product whose usage is not metered
   */
  readonly usageQueue: sqs.IQueue;

  /**
   * ARN of the function that accepts usage records by direct invocation: see `grantInvokeIntake`.
   *
   * @throws Error for a product whose usage is not metered
   */
  readonly usageIntakeFunctionArn: string;

  /** ARN of the function that redeems the one-time codes of the seller's own sign-up page: see `grantClaimRegistration`. */
  readonly registrationFunctionArn: string;

  /** ARN of the function that exports and deletes what one buyer entered: see `grantManageBuyerData`. */
  readonly buyerDataFunctionArn: string;

  /** ARN of the function that rebuilds subscriptions from AWS's records: see `grantInvokeReconciliation`. */
  readonly reconciliationFunctionArn: string;

  /**
   * Lets the app send usage records to `usageQueue`.
   *
   * @param grantee the app
   */
  grantReportUsage(grantee: iam.IGrantable): iam.Grant;

  /**
   * Lets the app invoke the function that accepts usage, which answers for each record.
   *
   * @param grantee the app
   */
  grantInvokeIntake(grantee: iam.IGrantable): iam.Grant;

  /**
   * Lets an operator rebuild subscriptions from AWS's records.
   *
   * @param grantee the role of those who operate the product
   */
  grantInvokeReconciliation(grantee: iam.IGrantable): iam.Grant;

  /**
   * Lets the app read subscriptions: items by key, and queries by status and by buyer account.
   *
   * @param grantee the app
   */
  grantReadSubscriptions(grantee: iam.IGrantable): iam.Grant;

  /**
   * Lets the seller's backend redeem the one-time codes of its own sign-up page.
   *
   * @param grantee the seller's backend
   */
  grantClaimRegistration(grantee: iam.IGrantable): iam.Grant;

  /**
   * Lets someone export and delete what buyers entered.
   *
   * @param grantee the role of those who answer requests of buyers about their data
   */
  grantManageBuyerData(grantee: iam.IGrantable): iam.Grant;

  /** A buyer completed registration. */
  onBuyerRegistered(id: string, options?: DomainEventOptions): events.Rule;

  /** A subscription became active: provision it, and report its usage from now on. */
  onSubscriptionActivated(id: string, options?: DomainEventOptions): events.Rule;

  /** An active subscription changed, such as its agreement. */
  onSubscriptionUpdated(id: string, options?: DomainEventOptions): events.Rule;

  /**
   * What a buyer of a contract is entitled to has changed: bought, upgraded, downgraded, renewed, or ended. The detail has each
   * dimension before and after, and the difference.
   *
   * @throws Error for a pricing model without entitlements, whose rule would never match
   */
  onEntitlementChanged(id: string, options?: DomainEventOptions): events.Rule;

  /** A subscription ends: report the usage that you have not sent yet within `finalUsageGrace`. */
  onSubscriptionEnding(id: string, options?: DomainEventOptions): events.Rule;

  /** A subscription has ended, its final hour included: deprovision it. */
  onSubscriptionEnded(id: string, options?: DomainEventOptions): events.Rule;

  /**
   * AWS suspects fraud, abuse or compromise of a buyer's account. The subscription stays active, and whether the buyer keeps
   * access is your decision.
   */
  onAdvisoryIssued(id: string, options?: DomainEventOptions): events.Rule;

  /** AWS has resolved an advisory. */
  onAdvisoryResolved(id: string, options?: DomainEventOptions): events.Rule;

  /**
   * AWS Marketplace announced something about an agreement: its renewal, a request to cancel it, a billing adjustment, a spend
   * threshold. The subscription stays what it is.
   */
  onAgreementNotice(id: string, options?: DomainEventOptions): events.Rule;

  /**
   * Usage will not be billed; the detail has the reason.
   *
   * @throws Error for a product whose usage is not metered, whose rule would never match
   */
  onUsageRejected(id: string, options?: DomainEventOptions): events.Rule;

  /**
   * It is unknown whether AWS took an hour of usage; a person settles it from CloudTrail.
   *
   * @throws Error for a product whose usage is not metered, whose rule would never match
   */
  onUsageUnresolved(id: string, options?: DomainEventOptions): events.Rule;

  /** A metric of this integration, by name. */
  metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Usage records that intake accepted. */
  metricUsageRecordsAccepted(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Usage records, or amounts of usage, that will not be billed; each has a stored reason. */
  metricUsageRecordsRejected(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Metering records that AWS Marketplace accepted. */
  metricMeteringRecordsAccepted(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Metering records that were not accepted and will be sent again: license not subscribed yet, unprocessed, or throttled. */
  metricMeteringRecordsHeld(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Hours whose outcome at AWS is unknown, until a person settles them from CloudTrail. */
  metricMeteringRecordsUnresolved(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Unresolved hours for which AWS has a quantity that this ledger never sent: another deployment or tool meters this product. */
  metricMeteringConflicts(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Metering calls that AWS refused because of configuration: disabled API, denied access, or wrong product code. */
  metricMeteringConfigurationErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Runs of metering that reached their end, those with nothing to send included. */
  metricMeteringRuns(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Late amounts of usage that were carried into a later hour. */
  metricUsageCarriedForward(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Seconds since the end of the oldest closed hour that has usage without an outcome. AWS accepts usage for 24 hours. */
  metricOldestPendingUsageAge(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Closed hours of usage whose license AWS has not named: the app reports usage of a license that no buyer has. */
  metricUsageWaitingForUnknownLicense(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Runs of reconciliation that reached their end. */
  metricReconciliationRuns(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Buyers who completed registration. */
  metricBuyersRegistered(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Registration requests that failed for a reason on our side or on AWS's. */
  metricRegistrationFailures(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Subscriptions that were registered over an hour ago and have no License Updated event. */
  metricSubscriptionsStuckPending(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Subscriptions whose buyer has not registered a day after the activation; each is counted once. */
  metricSubscriptionsUnregistered(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Agreements of which a rebuild recorded what was missing, from AWS's own records. */
  metricSubscriptionsRebuilt(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Agreements of which reconciliation recorded what lost events would have reported, from AWS's own records. */
  metricSubscriptionsRepaired(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Reads of the Agreement API that reconciliation was denied or that failed; until one succeeds, lost events are not repaired. */
  metricAgreementReadsFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Checks of a contract to which GetEntitlements gave no complete answer; what is known stays, and AWS is asked again. */
  metricEntitlementReadsFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Changes of entitlements that reconciliation found, because their event was lost, or came before AWS showed the change. */
  metricEntitlementsRepaired(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Domain events that have waited for over 15 minutes to be published. */
  metricOutboxBacklog(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** AWS Marketplace events with a detail-type that this release does not know. */
  metricUnknownAgreementEvents(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Advisories of AWS about accounts of buyers: suspected fraud, abuse or compromise. */
  metricAdvisoriesIssued(options?: cloudwatch.MetricOptions): cloudwatch.Metric;
}
