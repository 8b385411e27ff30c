import { Dimension, SaasPricingModel } from '../../src';
import { integrate, synthesize } from '../support/e2e/assemblies';
import { used } from '../support/e2e/usage';
import { useProduct } from '../support/e2e/use-product';

jest.setTimeout(120_000);

const on = useProduct(() => synthesize((stack) => {
  integrate(stack, {
    pricingModel: SaasPricingModel.CONTRACT_WITH_CONSUMPTION,
    dimensions: [Dimension.entitled('Users'), Dimension.metered('ApiCalls')],
  });
}));

test('a buyer pays for users up front and for calls by the hour; usage of users is refused', async () => {
  const { product } = on;
  const { licenseId } = await product.subscriber({ quantities: { Users: 10 } });
  const [changed] = await product.events('Entitlement Changed');
  expect(changed.detail).toMatchObject({ licenseId, entitlements: { Users: { valueType: 'INTEGER', value: 10 } } });

  await used(product, licenseId, 12);
  const [refused] = await product.take({ id: 'users', license: licenseId, dimension: 'Users', quantity: 1, time: await product.now() });
  expect(refused).toMatchObject({
    status: 'REJECTED', reason: 'UnknownDimension', message: expect.stringContaining('"Users" is paid for up front, its usage is not metered: metered are ApiCalls'),
  });
  await product.advance('PT1H30M');
  expect(await product.billedHours(licenseId)).toEqual({ '2026-11-16T08': 12 });

  await product.advance('PT2H');
  const { meteringRecords } = await on.sandbox.state();
  expect(meteringRecords.map(({ dimension, quantity }) => `${dimension} ${quantity}`)).toEqual(['ApiCalls 12', 'ApiCalls 0']);
});
