import {
  BatchMeterUsageCommand,
  DisabledApiException,
  InvalidCustomerIdentifierException,
  InvalidLicenseException,
  InvalidProductCodeException,
  InvalidTagException,
  InvalidUsageAllocationsException,
  InvalidUsageDimensionException,
  TimestampOutOfBoundsException,
  type UsageAllocation,
  type UsageRecord,
} from '@aws-sdk/client-marketplace-metering';
import { BUYER, CONTRACT, HOUR, OTHER_SUBSCRIPTION, Served, SUBSCRIPTION, usage, MarketplaceFixture } from '../harness';

let world: MarketplaceFixture;
let served: Served;
beforeAll(async () => { served = await Served.start(() => world); });
afterAll(async () => served.stop());
beforeEach(() => { world = new MarketplaceFixture([SUBSCRIPTION, OTHER_SUBSCRIPTION, CONTRACT]); });

const subscribe = (body: Record<string, unknown> = {}) => world.subscribe({ productCode: SUBSCRIPTION.productCode, ...body });
const send = async (UsageRecords: UsageRecord[], ProductCode?: string, region?: string) => (
  served.metering(region).send(new BatchMeterUsageCommand({ UsageRecords, ProductCode }))
);

/** A good record beside the bad one: neither may count. */
async function expectRefused(bad: UsageRecord, exception: new (...args: never[]) => Error, ProductCode?: string) {
  const good = subscribe({ customerAwsAccountId: '222233334444' });
  const error = await send([usage(good, world), bad], ProductCode).then(() => undefined, (thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(exception);
  expect(error).toMatchObject({ $metadata: { httpStatusCode: 400 } });
  expect(world.marketplace.state()).toMatchObject({ meteringRecords: [], meteringCalls: { total: 1, throttled: 0, failed: 1 } });
}

test('an unknown dimension is refused', async () => {
  await expectRefused(usage(subscribe(), world, { Dimension: 'apicalls' }), InvalidUsageDimensionException);
});

test('an unknown license is refused', async () => {
  await expectRefused(usage(subscribe(), world, { LicenseArn: 'arn:aws:license-manager::294406891311:license:l-0' }), InvalidLicenseException);
});

test('the license of another customer', async () => {
  await expectRefused(usage(subscribe(), world, { CustomerAWSAccountId: '123456789012' }), InvalidLicenseException);
});

test('the license of another customer, refused record by record behind a switch', async () => {
  world.set({ 'metering.foreignLicense': 'CustomerNotSubscribed' });
  const { Results } = await send([usage(subscribe(), world, { CustomerAWSAccountId: '123456789012' })]);
  expect(Results).toMatchObject([{ Status: 'CustomerNotSubscribed' }]);
});

test('licenses of two products', async () => {
  const other = world.subscribe({ productCode: OTHER_SUBSCRIPTION.productCode });
  await expectRefused(usage(other, world), InvalidLicenseException);
  expect((await send([usage(other, world)])).Results).toMatchObject([{ Status: 'Success' }]);
});

test('ProductCode beside LicenseArn is refused', async () => {
  await expectRefused(usage(subscribe(), world), InvalidProductCodeException, SUBSCRIPTION.productCode);
});

test('the name of that refusal is a switch', async () => {
  world.set({ 'metering.productCodeWithLicenseArn': 'InvalidLicenseException' });
  await expectRefused(usage(subscribe(), world), InvalidLicenseException, SUBSCRIPTION.productCode);
});

test('a product code that no product has is refused', async () => {
  await expectRefused(usage(subscribe(), world), InvalidProductCodeException, 'nosuchproduct');
});

test('no license', async () => {
  await expectRefused(usage(subscribe(), world, { LicenseArn: undefined }), InvalidProductCodeException);
});

test('ProductCode instead of a license', async () => {
  const record = usage(subscribe(), world, { LicenseArn: undefined });
  await expect(send([record], SUBSCRIPTION.productCode)).rejects.toThrow(InvalidLicenseException);
});

test('a customer identifier for a product with concurrent agreements', async () => {
  await expectRefused(usage(subscribe(), world, { CustomerAWSAccountId: undefined, CustomerIdentifier: 'abc' }), InvalidCustomerIdentifierException);
});

test('both ways to name the customer, and none', async () => {
  await expectRefused(usage(subscribe(), world, { CustomerIdentifier: 'abc' }), InvalidCustomerIdentifierException);
  await expect(send([usage(subscribe(), world, { CustomerAWSAccountId: undefined })])).rejects.toThrow(InvalidCustomerIdentifierException);
});

test('metering a contract without consumption', async () => {
  world = new MarketplaceFixture([{ ...CONTRACT, pricingModel: 'CONTRACT' }]);
  const purchase = world.subscribe();
  await expect(send([usage(purchase, world, { Dimension: 'Users' })])).rejects.toThrow(InvalidUsageDimensionException);
});

test('a region without the API', async () => {
  await expect(send([usage(subscribe(), world)], undefined, 'ca-west-1')).rejects.toThrow(DisabledApiException);
});

test('a timestamp out of bounds', async () => {
  const purchase = subscribe();
  world.time.advance(48 * HOUR);
  await expectRefused(usage(purchase, world, { Timestamp: new Date(world.time.now() - 24 * HOUR) }), TimestampOutOfBoundsException);
});

describe('allocations', () => {
  const tag = (Key: string, Value = 'v') => ({ Key, Value });
  const allocation = (AllocatedUsageQuantity: number, ...Tags: { Key: string; Value: string }[]): UsageAllocation => (
    Tags.length === 0 ? { AllocatedUsageQuantity } : { AllocatedUsageQuantity, Tags }
  );

  test.each<[string, UsageAllocation[]]>([
    ['whose sum is not the quantity', [allocation(2, tag('a')), allocation(2)]],
    ['with the same tags twice, in another order', [allocation(2, tag('a'), tag('b')), allocation(3, tag('b'), tag('a'))]],
    ['without tags twice', [allocation(2), allocation(3)]],
    ['of which there are none', []],
    ['of which there are 2501', [allocation(5), ...Array.from({ length: 2_500 }, (_, index) => allocation(0, tag('n', String(index))))]],
    ['with a negative amount', [allocation(-1, tag('a')), allocation(6)]],
  ])('%s', async (_, UsageAllocations) => {
    await expectRefused(usage(subscribe(), world, { UsageAllocations }), InvalidUsageAllocationsException);
  });

  test.each<[string, UsageAllocation[]]>([
    ['six tags', [allocation(5, ...[1, 2, 3, 4, 5, 6].map((key) => tag(`k${key}`)))]],
    ['six keys over all', [allocation(2, tag('a'), tag('b'), tag('c')), allocation(3, tag('d'), tag('e'), tag('f'))]],
    ['an empty list', [{ AllocatedUsageQuantity: 5, Tags: [] }]],
    ['a key twice', [allocation(5, tag('a', '1'), tag('a', '2'))]],
    ['a key of 101 characters', [allocation(5, tag('k'.repeat(101)))]],
    ['a value of 257 characters', [allocation(5, tag('k', 'v'.repeat(257)))]],
    ['an empty value', [allocation(5, tag('k', ''))]],
    ['a character that is not allowed', [allocation(5, tag('größe'))]],
  ])('tags: %s', async (_, UsageAllocations) => {
    await expectRefused(usage(subscribe(), world, { UsageAllocations }), InvalidTagException);
  });

  test('up to the limits they are accepted', async () => {
    const UsageAllocations = [
      allocation(5, ...[1, 2, 3, 4, 5].map((key) => tag(String(key).repeat(100), 'v'.repeat(256)))),
      ...Array.from({ length: 2_499 }, (_, index) => allocation(0, tag('1'.repeat(100), String(index)))),
    ];
    expect((await send([usage(subscribe(), world, { UsageAllocations })])).Results).toMatchObject([{ Status: 'Success' }]);
  });
});

test('the account of a call is the seller\'s: usage of several buyers shares it', async () => {
  const { Results } = await send([usage(subscribe(), world), usage(subscribe({ customerAwsAccountId: '222233334444' }), world)]);
  expect(Results!.map((result) => [result.UsageRecord!.CustomerAWSAccountId, result.Status]))
    .toEqual([[BUYER, 'Success'], ['222233334444', 'Success']]);
});
