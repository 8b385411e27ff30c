import type { HttpRequest } from '../../../src/gateway/aws-call';
import { Callers } from '../../../src/gateway/callers';
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
