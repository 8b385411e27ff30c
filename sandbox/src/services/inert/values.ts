import { partitionOf } from '../../arn';
import type { Resource } from '../../template';

/** Ids that begin with letters of their own, as `Ref` answers them. */
const ID_PREFIXES: Readonly<Record<string, string>> = {
  'AWS::CertificateManager::Account': 'acm-',
  'AWS::EC2::CustomerGateway': 'cgw-',
  'AWS::EC2::DHCPOptions': 'dopt-',
  'AWS::EC2::EgressOnlyInternetGateway': 'eigw-',
  'AWS::EC2::FlowLog': 'fl-',
  'AWS::EC2::Instance': 'i-',
  'AWS::EC2::InternetGateway': 'igw-',
  'AWS::EC2::LaunchTemplate': 'lt-',
  'AWS::EC2::NatGateway': 'nat-',
  'AWS::EC2::NetworkAcl': 'acl-',
  'AWS::EC2::NetworkInterface': 'eni-',
  'AWS::EC2::PrefixList': 'pl-',
  'AWS::EC2::RouteTable': 'rtb-',
  'AWS::EC2::SecurityGroup': 'sg-',
  'AWS::EC2::SecurityGroupEgress': 'sgr-',
  'AWS::EC2::SecurityGroupIngress': 'sgr-',
  'AWS::EC2::Subnet': 'subnet-',
  'AWS::EC2::SubnetRouteTableAssociation': 'rtbassoc-',
  'AWS::EC2::TransitGateway': 'tgw-',
  'AWS::EC2::VPC': 'vpc-',
  'AWS::EC2::VPCEndpoint': 'vpce-',
  'AWS::EC2::VPCPeeringConnection': 'pcx-',
  'AWS::EC2::VPNGateway': 'vgw-',
  'AWS::EC2::Volume': 'vol-',
  'AWS::EFS::AccessPoint': 'fsap-',
  'AWS::EFS::FileSystem': 'fs-',
  'AWS::EFS::MountTarget': 'fsmt-',
  'AWS::ServiceDiscovery::PrivateDnsNamespace': 'ns-',
  'AWS::ServiceDiscovery::Service': 'srv-',
};

/** Types whose `Ref` is an ARN, with what stands before the name in it. */
const ARN_REFERENCES: Readonly<Record<string, string>> = {
  'AWS::Budgets::BudgetsAction': 'action/',
  'AWS::CertificateManager::Certificate': 'certificate/',
  'AWS::ECS::Service': 'service/',
  'AWS::ECS::TaskDefinition': 'task-definition/',
  'AWS::ElasticLoadBalancingV2::Listener': 'listener/app/',
  'AWS::ElasticLoadBalancingV2::ListenerRule': 'listener-rule/app/',
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'loadbalancer/app/',
  'AWS::ElasticLoadBalancingV2::TargetGroup': 'targetgroup/',
  'AWS::IAM::OIDCProvider': 'oidc-provider/',
  'AWS::IAM::SAMLProvider': 'saml-provider/',
  'AWS::Lambda::LayerVersion': 'layer:',
  'AWS::SecurityHub::Hub': 'hub/',
};

/** Segment of an ARN by the service of the type, where it is not the same in lower case. */
const ARN_SERVICES: Readonly<Record<string, string>> = {
  CertificateManager: 'acm',
  ElasticLoadBalancingV2: 'elasticloadbalancing',
  EFS: 'elasticfilesystem',
  OpenSearchService: 'es',
  Cognito: 'cognito-idp',
  Oam: 'oam',
  CloudWatch: 'cloudwatch',
};

/** Services whose ARNs name no region. */
const GLOBAL_SERVICES = new Set(['iam', 'cloudfront', 'route53', 'budgets', 'organizations']);

/** Value of `Ref` of an inert resource: of the form that AWS has, always the same for the same stack and logical id. */
export function inertReference(resource: Resource): string {
  const prefix = ID_PREFIXES[resource.type];
  if (prefix !== undefined) {
    return `${prefix}${resource.digest(17)}`;
  }
  if (ARN_REFERENCES[resource.type] !== undefined) {
    return inertArn(resource);
  }
  switch (resource.type) {
    case 'AWS::CloudFront::Distribution':
      return `E${resource.digest(13).toUpperCase()}`;
    case 'AWS::Cognito::UserPool':
      return `${resource.stack.region}_${resource.digest(9)}`;
    case 'AWS::EC2::EIP':
      return address(resource, '203.0.113');
    case 'AWS::IAM::AccessKey':
      return `AKIA${resource.digest(16).toUpperCase()}`;
    case 'AWS::Route53::HostedZone':
      return `Z${resource.digest(20).toUpperCase()}`;
    default:
      return givenName(resource);
  }
}

/** Value of `Fn::GetAtt`, of the form that the name of the attribute asks for. */
export function inertAttribute(resource: Resource, attribute: string): unknown {
  const name = attribute.split('.').at(-1) ?? attribute;
  const own = resource.get(name);
  if (own.exists && typeof own.data !== 'object') {
    return own.data;
  }
  const rule = ATTRIBUTES.find(([pattern]) => pattern.test(attribute));
  return rule === undefined ? givenName(resource) : rule[1](resource, name);
}

type MakeValue = (resource: Resource, name: string) => unknown;

const ATTRIBUTES: readonly (readonly [RegExp, MakeValue])[] = [
  [/arn$/i, inertArn],
  [/Port$/, port],
  [/(Cidr|CIDR)(Block)?$/, () => '10.0.0.0/16'],
  [/CidrBlock(s|Associations)$/, () => ['10.0.0.0/16']],
  [/^AvailabilityZone$/, ({ stack }) => `${stack.region}a`],
  [/(NameServers|DnsEntries)$/, (resource) => [1, 2].map((count) => `ns${count}.${hostOf(resource)}`)],
  [/(Ids|Ips|IpAddresses)$/, (resource, name) => [name.endsWith('Ids') ? resource.digest(17) : address(resource, '10.0.0')]],
  [/Ip$|IpAddress$/, (resource) => address(resource, '10.0.0')],
  [/(Address|HostName|Hostname|DNSName|DnsName|DomainName|Endpoint|Url|URL|Uri|URI)$/, hostOf],
  [/HostedZoneID?$/i, (resource) => `Z${resource.digest(20).toUpperCase()}`],
  [/Secret(AccessKey)?$/, (resource) => resource.digest(40)],
  [/(Version|VersionNumber|Number)$/, () => '1'],
  [/Enabled$/, () => 'true'],
  [/^DefaultSecurityGroup$/, (resource) => `sg-${resource.digest(17)}`],
  [/^AllocationId$/, (resource) => `eipalloc-${resource.digest(17)}`],
  [/Id$/, (resource, name) => isOwnId(resource, name) ? inertReference(resource) : resource.digest(17)],
];

/** `VpcId` of a VPC, `GroupId` of a security group. */
function isOwnId(resource: Resource, name: string): boolean {
  const kind = resource.type.split('::').at(-1) ?? '';
  return name === 'Id' || `${kind}Id`.toLowerCase().endsWith(name.toLowerCase());
}

function inertArn(resource: Resource): string {
  const [, family = '', kind = ''] = resource.type.split('::');
  const service = ARN_SERVICES[family] ?? family.toLowerCase();
  const rest = `${ARN_REFERENCES[resource.type] ?? `${kind.toLowerCase()}/`}${givenName(resource)}`;
  const { account, region } = resource.stack;
  return GLOBAL_SERVICES.has(service) ? `arn:${partitionOf(region)}:${service}::${account}:${rest}` : resource.arn(service, rest);
}

/** The name that the template gives, by the property that AWS calls it: `UserName` of a user, `DBInstanceIdentifier`, `Name`. */
function givenName(resource: Resource): string {
  const kind = resource.type.split('::').at(-1) ?? '';
  for (const property of [`${kind}Name`, `${kind}Identifier`, 'Name', 'Family']) {
    const value = resource.get(property);
    if (typeof value.data === 'string') {
      return value.data;
    }
  }
  return resource.generatedName();
}

/** No such host exists: what connects to it fails as it does without a network. */
function hostOf(resource: Resource): string {
  const service = resource.type.split('::')[1]?.toLowerCase() ?? '';
  return `${resource.generatedName(60).toLowerCase()}.${resource.stack.region}.${service}.amazonaws.com`;
}

function port(resource: Resource): string {
  const given = resource.get('Port').optionalString();
  if (given !== undefined) {
    return given;
  }
  if (/ElastiCache|MemoryDB/.test(resource.type)) {
    return '6379';
  }
  if (/DocDB/.test(resource.type)) {
    return '27017';
  }
  if (/Redshift/.test(resource.type)) {
    return '5439';
  }
  return /mysql|maria|^aurora$/.test(resource.get('Engine').string('')) ? '3306' : '5432';
}

function address(resource: Resource, network: string): string {
  return `${network}.${1 + Number.parseInt(resource.digest(2), 16) % 254}`;
}
