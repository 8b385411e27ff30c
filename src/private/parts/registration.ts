import { Annotations, Duration, Stack, Token } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { AlarmSeverity } from '../../alarm-severity';
import { Env, RegistrationIndex, ResourcePart, SubscriptionIndex } from '../../names';
import { Registration } from '../../registration';
import { RegistrationDomain } from '../../registration-domain';
import { RegistrationThrottling } from '../../registration-throttling';
import { RegistrationWebAcl } from '../../registration-web-acl';
import { splitByTokens } from '../handler-code';
import { HandlerFunction } from '../handler-function';
import { agreementModeEnvironment, IntegrationContext } from '../integration-context';
import { READ_ENTITLEMENTS } from '../marketplace-permissions';
import { tagForSandbox } from '../metadata';
import { acknowledge } from '../nag';
import { MARKETPLACE } from '../partition';
import { hasEntitlements } from '../product';
import { addErrorPages } from '../registration-error-page';
import { grantTable } from '../tables';
import { requireModernTls } from '../tls';
import { checkInteger, invalidProp } from '../validate';

/** What the seller chose for this part. */
export interface RegistrationChoices {
  readonly registration: Registration;
  readonly webAcl: RegistrationWebAcl;
  readonly domain?: RegistrationDomain;
  readonly buyerDataRetention?: Duration;
  readonly throttling?: RegistrationThrottling;
}

/** The fulfillment URL: resolves the token that a buyer brings from AWS Marketplace, and registers the buyer. */
export class RegistrationPart extends Construct {
  public readonly handler: HandlerFunction;
  public readonly api: apigateway.RestApi;
  public readonly url: string;
  /** Absent: the API has its own address. */
  public readonly domain?: apigateway.IDomainName;

  public constructor(scope: Construct, id: string, context: IntegrationContext, choices: RegistrationChoices) {
    super(scope, id);
    const { tables, integrationId, alarms, sellerAccess, product } = context;
    const { webAcl, domain, buyerDataRetention } = choices;
    const throttling = checkedThrottling(choices.throttling);
    const registration = splitByTokens(choices.registration._config());
    const missing = choices.registration._missingForReview();
    if (missing.length > 0) {
      Annotations.of(this).addWarningV2('cdk-marketplace-saas:registrationReview',
        `AWS Marketplace reviews the registration page before a listing goes public; registration lacks ${missing.join(', ')}.`);
    }
    this.handler = new HandlerFunction(this, 'Handler', context, {
      asset: 'registration',
      description: 'AWS Marketplace registration: resolves the buyer\'s token, takes the sign-up',
      timeout: Duration.seconds(25),
      memorySize: 512,
      reservedConcurrency: throttling.reservedConcurrency,
      environment: {
        [Env.PRICING_MODEL]: product.pricingModel,
        ...agreementModeEnvironment(product),
        [Env.SUBSCRIPTIONS_TABLE]: tables.subscriptions.tableName,
        [Env.REGISTRATIONS_TABLE]: tables.registrations.tableName,
        [Env.MARKETPLACE_REGION]: MARKETPLACE.apiRegion,
        ...Object.keys(registration.tokens).length > 0 && { [Env.REGISTRATION]: Stack.of(this).toJsonString(registration.tokens) },
        ...sellerAccess._environment(),
      },
      settings: {
        registration: { ...registration.known, basePath: domain?._basePath, buyerDataRetentionSeconds: retentionSeconds(buyerDataRetention) },
      },
    });
    this.handler.allowMarketplace(context, { actions: ['aws-marketplace:ResolveCustomer'] });
    if (hasEntitlements(context.product)) {
      this.handler.allowMarketplace(context, READ_ENTITLEMENTS);
    }
    grantTable(this.handler.role, tables, 'subscriptions', ['GetItem', 'PutItem', 'UpdateItem'], [SubscriptionIndex.BY_ACCOUNT]);
    grantTable(this.handler.role, tables, 'registrations', ['GetItem', 'PutItem', 'UpdateItem'], [RegistrationIndex.BY_ACCOUNT]);

    this.api = this.createApi(integrationId, choices, throttling);
    this.url = domain?._url ?? this.api.url;
    this.domain = domain?._bind(this, this.api);
    webAcl._protect(this, integrationId, this.api.deploymentStage);

    alarms.addErrors('RegistrationErrors', this.handler.fn, 'registration', AlarmSeverity.CRITICAL);
    alarms.add('RegistrationApiErrors', this.api.metricServerError({ statistic: 'Sum', period: Duration.minutes(5) }), {
      threshold: 1,
      description: 'A buyer was answered by an error of the registration API.',
      runbook: 'registration-failures',
      severity: AlarmSeverity.CRITICAL,
    });
  }

  /** The id of the API is part of the fulfillment URL in the listing, so its logical id never changes. */
  private createApi(integrationId: string, { registration, domain }: RegistrationChoices, throttling: Limits): apigateway.RestApi {
    const api = new apigateway.RestApi(this, 'Api', {
      // API Gateway's metrics have the name of the API as dimension, so another API of this name would set off the alarm.
      restApiName: integrationId,
      description: 'Fulfillment URL of an AWS Marketplace SaaS product',
      endpointTypes: [apigateway.EndpointType.REGIONAL],
      // Buyers, and the rules about them, meet at one address.
      ...domain && { disableExecuteApiEndpoint: true },
      // The role for API Gateway's logs is one for the whole account and region, so it is left alone. The function logs requests.
      cloudWatchRole: false,
      // Functions share the concurrent executions of the account, 10 in a new one. Buyers are few, so a low rate makes it unlikely that a flood takes
      // all of them from metering; only reservedConcurrency rules it out.
      deployOptions: { stageName: 'live', throttlingRateLimit: throttling.requestsPerSecond, throttlingBurstLimit: throttling.burst },
      defaultIntegration: new apigateway.LambdaIntegration(this.handler.fn, { allowTestInvoke: false }),
    });
    requireModernTls(api.node.defaultChild as apigateway.CfnRestApi);
    api.root.addMethod('ANY');
    api.root.addResource('{proxy+}').addMethod('ANY');
    addErrorPages(api, registration._config());
    tagForSandbox(api, ResourcePart.REGISTRATION_API);
    const open = 'Buyers arrive here from AWS Marketplace before they have an account; the function resolves their token.';
    const logged = 'The function logs every request itself, without personal data; API Gateway\'s logs need an account-wide role.';
    acknowledge(api, {
      'AwsSolutions-APIG1': logged,
      'AwsSolutions-APIG2': 'The function validates every request: form posts have no model in API Gateway.',
      'AwsSolutions-APIG4': open,
      'AwsSolutions-APIG6': logged,
      'AwsSolutions-COG4': open,
    });
    return api;
  }
}

type Limits = Required<Pick<RegistrationThrottling, 'requestsPerSecond' | 'burst'>> & RegistrationThrottling;

function checkedThrottling({ requestsPerSecond = 10, burst = 20, reservedConcurrency }: RegistrationThrottling = {}): Limits {
  for (const [name, value, least] of [['requestsPerSecond', requestsPerSecond, 1], ['burst', burst, 1], ['reservedConcurrency', reservedConcurrency, 2]] as const) {
    if (value !== undefined && !Token.isUnresolved(value)) {
      checkInteger(`registrationThrottling.${name}`, value, least, 10_000);
    }
  }
  return { requestsPerSecond, burst, ...reservedConcurrency !== undefined && { reservedConcurrency } };
}

function retentionSeconds(retention?: Duration): number | undefined {
  if (retention === undefined) {
    return undefined;
  }
  const days = retention.isUnresolved() ? NaN : retention.toDays({ integral: false });
  if (!(days >= 1 && days <= 3650)) {
    throw invalidProp('buyerDataRetention', `${days} days`, 'give 1 day to 3,650 days, not a token');
  }
  return retention.toSeconds();
}
