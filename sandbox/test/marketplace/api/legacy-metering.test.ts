import {
  BatchMeterUsageCommand, InvalidCustomerIdentifierException, InvalidLicenseException, ResolveCustomerCommand, type UsageRecord,
} from '@aws-sdk/client-marketplace-metering';
import { BUYER, HOUR, LEGACY, Served, SUBSCRIPTION, usage, MarketplaceFixture } from '../harness';

let world: MarketplaceFixture;
let served: Served;
beforeAll(async () => { served = await Served.start(() => world); });
afterAll(async () => served.stop());
beforeEach(() => { world = new MarketplaceFixture([LEGACY, SUBSCRIPTION]); });

const subscribe = () => world.subscribe({ productCode: LEGACY.productCode });
const doubleBilling = () => world.marketplace.findings().filter((finding) => finding.code === 'DOUBLE_BILLING');
const send = async (record: UsageRecord, ProductCode: string | undefined = LEGACY.productCode) => (
  served.metering().send(new BatchMeterUsageCommand({ UsageRecords: [record], ProductCode }))
);

async function customerIdentifier(token: string): Promise<string> {
  const { CustomerIdentifier } = await served.metering().send(new ResolveCustomerCommand({ RegistrationToken: token }));
  return CustomerIdentifier!;
}

test('a customer is metered by identifier or by account, in one record', async () => {
  const purchase = subscribe();
  const byIdentifier = {
    Timestamp: new Date(world.time.now()), CustomerIdentifier: await customerIdentifier(purchase.registrationToken), Dimension: 'ApiCalls', Quantity: 5,
  };
  expect((await send(byIdentifier)).Results).toMatchObject([{ Status: 'Success' }]);
  expect((await send(usage(purchase, world, { LicenseArn: undefined, Timestamp: byIdentifier.Timestamp }))).Results).toMatchObject([{ Status: 'Success' }]);
  expect(world.marketplace.state().meteringRecords).toMatchObject([{ customerAwsAccountId: BUYER, licenseArn: purchase.licenseArn, quantity: 5 }]);
  expect(doubleBilling()).toEqual([]);
});

test('usage by product and by license in one hour is billed twice, with a loud warning', async () => {
  const purchase = subscribe();
  await send(usage(purchase, world, { LicenseArn: undefined }));
  await send(usage(purchase, world), '');
  expect(world.marketplace.state().meteringRecords).toHaveLength(2);
  expect(doubleBilling()).toMatchObject([{ severity: 'error', message: expect.stringContaining('billed twice') }]);
});

test('both in one call are billed twice as well', async () => {
  await send(usage(subscribe(), world));
  expect(world.marketplace.state().meteringRecords).toHaveLength(2);
  expect(doubleBilling()).toHaveLength(1);
});

test('a customer who never bought is refused, with the call or alone', async () => {
  const stranger = { Timestamp: new Date(world.time.now()), CustomerIdentifier: 'stranger', Dimension: 'ApiCalls' };
  await expect(send(stranger)).rejects.toThrow(InvalidCustomerIdentifierException);
  world.set({ 'metering.unknownCustomer': 'CustomerNotSubscribed' });
  expect((await send(stranger)).Results).toMatchObject([{ Status: 'CustomerNotSubscribed' }]);
});

test('a customer who comes back is metered under the agreement that runs', async () => {
  world.act(subscribe(), 'cancel');
  world.time.advance(2 * HOUR);
  const gone = { Timestamp: new Date(world.time.now()), CustomerAWSAccountId: BUYER, Dimension: 'ApiCalls', Quantity: 1 };
  expect((await send(gone)).Results).toMatchObject([{ Status: 'CustomerNotSubscribed' }]);
  const second = subscribe();
  await send(gone);
  expect(world.marketplace.state().meteringRecords).toMatchObject([{ licenseArn: second.licenseArn }]);
  await send({ ...gone, Timestamp: new Date(world.time.now() - 2 * HOUR) });
  expect(world.marketplace.state().meteringRecords).toHaveLength(2);
});

test('a license of another product beside the product code', async () => {
  const other = world.subscribe({ productCode: SUBSCRIPTION.productCode });
  await expect(send(usage(other, world))).rejects.toThrow(InvalidLicenseException);
});
