import { type SandboxClient, startSandbox } from 'cdk-marketplace-saas-sandbox';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DynamoDB } from '@aws-sdk/client-dynamodb';

let sandbox: SandboxClient;

before(async () => {
  sandbox = await startSandbox({ app: process.env.CDK_OUTDIR ?? 'cdk.out', stacks: ['ContractProduct'], time: '2026-11-23T09:00:00Z' });
});
after(async () => {
  assert.equal(await sandbox.stop(), 0, 'a function was denied an AWS call');
});

/** What the buyer's plan allows: the number of users and the tier. */
async function planOf(licenseId: string) {
  const dynamodb = new DynamoDB({ endpoint: sandbox.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
  const { Item: plan } = await dynamodb.getItem({ TableName: String(sandbox.outputs.PlansTableName), Key: { licenseId: { S: licenseId } } });
  const entitlements = plan?.entitlements?.M ?? {};
  return { users: entitlements.Users?.M?.value?.N, tier: entitlements.Tier?.M?.value?.S };
}

test('a plan follows the contract: bought, upgraded, and nothing once it has ended', async () => {
  const { licenseId, agreementId } = await sandbox.purchase({ quantities: { Users: 10, Tier: 'gold' } });
  await sandbox.advance('PT2M');
  assert.deepEqual(await planOf(licenseId), { users: '10', tier: 'gold' });
  await sandbox.agreement(agreementId, 'amend', { quantities: { Users: 25, Tier: 'gold' } });
  await sandbox.advance('PT5M');
  assert.deepEqual(await planOf(licenseId), { users: '25', tier: 'gold' });
  await sandbox.agreement(agreementId, 'cancel');
  await sandbox.advance('PT5M');
  assert.deepEqual(await planOf(licenseId), { users: undefined, tier: undefined });
  const { deadLetters } = await sandbox.state();
  assert.deepEqual(Object.values(deadLetters).filter((count) => count > 0), []);
});
