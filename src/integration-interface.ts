import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { IConstruct } from 'constructs';
import { DomainEventOptions } from './domain-event-options';
import { IIntegrationMetrics } from './integration-metrics';

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
export interface IMarketplaceSaasIntegration extends IConstruct, IIntegrationMetrics {
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

  /** A buyer has sent the form of the hosted page with an e-mail address, or has corrected it. Only with a `welcomeEmail`. */
  onBuyerEmailEntered(id: string, options?: DomainEventOptions): events.Rule;

  /** A buyer has confirmed the e-mail address, by the link in the welcome e-mail. Only with a `welcomeEmail` that asks for it. */
  onBuyerEmailConfirmed(id: string, options?: DomainEventOptions): events.Rule;

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

  /** By the terms of its agreement, an active subscription is a free trial. Known some 15 minutes after the activation. */
  onFreeTrialStarted(id: string, options?: DomainEventOptions): events.Rule;

  /** The buyer stays after the free trial, and pays. Sent an hour after the end of the trial, or at a renewal before it. */
  onFreeTrialConverted(id: string, options?: DomainEventOptions): events.Rule;

  /** The subscription ended with its free trial, or before the end of the trial. */
  onFreeTrialLapsed(id: string, options?: DomainEventOptions): events.Rule;

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
}
