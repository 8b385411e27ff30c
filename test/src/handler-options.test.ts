import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { integrate, newStack, resources, statements } from './fixtures';
import { HandlerOptions } from '../../src';

function integrated(options: (stack: ReturnType<typeof newStack>) => HandlerOptions) {
  const stack = newStack();
  const template = integrate({ handlerOptions: options(stack) }, stack).template();
  return { template, functions: resources(template, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties) };
}

test('every function has the architecture, the tracing and the log level that were chosen', () => {
  const { functions, template } = integrated(() => ({
    architecture: lambda.Architecture.X86_64, tracing: lambda.Tracing.ACTIVE, logLevel: lambda.ApplicationLogLevel.WARN,
  }));
  expect(functions).toHaveLength(6);
  for (const fn of functions) {
    expect(fn).toMatchObject({ Architectures: ['x86_64'], TracingConfig: { Mode: 'Active' }, Environment: { Variables: { POWERTOOLS_LOG_LEVEL: 'WARN' } } });
  }
  expect(statements(template, '').filter(({ Action }) => [Action].flat().includes('xray:PutTraceSegments'))).toHaveLength(6);
});

test('a function has at least the memory that was chosen, and never less than it needs', () => {
  const { functions } = integrated(() => ({ memorySize: 1024 }));
  expect(functions.map(({ MemorySize }) => MemorySize).sort()).toEqual([1024, 1024, 1024, 1024, 1769, 1769]);
});

test('every function is in the VPC, with the permission to have a network interface there', () => {
  const { functions, template } = integrated((stack) => ({
    vpc: new ec2.Vpc(stack, 'Vpc', { restrictDefaultSecurityGroup: false }), vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
  }));
  for (const { VpcConfig } of functions) {
    expect(VpcConfig.SubnetIds.map(({ Ref }: any) => Ref)).toEqual([expect.stringContaining('VpcPrivateSubnet1'), expect.stringContaining('VpcPrivateSubnet2')]);
    expect(VpcConfig.SecurityGroupIds).toHaveLength(1);
  }
  expect(statements(template, '').filter(({ Action }) => [Action].flat().includes('ec2:CreateNetworkInterface'))).toHaveLength(functions.length);
});

test('the functions share the security groups that were given', () => {
  const { functions } = integrated((stack) => {
    const vpc = new ec2.Vpc(stack, 'Vpc', { restrictDefaultSecurityGroup: false });
    return { vpc, securityGroups: [new ec2.SecurityGroup(stack, 'Group', { vpc })] };
  });
  expect(new Set(functions.map(({ VpcConfig }) => JSON.stringify(VpcConfig.SecurityGroupIds))).size).toBe(1);
});

test.each<[string, HandlerOptions, RegExp]>([
  ['subnets without a VPC', { vpcSubnets: {} }, /handlerOptions\.vpcSubnets: .*give the vpc too.*\(Saas\/Marketplace\)/],
  ['a log level that the logger does not have', { logLevel: lambda.ApplicationLogLevel.TRACE }, /handlerOptions\.logLevel: .*DEBUG, INFO, WARN, ERROR/],
  ['too little memory', { memorySize: 64 }, /handlerOptions\.memorySize: received 64; give a whole number from 128 to 10,240 MB/],
])('%s fails at synthesis', (_what, handlerOptions, error) => {
  expect(() => integrate({ handlerOptions })).toThrow(error);
});
