import * as path from 'node:path';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as patterns from 'aws-cdk-lib/aws-ecs-patterns';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { modelOf, modelOfTemplate, resolved, temporaryFolder } from './assemblies';
import type { BuildModelOptions } from '../../src/template';

describe('an app of a kind that many sellers have, with a network, containers, a database and a web site', () => {
  const app = new App({ outdir: path.join(temporaryFolder(), 'cdk.out') });
  const stack = new Stack(app, 'Web', { env: { account: '111111111111', region: 'eu-west-1' } });
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 });
  const database = new rds.DatabaseInstance(stack, 'Database', {
    engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17 }),
    vpc,
    databaseName: 'app',
    storageEncrypted: true,
  });
  new rds.DatabaseCluster(stack, 'Cluster', {
    engine: rds.DatabaseClusterEngine.auroraMysql({ version: rds.AuroraMysqlEngineVersion.VER_3_08_0 }),
    writer: rds.ClusterInstance.serverlessV2('writer'),
    vpc,
  });
  const zone = new route53.HostedZone(stack, 'Zone', { zoneName: 'example.com' });
  const service = new patterns.ApplicationLoadBalancedFargateService(stack, 'Service', {
    vpc,
    taskImageOptions: { image: ecs.ContainerImage.fromRegistry('nginx'), secrets: { PASSWORD: ecs.Secret.fromSecretsManager(database.secret!, 'password') } },
    domainName: 'app.example.com',
    domainZone: zone,
    certificate: new acm.Certificate(stack, 'Certificate', { domainName: 'app.example.com', validation: acm.CertificateValidation.fromDns(zone) }),
  });
  service.service.autoScaleTaskCount({ maxCapacity: 4 }).scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: 60 });
  new cloudfront.Distribution(stack, 'Site', { defaultBehavior: { origin: new origins.HttpOrigin(service.loadBalancer.loadBalancerDnsName) } });
  new CfnOutput(stack, 'Host', { value: database.dbInstanceEndpointAddress });
  new CfnOutput(stack, 'Port', { value: database.dbInstanceEndpointPort });
  new CfnOutput(stack, 'VpcId', { value: vpc.vpcId });
  new CfnOutput(stack, 'GroupId', { value: database.connections.securityGroups[0]!.securityGroupId });
  new CfnOutput(stack, 'Password', { value: database.secret!.secretValueFromJson('password').unsafeUnwrap() });
  const model = modelOf(app.synth().directory);

  test('an app with a network, containers, a database and a web site is taken as it is', () => {
    const types = new Set(model.inert.map(({ type }) => type));
    expect([...types]).toEqual(expect.arrayContaining([
      'AWS::EC2::VPC', 'AWS::ECS::Service', 'AWS::RDS::DBInstance', 'AWS::Route53::HostedZone', 'AWS::CertificateManager::Certificate',
      'AWS::CloudFront::Distribution', 'AWS::ApplicationAutoScaling::ScalingPolicy', 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    ]));
  });

  test('resources that do nothing have values of the form that AWS gives', () => {
    expect(model.stacks[0]?.outputs).toMatchObject({
      Host: expect.stringMatching(/^web-database[\w-]*\.eu-west-1\.rds\.amazonaws\.com$/),
      Port: '5432',
      VpcId: expect.stringMatching(/^vpc-[0-9a-f]{17}$/),
      GroupId: expect.stringMatching(/^sg-[0-9a-f]{17}$/),
      Password: expect.stringMatching(/^[0-9a-f]{30}$/),
    });
  });

  test('secrets of an app say where its databases are', () => {
    const values = model.secrets.map(({ value }) => JSON.parse(value ?? '{}') as object);
    expect(values).toMatchObject([
      { username: 'postgres', engine: 'postgres', host: model.stacks[0]?.outputs.Host, port: 5432, dbname: 'app' },
      { username: 'admin', engine: 'mysql', port: 3306 },
    ]);
  });
});

test('inert resources have the names that the template gives, and ARNs of the form of AWS', () => {
  const template = {
    Resources: {
      User: { Type: 'AWS::IAM::User', Properties: { UserName: 'ci' } },
      Zone: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.1.0.0/16' } },
      Certificate: { Type: 'AWS::CertificateManager::Certificate' },
      Pool: { Type: 'AWS::Cognito::UserPool' },
    },
  };
  expect(resolved([
    { Ref: 'User' }, { 'Fn::GetAtt': ['User', 'Arn'] }, { 'Fn::GetAtt': ['Zone', 'CidrBlock'] }, { Ref: 'Certificate' }, { 'Fn::GetAtt': ['Pool', 'UserPoolId'] },
  ], template)).toEqual([
    'ci',
    'arn:aws:iam::000000000000:user/ci',
    '10.1.0.0/16',
    expect.stringMatching(/^arn:aws:acm:us-east-1:000000000000:certificate\/Demo-Certificate-/),
    expect.stringMatching(/^us-east-1_/),
  ]);
});

describe('what would do something', () => {
  const att = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
  const rule = (Arn: unknown) => ({ Type: 'AWS::Events::Rule', Properties: { EventPattern: { source: ['a'] }, Targets: [{ Id: 'T', Arn }] } });
  const taking = (Resources: object, options: Partial<BuildModelOptions> = {}) => () => modelOfTemplate({ Resources }, options);

  test.each<[string, object, string]>([
    ['an API', { A: { Type: 'AWS::AppSync::GraphQLApi' } }, 'AWS::AppSync::GraphQLApi A in stack Demo: unknown resource type'],
    ['a state machine', { M: { Type: 'AWS::StepFunctions::StateMachine' } }, 'a state machine other than the one with which the CDK waits for a custom resource'],
    ['a stream', { S: { Type: 'AWS::Kinesis::Stream' } }, 'AWS::Kinesis::Stream S in stack Demo'],
    ['a subscription to logs', { L: { Type: 'AWS::Logs::SubscriptionFilter' } }, 'log events to another service'],
    ['a function behind a load balancer', { T: { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: { TargetType: 'lambda' } } }, 'a target group that invokes functions'],
    ['triggers of a user pool', { P: { Type: 'AWS::Cognito::UserPool', Properties: { LambdaConfig: { PreSignUp: 'arn' } } } }, 'triggers of a user pool'],
    ['an event that starts a container', { C: { Type: 'AWS::ECS::Cluster' }, R: rule(att('C')) }, '(AWS::ECS::Cluster C)'],
  ])('a resource that would do something is refused by name: %s', (_, resources, message) => {
    expect(taking(resources)).toThrow(message);
  });

  test('the message names the option that lets it do nothing', () => {
    expect(taking({ S: { Type: 'AWS::Kinesis::Stream' } })).toThrow("--stub 'AWS::Kinesis::Stream'");
  });

  test('a resource that would do something can be stubbed by name, and what is dropped on its account is named', () => {
    const { rules, stubs } = taking({
      S: { Type: 'AWS::Kinesis::Stream' },
      R: rule(att('S')),
      M: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { EventSourceArn: att('S'), FunctionName: 'f' } },
    }, { stubs: ['AWS::Kinesis::*'] })();
    expect(stubs).toEqual([
      { stack: 'Demo', logicalId: 'S', type: 'AWS::Kinesis::Stream', reason: 'unknown resource type' },
      { stack: 'Demo', logicalId: 'R', type: 'AWS::Events::Rule', reason: expect.stringMatching(/^events to arn:aws:kinesis:.* \(AWS::Kinesis::Stream S\)$/) },
      { stack: 'Demo', logicalId: 'M', type: 'AWS::Lambda::EventSourceMapping', reason: expect.stringMatching(/^events from arn:aws:kinesis:.*\(AWS::Kinesis::Stream S\)$/) },
    ]);
    expect(rules[0]?.targets).toMatchObject([{ arn: expect.stringContaining(':kinesis:') }]);
  });

  test('a stub of one type lets nothing else through', () => {
    expect(taking({ S: { Type: 'AWS::Kinesis::Stream' }, A: { Type: 'AWS::AppSync::GraphQLApi' } }, { stubs: ['AWS::Kinesis::*'] }))
      .toThrow(/does not support[^\n]*\n  AWS::AppSync::GraphQLApi A in stack Demo: unknown resource type$/);
  });
});
