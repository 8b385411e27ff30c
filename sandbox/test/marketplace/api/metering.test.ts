import { BatchMeterUsageCommand, type UsageRecord } from '@aws-sdk/client-marketplace-metering';
import { BUYER, HOUR, Served, START, usage, MarketplaceFixture } from '../harness';

let world: MarketplaceFixture;
let served: Served;
beforeAll(async () => { served = await Served.start(() => world); });
afterAll(async () => served.stop());
beforeEach(() => { world = new MarketplaceFixture(); });

const send = async (records: UsageRecord[], region?: string) => served.metering(region).send(new BatchMeterUsageCommand({ UsageRecords: records }));

test('usage of an active license is accepted and kept', async () => {
  const purchase = world.subscribe();
  const record = usage(purchase, world, { UsageAllocations: [{ AllocatedUsageQuantity: 5, Tags: [{ Key: 'team', Value: 'a' }] }] });

  const { Results, UnprocessedRecords } = await send([record]);

  expect(Results).toEqual([{ UsageRecord: record, MeteringRecordId: expect.any(String), Status: 'Success' }]);
  expect(UnprocessedRecords).toEqual([]);
  expect(world.marketplace.state().meteringRecords).toEqual([{
    meteringRecordId: Results![0].MeteringRecordId,
    productCode: '4ml54db8vrmjuykaw1psroool',
    licenseArn: purchase.licenseArn,
    licenseId: purchase.licenseId,
    customerAwsAccountId: BUYER,
    dimension: 'ApiCalls',
    timestamp: '2026-11-23T05:00:00.000Z',
    hour: '2026-11-23T05:00:00Z',
    quantity: 5,
    region: 'us-east-1',
    usageAllocations: record.UsageAllocations,
    acceptedAt: new Date(START + 72_000).toISOString(),
  }]);
});

test('usage does not count before License Updated', async () => {
  const purchase = world.marketplace.purchase({});
  world.time.advance(71_999);
  expect((await send([usage(purchase, world)])).Results).toMatchObject([{ Status: 'CustomerNotSubscribed' }]);
  world.time.advance(1);
  expect((await send([usage(purchase, world)])).Results).toMatchObject([{ Status: 'Success' }]);
});

test('an identical record again is the same record; another quantity in the hour is not billed', async () => {
  const purchase = world.subscribe();
  const record = usage(purchase, world);
  const [first] = (await send([record])).Results!;

  world.time.advance(20 * 60_000);
  expect((await send([record])).Results).toEqual([{ UsageRecord: record, MeteringRecordId: first.MeteringRecordId, Status: 'Success' }]);
  expect(world.marketplace.findings()).toEqual([]);
  const [other] = (await send([usage(purchase, world, { Quantity: 6 })])).Results!;

  expect(other).toEqual({ UsageRecord: expect.objectContaining({ Quantity: 6 }), Status: 'DuplicateRecord' });
  expect(world.marketplace.state().meteringRecords).toMatchObject([{ quantity: 5 }]);
  expect(world.marketplace.findings()).toMatchObject([{ severity: 'warning', code: 'QUANTITY_NOT_BILLED' }]);
});

test.each(['DuplicateRecord', 'Success'])('an app that meters each call on its own is billed for one of them, and gets a finding, whether AWS says %s', async (status) => {
  const purchase = world.subscribe();
  world.set({ 'metering.sameQuantityAtAnotherTime': status });
  world.time.advance(5 * 60_000);
  const call = (minute: number) => usage(purchase, world, { Quantity: 1, Timestamp: new Date(START + minute * 60_000) });

  expect((await send([call(1), call(2), call(3)])).Results!.map((result) => result.Status)).toEqual(['Success', status, status]);

  expect(world.marketplace.state().meteringRecords).toMatchObject([{ quantity: 1 }]);
  expect(world.marketplace.findings()).toMatchObject([
    { code: 'QUANTITY_NOT_BILLED', message: expect.stringContaining('1 stamped 2026-11-23T05:22:00.000Z') },
    { code: 'QUANTITY_NOT_BILLED', message: expect.stringContaining('1 stamped 2026-11-23T05:23:00.000Z') },
  ]);
});

test('hours, dimensions and licenses of one account are separate, in one call too', async () => {
  const one = world.subscribe();
  const two = world.subscribe();
  world.time.advance(HOUR);
  const { Results } = await send([
    usage(one, world), usage(two, world), usage(one, world, { Dimension: 'StorageGb' }), usage(one, world, { Timestamp: new Date(START) }),
  ]);
  expect(Results!.map((result) => result.Status)).toEqual(['Success', 'Success', 'Success', 'Success']);
  expect(world.marketplace.state().meteringRecords).toHaveLength(4);
});

test('two records of one hour in a call: the first stands', async () => {
  const purchase = world.subscribe();
  const { Results } = await send([usage(purchase, world), usage(purchase, world), usage(purchase, world, { Quantity: 9 })]);
  expect(Results!.map((result) => result.Status)).toEqual(['Success', 'Success', 'DuplicateRecord']);
  expect(Results![1].MeteringRecordId).toBe(Results![0].MeteringRecordId);

  world.set({ 'metering.sameKeyInOneCall': 'refuse' });
  await expect(send([usage(purchase, world), usage(purchase, world)])).rejects.toMatchObject({ name: 'ValidationException' });
});

test('a quantity that is left out is 0, and takes the hour', async () => {
  const purchase = world.subscribe();
  await send([usage(purchase, world, { Quantity: undefined })]);
  expect(world.marketplace.state().meteringRecords).toMatchObject([{ quantity: 0 }]);
  expect((await send([usage(purchase, world)])).Results).toMatchObject([{ Status: 'DuplicateRecord' }]);
});

test('switches: an identical record can be a DuplicateRecord, and carry the record\'s id', async () => {
  const purchase = world.subscribe();
  const [first] = (await send([usage(purchase, world)])).Results!;
  world.set({ 'metering.identicalResend': 'DuplicateRecord', 'metering.duplicateRecordId': true });
  expect((await send([usage(purchase, world)])).Results).toMatchObject([{ Status: 'DuplicateRecord', MeteringRecordId: first.MeteringRecordId }]);
});

test('deduplication is per region: the same usage in two regions is billed twice, and found', async () => {
  const purchase = world.subscribe();
  await send([usage(purchase, world)], 'us-east-1');
  await send([usage(purchase, world)], 'eu-west-1');

  expect(world.marketplace.state().meteringRecords.map((record) => record.region)).toEqual(['us-east-1', 'eu-west-1']);
  expect(world.marketplace.findings()).toMatchObject([{ severity: 'error', code: 'DOUBLE_BILLING' }]);
});

test('a suspended account is not subscribed until it is resumed', async () => {
  const purchase = world.subscribe();
  expect(world.act(purchase, 'suspend')).toMatchObject({ suspended: true, status: 'ACTIVE' });
  expect((await send([usage(purchase, world)])).Results).toMatchObject([{ Status: 'CustomerNotSubscribed' }]);
  world.act(purchase, 'resume');
  expect((await send([usage(purchase, world)])).Results).toMatchObject([{ Status: 'Success' }]);
});

test('a call without records is answered', async () => {
  expect(await send([])).toMatchObject({ Results: [], UnprocessedRecords: [] });
});

describe('dimensions of the offer', () => {
  const subscribe = () => world.subscribe({ dimensions: ['ApiCalls'] });

  test('a dimension outside the buyer\'s offer is accepted by default', () => {
    expect(world.meter(usage(subscribe(), world, { Dimension: 'StorageGb' })).body.Results).toMatchObject([{ Status: 'Success' }]);
  });

  test('quantities above 0 of a dimension that the offer lacks are refused with the whole call where the setting says so', () => {
    world.set({ 'metering.dimensionOutsideOffer': 'InvalidUsageDimensionException' });
    const purchase = subscribe();
    expect(world.meter(usage(purchase, world), usage(purchase, world, { Dimension: 'StorageGb' })).body.__type).toMatch(/#InvalidUsageDimensionException$/);
    expect(world.marketplace.state().meteringRecords).toEqual([]);
    expect(world.meter(usage(purchase, world), usage(purchase, world, { Dimension: 'StorageGb', Quantity: 0 })).status).toBe(200);
  });

  test('an amendment changes the dimensions of the offer', () => {
    world.set({ 'metering.dimensionOutsideOffer': 'InvalidUsageDimensionException' });
    const purchase = subscribe();
    world.act(purchase, 'amend', { dimensions: ['ApiCalls', 'StorageGb'] });
    expect(world.meter(usage(purchase, world, { Dimension: 'StorageGb' })).status).toBe(200);
  });

  test('an offer has dimensions of its product only', () => {
    expect(() => world.marketplace.purchase({ dimensions: ['Nothing'] })).toThrow('no metered dimension is called Nothing; there are: ApiCalls, StorageGb');
  });
});
