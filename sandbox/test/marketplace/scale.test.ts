import { usage, MarketplaceFixture } from './harness';

test('each of 10,000 metering records has an id of its own, and every one is kept', () => {
  const world = new MarketplaceFixture();
  world.set({ 'metering.callsPerSecond': 0 });
  const purchases = Array.from({ length: 500 }, () => world.marketplace.purchase({}));
  world.time.advance(72_000);
  for (let hour = 0; hour < 20; hour += 1) {
    for (let from = 0; from < purchases.length; from += 25) {
      const { body } = world.meter(...purchases.slice(from, from + 25).map((purchase) => usage(purchase, world)));
      expect(body.Results.every((result: { Status: string }) => result.Status === 'Success')).toBe(true);
    }
    world.time.advance(3_600_000);
  }
  expect(new Set(world.marketplace.state().meteringRecords.map((record) => record.meteringRecordId)).size).toBe(10_000);
});
