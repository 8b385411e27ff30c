import { DAY, HOUR, MINUTE, START, usage, MarketplaceFixture } from '../harness';

let world: MarketplaceFixture;
beforeEach(() => { world = new MarketplaceFixture(); });

function taken(purchase: ReturnType<MarketplaceFixture['subscribe']>, timestamp: number): boolean {
  const { status, body } = world.meter(usage(purchase, world, { Timestamp: new Date(timestamp) }));
  if (status !== 200) {
    expect(body.__type).toBe('com.amazonaws.marketplacemetering#TimestampOutOfBoundsException');
  }
  return status === 200;
}

test('usage is taken until it is 24 hours old, to the millisecond', () => {
  const purchase = world.subscribe();
  world.time.advance(3 * DAY);
  const now = world.time.now();
  expect(taken(purchase, now - DAY + 1)).toBe(true);
  expect(taken(purchase, now - DAY)).toBe(false);
});

test('the old limit of 6 hours is a switch', () => {
  world.set({ 'metering.maxAgeHours': 6 });
  const purchase = world.subscribe();
  world.time.advance(DAY);
  const now = world.time.now();
  expect(taken(purchase, now - 6 * HOUR + 1)).toBe(true);
  expect(taken(purchase, now - 6 * HOUR)).toBe(false);
});

test.each([
  ['record-hour', Date.UTC(2026, 10, 25, 6), Date.UTC(2026, 10, 25, 5, 59)],
  ['current-hour', Date.UTC(2026, 10, 25, 5), Date.UTC(2026, 10, 25, 4, 59)],
])('where the age runs from is a switch: %s', (ageFrom, youngEnough, tooOld) => {
  const purchase = world.subscribe();
  world.set({ 'metering.ageFrom': ageFrom });
  world.time.moveTo(Date.UTC(2026, 10, 26, 5, 30));
  expect(taken(purchase, youngEnough)).toBe(true);
  expect(taken(purchase, tooOld)).toBe(false);
});

test('usage is taken from the hour on in which the license starts', () => {
  const purchase = world.subscribe();
  expect(taken(purchase, START - 20 * MINUTE)).toBe(true);
  expect(taken(purchase, START - 20 * MINUTE - 1)).toBe(false);
});

test('the future is refused; how exactly is a switch', () => {
  const purchase = world.subscribe();
  expect(taken(purchase, world.time.now() + MINUTE)).toBe(true);
  world.set({ 'metering.futureToleranceSeconds': 0 });
  expect(taken(purchase, world.time.now() + 1)).toBe(false);
});

describe('the end of a month', () => {
  const FIRST = Date.UTC(2026, 11, 1);

  test('its usage is taken until 06:00 UTC on the 1st', () => {
    const purchase = world.subscribe();
    world.time.moveTo(FIRST + 6 * HOUR - 1);
    expect(taken(purchase, FIRST - HOUR)).toBe(true);
    world.time.advance(1);
    expect(taken(purchase, FIRST - 1)).toBe(false);
    expect(taken(purchase, FIRST)).toBe(true);
  });

  test('the age counts as well, unless the grace is lenient', () => {
    const purchase = world.subscribe();
    world.time.moveTo(FIRST + 5 * HOUR);
    expect(taken(purchase, FIRST - 20 * HOUR)).toBe(false);
    world.set({ 'metering.monthEnd': 'lenient' });
    expect(taken(purchase, FIRST - 20 * HOUR)).toBe(true);
    world.time.advance(HOUR);
    expect(taken(purchase, FIRST - 1)).toBe(false);
  });

  test('lenient extends to the month before, not to the one before that', () => {
    world.set({ 'metering.monthEnd': 'lenient' });
    const purchase = world.subscribe();
    world.time.moveTo(Date.UTC(2027, 0, 1, 5));
    expect(taken(purchase, FIRST)).toBe(true);
    expect(taken(purchase, FIRST - 1)).toBe(false);
  });

  test('a year ends like any month', () => {
    const purchase = world.subscribe();
    const newYear = Date.UTC(2027, 0, 1);
    world.time.moveTo(newYear + HOUR);
    expect(taken(purchase, newYear - 1)).toBe(true);
    world.time.advance(5 * HOUR);
    expect(taken(purchase, newYear - 1)).toBe(false);
  });
});
