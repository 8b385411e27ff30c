import { startSandbox } from 'cdk-marketplace-saas-sandbox';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

let sandbox;

before(async () => {
  sandbox = await startSandbox({
    app: process.env.CDK_OUTDIR ?? 'cdk.out',
    time: '2026-11-23T09:00:00Z',
    parameters: { Stage: 'test' },
    products: [{ code: 'any-app', dimensions: ['ApiCalls'], url: 'output:FulfillmentUrl' }],
  });
});
after(async () => {
  assert.equal(await sandbox.stop(), 0, 'a function failed, or was denied an AWS call');
});

test('a buyer is registered and metered by an app with an integration of its own', async () => {
  const { fulfillment } = await sandbox.purchase({ customerAwsAccountId: '222222222222' });
  await sandbox.advance('PT2M');
  const page = await fetch(fulfillment.url, { method: 'POST', body: new URLSearchParams(fulfillment.fields) });
  const { database, plan, topic } = await page.json();
  assert.equal(plan, 'test-gold');
  assert.match(topic, /^arn:aws:sns:us-east-1:111111111111:Edge-Announcements/);
  assert.match(database, /^product at [\w-]+\.eu-west-1\.rds\.amazonaws\.com$/);
  const { meteringRecords, findings, lostEvents } = await sandbox.state();
  assert.deepEqual(meteringRecords.map(({ customerAwsAccountId, dimension, quantity }) => ({ customerAwsAccountId, dimension, quantity })), [
    { customerAwsAccountId: '222222222222', dimension: 'ApiCalls', quantity: 1 },
  ]);
  assert.deepEqual([findings, lostEvents], [[], []]);
});
