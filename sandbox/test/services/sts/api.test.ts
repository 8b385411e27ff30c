import type { AwsCall, HttpRequest } from '../../../src/gateway/aws-call';
import { Callers, type Caller } from '../../../src/gateway/callers';
import { parseCall } from '../../../src/gateway/parse-call';
import { APIS } from '../../../src/services';
import { Sts } from '../../../src/services/sts/api';

const WORKLOAD = '111111111111';
const SELLER = '222222222222';

/** STS of an app whose seller account has opt-in regions enabled, or not. */
function assumeRole(account: string, region: string, sellerHasOptInRegions: boolean) {
  const options = { account: WORKLOAD, seller: SELLER, now: () => 0, sellerHasOptInRegions: () => sellerHasOptInRegions };
  const sts = new Sts({ callers: new Callers(), ...options });
  const RoleArn = `arn:aws:iam::${account}:role/marketplace`;
  const request: HttpRequest = {
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'authorization': `AWS4-HMAC-SHA256 Credential=AKID/20261123/${region}/sts/aws4_request`,
    },
    rawHeaders: [],
    body: Buffer.from(String(new URLSearchParams({ Action: 'AssumeRole', RoleArn, RoleSessionName: 'test' }))),
  };
  return sts.handle(parseCall(request, APIS)!);
}

test('STS refuses to assume a role of a seller account that has the region disabled', async () => {
  await expect(assumeRole(SELLER, 'af-south-1', false)).rejects.toMatchObject({ code: 'RegionDisabledException', status: 403 });
});

test.each([
  ['the region is enabled', SELLER, 'af-south-1', true],
  ['the region needs no opt-in', SELLER, 'us-east-1', false],
  ['the role is of another account', WORKLOAD, 'af-south-1', false],
])('STS answers where %s', async (_, account, region, enabled) => {
  expect(await assumeRole(account, region, enabled)).toMatchObject({ status: 200 });
});

test('STS names a caller as the events of functions do: the operator by the account, a function by its role and the session that it named', async () => {
  const callers = new Callers();
  const sts = new Sts({ callers, account: WORKLOAD, seller: SELLER, now: () => 0, sellerHasOptInRegions: () => true });
  const ask = async (caller?: Caller, parameters: object = {}, operation = 'GetCallerIdentity') =>
    String((await sts.handle({ operation, parameters, caller, region: 'us-east-1' } as AwsCall)).body);
  const roleArn = `arn:aws:iam::${WORKLOAD}:role/own`;
  const worker = { fn: { name: 'worker' }, roleArn } as Caller;
  expect(await ask()).toContain(`<UserId>${WORKLOAD}</UserId><Account>${WORKLOAD}</Account><Arn>arn:aws:iam::${WORKLOAD}:root</Arn>`);
  expect(await ask(worker)).toContain(`<UserId>AROASANDBOX:worker</UserId><Account>${WORKLOAD}</Account><Arn>arn:aws:sts::${WORKLOAD}:assumed-role/own/worker</Arn>`);

  const assumed = await ask(worker, { RoleArn: `arn:aws:iam::${SELLER}:role/marketplace`, RoleSessionName: 'metering' }, 'AssumeRole');
  const session = callers.find(/<AccessKeyId>(\w+)</.exec(assumed)![1]);
  expect(await ask(session)).toContain(`<UserId>AROASANDBOX:metering</UserId><Account>${SELLER}</Account><Arn>arn:aws:sts::${SELLER}:assumed-role/marketplace/metering</Arn>`);
});
