import { Balance, balance } from '../../examples/typescript/demo/ledger';
import { integrate, synthesize } from '../support/e2e/assemblies';
import { used } from '../support/e2e/usage';
import { useProduct } from '../support/e2e/use-product';

jest.setTimeout(120_000);

const on = useProduct(() => synthesize((stack) => integrate(stack)));

/** Usage in the hour before the one in which the buyer cancels, in that hour, and within the grace after Subscription Ending. */
async function cancelInTheMiddleOfAnHour(settings: Readonly<Record<string, unknown>>): Promise<{ licenseId: string; row: Balance }> {
  const { product, sandbox } = on;
  await sandbox.set(settings);
  const { licenseId, agreementId } = await product.subscriber();
  await used(product, licenseId, 10);
  await sandbox.setClock('2026-11-16T09:04:00Z');
  await used(product, licenseId, 20);
  await sandbox.agreement(agreementId, 'cancel');
  await sandbox.advance('PT3M');
  expect((await product.events()).map((event) => event['detail-type'])).toContain('Subscription Ending');
  await used(product, licenseId, 3);
  // The license ends an hour after a time that no item names: schedules are not thinned.
  await sandbox.advance('PT1H20M');
  expect(await product.statusOf(licenseId)).toBe('ENDED');
  const [row] = (await balance(product)).filter(({ reported }) => reported > 0);
  expect(row).toMatchObject({ reported: 33, pending: 0, balances: true });
  return { licenseId, row };
}

test.each([
  ['by default (until an hour after the license is deprovisioned)', {}],
  ['until an hour after the agreement ended', { 'metering.finalWindow': 'ended' }],
  ['by default, with the refusal of whole calls after it', { 'metering.afterWindow': 'InvalidLicenseException' }],
  ['until an hour after the agreement ended, and the license deprovisioned a quarter of an hour later', {
    'metering.finalWindow': 'ended', 'events.deprovisionedDelaySeconds': 900,
  }],
])('everything reported in time is billed, the running hour included, when AWS takes usage %s', async (_, settings) => {
  const { licenseId, row } = await cancelInTheMiddleOfAnHour(settings);
  expect(row).toMatchObject({ metered: 33, rejected: 0, unresolved: 0 });
  expect(await on.product.billedHours(licenseId)).toEqual({ '2026-11-16T08': 10, '2026-11-16T09': 23 });
});

test.each(['CustomerNotSubscribed', 'InvalidLicenseException'])('each amount that is not billed has a stored reason when AWS takes nothing after the license is deprovisioned (%s)', async (afterWindow) => {
  const { product } = on;
  const { row } = await cancelInTheMiddleOfAnHour({ 'metering.finalWindow': 'none', 'metering.afterWindow': afterWindow });
  expect(row.metered + row.rejected).toBe(33);
  expect(row.rejected).toBeGreaterThanOrEqual(23);
  const rejections = await product.events('Usage Rejected');
  expect(rejections.reduce((sum, { detail }) => sum + Number(detail.quantity), 0)).toBe(row.rejected);
  expect(new Set(rejections.map(({ detail }) => detail.reason))).toEqual(new Set([afterWindow]));
  expect(await product.metric('UsageRecordsRejected')).toBe(rejections.length);
});

test('usage reported after the final hour is rejected at once, with a reason', async () => {
  const { licenseId } = await cancelInTheMiddleOfAnHour({});
  await used(on.product, licenseId, 5, { time: '2026-11-16T09:03:00Z' });
  await on.product.advance('PT30M');
  const [row] = (await balance(on.product)).filter(({ reported }) => reported > 0);
  expect(row).toMatchObject({ metered: 33, rejected: 5, reasons: ['LicenseEnded'], balances: true });
});
