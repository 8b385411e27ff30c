import { Duration } from 'aws-cdk-lib';
import { Buyer } from '../../examples/typescript/demo/buyer';
import { AgreementMode } from '../../src';
import { DETAILS } from '../support/buyer-details';
import { integrate, synthesize } from '../support/e2e/assemblies';
import { useProduct } from '../support/e2e/use-product';

jest.setTimeout(120_000);

const BUYER = '111122223333';

const on = useProduct(() => synthesize((stack) => {
  integrate(stack, { agreementMode: AgreementMode.LEGACY, runEvery: Duration.minutes(15) });
}));

/** The subscription of the only buyer. */
async function subscription() {
  const { subscriptions } = await on.sandbox.state();
  expect(subscriptions.length).toBeLessThan(2);
  return subscriptions[0];
}

async function usage(id: string, quantity: number): Promise<void> {
  const { customerIdentifier } = await subscription();
  const { clock } = await on.sandbox.state();
  await on.product.send({ id, customerIdentifier, dimension: 'ApiCalls', quantity, time: clock });
}

async function billed(): Promise<number[]> {
  const { meteringRecords } = await on.sandbox.state();
  return meteringRecords.filter(({ dimension, quantity }) => dimension === 'ApiCalls' && quantity > 0).map(({ quantity }) => quantity);
}

async function register(bought: { readonly fulfillment: Parameters<Buyer['setUpAccount']>[0] }): Promise<void> {
  const buyer = new Buyer('Ada');
  await buyer.register(await buyer.setUpAccount(bought.fulfillment), DETAILS);
}

const types = async () => (await on.product.events()).map((event) => event['detail-type']);

test('a buyer who registers before the notification arrives is the same subscription', async () => {
  const bought = await on.sandbox.purchase({ customerAwsAccountId: BUYER });
  await register(bought);
  expect(await subscription()).toMatchObject({ status: 'PENDING', registeredAt: expect.any(String) });
  await on.product.advance('PT2M');
  expect(await subscription()).toMatchObject({ status: 'ACTIVE', customerAwsAccountId: BUYER });
});

test('a buyer who subscribes again before the final notice stays a customer, and is billed', async () => {
  const { product, sandbox } = on;
  const first = await product.subscriber({ customerAwsAccountId: BUYER });
  await sandbox.agreement(first.agreementId, 'cancel');
  await product.advance('PT20M');
  expect(await subscription()).toMatchObject({ status: 'ENDING' });
  await product.subscriber({ customerAwsAccountId: BUYER });
  expect(await subscription()).toMatchObject({ status: 'ACTIVE' });
  await product.advance('PT2H');
  await usage('again', 7);
  await product.advance('PT1H30M');
  expect(await subscription()).toMatchObject({ status: 'ACTIVE' });
  expect(await billed()).toEqual([7]);
  expect((await types()).filter((type) => type === 'Subscription Activated')).toHaveLength(2);
});

test('a buyer whose payment fails is never active', async () => {
  const bought = await on.sandbox.purchase({ customerAwsAccountId: BUYER });
  await register(bought);
  await on.sandbox.agreement(bought.agreementId, 'terminate');
  await on.product.advance('PT1H');
  expect(await subscription()).toMatchObject({ status: 'ENDED', endStatus: 'FAILED' });
  expect(await types()).not.toContain('Subscription Activated');
});
