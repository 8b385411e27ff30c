import { RemovalPolicy } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { AgreementEventSource } from './agreement-event-source';
import { Dimension } from './dimension';
import { MeteringOptions } from './metering-options';
import { AgreementMode, SaasPricingModel } from './pricing';
import { Registration } from './registration';
import { RegistrationWebAcl } from './registration-web-acl';
import { SellerAccess } from './seller-access';

/** Properties of a SaaS integration. */
export interface MarketplaceSaasIntegrationProps extends MeteringOptions {
  /**
   * Product code of the listing: lower-case letters and digits, 25 in practice. Not the product id (`prod-…`). A token is
   * fine: the listing asks for a fulfillment URL before the code is final.
   */
  readonly productCode: string;

  /** How the product is priced. */
  readonly pricingModel: SaasPricingModel;

  /** The pricing dimensions of the listing. A subscription needs at least one, all of them metered. */
  readonly dimensions: Dimension[];

  /**
   * How AWS Marketplace identifies the buyers.
   *
   * @default AgreementMode.CONCURRENT
   */
  readonly agreementMode?: AgreementMode;

  /**
   * How the handlers come to act as the seller account, the only one AWS Marketplace answers.
   *
   * @default SellerAccess.sameAccount()
   */
  readonly sellerAccess?: SellerAccess;

  /**
   * Where AWS Marketplace's agreement events are found.
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
   * The web ACL in front of the registration API.
   *
   * @default RegistrationWebAcl.managed()
   */
  readonly webAcl?: RegistrationWebAcl;

  /**
   * Bus for the domain events to the app. Several integrations may share one.
   *
   * @default - a bus of its own
   */
  readonly eventBus?: events.IEventBus;

  /**
   * What alarms do.
   *
   * @default - alarms change their state only
   */
  readonly alarmActions?: cloudwatch.IAlarmAction[];

  /**
   * KMS key for tables and queues. The key policy of an imported key must let EventBridge use it
   * (`events.amazonaws.com`: kms:Decrypt, kms:GenerateDataKey) so that events reach the queues.
   *
   * @default - keys that AWS manages
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What happens to tables, queues and logs that are no longer in the stack. Tables are protected from deletion too,
   * unless this is DESTROY.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * How long logs are kept. AWS asks sellers to keep audit logs for a year at least.
   *
   * @default RetentionDays.ONE_YEAR
   */
  readonly logRetention?: logs.RetentionDays;
}
