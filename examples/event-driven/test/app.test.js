import { startSandbox } from 'cdk-marketplace-saas-sandbox';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

let sandbox;

before(async () => {
  sandbox = await startSandbox({ app: process.env.CDK_OUTDIR ?? 'cdk.out', time: '2026-11-23T09:00:00Z' });
});
after(async () => {
  assert.equal(await sandbox.stop(), 0, 'a function failed, or was denied an AWS call');
});

/** Any client of S3 does; this one needs no package. */
function upload(key) {
  const authorization = 'AWS4-HMAC-SHA256 Credential=test/20261123/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0';
  return fetch(`${sandbox.endpoint}/${sandbox.outputs.UploadsBucket}/${key}`, { method: 'PUT', body: 'a,b', headers: { authorization } });
}

test('what a buyer uses through an API, a bucket and a webhook is billed', async () => {
  const { licenseId } = await sandbox.purchase();
  await sandbox.advance('PT2M');

  const calls = `${sandbox.outputs.ApiUrl}/licenses/${licenseId}/calls`;
  assert.equal((await fetch(calls, { method: 'POST' })).status, 401);
  const token = await sandbox.token({ issuer: 'https://identity.example.com', audience: 'product', subject: 'ada' });
  const answer = await fetch(calls, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
  assert.deepEqual(await answer.json(), { user: 'ada' });

  await upload(`${licenseId}/one.csv`);
  await upload(`${licenseId}/two.csv`);
  await upload(`${licenseId}/picture.png`);

  const imported = { method: 'POST', body: JSON.stringify({ id: 'import-1', license: licenseId, rows: 40 }), headers: { 'content-type': 'application/json' } };
  assert.equal((await fetch(sandbox.outputs.WebhookUrl, imported)).status, 204);
  assert.equal((await fetch(sandbox.outputs.WebhookUrl, imported)).status, 204);

  await sandbox.advance('PT1H15M');
  const { meteringRecords, lostEvents, deadLetters } = await sandbox.state();
  const billed = meteringRecords.filter(({ quantity }) => quantity > 0).map(({ dimension, quantity }) => [dimension, quantity]);
  assert.deepEqual(Object.fromEntries(billed), { ApiCalls: 1, Files: 2, Imports: 40 });
  assert.deepEqual(lostEvents, []);
  assert.deepEqual(Object.values(deadLetters).filter((count) => count > 0), []);
});
