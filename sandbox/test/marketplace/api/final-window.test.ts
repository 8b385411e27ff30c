import { BUYER, HOUR, MINUTE, usage, MarketplaceFixture } from '../harness';

let world: MarketplaceFixture;
beforeEach(() => { world = new MarketplaceFixture(); });

/** Cancels, and says until when after Ended usage is taken, to the millisecond. */
function statusAt(millisecondsAfterEnded: number, settings: Record<string, unknown>) {
  world.set(settings);
  const purchase = world.subscribe();
  world.act(purchase, 'cancel');
  world.time.advance(millisecondsAfterEnded);
  const { status, body } = world.meter(usage(purchase, world));
  return status === 200 ? body.Results[0].Status : body.__type;
}

const DEPROVISIONED = 31_000;

test.each([
  ['deprovisioned', DEPROVISIONED + HOUR],
  ['ended', HOUR],
  ['none', DEPROVISIONED],
])('mode %s closes %d ms after Ended', (mode, closes) => {
  expect(statusAt(closes - 1, { 'metering.finalWindow': mode })).toBe('Success');
  expect(statusAt(closes, { 'metering.finalWindow': mode })).toBe('CustomerNotSubscribed');
});

test('a refusal after the window can sink the whole call', () => {
  const healthy = world.subscribe();
  const ended = world.subscribe();
  world.set({ 'metering.afterWindow': 'InvalidLicenseException' });
  world.act(ended, 'cancel');
  world.time.advance(2 * HOUR);

  const both = world.meter(usage(healthy, world), usage(ended, world));
  expect(both).toMatchObject({ status: 400, body: { __type: 'com.amazonaws.marketplacemetering#InvalidLicenseException' } });
  expect(both.body.message).toContain('outside the license activation period');
  expect(world.marketplace.state().meteringRecords).toEqual([]);
  expect(world.meter(usage(healthy, world)).body.Results).toMatchObject([{ Status: 'Success' }]);
});

test('a record after the final window fails alone by default', () => {
  const healthy = world.subscribe();
  const ended = world.subscribe();
  world.act(ended, 'cancel');
  world.time.advance(2 * HOUR);
  expect(world.meter(usage(healthy, world), usage(ended, world)).body.Results)
    .toMatchObject([{ Status: 'Success' }, { Status: 'CustomerNotSubscribed' }]);
});

test('the next hour can be metered inside the window', () => {
  const purchase = world.subscribe({ customerAwsAccountId: BUYER });
  world.time.advance(35 * MINUTE);
  world.act(purchase, 'cancel');
  world.time.advance(30 * MINUTE);
  const now = world.time.now();
  expect(world.meter(
    usage(purchase, world, { Timestamp: new Date(now - HOUR) }), usage(purchase, world, { Timestamp: new Date(now) }),
  ).body.Results).toMatchObject([{ Status: 'Success' }, { Status: 'Success' }]);
});
