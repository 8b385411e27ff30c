import { balance } from '../../examples/typescript/demo/ledger';
import { Dimension, UsageMetric } from '../../src';
import { integrate, synthesize } from '../support/e2e/assemblies';
import { used } from '../support/e2e/usage';
import { useProduct } from '../support/e2e/use-product';

jest.setTimeout(120_000);

const MONTH_END = '2026-11-30T22:00:00Z';

const on = useProduct(() => synthesize((stack) => integrate(stack, {
  dimensions: [
    Dimension.metered('ApiCalls'),
    Dimension.metered('Units', { metrics: [UsageMetric.of('BackupGb', { unitsPerQuantity: '0.01' }), UsageMetric.of('Users', { unitsPerQuantity: '2.5' })] }),
  ],
})), MONTH_END);

test('late usage is carried once into an open hour, also over the end of a month', async () => {
  const { product } = on;
  const { licenseId } = await product.subscriber();
  await used(product, licenseId, 10);
  await product.advance('PT1H30M');
  expect(await product.billedHours(licenseId)).toEqual({ '2026-11-30T22': 10 });

  const late = { id: 'late', license: licenseId, dimension: 'ApiCalls', quantity: 5, time: '2026-11-30T22:30:00Z' };
  for (let delivery = 0; delivery < 3; delivery++) {
    await product.report(late);
    await product.advance('PT10M');
  }
  await product.advance('PT1H30M');
  expect(await product.billedHours(licenseId)).toEqual({ '2026-11-30T22': 10, '2026-11-30T23': 5 });
  expect(await product.metric('UsageCarriedForward')).toBe(1);
  expect((await balance(product)).every((row) => row.balances)).toBe(true);
});

test('hours without usage are sent as 0, but none that may still get usage, and none before the subscription', async () => {
  const { product, sandbox } = on;
  const { licenseId } = await product.subscriber();
  await product.advance('PT1H7M');
  expect((await sandbox.state()).meteringRecords).toEqual([]);
  await product.advance('PT2H');
  const sent = (await sandbox.state()).meteringRecords.map(({ dimension, hour, quantity }) => `${dimension} ${hour.slice(0, 13)} ${quantity}`);
  expect(sent.sort()).toEqual(['ApiCalls 2026-11-30T23 0', 'Units 2026-11-30T23 0']);
  expect(await product.statusOf(licenseId)).toBe('ACTIVE');
});

test('a quantity above the limit of a metering record is split over hours, and fractions of units are carried', async () => {
  const { product } = on;
  const { licenseId } = await product.subscriber();
  await used(product, licenseId, 5_000_000_000);
  const metric = async (id: string, name: string, quantity: number | string) =>
    product.send({ id, license: licenseId, metric: name, quantity, time: await product.now() });
  await metric('gb-1', 'BackupGb', '149.5');
  await metric('users-1', 'Users', 3);
  await product.advance('PT1H30M');
  await metric('gb-2', 'BackupGb', 50.5);
  await product.advance('PT3H');
  expect(await product.billedHours(licenseId)).toEqual({
    '2026-11-30T22': 2_147_483_647, '2026-11-30T23': 2_147_483_647, '2026-12-01T00': 5_000_000_000 - 2 * 2_147_483_647,
  });
  // 1.495 + 7.5 = 8 and 0.995 over, which 0.505 more make 1 and 0.5 over
  expect(await product.billedHours(licenseId, 'Units')).toEqual({ '2026-11-30T22': 8, '2026-11-30T23': 1 });
});
