import { Duration } from 'aws-cdk-lib';
import { Dimension, SaasPricingModel } from '../../src';
import { integrate, synthesize } from '../support/e2e/assemblies';
import { DomainEvent } from '../support/e2e/product';
import { MONDAY, useProduct } from '../support/e2e/use-product';

jest.setTimeout(120_000);

const on = useProduct(() => synthesize((stack) => {
  integrate(stack, {
    pricingModel: SaasPricingModel.CONTRACT,
    dimensions: ['Users', 'Storage', 'Support', 'Sso'].map((name) => Dimension.entitled(name)),
    runEvery: Duration.hours(6),
  });
}));

interface Change {
  readonly dimension: string;
  readonly before?: { readonly value: unknown };
  readonly after?: { readonly value: unknown };
  readonly difference?: number;
}

/** What the app was sent about the entitlements of a license, as `dimension: before -> after`. */
async function changesOf(licenseId: string): Promise<string[][]> {
  const events: DomainEvent[] = await on.product.events('Entitlement Changed');
  return events.filter(({ detail }) => detail.licenseId === licenseId).map(({ detail }) => (detail.changes as Change[])
    .map(({ dimension, before, after }) => `${dimension}: ${before?.value ?? 'none'} -> ${after?.value ?? 'none'}`));
}

async function itemOf(licenseId: string) {
  const items = await on.product.items('SubscriptionsTableName');
  return items.find(({ pk, sk }) => pk === `L#${licenseId}` && sk === 'ENTITLEMENTS');
}

async function statusesSent(licenseId: string): Promise<string[]> {
  const events = await on.product.events();
  return events.filter((event) => event.detail.licenseId === licenseId).map((event) => event['detail-type']);
}

const inDays = (days: number) => new Date(Date.parse(MONDAY) + days * 86_400_000).toISOString();

test('a contract is bought, upgraded, downgraded and cancelled early, and the app knows each time what the buyer may use', async () => {
  const { product, sandbox } = on;
  const { licenseId, agreementId } = await product.subscriber({ quantities: { Users: 10 }, endTime: inDays(365) });
  expect(await product.statusOf(licenseId)).toBe('ACTIVE');
  expect(await changesOf(licenseId)).toEqual([['Users: none -> 10']]);

  await sandbox.agreement(agreementId, 'amend', { quantities: { Users: 25 } });
  await product.advance('PT5M');
  await sandbox.agreement(agreementId, 'amend', { quantities: { Users: 5 } });
  await product.advance('PT5M');
  expect(await changesOf(licenseId)).toEqual([['Users: none -> 10'], ['Users: 10 -> 25'], ['Users: 25 -> 5']]);
  expect((await itemOf(licenseId))?.entitlements).toEqual({ Users: { valueType: 'INTEGER', value: 5, expiresAt: inDays(365) } });

  await sandbox.agreement(agreementId, 'cancel');
  await product.advance('PT2M');
  expect((await changesOf(licenseId)).at(-1)).toEqual(['Users: 5 -> none']);
  expect(await itemOf(licenseId)).toMatchObject({ entitlements: {} });
  await product.advance('PT12H');
  expect(await product.statusOf(licenseId)).toBe('ENDED');
  expect((await sandbox.state()).meteringCalls.total).toBe(0);
});

test('values of all four types reach the app as AWS sent them, an amount of 0 and a refusal included', async () => {
  const { product } = on;
  const { licenseId } = await product.subscriber({ quantities: { Users: 0, Storage: 2.5, Support: 'gold', Sso: false } });
  expect((await itemOf(licenseId))?.entitlements).toMatchObject({
    Users: { valueType: 'INTEGER', value: 0 },
    Storage: { valueType: 'DOUBLE', value: 2.5 },
    Support: { valueType: 'STRING', value: 'gold' },
    Sso: { valueType: 'BOOLEAN', value: false },
  });
});

test('a contract that AWS renews under the same license stays entitled beyond its first end, and expires at its second', async () => {
  const { product, sandbox } = on;
  const { licenseId, agreementId } = await product.subscriber({ quantities: { Users: 10 }, endTime: inDays(3) });
  await product.advance('P2D');
  await sandbox.agreement(agreementId, 'renew', { quantities: { Users: 12 }, endTime: inDays(5) });
  await product.advance('P2D');
  expect(await product.statusOf(licenseId)).toBe('ACTIVE');
  expect(await changesOf(licenseId)).toEqual([['Users: none -> 10'], ['Users: 10 -> 12']]);
  await product.advance('P2D');
  expect(await product.statusOf(licenseId)).toBe('ENDED');
  expect(await changesOf(licenseId)).toEqual([['Users: none -> 10'], ['Users: 10 -> 12'], ['Users: 12 -> none']]);
});

test('a renewal under a new license moves the entitlements to that license', async () => {
  const { product, sandbox } = on;
  await sandbox.set({ 'renewal.license': 'new', 'renewal.deprovisionOldLicense': true });
  const { licenseId, agreementId } = await product.subscriber({ quantities: { Users: 10 }, endTime: inDays(3) });
  await product.advance('P2D');
  await sandbox.agreement(agreementId, 'renew', { quantities: { Users: 12 } });
  await product.advance('PT12H');
  const { subscriptions } = await sandbox.state();
  const renewed = subscriptions.map((subscription) => String(subscription.licenseId)).find((id) => id !== licenseId)!;
  expect(await changesOf(renewed)).toEqual([['Users: none -> 12']]);
  expect(await changesOf(licenseId)).toEqual([['Users: none -> 10'], ['Users: 10 -> none']]);
  expect(await statusesSent(renewed)).not.toContain('Subscription Ending');
});

test('a contract whose License Updated comes before AWS shows the entitlements gets them by reconciliation', async () => {
  const { product, sandbox } = on;
  await sandbox.set({ 'entitlements.delaySeconds': 3_600, 'entitlements.emptyFirstPage': true });
  const { licenseId } = await product.subscriber({ quantities: { Users: 10 } });
  expect(await changesOf(licenseId)).toEqual([]);
  await product.advance('PT12H');
  expect(await changesOf(licenseId)).toEqual([['Users: none -> 10']]);
  expect(await product.metric('EntitlementsRepaired')).toBe(1);
});

test('a read that fails takes nothing from the buyer, and is made again', async () => {
  const { product, sandbox } = on;
  const { licenseId, agreementId } = await product.subscriber({ quantities: { Users: 10 } });
  await sandbox.addFault({ service: 'entitlement', error: 'InternalServiceErrorException', times: 4 });
  await sandbox.agreement(agreementId, 'amend', { quantities: { Users: 11 } });
  await product.advance('PT5M');
  expect(await product.metric('EntitlementReadsFailed')).toBe(1);
  expect((await itemOf(licenseId))?.entitlements).toMatchObject({ Users: { value: 10 } });
  await product.advance('PT12H');
  expect((await itemOf(licenseId))?.entitlements).toMatchObject({ Users: { value: 11 } });
});

test('a contract that starts later is pending until then, and raises no alarm', async () => {
  const { product } = on;
  const { licenseId } = await product.sandbox.purchase({
    customerAwsAccountId: '111122223333', quantities: { Users: 10 }, startTime: inDays(5), endTime: inDays(100),
  });
  await product.advance('P4D');
  expect(await changesOf(licenseId)).toEqual([]);
  expect(await product.highest('SubscriptionsStuckPending')).toBe(0);
  await product.advance('P2D');
  expect(await product.statusOf(licenseId)).toBe('ACTIVE');
  expect(await changesOf(licenseId)).toEqual([['Users: none -> 10']]);
});

test('a free trial is known from its terms; one lapses when it expires, another one converts when the buyer renews', async () => {
  const { product, sandbox } = on;
  // Agreements are compared from the first run of reconciliation on.
  await product.advance('PT6H');
  const endTime = inDays(7.25);
  const trial = { freeTrial: true, quantities: { Users: 3 }, endTime };
  const lapses = await product.subscriber(trial);
  const converts = await product.subscriber({ ...trial, customerAwsAccountId: '222233334444' });
  await product.advance('P1D');
  expect(await statusesSent(lapses.licenseId)).toEqual(['Subscription Activated', 'Entitlement Changed', 'Free Trial Started']);
  const items = await product.items('SubscriptionsTableName');
  expect(items.find(({ pk, sk }) => pk === `L#${lapses.licenseId}` && sk === 'SUBSCRIPTION')).toMatchObject({ freeTrial: true, trialEndsAt: endTime });

  await sandbox.agreement(converts.agreementId, 'renew', { quantities: { Users: 10 }, endTime: inDays(365) });
  await product.advance('P7D');
  expect((await statusesSent(lapses.licenseId)).filter((type) => type.startsWith('Free Trial'))).toEqual(['Free Trial Started', 'Free Trial Lapsed']);
  expect((await statusesSent(converts.licenseId)).filter((type) => type.startsWith('Free Trial'))).toEqual(['Free Trial Started', 'Free Trial Converted']);
  expect([await product.statusOf(lapses.licenseId), await product.statusOf(converts.licenseId)]).toEqual(['ENDED', 'ACTIVE']);
});
