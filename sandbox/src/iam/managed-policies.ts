import type { PolicyDocument, RoleModel } from '../model';

function allowing(...actions: string[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] };
}

const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

/** Policies AWS maintains, by the end of their ARNs, with those of their actions that matter here. */
const MANAGED: Readonly<Record<string, PolicyDocument>> = {
  'service-role/AWSLambdaBasicExecutionRole': allowing(...LOGS),
  'service-role/AWSLambdaSQSQueueExecutionRole': allowing('sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', ...LOGS),
  'service-role/AWSLambdaVPCAccessExecutionRole': allowing(
    ...LOGS, 'ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses',
  ),
  'service-role/AWSLambdaDynamoDBExecutionRole': allowing(
    'dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams', ...LOGS,
  ),
  'service-role/AWSLambdaRole': allowing('lambda:InvokeFunction'),
  'service-role/AmazonAPIGatewayPushToCloudWatchLogs': allowing(
    ...LOGS, 'logs:DescribeLogGroups', 'logs:DescribeLogStreams', 'logs:GetLogEvents', 'logs:FilterLogEvents',
  ),
  'AWSXRayDaemonWriteAccess': allowing(
    'xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets', 'xray:GetSamplingStatisticSummaries',
  ),
};

/** All policies of a role, those AWS maintains included; of those, the unknown ones allow nothing. */
export function policiesOf(role: RoleModel): readonly PolicyDocument[] {
  return [...role.policies, ...role.managedPolicyArns.flatMap((arn) => managedPolicy(arn) ?? [])];
}

/** ARNs of a role's managed policies whose content is not known here. */
export function unknownPoliciesOf(role: RoleModel): readonly string[] {
  return role.managedPolicyArns.filter((arn) => managedPolicy(arn) === undefined);
}

function managedPolicy(arn: string): PolicyDocument | undefined {
  const name = /^arn:[^:]+:iam::aws:policy\/(.+)$/.exec(arn)?.[1];
  return name !== undefined && Object.hasOwn(MANAGED, name) ? MANAGED[name] : undefined;
}
