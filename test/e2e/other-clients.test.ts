import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { CfnOutput, SecretValue } from 'aws-cdk-lib';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Dimension, SaasPricingModel } from '../../src';
import { integrate, synthesize } from '../support/e2e/assemblies';
import { useProduct } from '../support/e2e/use-product';

// Clients that are not ours, where they are installed: Python with boto3, and the AWS CLI.
const has = (command: string, ...args: string[]) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
const withBoto3 = has('python3', '-c', 'import boto3') ? test : test.skip;
const withCli = has('aws', '--version') ? test : test.skip;

jest.setTimeout(120_000);

const on = useProduct(() => synthesize((stack) => integrate(stack)));

const ACCOUNT = '111122223333';
const ENVIRONMENT = {
  ...process.env,
  AWS_ACCESS_KEY_ID: 'operator',
  AWS_SECRET_ACCESS_KEY: 'operator',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
};
const run = async (command: string, ...args: string[]) => (await promisify(execFile)(command, args, { env: ENVIRONMENT })).stdout;

const PYTHON = `
import boto3, datetime, json, sys
endpoint, token, license, queue, now = sys.argv[1:]
client = lambda name: boto3.client(name, endpoint_url=endpoint)
metering = client('meteringmarketplace')
resolved = metering.resolve_customer(RegistrationToken=token)
try:
    metering.resolve_customer(RegistrationToken='made-up')
except metering.exceptions.InvalidTokenException as error:
    refused = error.response['Error']['Code']
time = datetime.datetime.fromisoformat(now.replace('Z', '+00:00'))
record = {'Timestamp': time, 'LicenseArn': license, 'CustomerAWSAccountId': '${ACCOUNT}', 'Dimension': 'StorageGb', 'Quantity': 3}
metered = metering.batch_meter_usage(UsageRecords=[record])
usage = {'id': 'from-python', 'license': license, 'dimension': 'ApiCalls', 'quantity': 7, 'time': now}
client('sqs').send_message(QueueUrl=queue, MessageBody=json.dumps(usage))
print(json.dumps([resolved['LicenseArn'], refused, metered['Results'][0]['Status']]))
`;

withBoto3('boto3 resolves a buyer, meters, and sends usage to the queue', async () => {
  const { product, sandbox } = on;
  const { licenseArn, licenseId, registrationToken } = await product.purchase({ customerAwsAccountId: ACCOUNT });
  await product.advance('PT2M');
  const printed = await run('python3', '-c', PYTHON, sandbox.endpoint, registrationToken, licenseArn, product.output('UsageQueueUrl'), await product.now());
  expect(JSON.parse(printed)).toEqual([licenseArn, 'InvalidTokenException', 'Success']);
  await product.advance('PT90M');
  expect(await product.billedHours(licenseId)).toEqual({ '2026-11-16T08': 7 });
});

withCli('the AWS CLI resolves a buyer, and shows the error code that AWS has', async () => {
  const { product, sandbox } = on;
  const { licenseArn, registrationToken } = await product.purchase({ customerAwsAccountId: ACCOUNT });
  const resolve = (token: string) =>
    run('aws', 'meteringmarketplace', 'resolve-customer', '--registration-token', token, '--endpoint-url', sandbox.endpoint, '--output', 'json');
  expect(JSON.parse(await resolve(registrationToken))).toMatchObject({ LicenseArn: licenseArn, CustomerAWSAccountId: ACCOUNT });
  await expect(resolve('made-up')).rejects.toMatchObject({ stderr: expect.stringContaining('(InvalidTokenException)') });
});

describe('clients of a product with contracts, and of a topic', () => {
  const contract = useProduct(() => synthesize((stack) => {
    integrate(stack, { pricingModel: SaasPricingModel.CONTRACT, dimensions: ['Users', 'StorageTb', 'Tier', 'Sso'].map((name) => Dimension.entitled(name)) });
    const [topic, queue] = [new sns.Topic(stack, 'News'), new sqs.Queue(stack, 'Readers')];
    topic.addSubscription(new SqsSubscription(queue));
    topic.addSubscription(new SqsSubscription(new sqs.Queue(stack, 'Picky'), { filterPolicy: { kind: sns.SubscriptionFilter.stringFilter({ allowlist: ['b'] }) } }));
    new CfnOutput(stack, 'TopicArn', { value: topic.topicArn });
    new CfnOutput(stack, 'ReadersUrl', { value: queue.queueUrl });
  }));
  const aws = async (...args: string[]) => JSON.parse(await run('aws', ...args, '--endpoint-url', contract.sandbox.endpoint, '--output', 'json') || '{}');

  withCli('the AWS CLI reads the entitlements of a license, values of all four types', async () => {
    const { licenseArn } = await contract.product.subscriber({ quantities: { Users: 10, StorageTb: 2.5, Tier: 'gold', Sso: true } });
    const { Entitlements: entitlements } = await aws(
      'marketplace-entitlement', 'get-entitlements', '--product-code', '4ml54db8vrmjuykaw1psroool', '--filter', JSON.stringify({ LICENSE_ARN: [licenseArn] }),
    );
    const values = (entitlements as { Dimension: string; Value: object }[]).map(({ Dimension: dimension, Value: value }) => [dimension, value]);
    expect(Object.fromEntries(values)).toEqual({
      Users: { IntegerValue: 10 }, StorageTb: { DoubleValue: 2.5 }, Tier: { StringValue: 'gold' }, Sso: { BooleanValue: true },
    });
    await expect(aws('marketplace-entitlement', 'get-entitlements', '--product-code', 'unknown'))
      .rejects.toMatchObject({ stderr: expect.stringContaining('(InvalidParameterException)') });
  });

  withCli('the AWS CLI publishes to a topic, and SNS delivers with its envelope to those that want it', async () => {
    const { product } = contract;
    const attributes = JSON.stringify({ kind: { DataType: 'String', StringValue: 'a' } });
    const { MessageId: id } = await aws('sns', 'publish', '--topic-arn', product.output('TopicArn'), '--message', 'hello', '--message-attributes', attributes);
    await product.advance('PT1S');
    const { Messages: messages } = await aws('sqs', 'receive-message', '--queue-url', product.output('ReadersUrl'));
    expect(JSON.parse(messages[0].Body)).toMatchObject({
      Type: 'Notification', MessageId: id, TopicArn: product.output('TopicArn'), Message: 'hello', MessageAttributes: { kind: { Type: 'String', Value: 'a' } },
    });
    await expect(aws('sns', 'publish', '--topic-arn', `${product.output('TopicArn')}-none`, '--message', 'x'))
      .rejects.toMatchObject({ stderr: expect.stringMatching(/\((NotFound|NotFoundException)\)/) });
  });
});

const READ_PYTHON = `
import boto3, json, sys
client = lambda name: boto3.client(name, endpoint_url=sys.argv[1])
every = lambda name, operation, field, **parameters: [entry for page in client(name).get_paginator(operation).paginate(**parameters) for entry in page[field]]
ssm, secrets = client('ssm'), client('secretsmanager')
try:
    secrets.get_secret_value(SecretId='made-up')
except secrets.exceptions.ResourceNotFoundException as error:
    refused = error.response['Error']['Code']
print(json.dumps([
    ssm.get_parameter(Name='/app/plan', WithDecryption=True)['Parameter']['Value'],
    [entry['Name'] for entry in every('ssm', 'get_parameters_by_path', 'Parameters', Path='/app', Recursive=True, PaginationConfig={'PageSize': 1})],
    [entry['Name'] for entry in every('ssm', 'describe_parameters', 'Parameters', ParameterFilters=[{'Key': 'Name', 'Option': 'BeginsWith', 'Values': ['/app/']}])],
    secrets.get_secret_value(SecretId='app/key')['SecretString'],
    [entry['Name'] for entry in every('secretsmanager', 'list_secrets', 'SecretList', Filters=[{'Key': 'name', 'Values': ['app/']}])],
    refused,
]))
`;

describe('clients of an app with parameters and secrets', () => {
  const configured = useProduct(() => synthesize((stack) => {
    integrate(stack);
    new ssm.StringParameter(stack, 'Plan', { parameterName: '/app/plan', stringValue: 'gold' });
    new ssm.StringParameter(stack, 'Deep', { parameterName: '/app/deep/limit', stringValue: '5' });
    new secretsmanager.Secret(stack, 'Key', { secretName: 'app/key', secretStringValue: SecretValue.unsafePlainText('hush') });
  }));

  withBoto3('boto3 reads, lists and describes parameters and secrets', async () => {
    const printed = await run('python3', '-c', READ_PYTHON, configured.sandbox.endpoint);
    expect(JSON.parse(printed)).toEqual([
      'gold', ['/app/plan', '/app/deep/limit'], ['/app/plan', '/app/deep/limit'], 'hush', ['app/key'], 'ResourceNotFoundException',
    ]);
  });

  withCli('the AWS CLI reads, lists and describes parameters and secrets', async () => {
    const aws = async (...args: string[]) => JSON.parse(await run('aws', ...args, '--endpoint-url', configured.sandbox.endpoint, '--output', 'json'));
    const names = (entries: readonly { readonly Name: string }[]) => entries.map(({ Name }) => Name);
    expect((await aws('ssm', 'get-parameter', '--name', '/app/plan')).Parameter.Value).toBe('gold');
    expect(names((await aws('ssm', 'get-parameters-by-path', '--path', '/app', '--recursive', '--page-size', '1')).Parameters)).toEqual(['/app/plan', '/app/deep/limit']);
    expect(names((await aws('ssm', 'describe-parameters')).Parameters)).toEqual(expect.arrayContaining(['/app/plan', '/app/deep/limit']));
    expect((await aws('secretsmanager', 'get-secret-value', '--secret-id', 'app/key')).SecretString).toBe('hush');
    expect(names((await aws('secretsmanager', 'list-secrets')).SecretList)).toContain('app/key');
    await expect(aws('secretsmanager', 'get-secret-value', '--secret-id', 'made-up'))
      .rejects.toMatchObject({ stderr: expect.stringContaining('(ResourceNotFoundException)') });
  });
});
