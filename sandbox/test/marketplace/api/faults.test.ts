import { GetEntitlementsCommand, ThrottlingException as EntitlementThrottlingException } from '@aws-sdk/client-marketplace-entitlement-service';
import { BatchMeterUsageCommand, InternalServiceErrorException, ThrottlingException } from '@aws-sdk/client-marketplace-metering';
import type { FaultError } from '../../../src/faults/fault';
import { CONTRACT, Served, SUBSCRIPTION, usage, MarketplaceFixture } from '../harness';

let world: MarketplaceFixture;
let served: Served;
beforeAll(async () => { served = await Served.start(() => world); });
afterAll(async () => served.stop());
beforeEach(() => { world = new MarketplaceFixture([SUBSCRIPTION, CONTRACT]); });

const subscribe = () => world.subscribe({ productCode: SUBSCRIPTION.productCode });
const meter = async (...purchases: ReturnType<typeof subscribe>[]) => (
  served.metering().send(new BatchMeterUsageCommand({ UsageRecords: purchases.map((purchase) => usage(purchase, world)) }))
);

const fault = (code: string, more: Partial<FaultError> = {}): FaultError => ({ code, message: 'injected', status: 400, after: false, ...more });

describe('throttling', () => {
  test('ten calls at once, then one each 100 ms', async () => {
    const purchase = subscribe();
    for (let call = 0; call < 10; call += 1) {
      await meter(purchase);
    }
    await expect(meter(purchase)).rejects.toThrow(ThrottlingException);
    await expect(meter(purchase)).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
    world.instant += 100;
    await meter(purchase);
    await expect(meter(purchase)).rejects.toThrow(ThrottlingException);
    expect(world.marketplace.state().meteringCalls).toEqual({ total: 14, throttled: 3, failed: 0 });
  });

  test.each([10, 7, 3])('a steady %d calls a second are never throttled, the first second\'s burst used up', (perSecond) => {
    world.set({ 'metering.callsPerSecond': perSecond });
    const purchase = subscribe();
    for (let call = 0; call < 1_000; call += 1) {
      world.instant = Math.max(0, call - perSecond + 1) * 1_000 / perSecond;
      expect(world.meter(usage(purchase, world)).status).toBe(200);
    }
  });

  test('each region has its own quota; a pause saves up no more than a second', () => {
    const statuses = (count: number, region: string) => Array.from({ length: count }, () => (
      world.wire('AWSMPMeteringService.BatchMeterUsage', { UsageRecords: [] }, { region }).status
    ));
    expect(statuses(11, 'us-east-1').at(-1)).toBe(400);
    expect(statuses(10, 'eu-west-1')).not.toContain(400);
    world.instant += 3_600_000;
    expect(statuses(11, 'us-east-1').filter((status) => status === 200)).toHaveLength(10);
  });

  test('the quota is a setting; 0 turns it off', () => {
    const purchase = subscribe();
    world.set({ 'metering.callsPerSecond': 1 });
    expect([world.meter(usage(purchase, world)).status, world.meter(usage(purchase, world)).status]).toEqual([200, 400]);
    world.set({ 'metering.callsPerSecond': 0 });
    for (let call = 0; call < 100; call += 1) {
      expect(world.meter(usage(purchase, world)).status).toBe(200);
    }
  });

  test('GetEntitlements allows 20 a second', async () => {
    const command = new GetEntitlementsCommand({ ProductCode: CONTRACT.productCode });
    for (let call = 0; call < 20; call += 1) {
      await served.entitlement().send(command);
    }
    await expect(served.entitlement().send(command)).rejects.toThrow(EntitlementThrottlingException);
  });
});

describe('injected faults', () => {
  test('an error before the work: nothing counts', async () => {
    const purchase = subscribe();
    world.fault = fault('InternalServiceErrorException', { status: 500 });
    const error = await meter(purchase).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InternalServiceErrorException);
    expect(error).toMatchObject({ $fault: 'server', $metadata: { httpStatusCode: 500 } });
    expect(world.marketplace.state()).toMatchObject({ meteringRecords: [], meteringCalls: { total: 1, failed: 1, throttled: 0 } });
  });

  test('an error after the work: it counts, and the caller cannot know', async () => {
    const purchase = subscribe();
    world.fault = fault('InternalServiceErrorException', { status: 500, after: true });
    await expect(meter(purchase)).rejects.toThrow(InternalServiceErrorException);
    world.fault = undefined;
    expect(world.marketplace.state().meteringRecords).toHaveLength(1);
    expect((await meter(purchase)).Results).toMatchObject([{ Status: 'Success' }]);
    expect(world.marketplace.state().meteringRecords).toHaveLength(1);
  });

  test('records can come back unprocessed: all, or some', async () => {
    const [one, two] = [subscribe(), subscribe()];
    world.fault = fault('Unprocessed');
    expect(await meter(one, two)).toMatchObject({ Results: [], UnprocessedRecords: [usage(one, world), usage(two, world)] });
    world.fault = fault('Unprocessed', { count: 1 });
    const { Results, UnprocessedRecords } = await meter(one, two);
    expect(UnprocessedRecords).toEqual([usage(one, world)]);
    expect(Results).toMatchObject([{ UsageRecord: usage(two, world), Status: 'Success' }]);
    expect(world.marketplace.state().meteringRecords).toMatchObject([{ licenseId: two.licenseId }]);
  });

  test('an injected throttle counts as a real one does', () => {
    const purchase = subscribe();
    world.fault = fault('ThrottlingException');
    world.set({ 'metering.callsPerSecond': 1 });
    world.meter(usage(purchase, world));
    world.meter(usage(purchase, world));
    expect(world.marketplace.state().meteringCalls).toEqual({ total: 2, throttled: 2, failed: 0 });
  });
});
