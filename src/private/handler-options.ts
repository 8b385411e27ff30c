import { Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { HandlerOptions } from '../handler-options';
import { acknowledge } from './nag';
import { checkEnum, checkInteger, invalidProp } from './validate';

const LOG_LEVELS = {
  DEBUG: lambda.ApplicationLogLevel.DEBUG,
  INFO: lambda.ApplicationLogLevel.INFO,
  WARN: lambda.ApplicationLogLevel.WARN,
  ERROR: lambda.ApplicationLogLevel.ERROR,
};

/** Read by the logger of the handlers; without it the level is INFO. */
const LOG_LEVEL = 'POWERTOOLS_LOG_LEVEL';

/** What AWSLambdaVPCAccessExecutionRole allows, without that policy's logs: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html */
const NETWORK_INTERFACES = ['CreateNetworkInterface', 'DescribeNetworkInterfaces', 'DescribeSubnets', 'DeleteNetworkInterface',
  'AssignPrivateIpAddresses', 'UnassignPrivateIpAddresses'].map((action) => `ec2:${action}`);

export function checkHandlerOptions({ vpc, vpcSubnets, securityGroups, logLevel, memorySize }: HandlerOptions): void {
  if (!vpc && (vpcSubnets || securityGroups)) {
    throw invalidProp(`handlerOptions.${vpcSubnets ? 'vpcSubnets' : 'securityGroups'}`, vpcSubnets ?? securityGroups, 'give the vpc too, or leave it out');
  }
  if (logLevel !== undefined) {
    checkEnum('handlerOptions.logLevel', logLevel, LOG_LEVELS);
  }
  if (memorySize !== undefined && !Token.isUnresolved(memorySize)) {
    checkInteger('handlerOptions.memorySize', memorySize, 128, 10_240, ' MB');
  }
}

/** Variables that the options add to each function. */
export function optionEnvironment({ logLevel }: HandlerOptions): Record<string, string> {
  return logLevel === undefined ? {} : { [LOG_LEVEL]: logLevel };
}

/** Properties of a function that needs this much memory. */
export function functionOptions(options: HandlerOptions, neededMemory: number): Partial<lambda.FunctionProps> {
  const { vpc, vpcSubnets, securityGroups, architecture, tracing, memorySize = 0 } = options;
  return {
    architecture: architecture ?? lambda.Architecture.ARM_64,
    memorySize: Token.isUnresolved(memorySize) ? memorySize : Math.max(neededMemory, memorySize),
    ...vpc && { vpc, vpcSubnets, securityGroups },
    ...tracing && { tracing },
  };
}

/** Permissions that the function has by these options. The CDK adds those for a VPC only to a role of its own making. */
export function allowOptions(role: iam.Role, { vpc, tracing }: HandlerOptions): void {
  if (vpc) {
    role.addToPolicy(new iam.PolicyStatement({ actions: NETWORK_INTERFACES, resources: ['*'] }));
  }
  if (vpc || (tracing && tracing !== lambda.Tracing.DISABLED)) {
    acknowledge(role, { 'AwsSolutions-IAM5[Resource::*]': 'Network interfaces of Lambda and traces of X-Ray have no ARN before they exist.' });
  }
}
