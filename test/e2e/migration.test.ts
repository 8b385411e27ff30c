import { Duration } from 'aws-cdk-lib';
import { Buyer } from '../../examples/typescript/demo/buyer';
import { AgreementMode } from '../../src';
import { DETAILS } from '../support/buyer-details';
import { integrate, synthesize } from '../support/e2e/assemblies';
import { useProduct } from '../support/e2e/use-product';

jest.setTimeout(180_000);

const ADA = '111122223333';
const BOB = '444455556666';

const on = useProduct(() => synthesize((stack) => {
  integrate(stack, { agreementMode: AgreementMode.MIGRATING, runEvery: Duration.minutes(15) });
}));

interface Report {
  readonly migrated: readonly { customerIdentifier: string; licenseId: string; cutOver: string }[];
  readonly left: readonly { customerIdentifier: string; problem: string }[];
}

const migrate = (request: object) => on.product.invoke<Report>('ReconciliationFunctionName', { migrate: request });

async function subscriptionOf(licenseId: string) {
  const { subscriptions } = await on.sandbox.state();
  return subscriptions.find((subscription) => subscription.licenseId === licenseId)!;
}

async function legacyBuyers() {
  const { subscriptions } = await on.sandbox.state();
  return subscriptions.filter(({ customerIdentifier, licenseId }) => customerIdentifier !== undefined && licenseId!.startsWith('legacy-'));
}

async function register(bought: { readonly fulfillment: Parameters<Buyer['setUpAccount']>[0] }): Promise<void> {
  const buyer = new Buyer('Ada');
  await buyer.register(await buyer.setUpAccount(bought.fulfillment), DETAILS);
}

let records = 0;

async function report(buyer: object, quantity: number, dimension = 'ApiCalls'): Promise<void> {
  const { clock } = await on.sandbox.state();
  await on.product.send({ id: `record-${++records}`, ...buyer, dimension, quantity, time: clock });
}

/** What AWS bills of a dimension, by hour. */
async function billed(customerAwsAccountId: string): Promise<Record<string, number>> {
  const { meteringRecords } = await on.sandbox.state();
  return Object.fromEntries(meteringRecords
    .filter((record) => record.customerAwsAccountId === customerAwsAccountId && record.dimension === 'ApiCalls' && record.quantity > 0)
    .map(({ timestamp, quantity }) => [timestamp.slice(11, 16), quantity]));
}

/** How AWS was sent the hours of a buyer, records of 0 included. */
async function ways(customerAwsAccountId: string): Promise<Record<string, readonly string[]>> {
  const { meteringRecords } = await on.sandbox.state();
  const byHour = new Map<string, Set<string>>();
  for (const { timestamp, customerIdentifier } of meteringRecords.filter((record) => record.customerAwsAccountId === customerAwsAccountId)) {
    const hour = timestamp.slice(11, 16);
    byHour.set(hour, (byHour.get(hour) ?? new Set()).add(customerIdentifier === undefined ? 'license' : 'customer'));
  }
  return Object.fromEntries([...byHour].map(([hour, way]) => [hour, [...way]]));
}

test('a buyer moves from customer identifier to license in the hour of the cut-over, while another one stays', async () => {
  const { product, sandbox } = on;
  const ada = await product.subscriber({ customerAwsAccountId: ADA });
  await register(ada);
  await product.subscriber({ customerAwsAccountId: BOB });
  const buyers = await legacyBuyers();
  expect(buyers.map(({ status }) => status)).toEqual(['ACTIVE', 'ACTIVE']);
  const { customerIdentifier, licenseId: former } = buyers.find((buyer) => buyer.customerAwsAccountId === ADA)!;
  // AWS sends license events of legacy buyers too: the app gets one activation for each buyer.
  expect(await product.events('Subscription Activated')).toHaveLength(2);

  // 08:03. Before the cut-over at 10:00, usage is billed by customer identifier.
  await report({ customerIdentifier }, 5);
  const cutOver = '2026-11-16T10:00:00Z';
  const rehearsed = await migrate({ cutOver, customers: [customerIdentifier] });
  expect(rehearsed).toMatchObject({ dryRun: true, migrated: [{ customerIdentifier, licenseId: ada.licenseId, cutOver: '2026-11-16T10:00:00.000Z' }], left: [] });
  expect(await subscriptionOf(former!)).not.toHaveProperty('cutOver');
  const recorded = await migrate({ dryRun: false, cutOver, customers: [customerIdentifier] });
  expect(recorded).toEqual({ ...rehearsed, dryRun: false });
  // The same request again changes nothing.
  expect(await migrate({ dryRun: false, cutOver, customers: [customerIdentifier] })).toEqual(recorded);

  await product.advance('PT1H30M');
  expect(await subscriptionOf(former!)).toMatchObject({ status: 'ACTIVE', customerAwsAccountId: ADA });
  expect(await subscriptionOf(ada.licenseId)).toMatchObject({ status: 'ACTIVE', migratedFrom: former, registeredAt: expect.any(String) });
  // 09:33: what the app already reports by license waits for the first hour of that way.
  await report({ license: ada.licenseId }, 7);
  await report({ customerIdentifier }, 2);
  await product.advance('PT1H');
  // 10:33: the hour between.
  await report({ customerIdentifier }, 11);
  await report({ license: ada.licenseId }, 13);
  await product.advance('PT1H');
  // 11:33: by license only; an app that still names the customer identifier loses nothing.
  await report({ license: ada.licenseId }, 17);
  await report({ customerIdentifier }, 19);
  await product.advance('PT3H');

  expect(await billed(ADA)).toEqual({ '08:00': 5, '09:00': 2, '11:00': 7 + 11 + 13 + 17, '12:00': 19 });
  const { '10:00': between, ...others } = await ways(ADA);
  expect(between).toBeUndefined();
  expect(others).toMatchObject({ '08:00': ['customer'], '09:00': ['customer'], '11:00': ['license'], '12:00': ['license'], '13:00': ['license'] });
  expect(new Set(Object.values(await ways(BOB)).flat())).toEqual(new Set(['customer']));
  expect(await subscriptionOf(former!)).toMatchObject({ status: 'ENDED', endStatus: 'MIGRATED', continuesAs: ada.licenseId });
  const moved = await product.events('Subscription Updated');
  expect(moved.map(({ detail }) => [detail.licenseId, detail.reason, detail.migratedFrom])).toEqual([[ada.licenseId, 'MIGRATED', former]]);
  expect(await product.events('Subscription Activated')).toHaveLength(2);
  expect(await product.events('Subscription Ended')).toEqual([]);
  expect(await product.events('Usage Rejected')).toEqual([]);

  // The buyer leaves as one with Concurrent Agreements does.
  await sandbox.agreement(ada.agreementId, 'cancel');
  await product.advance('PT5M');
  expect((await subscriptionOf(ada.licenseId)).status).toBe('ENDING');
  await product.advance('PT2H');
  expect((await subscriptionOf(ada.licenseId)).status).toBe('ENDED');
  expect(await migrate({})).toMatchObject({ migrated: [], left: [{ problem: 'LicenseUnknown' }] });
});
