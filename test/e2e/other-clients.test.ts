import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { integrate, synthesize } from '../support/e2e/assemblies';
import { useProduct } from '../support/e2e/use-product';

// Clients that are not ours, where they are installed: Python with boto3, and the AWS CLI.
const has = (command: string, ...args: string[]) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
const withBoto3 = has('python3', '-c', 'import boto3') ? test : test.skip;
const withCli = has('aws', '--version') ? test : test.skip;

jest.setTimeout(60_000);

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
