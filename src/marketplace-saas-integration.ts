import { Annotations, Names, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { AgreementEventSource } from './agreement-event-source';
import { AlarmSeverity } from './alarm-severity';
import { MarketplaceSaasIntegrationAttributes } from './integration-attributes';
import { IntegrationGrants, InvokedFunction } from './integration-grants';
import { IMarketplaceSaasIntegration } from './integration-interface';
import { MarketplaceSaasIntegrationProps } from './integration-props';
import { ResourcePart } from './names';
import { Alarms } from './private/alarms';
import { createDashboard } from './private/dashboard';
import { allowLogs } from './private/encryption';
import { FailedEvents } from './private/failed-events';
import { checkHandlerOptions } from './private/handler-options';
import { ImportedIntegration } from './private/imported-integration';
import { addIntegrationAlarms } from './private/integration-alarms';
import { IntegrationContext } from './private/integration-context';
import { tagForSandbox } from './private/metadata';
import { MeteringSettings, meteringSettings } from './private/metering-settings';
import { sellerOf, warnAboutNeighbors } from './private/neighbors';
import { checkNotificationTopics } from './private/notification-subscriptions';
import { checkPartition } from './private/partition';
import { AgreementEventsPart } from './private/parts/agreement-events';
import { BuyerDataPart } from './private/parts/buyer-data';
import { BuyerMessagesPart } from './private/parts/buyer-messages';
import { MeteringPart } from './private/parts/metering';
import { ReconciliationPart } from './private/parts/reconciliation';
import { RegistrationPart } from './private/parts/registration';
import { UsageIntakePart } from './private/parts/usage-intake';
import { hasMetering, Product, validProduct } from './private/product';
import { RegistrationNotices } from './private/registration-notices';
import { tablesOf } from './private/tables';
import { checkBusIsHere, checkInstance, invalidProp, withPath } from './private/validate';
import { Registration } from './registration';
import { RegistrationDomain } from './registration-domain';
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
export class MarketplaceSaasIntegration extends IntegrationGrants {
  /**
   * An integration of another stack or app, in the same account and region.
   *
   * @param scope where to import it
   * @param id id of the imported integration
   * @param attributes what the app needs of it
   * @example
   * const imported = MarketplaceSaasIntegration.fromMarketplaceSaasIntegrationAttributes(this, 'Imported', {
   *   integrationId: 'SaasProduct-Marketplace-8A1B2C3D',
   *   productCode: '4ml54db8vrmjuykaw1psroool',
   *   pricingModel: SaasPricingModel.SUBSCRIPTION,
   *   eventBusArn: 'arn:aws:events:us-east-1:111122223333:event-bus/SaasProduct-Marketplace-8A1B2C3D',
   *   usageQueueArn: 'arn:aws:sqs:us-east-1:111122223333:SaasProduct-UsageQueue',
   * });
   * imported.grantReportUsage(api);
   * imported.onSubscriptionActivated('Provision', { target: new targets.LambdaFunction(provision) });
   */
  public static fromMarketplaceSaasIntegrationAttributes(
    scope: Construct, id: string, attributes: MarketplaceSaasIntegrationAttributes,
  ): IMarketplaceSaasIntegration {
    return new ImportedIntegration(scope, id, attributes);
  }

  public readonly integrationId: string;

  public readonly eventBus: events.IEventBus;

  /**
   * The fulfillment URL to enter in the listing. With `registrationDomain` it is that of the domain; that of the API itself
   * changes when the API is created again.
   */
  public readonly registrationUrl: string;

  /**
   * The API behind the fulfillment URL, for what has no prop: metrics, tags, or another way to it. For a domain of yours, use
   * the prop `registrationDomain`.
   *
   * @example
   * marketplace.registrationApi.metricLatency({ statistic: 'p99' });
   */
  public readonly registrationApi: apigateway.RestApi;

  /**
   * The domain of `registrationUrl` in API Gateway: where a DNS record of yours points to, and what other integrations share by
   * `RegistrationDomain.existing`. Only with the prop `registrationDomain`.
   *
   * @example
   * new CfnOutput(this, 'CnameTarget', { value: marketplace.registrationDomain!.domainNameAliasDomainName });
   */
  public readonly registrationDomain?: apigateway.IDomainName;

  /**
   * Completes what other functions left undone. A person invokes it to rebuild subscriptions from AWS's records: see
   * `grantInvokeReconciliation` and docs/recovery.md.
   */
  public readonly reconciliationFunction: lambda.Function;

  /** Redeems the one-time codes of the seller's own sign-up page: see `grantClaimRegistration`. */
  public readonly registrationFunction: lambda.Function;

  /** Exports and deletes what one buyer entered: see `grantManageBuyerData`. */
  public readonly buyerDataFunction: lambda.Function;

  /** Subscriptions and agreements. Releases may add attributes; never write to it. */
  public readonly subscriptionsTable: dynamodb.ITableV2;

  /** The registrations of buyers: the only table with personal data. */
  public readonly registrationsTable: dynamodb.ITableV2;

  /** All alarms of this integration. docs/alarms.md lists them. */
  public readonly alarms: cloudwatch.Alarm[];

  /** The dashboard, if the props ask for one. */
  public readonly dashboard?: cloudwatch.Dashboard;

  /** Receives AWS Marketplace's agreement and license events, or the notifications of a legacy product. */
  public readonly agreementEventsFunction: lambda.Function;

  /** All functions of this integration, so that an app can add variables or layers to each, or alarms of its own. */
  public readonly functions: lambda.Function[];

  /** @internal */
  protected readonly _product: Product;

  /** @internal */
  protected readonly _failedEvents: FailedEvents;

  /** @internal */
  protected readonly _tableKey?: kms.IKey;

  private readonly alarmSet: Alarms;

  /** Absent: the product's usage is not metered. */
  private readonly meteringParts?: MeteringParts;

  public constructor(scope: Construct, id: string, props: MarketplaceSaasIntegrationProps) {
    super(scope, id);
    const { product, metering } = withPath(this, () => this.checked(props));
    this._product = product;
    const sellerAccess = props.sellerAccess ?? SellerAccess.sameAccount();
    const agreementEvents = props.agreementEvents ?? AgreementEventSource.defaultBus();
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    const { encryptionKey } = props;
    allowLogs(this, encryptionKey);
    if (hasMetering(product)) {
      warnAboutNeighbors(this, product, metering, sellerOf(this, sellerAccess._otherAccount(Stack.of(this).account)));
    }

    this.integrationId = Names.uniqueResourceName(this, { maxLength: 64, separator: '-' });
    this.eventBus = props.eventBus ?? new events.EventBus(this, 'EventBus', {
      // The name that CDK gives lacks the name of the stack, so a second stack of the same app would collide.
      eventBusName: this.integrationId,
      description: 'Domain events of an AWS Marketplace SaaS integration',
      kmsKey: encryptionKey,
    });
    tagForSandbox(this.eventBus, ResourcePart.EVENT_BUS);
    const { existingTables } = props;
    const tables = withPath(this, () => tablesOf(this, { product, encryptionKey, removalPolicy, existingTables }));
    const alarms = this.alarmSet = new Alarms(this, 'Alarms', props);
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
      handlerOptions: props.handlerOptions ?? {},
    };

    const chosen = props.registration ?? Registration.hostedPage();
    const registration = withPath(this, () => new RegistrationPart(this, 'Registration', context, {
      registration: chosen,
      webAcl: props.webAcl ?? RegistrationWebAcl.managed(),
      domain: props.registrationDomain,
      buyerDataRetention: props.buyerDataRetention,
      throttling: props.registrationThrottling,
    }));
    const { registrationNotices = [] } = props;
    const notices = registrationNotices.length === 0
      ? undefined
      : withPath(this, () => new RegistrationNotices(this, 'RegistrationNotices', context, registrationNotices));
    const choices = { registration: chosen, registrationUrl: registration.url, contactTopics: notices?.contactTopics ?? [] };
    if (choices.contactTopics.length > 0 && chosen._isOwnSignUp()) {
      withPath(this, () => {
        throw invalidProp('registrationNotices.includeContact', true, 'with Registration.ownSignUp() buyers enter nothing here: send their contact from your own page');
      });
    }
    const messages = BuyerMessagesPart.isNeeded(choices) ? new BuyerMessagesPart(this, 'BuyerMessages', context, choices) : undefined;
    const buyerData = new BuyerDataPart(this, 'BuyerData', context);
    const agreements = withPath(this, () =>
      new AgreementEventsPart(this, 'Agreements', context, { agreementEvents, notificationTopics: props.notificationTopics }));
    if (tables.usage) {
      this.meteringParts = {
        intake: new UsageIntakePart(this, 'UsageIntake', context, metering),
        metering: new MeteringPart(this, 'Metering', context, metering),
        table: tables.usage,
      };
    }
    const reconciliation = new ReconciliationPart(this, 'Reconciliation', context, chosen._welcomeEmail() !== undefined);
    addIntegrationAlarms(alarms, this, product, metering.metering);

    if (props.dashboard) {
      this.dashboard = createDashboard(this, product, alarms);
    }
    this.registrationApi = registration.api;
    this.registrationUrl = registration.url;
    this.registrationDomain = registration.domain;
    this._tableKey = tables.encryptionKey;
    this.registrationFunction = registration.handler.fn;
    this.agreementEventsFunction = agreements.handler.fn;
    this.buyerDataFunction = buyerData.handler.fn;
    this.reconciliationFunction = reconciliation.handler.fn;
    this.subscriptionsTable = tables.subscriptions;
    this.registrationsTable = tables.registrations;
    this.alarms = alarms.alarms;
    const { intake, metering: sender } = this.meteringParts ?? {};
    this.functions = [registration, messages, buyerData, agreements, intake, sender, reconciliation].flatMap((part) => part ? [part.handler.fn] : []);
    if (!agreementEvents.bus) {
      this.warnAboutDefaultBus(sellerAccess);
    }
  }

  /**
   * An alarm of this integration by its name in docs/alarms.md.
   *
   * @param name such as `MeteringStopped`
   * @throws Error if this integration has no such alarm
   * @example
   * marketplace.alarmNamed('UsageRecordsRejected').addAlarmAction(new actions.SnsAction(topic));
   */
  public alarmNamed(name: string): cloudwatch.Alarm {
    return withPath(this, () => this.alarmSet.named(name));
  }

  /**
   * The alarms of one severity, as they are when it is called: rules for events may add one.
   *
   * @param severity how soon a person must act
   * @example
   * for (const alarm of marketplace.alarmsOfSeverity(AlarmSeverity.CRITICAL)) {
   *   alarm.addInsufficientDataAction(new actions.SnsAction(topic));
   * }
   */
  public alarmsOfSeverity(severity: AlarmSeverity): cloudwatch.Alarm[] {
    return this.alarmSet.ofSeverity(severity);
  }

  /** The queue to which the app sends usage records: see `grantReportUsage`. */
  public get usageQueue(): sqs.IQueue {
    return this.metered('usageQueue').intake.queue;
  }

  /** Accepts usage records by direct invocation, and answers for each record: see `grantInvokeIntake`. */
  public get usageIntakeFunction(): lambda.Function {
    return this.metered('usageIntakeFunction').intake.handler.fn;
  }

  /** Closes hours of usage and sends them. A person invokes it to explain an hour, or to settle an unresolved one: see docs/runbook.md. */
  public get meteringFunction(): lambda.Function {
    return this.metered('meteringFunction').metering.handler.fn;
  }

  /** The ledger of usage. Releases may add attributes; never write to it. */
  public get usageTable(): dynamodb.ITableV2 {
    return this.metered('usageTable').table;
  }

  private metered(member: string): MeteringParts {
    this._requireMetering(member);
    return this.meteringParts!;
  }

  /** @internal */
  protected _function(name: InvokedFunction): lambda.IFunction {
    return this[name];
  }

  private checked(props: MarketplaceSaasIntegrationProps): { readonly product: Product; readonly metering: MeteringSettings } {
    checkPartition(this);
    checkInstance('sellerAccess', props.sellerAccess, SellerAccess, 'SellerAccess.sameAccount() or SellerAccess.assumeRole()');
    checkInstance('agreementEvents', props.agreementEvents, AgreementEventSource, 'AgreementEventSource.defaultBus() or AgreementEventSource.eventBus()');
    checkInstance('registration', props.registration, Registration, 'Registration.hostedPage() or Registration.ownSignUp()');
    checkInstance('registrationDomain', props.registrationDomain, RegistrationDomain,
      'RegistrationDomain.inHostedZone(), .withCertificate() or .existing()');
    checkInstance('webAcl', props.webAcl, RegistrationWebAcl, 'RegistrationWebAcl.managed(), .existing() or .none()');
    checkHandlerOptions(props.handlerOptions ?? {});
    checkBusIsHere(this, 'eventBus', props.eventBus);
    checkBusIsHere(this, 'agreementEvents.bus', props.agreementEvents?.bus);
    const product = validProduct(props);
    checkNotificationTopics(product, props.notificationTopics, props.agreementEvents?.bus);
    return { product, metering: meteringSettings(props) };
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
