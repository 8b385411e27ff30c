import { unfinished, violations } from '../../support/ledger/invariants';
import { LedgerFixture } from '../../support/ledger/ledger-fixture';

const HOUR = '2026-11-23T05';

function calledRegions(world: LedgerFixture): (string | undefined)[] {
  return world.api.calls.map(([first]) => first.region);
}

test('an hour whose outcome was unknown when the metering region changed is sent again in the region that may have it', async () => {
  const world = new LedgerFixture({ meteringRegion: 'eu-west-1' });
  await world.report(3);
  world.at('2026-11-23T06:10:00Z').api.outage = 'LOST';
  await world.run();
  expect(world.partition(HOUR)!.meta).toMatchObject({ state: 'FROZEN', intentRegion: 'eu-west-1' });
  world.api.outage = undefined;
  world.api.calls.length = 0;
  await world.report(4);
  await world.at('2026-11-23T07:10:00Z').run({ meteringRegion: 'us-east-1' });
  expect(calledRegions(world)).toEqual(['eu-west-1', undefined]);
  expect(world.partition(HOUR)!.meta).toMatchObject({ state: 'BILLED', intent: undefined, intentRegion: undefined });
  expect([...violations(world), ...unfinished(world)]).toEqual([]);
});

test('an hour that was certainly not taken before the metering region changed is sent in the new region', async () => {
  const world = new LedgerFixture({ meteringRegion: 'eu-west-1' });
  await world.report(3);
  world.at('2026-11-23T06:10:00Z').api.faults.push('DISABLED');
  await world.run();
  await world.at('2026-11-23T06:20:00Z').run({ meteringRegion: 'us-east-1' });
  expect(calledRegions(world)).toEqual([undefined, undefined]);
  expect(world.billed(HOUR)).toBe(3);
});

test('hours of unknown outcome and new hours never share a call after the metering region changed', async () => {
  const world = new LedgerFixture({ meteringRegion: 'eu-west-1' });
  for (const license of ['l-1', 'l-2', 'l-3']) {
    world.subscribe(license);
    await world.report(1, { license });
  }
  world.at('2026-11-23T06:10:00Z').api.faults.push('LOST', 'DOWN', 'DOWN');
  await world.run();
  world.api.calls.length = 0;
  for (const license of ['l-1', 'l-2', 'l-3']) {
    await world.report(1, { license });
  }
  await world.at('2026-11-23T07:10:00Z').run({ meteringRegion: 'us-east-1' });
  expect(world.api.calls.map((call) => new Set(call.map(({ region }) => region)).size)).toEqual(world.api.calls.map(() => 1));
  expect(world.api.accepted.size).toBe(6);
  expect([...violations(world), ...unfinished(world)]).toEqual([]);
});
