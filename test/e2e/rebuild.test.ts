import { Duration } from 'aws-cdk-lib';
import { integrate, synthesize } from '../support/e2e/assemblies';
import { Item } from '../support/e2e/product';
import { productIdOf } from '../support/e2e/product-id';
import { used } from '../support/e2e/usage';
import { useProduct } from '../support/e2e/use-product';

jest.setTimeout(120_000);

const on = useProduct(() => synthesize((stack) => integrate(stack, { runEvery: Duration.minutes(10) })));

interface Report {
  readonly read: number;
  readonly written: number;
  readonly unchanged: number;
  readonly skipped: readonly unknown[];
  readonly error?: { readonly code: string; readonly message: string };
}

async function rebuild(request: object): Promise<Report> {
  return on.product.invoke<Report>('ReconciliationFunctionName', { rebuild: request });
}

/** What the app and metering read of each subscription, without times. */
async function subscriptions(): Promise<readonly Item[]> {
  const items = await on.product.items('SubscriptionsTableName');
  return items.filter(({ type }) => type === 'Subscription').sort((a, b) => (String(a.licenseId) < String(b.licenseId) ? -1 : 1))
    .map(({ licenseId, licenseArn, status, agreementIds, endStatus, customerAwsAccountId, productCode }) =>
      ({ licenseId, licenseArn, status, agreementIds, endStatus, customerAwsAccountId, productCode }));
}

async function eventIds(): Promise<readonly string[]> {
  return [...new Set((await on.product.events()).map(({ detail }) => detail.eventId))].sort();
}

test('the subscriptions of a lost table are after a rebuild what they were, the app gets no event twice, and usage is billed', async () => {
  const { product, sandbox } = on;
  const kept = await product.subscriber();
  const renewed = await product.subscriber({ customerAwsAccountId: '222233334444', endTime: '2027-11-16T08:00:00Z' });
  const cancelled = await product.subscriber({ customerAwsAccountId: '333344445555' });
  await product.advance('PT3H');
  await sandbox.agreement(cancelled.agreementId, 'cancel');
  await sandbox.agreement(renewed.agreementId, 'renew');
  await product.advance('PT2H');
  const [before, published] = [await subscriptions(), await eventIds()];
  expect(before.map(({ status }) => status).sort()).toEqual(['ACTIVE', 'ACTIVE', 'ENDED']);

  await product.empty('SubscriptionsTableName');
  expect(await subscriptions()).toEqual([]);
  const productId = await productIdOf(sandbox, kept.agreementId);
  expect(await rebuild({ productId })).toMatchObject({ dryRun: true, read: 4, written: 4, skipped: [] });
  expect(await subscriptions()).toEqual([]);
  expect(await rebuild({ productId, dryRun: false })).toMatchObject({ dryRun: false, read: 4, written: 4, skipped: [] });
  expect(await subscriptions()).toEqual(before);
  expect(await rebuild({ productId, dryRun: false })).toMatchObject({ read: 4, written: 0, unchanged: 4 });
  expect(await product.metric('SubscriptionsRebuilt')).toBe(4);
  expect(await eventIds()).toEqual(published);

  await used(product, kept.licenseId, 7);
  await product.advance('PT2H');
  expect(await product.billedTotal(kept.licenseId)).toBe(7);
});

test('a rebuild of an intact table changes nothing', async () => {
  const { product, sandbox } = on;
  const { agreementId } = await product.subscriber();
  const other = await product.subscriber({ customerAwsAccountId: '222233334444' });
  await product.advance('PT3H');
  await sandbox.agreement(other.agreementId, 'cancel');
  await product.advance('PT2H');
  const before = await product.items('SubscriptionsTableName');
  const productId = await productIdOf(sandbox, agreementId);
  expect(await rebuild({ productId, dryRun: false })).toMatchObject({ read: 2, written: 0, unchanged: 2, skipped: [] });
  expect(await product.items('SubscriptionsTableName')).toEqual(before);
});

test('a cancellation whose events were lost before the first run is found without a product id, and the subscription ends', async () => {
  const { product, sandbox } = on;
  const { agreementId, licenseId } = await product.subscriber();
  await product.advance('PT2H');
  const after = await product.now();
  await product.advance('PT1H');
  await sandbox.addFault({ service: 'agreement', operation: 'SearchAgreements', error: 'AccessDeniedException', times: 1 });
  await sandbox.addFault({ service: 'events', drop: true, times: 2 });
  await sandbox.agreement(agreementId, 'cancel');
  await product.advance('PT20M');
  expect(await product.statusOf(licenseId)).toBe('ACTIVE');
  expect(await rebuild({ dryRun: false, after })).toMatchObject({ read: 1, written: 1 });
  expect(await product.statusOf(licenseId)).toBe('ENDING');
  await product.advance('PT1H');
  expect((await product.events('Subscription Ended')).map(({ detail }) => detail.licenseId)).toEqual([licenseId]);
});

test('reconciliation heals by itself what lost events left out: an activation and an end', async () => {
  const { product, sandbox } = on;
  const first = await product.subscriber();
  await product.advance('PT1H');
  await sandbox.addFault({ service: 'events', drop: true, times: 2 });
  const second = await product.subscriber({ customerAwsAccountId: '222233334444' });
  await product.advance('PT30M');
  expect(await subscriptions()).toEqual([expect.objectContaining({ licenseId: first.licenseId })]);
  await product.advance('PT15M');
  // Every run counts here, and none is left out: five of them, ten minutes apart.
  await sandbox.advance('PT50M');
  expect(await product.statusOf(second.licenseId)).toBe('ACTIVE');
  await used(product, second.licenseId, 7);

  await sandbox.addFault({ service: 'events', drop: true, times: 2 });
  await sandbox.agreement(first.agreementId, 'cancel');
  await sandbox.advance('PT30M');
  expect(await product.statusOf(first.licenseId)).toBe('ENDING');
  await product.advance('PT2H');
  expect(await product.statusOf(first.licenseId)).toBe('ENDED');
  expect(await product.billedTotal(second.licenseId)).toBe(7);
  expect(await product.metric('SubscriptionsRepaired')).toBe(2);
  expect((await product.events()).filter((event) => /Activated|Ended/.test(event['detail-type'])).map(({ detail }) => detail.eventId).sort()).toEqual([
    `subscription-activated:${first.agreementId}:${first.licenseId}`, `subscription-activated:${second.agreementId}:${second.licenseId}`,
    `subscription-ended:${first.agreementId}:${first.licenseId}`,
  ].sort());
});

test('a rebuild that AWS denies names the permission, and one that AWS throttles is tried again', async () => {
  const { product, sandbox } = on;
  await product.subscriber();
  await sandbox.addFault({ service: 'agreement', operation: 'SearchAgreements', error: 'AccessDeniedException', times: 1 });
  expect(await rebuild({})).toMatchObject({ read: 0, error: { code: 'AccessDeniedException', message: expect.stringContaining('aws-marketplace:SearchAgreements') } });
  await sandbox.addFault({ service: 'agreement', operation: 'SearchAgreements', error: 'ThrottlingException', times: 1 });
  expect((await rebuild({})).error).toBeUndefined();
});
