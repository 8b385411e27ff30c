import { Duration } from 'aws-cdk-lib';
import { Dimension, SaasPricingModel } from '../../src';
import { integrate, synthesize } from '../support/e2e/assemblies';
import { DomainEvent } from '../support/e2e/product';
import { useProduct } from '../support/e2e/use-product';

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
