import { Duration } from 'aws-cdk-lib';
import { balance } from '../../examples/typescript/demo/ledger';
import { Dimension, OveragePeriod, SaasPricingModel } from '../../src';
import { integrate, synthesize } from '../support/e2e/assemblies';
import { used } from '../support/e2e/usage';
import { useProduct } from '../support/e2e/use-product';

jest.setTimeout(120_000);

/** Two days before the end of a month. */
const MORNING = '2026-11-29T08:30:00Z';

const on = useProduct(() => synthesize((stack) => {
  integrate(stack, {
    pricingModel: SaasPricingModel.CONTRACT_WITH_CONSUMPTION,
    dimensions: [
      Dimension.entitled('Tier'),
      Dimension.metered('ApiCalls'),
      Dimension.overage('ExtraUsers', { of: Dimension.entitled('Users'), per: OveragePeriod.MONTH }),
    ],
    // Hours without usage are no part of these stories.
    reportZeroUsage: false,
    runEvery: Duration.hours(1),
  });
}), MORNING);

test('a buyer pays for a tier up front and for calls by the hour; usage of the tier is refused', async () => {
  const { product } = on;
  const { licenseId } = await product.subscriber({ quantities: { Tier: 'gold' } });
  const [changed] = await product.events('Entitlement Changed');
  expect(changed.detail).toMatchObject({ licenseId, entitlements: { Tier: { valueType: 'STRING', value: 'gold' } } });

  await used(product, licenseId, 12);
  const [refused] = await product.take({ id: 'tier', license: licenseId, dimension: 'Tier', quantity: 1, time: await product.now() });
  expect(refused).toMatchObject({
    status: 'REJECTED', reason: 'UnknownDimension', message: expect.stringContaining('"Tier" is paid for up front, its usage is not metered'),
  });
  await product.advance('PT1H');
  expect(await product.billedHours(licenseId)).toEqual({ '2026-11-29T08': 12 });
});

test('usage waits while AWS has not shown the entitlements of a purchase, and is billed for what exceeds them', async () => {
  const { product, sandbox } = on;
  await sandbox.set({ 'entitlements.delaySeconds': 2 * 3_600 });
  const { licenseId } = await product.subscriber({ quantities: { Users: 10 } });
  await used(product, licenseId, 12, { dimension: 'ExtraUsers' });
  await product.advance('PT1H');
  expect(await product.billedHours(licenseId, 'ExtraUsers')).toEqual({});
  const explained = async () => product.invoke<{ bucket: Record<string, unknown> }>('MeteringFunctionName', {
    explain: { license: licenseId, dimension: 'ExtraUsers', hour: '2026-11-29T08' },
  });
  expect((await explained()).bucket).toMatchObject({ state: 'OPEN', waitsFor: 'EntitlementsUnknown' });
  await product.advance('PT3H');
  expect(await product.billedTotal(licenseId, 'ExtraUsers')).toBe(2);
  expect((await explained()).bucket).toMatchObject({
    state: 'BILLED', quantity: 2, covered: [{ units: '12', amount: '10', entitled: '10', term: '2026-11' }],
  });
  expect((await balance(product)).filter(({ balances }) => !balances)).toEqual([]);
});
