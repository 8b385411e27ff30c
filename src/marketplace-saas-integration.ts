import { Annotations, Names, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { AgreementEventSource } from './agreement-event-source';
import { IntegrationEvents } from './integration-events';
import { MarketplaceSaasIntegrationProps } from './integration-props';
import { ResourcePart, SubscriptionIndex } from './names';
import { Alarms } from './private/alarms';
import { FailedEvents } from './private/failed-events';
import { addIntegrationAlarms } from './private/integration-alarms';
import { IntegrationContext } from './private/integration-context';
import { tagForSandbox } from './private/metadata';
import { MeteringSettings, meteringSettings } from './private/metering-settings';
import { sellerOf, warnAboutNeighbors } from './private/neighbors';
import { checkPartition } from './private/partition';
import { AgreementEventsPart } from './private/parts/agreement-events';
import { BuyerDataPart } from './private/parts/buyer-data';
import { MeteringPart } from './private/parts/metering';
import { ReconciliationPart } from './private/parts/reconciliation';
import { RegistrationPart } from './private/parts/registration';
import { UsageIntakePart } from './private/parts/usage-intake';
import { hasEntitlements, hasMetering, Product, validProduct } from './private/product';
import { grantTable, Tables, tablesOf } from './private/tables';
import { checkBusIsHere, checkInstance, withPath } from './private/validate';
import { Registration } from './registration';
import { RegistrationWebAcl } from './registration-web-acl';
import { SellerAccess } from './seller-access';

interface MeteringParts {
  readonly intake: UsageIntakePart;
  readonly metering: MeteringPart;
  readonly table: dynamodb.ITableV2;
}

/**
 * Everything that a SaaS product needs to be sold on AWS Marketplace: registration of buyers, subscriptions that follow
 * AWS's events, metering by a ledger that neither loses nor double-bills a unit, and domain events to the app.
 *
 * Deploys in any region of the `aws` partition. AWS's events arrive in the us-east-1 default bus of the seller account only:
 * any other account or region needs `sellerAccess` and `agreementEvents`.
 *
 * @see https://docs.aws.amazon.com/marketplace/latest/userguide/saas-product-customer-setup.html
 * @example
 * const marketplace = new MarketplaceSaasIntegration(this, 'Marketplace', {
 *   productCode: '4ml54db8vrmjuykaw1psroool',
 *   pricingModel: SaasPricingModel.SUBSCRIPTION,
 *   dimensions: [Dimension.metered('ApiCalls'), Dimension.metered('StorageGb')],
 * });
 * api.addEnvironment('USAGE_QUEUE_URL', marketplace.usageQueue.queueUrl);
 * marketplace.grantReportUsage(api);
 * marketplace.onSubscriptionActivated('Provision', { target: new targets.LambdaFunction(provision) });
 * new CfnOutput(this, 'FulfillmentUrl', { value: marketplace.registrationUrl });
 */
export class MarketplaceSaasIntegration extends IntegrationEvents {
  public readonly integrationId: string;

  public readonly eventBus: events.IEventBus;

  /**
   * The fulfillment URL to enter in the listing: that of the API itself. With a domain of yours that leads to
   * `registrationApi`, enter the URL of the domain instead: this one changes when the API is created again.
   */
  public readonly registrationUrl: string;

  /**
   * The API behind the fulfillment URL. Give it a domain of yours, so that the listing has a URL that you can keep when the
   * stack is created again, renamed or moved.
   *
   * @example
   * const certificate = new acm.Certificate(this, 'Certificate', {
   *   domainName: 'marketplace.example.com',
   *   validation: acm.CertificateValidation.fromDns(),
   * });
   * marketplace.registrationApi.addDomainName('Domain', { domainName: 'marketplace.example.com', certificate: certificate });
   */
  public readonly registrationApi: apigateway.RestApi;

  /**
   * Completes what other functions left undone. A person invokes it to rebuild subscriptions from AWS's records: see
   * `grantInvokeReconciliation` and docs/recovery.md.
   */
  public readonly reconciliationFunction: lambda.IFunction;

  /** Redeems the one-time codes of the seller's own sign-up page: see `grantClaimRegistration`. */
  public readonly registrationFunction: lambda.IFunction;

  /** Exports and deletes what one buyer entered: see `grantManageBuyerData`. */
  public readonly buyerDataFunction: lambda.IFunction;

  /** Subscriptions and agreements. Releases may add attributes; never write to it. */
  public readonly subscriptionsTable: dynamodb.ITableV2;

  /** The registrations of buyers: the only table with personal data. */
  public readonly registrationsTable: dynamodb.ITableV2;

  /** All alarms of this integration. */
  public readonly alarms: cloudwatch.Alarm[];

  /** @internal */
  protected readonly _productCode: string;

  /** @internal */
  protected readonly _failedEvents: FailedEvents;

  private readonly tables: Tables;

  private readonly product: Product;

  /** Absent: the product's usage is not metered. */
  private readonly meteringParts?: MeteringParts;

  public constructor(scope: Construct, id: string, props: MarketplaceSaasIntegrationProps) {
    super(scope, id);
    const { product, metering } = withPath(this, () => this.checked(props));
    this.product = product;
    const sellerAccess = props.sellerAccess ?? SellerAccess.sameAccount();
    const agreementEvents = props.agreementEvents ?? AgreementEventSource.defaultBus();
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    const { encryptionKey } = props;
    if (hasMetering(product)) {
      warnAboutNeighbors(this, product, metering, sellerOf(this, sellerAccess._otherAccount(Stack.of(this).account)));
    }

    this._productCode = product.productCode;
    this.integrationId = Names.uniqueResourceName(this, { maxLength: 64, separator: '-' });
    this.eventBus = props.eventBus ?? new events.EventBus(this, 'EventBus', {
      // The name that CDK gives lacks the name of the stack, so a second stack of the same app would collide.
      eventBusName: this.integrationId,
      description: 'Domain events of an AWS Marketplace SaaS integration',
    });
    tagForSandbox(this.eventBus, ResourcePart.EVENT_BUS);
    const { existingTables } = props;
    const tables = this.tables = withPath(this, () => tablesOf(this, { product, encryptionKey, removalPolicy, existingTables }));
    const alarms = new Alarms(this, 'Alarms', props.alarmActions ?? []);
    this._failedEvents = new FailedEvents({ encryptionKey, removalPolicy }, alarms);
    const context: IntegrationContext = {
      integrationId: this.integrationId,
      product,
      metering: metering.metering,
      sellerAccess,
      tables,
      eventBus: this.eventBus,
      alarms,
      encryptionKey,
      removalPolicy,
      logRetention: props.logRetention ?? logs.RetentionDays.ONE_YEAR,
    };

    const registration = new RegistrationPart(this, 'Registration', context,
      props.registration ?? Registration.hostedPage(), props.webAcl ?? RegistrationWebAcl.managed(), props.buyerDataRetention);
    const buyerData = new BuyerDataPart(this, 'BuyerData', context);
    new AgreementEventsPart(this, 'Agreements', context, { agreementEvents, notificationTopics: props.notificationTopics });
    if (tables.usage) {
      this.meteringParts = {
        intake: new UsageIntakePart(this, 'UsageIntake', context, metering),
        metering: new MeteringPart(this, 'Metering', context, metering),
        table: tables.usage,
      };
    }
    const reconciliation = new ReconciliationPart(this, 'Reconciliation', context);
    addIntegrationAlarms(alarms, this, product, metering.metering);

    this.registrationApi = registration.api;
    this.registrationUrl = registration.api.url;
    this.registrationFunction = registration.handler.fn;
    this.buyerDataFunction = buyerData.handler.fn;
    this.reconciliationFunction = reconciliation.handler.fn;
    this.subscriptionsTable = tables.subscriptions;
    this.registrationsTable = tables.registrations;
    this.alarms = alarms.alarms;
    if (!agreementEvents.bus) {
      this.warnAboutDefaultBus(sellerAccess);
    }
  }

  /** The queue to which the app sends usage records: see `grantReportUsage`. */
  public get usageQueue(): sqs.IQueue {
    return this.metered('usageQueue').intake.queue;
  }

  /** Accepts usage records by direct invocation, and answers for each record: see `grantInvokeIntake`. */
  public get usageIntakeFunction(): lambda.IFunction {
    return this.metered('usageIntakeFunction').intake.handler.fn;
  }

  /** Closes hours of usage and sends them. A person invokes it to explain an hour, or to settle an unresolved one: see docs/runbook.md. */
  public get meteringFunction(): lambda.IFunction {
    return this.metered('meteringFunction').metering.handler.fn;
  }

  /** The ledger of usage. Releases may add attributes; never write to it. */
  public get usageTable(): dynamodb.ITableV2 {
    return this.metered('usageTable').table;
  }

  /**
   * Lets the app send usage records to `usageQueue`.
   *
   * @param grantee the app
   * @example
   * marketplace.grantReportUsage(api);
   * api.addEnvironment('USAGE_QUEUE_URL', marketplace.usageQueue.queueUrl);
   */
  public grantReportUsage(grantee: iam.IGrantable): iam.Grant {
    return this.usageQueue.grantSendMessages(grantee);
  }

  /**
   * Lets the app invoke `usageIntakeFunction`, which answers for each record.
   *
   * @param grantee the app
   * @example
   * marketplace.grantInvokeIntake(api);
   * api.addEnvironment('USAGE_INTAKE_FUNCTION', marketplace.usageIntakeFunction.functionName);
   */
  public grantInvokeIntake(grantee: iam.IGrantable): iam.Grant {
    return this.usageIntakeFunction.grantInvoke(grantee);
  }

  /**
   * Lets an operator invoke `reconciliationFunction`, to rebuild subscriptions from AWS's records.
   *
   * @param grantee the role of those who operate the product
   * @example
   * marketplace.grantInvokeReconciliation(api);
   */
  public grantInvokeReconciliation(grantee: iam.IGrantable): iam.Grant {
    return this.reconciliationFunction.grantInvoke(grantee);
  }

  /**
   * Lets the app read subscriptions: items by key, and queries by status and by buyer account.
   *
   * @param grantee the app
   * @example
   * marketplace.grantReadSubscriptions(api);
   * api.addEnvironment('SUBSCRIPTIONS_TABLE', marketplace.subscriptionsTable.tableName);
   */
  public grantReadSubscriptions(grantee: iam.IGrantable): iam.Grant {
    return grantTable(grantee, this.tables, 'subscriptions', ['GetItem', 'BatchGetItem', 'Query'],
      [SubscriptionIndex.BY_STATUS, SubscriptionIndex.BY_ACCOUNT]);
  }

  /**
   * Lets the seller's backend redeem the one-time codes of its own sign-up page by invoking `registrationFunction`.
   *
   * @param grantee the seller's backend
   * @example
   * marketplace.grantClaimRegistration(api);
   * api.addEnvironment('REGISTRATION_FUNCTION', marketplace.registrationFunction.functionName);
   */
  public grantClaimRegistration(grantee: iam.IGrantable): iam.Grant {
    return this.registrationFunction.grantInvoke(grantee);
  }

  /**
   * Lets someone export and delete what buyers entered, by invoking `buyerDataFunction` with `{"exportBuyer": {…}}` or
   * `{"forgetBuyer": {…}}` and one of `licenseId`, `customerAwsAccountId` and `email`: see docs/registration.md.
   *
   * @param grantee the role of those who answer requests of buyers about their data
   * @example
   * marketplace.grantManageBuyerData(api);
   * api.addEnvironment('BUYER_DATA_FUNCTION', marketplace.buyerDataFunction.functionName);
   */
  public grantManageBuyerData(grantee: iam.IGrantable): iam.Grant {
    return this.buyerDataFunction.grantInvoke(grantee);
  }

  /** @internal */
  protected _requireMetering(member: string): void {
    this.metered(member);
  }

  /** @internal */
  protected _requireEntitlements(member: string): void {
    if (!hasEntitlements(this.product)) {
      throw new Error(`MarketplaceSaas: ${member}: a product with SaasPricingModel.${this.product.pricingModel} has no entitlements; contracts have them`);
    }
  }

  private metered(member: string): MeteringParts {
    if (!this.meteringParts) {
      throw new Error(`MarketplaceSaas: ${member}: a product with SaasPricingModel.${this.product.pricingModel} meters no usage, so it has none of this`);
    }
    return this.meteringParts;
  }

  private checked(props: MarketplaceSaasIntegrationProps): { readonly product: Product; readonly metering: MeteringSettings } {
    checkPartition(this);
    checkInstance('sellerAccess', props.sellerAccess, SellerAccess, 'SellerAccess.sameAccount() or SellerAccess.assumeRole()');
    checkInstance('agreementEvents', props.agreementEvents, AgreementEventSource, 'AgreementEventSource.defaultBus() or AgreementEventSource.eventBus()');
    checkInstance('registration', props.registration, Registration, 'Registration.hostedPage() or Registration.ownSignUp()');
    checkInstance('webAcl', props.webAcl, RegistrationWebAcl, 'RegistrationWebAcl.managed(), .existing() or .none()');
    checkBusIsHere(this, 'eventBus', props.eventBus);
    checkBusIsHere(this, 'agreementEvents.bus', props.agreementEvents?.bus);
    return { product: validProduct(props), metering: meteringSettings(props) };
  }

  /** Without the warning, the seller would first notice missing events by buyers who are not activated. */
  private warnAboutDefaultBus(sellerAccess: SellerAccess): void {
    const { region, account } = Stack.of(this);
    const seller = sellerAccess._otherAccount(account);
    const place = seller ? `account ${account}, and the seller is ${seller}` : `region ${region}`;
    if (!seller && (Token.isUnresolved(region) || region === 'us-east-1')) {
      return;
    }
    Annotations.of(this).addWarningV2('cdk-marketplace-saas:defaultBus',
      'AWS Marketplace delivers events to the default bus of the seller account in us-east-1 only, and this stack is in '
      + `${place}: forward them to a bus here (MarketplaceSellerAccount) and pass it as agreementEvents: AgreementEventSource.eventBus(bus)`);
  }
}
