import { Stack, Token } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { ApiGatewayDomain } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import { requireModernTls } from './private/tls';
import { invalidProp } from './private/validate';

/**
 * Options of a domain for the registration API.
 *
 * @example
 * const options: RegistrationDomainOptions = { basePath: 'backup' };
 */
export interface RegistrationDomainOptions {
  /**
   * The first part of the path, which several APIs below one domain differ by: 1 to 50 letters, digits, or `-._`.
   *
   * @default - the API has the domain for itself
   */
  readonly basePath?: string;
}

/**
 * A domain of the seller for the fulfillment URL: the listing keeps its URL when the stack is created again, renamed or moved,
 * and buyers see a name that they know. The API has no other address then.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-custom-domains.html
 * @example
 * const zone = route53.HostedZone.fromLookup(this, 'Zone', { domainName: 'example.com' });
 * new MarketplaceSaasIntegration(this, 'Marketplace', {
 *   productCode: '4ml54db8vrmjuykaw1psroool',
 *   pricingModel: SaasPricingModel.SUBSCRIPTION,
 *   dimensions: [Dimension.metered('ApiCalls')],
 *   registrationDomain: RegistrationDomain.inHostedZone('marketplace.example.com', zone),
 * });
 */
export class RegistrationDomain {
  /**
   * A name in a hosted zone of Amazon Route 53. The stack makes the certificate and the records (A and AAAA).
   *
   * @param domainName such as `marketplace.example.com`, in lower case
   * @param zone the public hosted zone in which the name is
   * @param options the base path
   */
  public static inHostedZone(domainName: string, zone: route53.IHostedZone, options: RegistrationDomainOptions = {}): RegistrationDomain {
    checkDomainName(domainName);
    checkZone(domainName, zone);
    return new RegistrationDomain(domainName, options.basePath, (scope) => {
      const certificate = new acm.Certificate(scope, 'Certificate', { domainName, validation: acm.CertificateValidation.fromDns(zone) });
      const domain = newDomain(scope, domainName, certificate);
      const target = route53.RecordTarget.fromAlias(new ApiGatewayDomain(domain));
      // The dot at the end: the zone may be imported without its name.
      const record = { zone, target, recordName: `${domainName}.` };
      new route53.ARecord(scope, 'Record', record);
      new route53.AaaaRecord(scope, 'RecordIpv6', record);
      return domain;
    });
  }

  /**
   * A name of any DNS provider, with a certificate of yours. Point the name to the API by a CNAME record: its value is
   * `registrationDomain.domainNameAliasDomainName` of the integration.
   *
   * @param domainName such as `marketplace.example.com`, in lower case
   * @param certificate a certificate for the name in AWS Certificate Manager, in the region of the stack
   * @param options the base path
   */
  public static withCertificate(domainName: string, certificate: acm.ICertificate, options: RegistrationDomainOptions = {}): RegistrationDomain {
    checkDomainName(domainName);
    return new RegistrationDomain(domainName, options.basePath, (scope) => {
      const region = /^arn:[^:]+:acm:(?<region>[^:]+):/.exec(Token.isUnresolved(certificate.certificateArn) ? '' : certificate.certificateArn)?.groups?.region;
      const here = Stack.of(scope).region;
      if (region !== undefined && !Token.isUnresolved(here) && region !== here) {
        throw invalidProp('registrationDomain.certificate', certificate.certificateArn, `give a certificate in ${here}, the region of this stack`);
      }
      return newDomain(scope, domainName, certificate);
    });
  }

  /**
   * A domain that API Gateway has already: one in a stack of its own, which outlives the stack of the integration, or the
   * `registrationDomain` of another integration, for several products below one domain, each with a base path. No cookie of one is sent to another.
   *
   * @param domain a regional domain name of API Gateway, in the account and region of the stack
   * @param options the base path
   */
  public static existing(domain: apigateway.IDomainName, options: RegistrationDomainOptions = {}): RegistrationDomain {
    return new RegistrationDomain(domain.domainName, options.basePath, () => domain);
  }

  private constructor(
    private readonly domainName: string,
    private readonly basePath: string | undefined,
    private readonly domainIn: (scope: Construct) => apigateway.IDomainName,
  ) {
    if (basePath !== undefined && (Token.isUnresolved(basePath) || !/^[A-Za-z0-9._-]{1,50}$/.test(basePath) || /^\.+$/.test(basePath))) {
      throw invalidProp('registrationDomain.basePath', basePath, 'give 1 to 50 letters, digits, or -._, known at synthesis');
    }
  }

  /** @internal */
  public get _basePath(): string | undefined {
    return this.basePath;
  }

  /** @internal */
  public get _url(): string {
    return `https://${this.domainName}/${this.basePath === undefined ? '' : `${this.basePath}/`}`;
  }

  /** @internal */
  public _bind(scope: Construct, api: apigateway.RestApi): apigateway.IDomainName {
    const domain = this.domainIn(scope);
    new apigateway.BasePathMapping(scope, 'Mapping', { domainName: domain, restApi: api, stage: api.deploymentStage, basePath: this.basePath });
    return domain;
  }
}

function newDomain(scope: Construct, domainName: string, certificate: acm.ICertificate): apigateway.DomainName {
  const domain = new apigateway.DomainName(scope, 'Domain', { domainName, certificate, endpointType: apigateway.EndpointType.REGIONAL });
  requireModernTls(domain.node.defaultChild as apigateway.CfnDomainName);
  return domain;
}

function checkDomainName(domainName: string): void {
  if (!Token.isUnresolved(domainName) && !/^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/.test(domainName)) {
    throw invalidProp('registrationDomain.domainName', domainName, 'give a name such as marketplace.example.com, in lower case');
  }
}

function checkZone(domainName: string, zone: route53.IHostedZone): void {
  if (zone instanceof route53.PrivateHostedZone) {
    throw invalidProp('registrationDomain.zone', 'a private hosted zone', 'buyers come from the internet: give a public hosted zone');
  }
  const zoneName = nameOf(zone);
  const isKnown = zoneName !== undefined && !Token.isUnresolved(zoneName) && !Token.isUnresolved(domainName);
  if (isKnown && domainName !== zoneName && !domainName.endsWith(`.${zoneName}`)) {
    throw invalidProp('registrationDomain.domainName', domainName, `give a name in the hosted zone ${zoneName}`);
  }
}

/** A zone that was imported by its id alone has no name. */
function nameOf(zone: route53.IHostedZone): string | undefined {
  try {
    return zone.zoneName.replace(/\.$/, '');
  } catch {
    return undefined;
  }
}
