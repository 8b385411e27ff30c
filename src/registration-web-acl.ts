import { Token } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { acknowledge } from './private/nag';
import { checkInteger, invalidProp } from './private/validate';

/**
 * Options of the managed web ACL.
 *
 * @example
 * RegistrationWebAcl.managed({ requestsPerFiveMinutes: 100 });
 */
export interface ManagedWebAclOptions {
  /**
   * Requests of one IP address within five minutes above which AWS WAF blocks it: 10 to 2,000,000,000.
   *
   * @default 500
   */
  readonly requestsPerFiveMinutes?: number;

  /**
   * POST requests of one IP address within five minutes above which AWS WAF blocks it: 10 to 2,000,000,000. Each brings a token, for which the
   * function calls AWS Marketplace, or a form. Buyers behind one address of a company share it.
   *
   * @default 100
   */
  readonly postsPerFiveMinutes?: number;

  /**
   * Version of AWS's common rule set, such as `Version_1.18`: a new version cannot lock out buyers overnight then, and you choose when to follow.
   *
   * @default - the version that AWS calls the default
   * @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-using-managed-rule-groups-versions.html
   */
  readonly commonRuleSetVersion?: string;

  /**
   * Version of AWS's rule set of known bad inputs, such as `Version_1.24`.
   *
   * @default - the version that AWS calls the default
   */
  readonly knownBadInputsVersion?: string;
}

/**
 * The AWS WAF web ACL in front of the registration API, which the whole internet can reach.
 *
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/web-acl.html
 * @example
 * new MarketplaceSaasIntegration(this, 'Marketplace', {
 *   productCode: '4ml54db8vrmjuykaw1psroool',
 *   pricingModel: SaasPricingModel.SUBSCRIPTION,
 *   dimensions: [Dimension.metered('ApiCalls')],
 *   webAcl: RegistrationWebAcl.managed({ requestsPerFiveMinutes: 100 }),
 * });
 */
export class RegistrationWebAcl {
  /**
   * A web ACL with AWS's common rule set, known bad inputs, addresses of bad reputation, and a limit of requests per IP address. Bodies and cookies
   * are not shown in its samples and logs.
   *
   * @param options the limit, and versions of rule sets
   */
  public static managed(options: ManagedWebAclOptions = {}): RegistrationWebAcl {
    const { requestsPerFiveMinutes = 500, postsPerFiveMinutes = 100 } = options;
    for (const [name, limit] of Object.entries({ requestsPerFiveMinutes, postsPerFiveMinutes })) {
      checkInteger(`webAcl.${name}`, limit, 10, 2_000_000_000);
    }
    for (const name of ['commonRuleSetVersion', 'knownBadInputsVersion'] as const) {
      const version = options[name];
      if (version !== undefined && !Token.isUnresolved(version) && !/^Version_\d+\.\d+$/.test(version)) {
        throw invalidProp(`webAcl.${name}`, version, 'give a version such as Version_1.18');
      }
    }
    const limits = { requestsPerFiveMinutes, postsPerFiveMinutes };
    return new RegistrationWebAcl((scope, metricPrefix) => managedWebAcl(scope, metricPrefix, limits, options));
  }

  /**
   * A web ACL of your own.
   *
   * @param webAclArn ARN of a regional web ACL in this stack's region; a token is fine
   */
  public static existing(webAclArn: string): RegistrationWebAcl {
    if (!Token.isUnresolved(webAclArn) && !/^arn:aws:wafv2:[a-z0-9-]+:\d{12}:regional\/webacl\/[^/]+\/[^/]+$/.test(webAclArn)) {
      throw invalidProp('webAcl.webAclArn', webAclArn,
        'give the ARN of a regional web ACL, such as arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/name/id');
    }
    return new RegistrationWebAcl(() => webAclArn);
  }

  /** No web ACL. The stage of the API still throttles requests. */
  public static none(): RegistrationWebAcl {
    return new RegistrationWebAcl(() => undefined);
  }

  private constructor(private readonly arn: (scope: Construct, metricPrefix: string) => string | undefined) {}

  /** @internal */
  public _protect(scope: Construct, metricPrefix: string, stage: apigateway.Stage): void {
    const webAclArn = this.arn(scope, metricPrefix);
    if (webAclArn) {
      new wafv2.CfnWebACLAssociation(scope, 'WebAclAssociation', { webAclArn, resourceArn: stage.stageArn });
    } else {
      acknowledge(stage, { 'AwsSolutions-APIG3': 'The user chose RegistrationWebAcl.none().' });
    }
  }
}

/**
 * Rules that count and do not block. A rule that blocks a token, or a name that a buyer types, locks out a buyer who has paid; below
 * a domain of the seller, cookies of the seller's other pages arrive too. The function takes known fields only, limits the size of the
 * body and escapes what it shows.
 */
const COUNTED = {
  common: [
    'SizeRestrictions_BODY', 'EC2MetaDataSSRF_BODY', 'GenericLFI_BODY', 'GenericRFI_BODY', 'CrossSiteScripting_BODY',
    'SizeRestrictions_Cookie_HEADER', 'EC2MetaDataSSRF_COOKIE', 'CrossSiteScripting_COOKIE',
  ],
  badInputs: ['JavaDeserializationRCE_BODY', 'Log4JRCE_BODY'],
};

interface Limits {
  readonly requestsPerFiveMinutes: number;
  readonly postsPerFiveMinutes: number;
}

const IS_POST: wafv2.CfnWebACL.StatementProperty = {
  byteMatchStatement: {
    fieldToMatch: { method: {} }, positionalConstraint: 'EXACTLY', searchString: 'POST', textTransformations: [{ priority: 0, type: 'NONE' }],
  },
};

function managedWebAcl(scope: Construct, metricPrefix: string, limits: Limits, options: ManagedWebAclOptions): string {
  const visibility = (name: string): wafv2.CfnWebACL.VisibilityConfigProperty => ({
    cloudWatchMetricsEnabled: true,
    metricName: `${metricPrefix}-${name}`,
    sampledRequestsEnabled: true,
  });
  const ofAws = (name: string, priority: number, counted: readonly string[] = [], version?: string): wafv2.CfnWebACL.RuleProperty => ({
    name,
    priority,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name: `AWSManagedRules${name}`,
        version,
        ruleActionOverrides: counted.length === 0 ? undefined : counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
      },
    },
    visibilityConfig: visibility(name),
  });
  const perAddress = (
    name: string, priority: number, limit: number, scopeDownStatement?: wafv2.CfnWebACL.StatementProperty,
  ): wafv2.CfnWebACL.RuleProperty => ({
    name,
    priority,
    action: { block: {} },
    statement: { rateBasedStatement: { limit, aggregateKeyType: 'IP', evaluationWindowSec: 300, scopeDownStatement } },
    visibilityConfig: visibility(name),
  });
  return new wafv2.CfnWebACL(scope, 'WebAcl', {
    scope: 'REGIONAL',
    description: 'Registration page of an AWS Marketplace SaaS integration',
    defaultAction: { allow: {} },
    visibilityConfig: visibility('WebAcl'),
    // The body has the token or personal data, the cookie the secret of a registration.
    dataProtectionConfig: {
      dataProtections: [
        { field: { fieldType: 'BODY' }, action: 'SUBSTITUTION' },
        { field: { fieldType: 'SINGLE_HEADER', fieldKeys: ['cookie'] }, action: 'SUBSTITUTION' },
      ],
    },
    rules: [
      perAddress('RequestsPerAddress', 0, limits.requestsPerFiveMinutes),
      perAddress('PostsPerAddress', 4, limits.postsPerFiveMinutes, IS_POST),
      ofAws('CommonRuleSet', 1, COUNTED.common, options.commonRuleSetVersion),
      ofAws('KnownBadInputsRuleSet', 2, COUNTED.badInputs, options.knownBadInputsVersion),
      ofAws('AmazonIpReputationList', 3),
    ],
  }).attrArn;
}
