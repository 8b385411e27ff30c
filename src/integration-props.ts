import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { AgreementEventSource } from './agreement-event-source';
import { AlarmActionOptions } from './alarm-actions';
import { Dimension } from './dimension';
import { ExistingTables } from './existing-tables';
import { HandlerOptions } from './handler-options';
import { MeteringOptions } from './metering-options';
import { NotificationTopics } from './notification-topics';
import { AgreementMode, SaasPricingModel } from './pricing';
import { Registration } from './registration';
import { RegistrationDomain } from './registration-domain';
import { RegistrationNotice } from './registration-notice';
import { RegistrationThrottling } from './registration-throttling';
import { RegistrationWebAcl } from './registration-web-acl';
import { SellerAccess } from './seller-access';

/**
 * Properties of a SaaS integration.
 *
 * @example
 * const integrationProps: MarketplaceSaasIntegrationProps = {
 *   productCode: '4ml54db8vrmjuykaw1psroool',
 *   pricingModel: SaasPricingModel.SUBSCRIPTION,
 *   dimensions: [Dimension.metered('ApiCalls')],
 *   registration: Registration.hostedPage({ productName: 'Acme Backup', supportEmail: 'support@example.com' }),
 *   alarmActions: [new actions.SnsAction(topic)],
 *   logRetention: logs.RetentionDays.TWO_YEARS,
 * };
 */
export interface MarketplaceSaasIntegrationProps extends MeteringOptions, AlarmActionOptions {
  /**
   * Product code of the listing: lower-case letters and digits, 25 in practice. Not the product id (`prod-…`). A token is
   * fine, because the listing asks for a fulfillment URL before the code is final.
   */
  readonly productCode: string;

  /** How the product is priced. */
  readonly pricingModel: SaasPricingModel;

  /**
   * The pricing dimensions of the listing. A subscription needs at least one, all of them metered; those of a contract are all
   * entitled; a contract with consumption has both kinds, and needs at least one that is metered.
   */
  readonly dimensions: Dimension[];

  /**
   * How AWS Marketplace identifies the buyers.
   *
   * @default AgreementMode.CONCURRENT
   */
  readonly agreementMode?: AgreementMode;

  /**
   * Where AWS Marketplace has the SNS topics of the product; only with `AgreementMode.LEGACY` or
   * `AgreementMode.MIGRATING`, and where this stack itself subscribes to them: not with a bus as `agreementEvents`.
   *
   * @default - AWS Marketplace's account, in us-east-1
   */
  readonly notificationTopics?: NotificationTopics;

  /**
   * How the handlers call AWS Marketplace as the seller account, the only one that it answers.
   *
   * @default SellerAccess.sameAccount()
   */
  readonly sellerAccess?: SellerAccess;

  /**
   * The event bus from which the integration takes AWS Marketplace's agreement events. With `AgreementMode.LEGACY`, a bus of its
   * own takes the notifications that you forward (docs/legacy-products.md); without one, this stack subscribes to the topics itself.
   *
   * @default AgreementEventSource.defaultBus()
   */
  readonly agreementEvents?: AgreementEventSource;

  /**
   * Where a buyer signs up.
   *
   * @default Registration.hostedPage()
   */
  readonly registration?: Registration;

  /**
   * A domain of yours for the fulfillment URL, which the listing can keep whatever becomes of the stack. The API has no other
   * address then, so give it before the first buyer comes, or enter the new `registrationUrl` in the listing at once.
   *
   * @default - the address of the API itself, which changes when the API is created again
   */
  readonly registrationDomain?: RegistrationDomain;

  /**
   * How many requests the registration page takes: a flood of them must leave executions for metering.
   *
   * @default - 10 requests a second with bursts of 20, and executions that all functions of the account share
   */
  readonly registrationThrottling?: RegistrationThrottling;

  /**
   * Messages to your team about each buyer who has registered, by SNS, e-mail or webhook: at most 5 topics and webhooks, all e-mail addresses
   * together counting as one.
   *
   * @default - none; the event `Buyer Registered` is there in any case
   */
  readonly registrationNotices?: RegistrationNotice[];

  /**
   * How long what a buyer entered on the hosted page is kept, counted from when the buyer sent it: 1 day to 3,650 days. Long
   * enough for your app to have copied what it needs. DynamoDB deletes within days after that.
   *
   * @default - until you delete it: see `grantManageBuyerData`
   */
  readonly buyerDataRetention?: Duration;

  /**
   * The web ACL in front of the registration API.
   *
   * @default RegistrationWebAcl.managed()
   */
  readonly webAcl?: RegistrationWebAcl;

  /**
   * Event bus on which the integration publishes domain events to the app. Several integrations may share one.
   *
   * @default - a new bus for this integration
   */
  readonly eventBus?: events.IEventBus;

  /**
   * KMS key for tables, queues, log groups, and the event bus unless you give one. The key policy of an imported key must let
   * EventBridge (`events.amazonaws.com`: kms:Decrypt, kms:GenerateDataKey, kms:DescribeKey) and CloudWatch Logs
   * (`logs.<region>.amazonaws.com`: kms:Encrypt, kms:Decrypt, kms:ReEncrypt*, kms:GenerateDataKey*, kms:Describe*) use it.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   * @default - keys that AWS manages
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Whether there is a CloudWatch dashboard: buyers, subscriptions, usage, the ledger, ages, dead letters and alarms.
   *
   * @see https://aws.amazon.com/cloudwatch/pricing/
   * @default false
   */
  readonly dashboard?: boolean;

  /**
   * Network, architecture, tracing, log level and memory of all functions.
   *
   * @default - functions for ARM, without a VPC and without tracing
   */
  readonly handlerOptions?: HandlerOptions;

  /**
   * Tables to use in place of new ones, so that no subscription and no usage is lost with a stack that was deleted, renamed
   * or moved, or with a table that was restored. The stack does not manage them: `removalPolicy` does not apply, and with a
   * customer key for them `encryptionKey` must be that key.
   *
   * @default - new tables
   */
  readonly existingTables?: ExistingTables;

  /**
   * What CloudFormation does with tables, queues and logs that are no longer in the stack. Unless this is DESTROY, tables
   * also have deletion protection. RETAIN keeps queues and logs too, except those that a failed deployment has just created.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * How long logs are kept. AWS asks sellers to keep audit logs for at least a year.
   *
   * @default RetentionDays.ONE_YEAR
   */
  readonly logRetention?: logs.RetentionDays;
}
