import { Duration } from 'aws-cdk-lib';
import { CfnSubscription } from 'aws-cdk-lib/aws-sns';
import { Buyer } from '../../examples/typescript/demo/buyer';
import { AgreementMode, Dimension, OveragePeriod, SaasPricingModel } from '../../src';
import { DETAILS } from '../support/buyer-details';
import { integrate, synthesize } from '../support/e2e/assemblies';
import { used } from '../support/e2e/usage';
import { useProduct } from '../support/e2e/use-product';

jest.setTimeout(120_000);

const USERS = Dimension.entitled('Users');

/** The topic of subscriptions is wrapped in SNS's envelope, that of entitlements is delivered raw: both forms occur. */
const on = useProduct(() => synthesize((stack) => {
  const integration = integrate(stack, {
    agreementMode: AgreementMode.LEGACY,
    pricingModel: SaasPricingModel.CONTRACT_WITH_CONSUMPTION,
    dimensions: [USERS, Dimension.metered('ApiCalls'), Dimension.overage('ExtraUsers', { of: USERS, per: OveragePeriod.MONTH })],
    runEvery: Duration.minutes(15),
  });
  for (const part of integration.node.findAll()) {
    if (part instanceof CfnSubscription && part.node.id === 'Entitlement') {
      part.rawMessageDelivery = true;
    }
  }
}));

async function subscription() {
  const { subscriptions } = await on.sandbox.state();
  expect(subscriptions).toHaveLength(1);
  return subscriptions[0];
}

async function changes(): Promise<string[]> {
  const events = await on.product.events('Entitlement Changed');
  return events.map(({ detail }) => {
    const [{ before, after }] = detail.changes as { before?: { value: number }; after?: { value: number } }[];
    return `${before?.value ?? 'none'} -> ${after?.value ?? 'none'}`;
  });
}

async function billed(dimension: string): Promise<number> {
  const { meteringRecords } = await on.sandbox.state();
  return meteringRecords.filter((record) => record.dimension === dimension).reduce((sum, { quantity }) => sum + quantity, 0);
}

test('a legacy contract is bought, used beyond what is entitled, upgraded, renewed and cancelled, and the app knows each time', async () => {
  const { product, sandbox } = on;
  const bought = await product.subscriber({ quantities: { Users: 10 } });
  const { licenseId, customerIdentifier, status } = await subscription();
  expect([licenseId, status]).toEqual([`legacy-4ml54db8vrmjuykaw1psroool-${customerIdentifier}`, 'ACTIVE']);
  expect(await changes()).toEqual(['none -> 10']);
  const buyer = new Buyer('Ada');
  await buyer.register(await buyer.setUpAccount(bought.fulfillment), DETAILS);

  await used(product, licenseId!, 4);
  await used(product, licenseId!, 12, { dimension: 'ExtraUsers' });
  await product.advance('PT1H30M');
  expect([await billed('ApiCalls'), await billed('ExtraUsers')]).toEqual([4, 2]);

  await sandbox.agreement(bought.agreementId, 'amend', { quantities: { Users: 15 } });
  await product.advance('PT5M');
  const renewed = await sandbox.agreement(bought.agreementId, 'renew', { quantities: { Users: 20 } });
  await product.advance('PT5M');
  expect(await changes()).toEqual(['none -> 10', '10 -> 15', '15 -> 20']);
  expect((await subscription()).status).toBe('ACTIVE');

  await sandbox.agreement((renewed as { agreementId: string }).agreementId, 'cancel');
  await product.advance('PT2M');
  expect((await changes()).at(-1)).toBe('20 -> none');
  await product.advance('PT1H30M');
  expect((await subscription()).status).toBe('ENDED');
  expect((await product.events()).map((event) => event['detail-type'])).not.toContain('Usage Rejected');
});

test('entitlements that AWS shows only after both notifications become known all the same', async () => {
  const { product, sandbox } = on;
  await sandbox.set({ 'entitlements.delaySeconds': 1200 });
  await product.subscriber({ quantities: { Users: 3 } });
  expect(await changes()).toEqual([]);
  await product.advance('PT1H');
  expect(await changes()).toEqual(['none -> 3']);
});
