import { balance, balances, unfinished, violations } from '../../support/ledger/invariants';
import { LICENSE, LedgerFixture, LedgerFixtureOptions, overage } from '../../support/ledger/ledger-fixture';

const at = (time: string) => Date.parse(time);

/** A license with users since long ago, of a product whose calls are billed beyond them. */
function entitledTo(users: number, per: 'HOUR' | 'MONTH' | 'CONTRACT', change: LedgerFixtureOptions = {}): LedgerFixture {
  const world = new LedgerFixture({ dimensions: overage(per), ...change });
  world.entitlements.grant(at('2026-11-01T00:00:00Z'), users);
  return world;
}

/** Usage in the middle of an hour, and the run that closes it. */
async function use(world: LedgerFixture, hour: string, quantity: number | string, tags?: object): Promise<void> {
  world.now = at(`${hour}:30:00Z`);
  await world.report(quantity, tags && { tags });
  world.now = at(`${hour}:30:00Z`) + 45 * 60_000;
  await world.run();
}

function expectToBeInOrder(world: LedgerFixture): void {
  expect([...violations(world), ...unfinished(world)]).toEqual([]);
  expect(balances(balance(world, LICENSE))).toBe(true);
}

test('what exceeds the entitlement of a month is billed, hour by hour', async () => {
  const world = entitledTo(10, 'MONTH');
  await use(world, '2026-11-23T05', 7);
  await use(world, '2026-11-23T06', 5);
  await use(world, '2026-11-23T07', 4);
  expect([world.billed('2026-11-23T05'), world.billed('2026-11-23T06'), world.billed('2026-11-23T07')]).toEqual([undefined, 2, 4]);
  expect(balance(world, LICENSE)).toMatchObject({ accepted: '16', covered: '10', metered: '6' });
  expectToBeInOrder(world);
});

test('10 are entitled and 12 used; after an upgrade to 15, 20 are used: 2 and 3 are billed', async () => {
  const world = entitledTo(10, 'MONTH');
  await use(world, '2026-11-23T05', 12);
  world.entitlements.grant(at('2026-11-23T06:20:00Z'), 15);
  await use(world, '2026-11-23T06', 8);
  expect([world.billed('2026-11-23T05'), world.billed('2026-11-23T06')]).toEqual([2, 3]);
  expectToBeInOrder(world);
});

test('after a downgrade all further use is billed, and nothing of the past', async () => {
  const world = entitledTo(10, 'MONTH');
  await use(world, '2026-11-23T05', 9);
  world.entitlements.grant(at('2026-11-23T06:00:00Z'), 5);
  await use(world, '2026-11-23T06', 8);
  expect([world.billed('2026-11-23T05'), world.billed('2026-11-23T06')]).toEqual([undefined, 8]);
  expectToBeInOrder(world);
});

test('an entitlement of an hour is there again in the next hour, and one of a month in the next month', async () => {
  const hourly = entitledTo(10, 'HOUR');
  await use(hourly, '2026-11-23T05', 12);
  await use(hourly, '2026-11-23T06', 13);
  expect([hourly.billed('2026-11-23T05'), hourly.billed('2026-11-23T06')]).toEqual([2, 3]);
  const monthly = entitledTo(10, 'MONTH');
  await use(monthly, '2026-11-30T22', 12);
  await use(monthly, '2026-11-30T23', 1);
  await use(monthly, '2026-12-01T00', 11);
  expect([monthly.billed('2026-11-30T22'), monthly.billed('2026-11-30T23'), monthly.billed('2026-12-01T00')]).toEqual([2, 1, 1]);
  expectToBeInOrder(monthly);
});

test('an entitlement of a contract lasts over months, and a renewal begins anew', async () => {
  const world = entitledTo(10, 'CONTRACT');
  await use(world, '2026-11-23T05', 8);
  await use(world, '2026-12-23T05', 4);
  world.entitlements.grant(at('2027-01-10T00:00:00Z'), 10, { agreementId: 'agmt-2' });
  await use(world, '2027-01-10T05', 11);
  expect([world.billed('2026-11-23T05'), world.billed('2026-12-23T05'), world.billed('2027-01-10T05')]).toEqual([undefined, 2, 1]);
  expectToBeInOrder(world);
});

test('late usage draws on the month that it belongs to, and is billed in the open hour', async () => {
  const world = entitledTo(10, 'MONTH');
  await use(world, '2026-11-30T20', 7);
  await use(world, '2026-12-01T08', 10);
  await world.report(5, { time: '2026-11-30T20:40:00Z' });
  await world.run();
  await use(world, '2026-12-01T09', 0);
  expect([world.billed('2026-11-30T20'), world.billed('2026-12-01T08')]).toEqual([undefined, undefined]);
  expect(world.billed('2026-12-01T09')).toBe(2);
  expectToBeInOrder(world);
});

test('late usage that an entitlement covers is not rejected where late usage is', async () => {
  const world = entitledTo(10, 'MONTH', { rules: { lateUsage: 'REJECT' } });
  await use(world, '2026-11-23T05', 7);
  await world.report(5, { time: '2026-11-23T05:40:00Z' });
  await world.run();
  expect(balance(world, LICENSE)).toMatchObject({ covered: '10', rejected: '2', metered: '0' });
  expectToBeInOrder(world);
});

test('the hour of an upgrade and the last hour of a contract draw on the most that was in force in them', async () => {
  const world = entitledTo(10, 'HOUR');
  world.entitlements.grant(at('2026-11-23T05:50:00Z'), 15);
  world.entitlements.grant(at('2026-11-23T06:10:00Z'), undefined);
  await use(world, '2026-11-23T05', 16);
  await use(world, '2026-11-23T06', 16);
  await use(world, '2026-11-23T07', 16);
  expect([world.billed('2026-11-23T05'), world.billed('2026-11-23T06'), world.billed('2026-11-23T07')]).toEqual([1, 1, 16]);
});

test('fractions of units and tags are shared between what is covered and what is billed, and add up', async () => {
  const world = entitledTo(1, 'MONTH');
  world.entitlements.periods.set(LICENSE, [{ since: 0, entitlements: { Users: { valueType: 'DOUBLE', value: 2.5 } } }]);
  world.now = at('2026-11-23T05:30:00Z');
  await world.report('3', { tags: { team: 'red' } });
  await world.report('1', { tags: { team: 'blue' } });
  world.now = at('2026-11-23T06:15:00Z');
  await world.run();
  expect(world.billed('2026-11-23T05')).toBe(1);
  expect(world.partition('2026-11-23T05')!.draws[0].covered.toStored()).toEqual({
    amount: '2.5', tags: { '[["team","blue"]]': '0.625', '[["team","red"]]': '1.875' },
  });
  await use(world, '2026-11-23T06', '0.5');
  expect(world.billed('2026-11-23T06')).toBe(1);
  expectToBeInOrder(world);
});

describe('while AWS has not shown what a license is entitled to', () => {
  test('nothing is billed: usage waits, says why, and draws when it is known (finding 33)', async () => {
    const world = new LedgerFixture({ dimensions: overage('MONTH') });
    world.subscribe(LICENSE, { activeSince: at('2026-11-23T04:00:00Z') });
    await use(world, '2026-11-23T05', 12);
    const report = await world.run();
    expect(report.waiting).toEqual({ EntitlementsUnknown: 1 });
    expect(world.state('2026-11-23T05')).toBe('OPEN');
    world.entitlements.grant(at('2026-11-23T06:20:00Z'), 10);
    await world.at('2026-11-23T06:25:00Z').run();
    expect(world.billed('2026-11-23T05')).toBe(2);
  });

  test('usage that is too old by then is carried into the open hour', async () => {
    const world = new LedgerFixture({ dimensions: overage('MONTH') });
    world.subscribe(LICENSE, { activeSince: at('2026-11-23T04:00:00Z') });
    await use(world, '2026-11-23T05', 12);
    await world.at('2026-11-24T08:30:00Z').run();
    expect(world.state('2026-11-23T05')).toBe('OPEN');
    expect(await world.pendingAge()).toBeGreaterThan(24 * 3600);
    world.entitlements.grant(at('2026-11-24T08:40:00Z'), 10);
    await world.at('2026-11-24T08:45:00Z').run();
    await world.at('2026-11-24T09:15:00Z').run();
    expect(world.billed('2026-11-24T08')).toBe(2);
    expectToBeInOrder(world);
  });

  test('a license without entitlements is billed when AWS has answered so for 3 days', async () => {
    const world = new LedgerFixture({ dimensions: overage('MONTH') });
    world.subscribe(LICENSE, { activeSince: at('2026-11-20T06:00:00Z') });
    world.entitlements.askedAt = at('2026-11-23T05:00:00Z');
    await use(world, '2026-11-23T05', 12);
    expect(world.billed('2026-11-23T05')).toBeUndefined();
    world.entitlements.askedAt = at('2026-11-23T06:16:00Z');
    await world.at('2026-11-23T06:20:00Z').run();
    expect(world.billed('2026-11-23T05')).toBe(12);
  });

  test('usage waits also after License Updated, until AWS was asked again', async () => {
    const world = entitledTo(10, 'MONTH');
    world.subscribe(LICENSE, { updatedAt: at('2026-11-23T05:20:00Z') });
    await use(world, '2026-11-23T05', 15);
    expect(world.billed('2026-11-23T05')).toBeUndefined();
    world.entitlements.grant(at('2026-11-23T05:20:00Z'), 15);
    await world.at('2026-11-23T06:20:00Z').run();
    expect(world.state('2026-11-23T05')).toBe('REFUSED');
    expect(balance(world, LICENSE)).toMatchObject({ covered: '15', metered: '0', pending: '0' });
  });

  test('the usage of a license that ends before that is rejected, and none of it is billed', async () => {
    const world = new LedgerFixture({ dimensions: overage('MONTH') });
    world.subscribe(LICENSE, { activeSince: at('2026-11-23T04:00:00Z') });
    world.now = at('2026-11-23T05:30:00Z');
    await world.report(12);
    world.end();
    await world.runUntil('2026-11-23T08:00:00Z');
    expect(balance(world, LICENSE)).toMatchObject({ rejected: '12', metered: '0' });
    expect(world.events('Usage Rejected').map(({ detail }) => detail.reason)).toEqual(['LicenseEnded']);
  });
});

test('hours of one license that are worked on at the same time share its entitlement exactly', async () => {
  const world = entitledTo(10, 'MONTH', { lanes: 3, concurrency: 8 });
  world.now = at('2026-11-23T15:30:00Z');
  for (let hour = 0; hour < 10; hour += 1) {
    await world.report(3, { time: `2026-11-23T0${hour}:30:00Z` });
  }
  await world.run();
  await world.run();
  expect(balance(world, LICENSE)).toMatchObject({ accepted: '30', covered: '10', metered: '20' });
  expectToBeInOrder(world);
});
