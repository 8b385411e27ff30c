import { HOUR_MS } from '../../../lambda/domain/usage/ledger/hour';
import { DetailType } from '../../../src/names';
import { balance, unfinished, violations } from '../../support/ledger/invariants';
import { LICENSE, LedgerFixture } from '../../support/ledger/ledger-fixture';

/** Usage in two hours, cancelled at 07:20; the app reports the rest of the running hour three minutes later. */
async function cancelled(closes: 'DEFAULT' | 'MODE_A' | 'MODE_B', change: ConstructorParameters<typeof LedgerFixture>[0] = {}): Promise<LedgerFixture> {
  const world = new LedgerFixture(change).at('2026-11-23T06:30:00Z');
  await world.report(6);
  await world.at('2026-11-23T07:02:00Z').report(7);
  world.at('2026-11-23T07:05:00Z');
  const marketplaceClosesAt = { DEFAULT: undefined, MODE_A: world.now + HOUR_MS, MODE_B: world.now + 31_000 }[closes];
  world.end(LICENSE, marketplaceClosesAt === undefined ? {} : { marketplaceClosesAt });
  world.now += 5000;
  await world.metering().flushLicense(LICENSE, world.now + 270_000);
  return world;
}

describe.each(['DEFAULT', 'MODE_A'] as const)('a cancellation (%s)', (mode) => {
  test('sends the closed hours at once, even within their grace', async () => {
    const world = await cancelled(mode);
    expect(world.billed('2026-11-23T06')).toBe(6);
    expect(world.billed('2026-11-23T07')).toBeUndefined();
  });

  test('bills what the app still reports, the running hour included', async () => {
    const world = await cancelled(mode);
    await world.at('2026-11-23T07:08:00Z').report(1);
    await world.runUntil('2026-11-23T07:14:00Z');
    expect(world.billed('2026-11-23T07')).toBeUndefined();
    await world.runUntil('2026-11-23T07:25:00Z');
    expect(world.billed('2026-11-23T07')).toBe(8);
    await world.runUntil('2026-11-23T09:00:00Z');
    expect([...violations(world), ...unfinished(world)]).toEqual([]);
    expect(balance(world, LICENSE)).toMatchObject({ accepted: '14', metered: '14' });
  });

  test('bills what comes after that in the next hour, if that starts within the window', async () => {
    const world = await cancelled(mode);
    await world.runUntil('2026-11-23T07:30:00Z');
    await world.report(2, { time: '2026-11-23T06:40:00Z' });
    await world.runUntil('2026-11-23T09:00:00Z');
    expect(world.billed('2026-11-23T08')).toBe(2);
    expect(balance(world, LICENSE)).toMatchObject({ metered: '15', rejected: '0' });
  });

  test('rejects what comes too late for that, with its reason', async () => {
    const world = await cancelled(mode);
    await world.runUntil('2026-11-23T08:30:00Z');
    await world.report(2, { time: '2026-11-23T07:04:00Z' });
    await world.runUntil('2026-11-23T08:40:00Z');
    expect(world.events(DetailType.USAGE_REJECTED).map(({ detail }) => [detail.reason, detail.quantity])).toEqual([['LicenseEnded', '2']]);
    expect(balance(world, LICENSE)).toMatchObject({ metered: '13', rejected: '2', pending: '0' });
  });
});

describe('a cancellation where Marketplace refuses all usage from License Deprovisioned on (MODE_B)', () => {
  test.each(['CustomerNotSubscribed', 'InvalidLicenseException'])('shows what could not be billed as %s', async (refusal) => {
    const world = await cancelled('MODE_B');
    expect(world.billed('2026-11-23T06')).toBe(6);
    if (refusal === 'InvalidLicenseException') {
      world.api.poison.set(`${LICENSE}#ApiCalls#2026-11-23T07`, refusal);
    }
    await world.runUntil('2026-11-23T08:30:00Z');
    expect([...violations(world), ...unfinished(world)]).toEqual([]);
    expect(balance(world, LICENSE)).toMatchObject({ metered: '6', rejected: '7', pending: '0' });
    expect(world.events(DetailType.USAGE_REJECTED).map(({ detail }) => [detail.reason, detail.quantity])).toEqual([[refusal, '7']]);
  });
});

describe('usage that comes in the last ten minutes of the final window', () => {
  test('the last usage is billed in the hour that has begun, if nothing was sent for it', async () => {
    const world = await cancelled('DEFAULT');
    await world.runUntil('2026-11-23T08:01:00Z');
    await world.report(2, { time: '2026-11-23T06:40:00Z' });
    await world.runUntil('2026-11-23T09:00:00Z', 4);
    expect(world.billed('2026-11-23T08')).toBe(2);
    expect([...violations(world), ...unfinished(world)]).toEqual([]);
    expect(balance(world, LICENSE)).toMatchObject({ metered: '15', rejected: '0', pending: '0' });
  });

  test('the last usage is billed in the hour in which the license ended, if nothing was sent for it', async () => {
    const world = new LedgerFixture().at('2026-11-23T05:30:00Z');
    await world.report(6);
    world.at('2026-11-23T07:44:00Z').end();
    await world.runUntil('2026-11-23T08:37:00Z');
    await world.report(2, { time: '2026-11-23T05:40:00Z' });
    await world.runUntil('2026-11-23T10:00:00Z', 4);
    expect([world.billed('2026-11-23T05'), world.billed('2026-11-23T07')]).toEqual([6, 2]);
    expect([...violations(world), ...unfinished(world)]).toEqual([]);
  });

  test('the last usage is rejected with its reason if every hour of the window was sent', async () => {
    const world = await cancelled('DEFAULT');
    await world.runUntil('2026-11-23T07:30:00Z');
    await world.report(2, { time: '2026-11-23T06:40:00Z' });
    await world.runUntil('2026-11-23T08:01:00Z');
    await world.report(3, { time: '2026-11-23T06:45:00Z' });
    await world.runUntil('2026-11-23T09:00:00Z', 4);
    expect(world.billed('2026-11-23T08')).toBe(2);
    expect(world.events(DetailType.USAGE_REJECTED).map(({ detail }) => [detail.reason, detail.quantity])).toEqual([['LicenseEnded', '3']]);
    expect([...violations(world), ...unfinished(world)]).toEqual([]);
  });
});

test('with late usage rejected, the rest of the running hour is carried when an end is taken back after its grace', async () => {
  const world = await cancelled('DEFAULT', { rules: { lateUsage: 'REJECT' } });
  await world.runUntil('2026-11-23T07:20:00Z');
  expect(world.billed('2026-11-23T07')).toBe(7);
  world.api.closedAt.clear();
  world.subscribe(LICENSE);
  await world.at('2026-11-23T07:30:00Z').report(4);
  await world.at('2026-11-23T08:05:00Z').report(5, { time: '2026-11-23T07:59:00Z' });
  await world.runUntil('2026-11-23T09:20:00Z');
  expect(world.billed('2026-11-23T08')).toBe(9);
  expect(balance(world, LICENSE)).toMatchObject({ metered: '22', rejected: '0', pending: '0' });
  expect([...violations(world), ...unfinished(world)]).toEqual([]);
});

test('with late usage rejected, an hour that has just ended keeps its grace', async () => {
  const world = await cancelled('DEFAULT', { rules: { lateUsage: 'REJECT' } });
  expect(world.billed('2026-11-23T06')).toBeUndefined();
  await world.at('2026-11-23T07:06:00Z').report(1, { time: '2026-11-23T06:59:00Z' });
  await world.runUntil('2026-11-23T08:30:00Z');
  expect(world.billed('2026-11-23T06')).toBe(7);
  expect(balance(world, LICENSE)).toMatchObject({ metered: '14', rejected: '0' });
});

test('a fraction that is left when the license has ended is rejected as that', async () => {
  const world = new LedgerFixture().at('2026-11-23T07:20:00Z');
  await world.report('1.75');
  world.end();
  await world.runUntil('2026-11-23T10:00:00Z');
  expect(balance(world, LICENSE)).toMatchObject({ metered: '1', rejected: '0.75', pending: '0' });
  expect(world.events(DetailType.USAGE_REJECTED).map(({ detail }) => detail.reason)).toEqual(['FractionOfUnit']);
});

test('licenses that end come before all others, each in calls of its own', async () => {
  const world = new LedgerFixture();
  for (const license of ['l-1', 'l-2', 'l-3', 'l-4']) {
    world.subscribe(license);
    await world.report(1, { license });
    await world.report(1, { license, dimension: 'Units' });
  }
  world.at('2026-11-23T06:10:00Z');
  world.end('l-3');
  world.end('l-2');
  world.now += 1000;
  await world.run();
  expect(world.api.calls.map((call) => [...new Set(call.map(({ licenseArn }) => licenseArn.replace(/.*:/, '')))])).toEqual([
    ['l-2'], ['l-3'], ['l-1', 'l-4'],
  ]);
});
