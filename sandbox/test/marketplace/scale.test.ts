import { usage, MarketplaceFixture } from './harness';

test('100,000 records are metered as fast as the first ones', () => {
  const world = new MarketplaceFixture();
  world.set({ 'metering.callsPerSecond': 0 });
  const purchases = Array.from({ length: 500 }, () => world.marketplace.purchase({}));
  world.time.advance(72_000);
  const durations: number[] = [];
  for (let hour = 0; hour < 200; hour += 1) {
    const started = performance.now();
    for (let from = 0; from < purchases.length; from += 25) {
      const { body } = world.meter(...purchases.slice(from, from + 25).map((purchase) => usage(purchase, world)));
      expect(body.Results.every((result: { Status: string }) => result.Status === 'Success')).toBe(true);
    }
    durations.push(performance.now() - started);
    world.time.advance(3_600_000);
  }
  const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
  expect(world.marketplace.state().meteringRecords).toHaveLength(100_000);
  expect(new Set(world.marketplace.state().meteringRecords.map((record) => record.meteringRecordId)).size).toBe(100_000);
  // A look-up that walks over the records would be a hundred times slower at the end.
  expect(median(durations.slice(-50))).toBeLessThan(20 * median(durations.slice(0, 50)));
});
