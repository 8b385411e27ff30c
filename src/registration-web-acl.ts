import { Token } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { acknowledge } from './private/nag';
import { invalidProp } from './private/validate';

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
   * A web ACL with AWS's common rule set and a limit of requests per IP address.
   *
   * @param options the limit
   */
  public static managed(options: ManagedWebAclOptions = {}): RegistrationWebAcl {
    const limit = options.requestsPerFiveMinutes ?? 500;
    if (!Number.isInteger(limit) || limit < 10 || limit > 2_000_000_000) {
      throw invalidProp('webAcl.requestsPerFiveMinutes', limit, 'give a whole number from 10 to 2,000,000,000');
    }
    return new RegistrationWebAcl((scope, metricPrefix) => managedWebAcl(scope, metricPrefix, limit));
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

/** Rules of AWS's common rule set that look into the body of a request. */
const BODY_RULES = ['SizeRestrictions_BODY', 'EC2MetaDataSSRF_BODY', 'GenericLFI_BODY', 'GenericRFI_BODY', 'CrossSiteScripting_BODY'];

function managedWebAcl(scope: Construct, metricPrefix: string, limit: number): string {
  const visibility = (name: string): wafv2.CfnWebACL.VisibilityConfigProperty => ({
    cloudWatchMetricsEnabled: true,
    metricName: `${metricPrefix}-${name}`,
    sampledRequestsEnabled: true,
  });
  return new wafv2.CfnWebACL(scope, 'WebAcl', {
    scope: 'REGIONAL',
    description: 'Registration page of an AWS Marketplace SaaS integration',
    defaultAction: { allow: {} },
    visibilityConfig: visibility('WebAcl'),
    rules: [
      {
        name: 'RequestsPerAddress',
        priority: 0,
        action: { block: {} },
        statement: { rateBasedStatement: { limit, aggregateKeyType: 'IP', evaluationWindowSec: 300 } },
        visibilityConfig: visibility('RequestsPerAddress'),
      },
      {
        name: 'CommonRuleSet',
        priority: 1,
        overrideAction: { none: {} },
        statement: {
          managedRuleGroupStatement: {
            vendorName: 'AWS',
            name: 'AWSManagedRulesCommonRuleSet',
            // A rule that blocks a token, or a name that a buyer types, locks out a buyer who has paid. The function takes
            // known fields only, limits the size of the body and escapes what it shows.
            ruleActionOverrides: BODY_RULES.map((name) => ({ name, actionToUse: { count: {} } })),
          },
        },
        visibilityConfig: visibility('CommonRuleSet'),
      },
    ],
  }).attrArn;
}
