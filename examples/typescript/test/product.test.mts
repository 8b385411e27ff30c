import { type SandboxClient, startSandbox } from 'cdk-marketplace-saas-sandbox';
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';

let sandbox: SandboxClient;

before(async () => {
  sandbox = await startSandbox({ app: process.env.CDK_OUTDIR ?? 'cdk.out', stacks: ['SaasProduct'], time: '2026-11-23T09:00:00Z' });
});
beforeEach(() => sandbox.reset({ keepProcesses: true }));
afterEach(async () => {
  const { deadLetters } = await sandbox.state();
  assert.deepEqual(Object.values(deadLetters).filter((count) => count > 0), []);
});
after(async () => {
  assert.equal(await sandbox.stop(), 0, 'a function was denied an AWS call');
});

/** A buyer subscribes, and AWS Marketplace's events arrive. */
async function subscribe() {
  const bought = await sandbox.purchase();
  await sandbox.advance('PT2M');
  return bought;
}

/** A user of the product calls its API. */
function call(licenseId: string, id: string, quantity: number): Promise<Response> {
  const url = new URL(`${licenseId}/ApiCalls`, String(sandbox.outputs.ProductApiUrl));
  return fetch(url, { method: 'POST', body: JSON.stringify({ id, quantity }) });
}

/** What AWS Marketplace would bill. */
async function billed(): Promise<number[]> {
  const { meteringRecords } = await sandbox.state();
  return meteringRecords.filter(({ dimension, quantity }) => dimension === 'ApiCalls' && quantity > 0).map(({ quantity }) => quantity);
}

test('what a buyer uses is billed in its hour', async () => {
  const { licenseId } = await subscribe();
  assert.equal((await call(licenseId, 'call-1', 3)).status, 202);
  await call(licenseId, 'call-2', 4);
  await sandbox.advance('PT1H15M');
  assert.deepEqual(await billed(), [7]);
});

test('an outage of AWS Marketplace costs no revenue', async () => {
  const { licenseId } = await subscribe();
  await call(licenseId, 'call-1', 5);
  await sandbox.addFault({ service: 'metering', error: 'InternalServiceErrorException', times: 1000 });
  await sandbox.advance('PT2H');
  assert.deepEqual(await billed(), []);
  await sandbox.clearFaults();
  await sandbox.advance('PT10M');
  assert.deepEqual(await billed(), [5]);
});

test('a buyer who has cancelled is locked out, and pays for the last hour', async () => {
  const { licenseId, agreementId } = await subscribe();
  await call(licenseId, 'call-1', 2);
  await sandbox.agreement(agreementId, 'cancel');
  await sandbox.advance('PT2H');
  assert.deepEqual(await billed(), [2]);
  assert.equal((await call(licenseId, 'call-2', 1)).status, 403);
});
