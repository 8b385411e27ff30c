/**
 * Families of resource types that do nothing for the story of a subscription, by the names of their services: an app that has them works
 * here as if they were there, as long as its functions do not call them.
 */
export const INERT_SERVICES = [
  'ACMPCA', 'AppConfig', 'ApplicationAutoScaling', 'ApplicationInsights', 'Athena', 'AutoScaling', 'AutoScalingPlans', 'Backup', 'Budgets',
  'CE', 'CUR', 'CertificateManager', 'Chatbot', 'CloudFront', 'CloudTrail', 'CloudWatch', 'CodeArtifact', 'CodeDeploy', 'CodeGuruProfiler',
  'CodeStarNotifications', 'Cognito', 'Config', 'DAX', 'DevOpsGuru', 'DocDB', 'DocDBElastic', 'EC2', 'ECR', 'ECS', 'EFS', 'EKS', 'ElastiCache',
  'ElasticLoadBalancing', 'ElasticLoadBalancingV2', 'Elasticsearch', 'FSx', 'GlobalAccelerator', 'GuardDuty', 'IAM', 'Inspector', 'InspectorV2',
  'InternetMonitor', 'KMS', 'Logs', 'Macie', 'MemoryDB', 'Neptune', 'NetworkFirewall', 'NetworkManager', 'Notifications', 'NotificationsContacts',
  'Oam', 'OpenSearchServerless', 'OpenSearchService', 'Organizations', 'QuickSight', 'RAM', 'RDS', 'RUM', 'Redshift', 'RedshiftServerless',
  'ResourceExplorer2', 'ResourceGroups', 'Route53', 'Route53RecoveryControl', 'Route53RecoveryReadiness', 'Route53Resolver', 'SES', 'SSM', 'SSMContacts',
  'SSMIncidents', 'SSO', 'SecretsManager', 'SecurityHub', 'ServiceCatalog', 'ServiceCatalogAppRegistry', 'ServiceDiscovery', 'Shield', 'Signer',
  'Timestream', 'VpcLattice', 'WAF', 'WAFRegional', 'WAFv2', 'XRay',
] as const;

const FAMILY = new RegExp(`^AWS::(${INERT_SERVICES.join('|')})::`);

/** Single types of services that otherwise do something. */
export const INERT_TYPES: ReadonlySet<string> = new Set([
  'AWS::ApiGateway::BasePathMappingV2',
  'AWS::ApiGateway::ClientCertificate',
  'AWS::ApiGateway::DocumentationPart',
  'AWS::ApiGateway::DocumentationVersion',
  'AWS::ApiGateway::DomainNameV2',
  'AWS::Glue::Database',
  'AWS::Glue::Table',
  'AWS::Lambda::CodeSigningConfig',
  'AWS::Lambda::LayerVersionPermission',
  'AWS::S3::AccessPoint',
  'AWS::S3::StorageLens',
]);

/** Types of inert families that would invoke, deliver or answer something, and why they are not inert. */
const ACTIVE_TYPES: Readonly<Record<string, string>> = {
  'AWS::CloudFront::RealtimeLogConfig': 'a stream of requests',
  'AWS::Logs::Destination': 'a stream of log events',
  'AWS::Logs::SubscriptionFilter': 'log events to another service',
  'AWS::SES::MailManagerRuleSet': 'mail that arrives',
  'AWS::SES::ReceiptRule': 'mail that arrives',
};

/** Why a type of an inert family is not inert itself; undefined: it is, or is of no such family. */
export function activeReason(type: string): string | undefined {
  return ACTIVE_TYPES[type];
}

export function isInert(type: string): boolean {
  return INERT_TYPES.has(type) || (FAMILY.test(type) && activeReason(type) === undefined);
}
