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
      Dimension.overage('ExtraServers', { of: Dimension.entitled('Servers'), per: OveragePeriod.HOUR }),
      Dimension.overage('ExtraJobs', { of: Dimension.entitled('Jobs'), per: OveragePeriod.CONTRACT }),
    ],
    // Hours without usage are no part of these stories.
    reportZeroUsage: false,
    runEvery: Duration.hours(1),
  });
}), MORNING);

/** Uses that much in an hour, and the next in the next one, until all of it is billed. */
async function useForAnHour(licenseId: string, dimension: string, ...quantities: number[]): Promise<void> {
  for (const quantity of quantities) {
    await used(on.product, licenseId, quantity, { dimension });
    await on.product.advance('PT1H');
  }
  await on.product.advance('PT1H');
}

async function expectBalance(): Promise<void> {
  const rows = await balance(on.product);
  expect(rows.filter(({ balances }) => !balances)).toEqual([]);
}

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

test('of a month\'s usage only what exceeds the entitlement is billed, also after an upgrade in mid-month, and late', async () => {
  const { product, sandbox } = on;
  const { licenseId, agreementId } = await product.subscriber({ quantities: { Users: 10 } });
  await useForAnHour(licenseId, 'ExtraUsers', 7, 5);
  expect(await product.billedHours(licenseId, 'ExtraUsers')).toEqual({ '2026-11-29T09': 2 });
  await sandbox.agreement(agreementId, 'amend', { quantities: { Users: 15 } });
  await product.advance('PT5M');
  await useForAnHour(licenseId, 'ExtraUsers', 8);
  expect(await product.billedHours(licenseId, 'ExtraUsers')).toEqual({ '2026-11-29T09': 2, '2026-11-29T11': 3 });

  await used(product, licenseId, 4, { dimension: 'ExtraUsers', time: '2026-11-29T08:40:00Z' });
  await product.advance('PT3H');
  expect(await product.billedTotal(licenseId, 'ExtraUsers')).toBe(2 + 3 + 4);
  const { bucket } = await product.invoke<{ bucket: Record<string, unknown> }>('MeteringFunctionName', {
    explain: { license: licenseId, dimension: 'ExtraUsers', hour: '2026-11-29T11' },
  });
  expect(bucket).toMatchObject({ state: 'BILLED', quantity: 3, covered: [{ units: '8', amount: '5', entitled: '15', term: '2026-11' }] });
  const [row] = await balance(product);
  expect(row).toMatchObject({ reported: 24, covered: 15, metered: 9, balances: true });
});

test('an entitlement of an hour covers every hour anew; after a downgrade it covers less', async () => {
  const { product, sandbox } = on;
  const { licenseId, agreementId } = await product.subscriber({ quantities: { Servers: 10 } });
  await useForAnHour(licenseId, 'ExtraServers', 12, 13);
  await sandbox.agreement(agreementId, 'amend', { quantities: { Servers: 5 } });
  await product.advance('PT1H');
  await useForAnHour(licenseId, 'ExtraServers', 13);
  expect(await product.billedHours(licenseId, 'ExtraServers')).toEqual({ '2026-11-29T08': 2, '2026-11-29T09': 3, '2026-11-29T12': 8 });
  await expectBalance();
});

test('an entitlement of a contract lasts over months, and a renewal begins anew', async () => {
  const { product, sandbox } = on;
  const { licenseId, agreementId } = await product.subscriber({ quantities: { Jobs: 10 }, endTime: '2026-12-05T00:00:00Z' });
  await useForAnHour(licenseId, 'ExtraJobs', 8);
  await product.advance('P2D');
  await useForAnHour(licenseId, 'ExtraJobs', 4);
  expect(await product.billedTotal(licenseId, 'ExtraJobs')).toBe(2);
  await sandbox.agreement(agreementId, 'renew', { endTime: '2027-12-08T00:00:00Z' });
  await product.advance('PT1H');
  await useForAnHour(licenseId, 'ExtraJobs', 11);
  expect(await product.billedTotal(licenseId, 'ExtraJobs')).toBe(2 + 1);
  await expectBalance();
});

test('usage waits while AWS has not shown the entitlements of a purchase, and is billed for what exceeds them', async () => {
  const { product, sandbox } = on;
  await sandbox.set({ 'entitlements.delaySeconds': 2 * 3_600 });
  const { licenseId } = await product.subscriber({ quantities: { Users: 10 } });
  await used(product, licenseId, 12, { dimension: 'ExtraUsers' });
  await product.advance('PT1H');
  expect(await product.billedHours(licenseId, 'ExtraUsers')).toEqual({});
  const { bucket } = await product.invoke<{ bucket: Record<string, unknown> }>('MeteringFunctionName', {
    explain: { license: licenseId, dimension: 'ExtraUsers', hour: '2026-11-29T08' },
  });
  expect(bucket).toMatchObject({ state: 'OPEN', waitsFor: 'EntitlementsUnknown' });
  await product.advance('PT3H');
  expect(await product.billedTotal(licenseId, 'ExtraUsers')).toBe(2);
  await expectBalance();
});
