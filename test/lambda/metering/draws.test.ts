import { BUCKET, BucketFixture } from '../../support/ledger/bucket-fixture';
import { LICENSE, LedgerFixtureOptions, overage } from '../../support/ledger/ledger-fixture';
import { allowanceId, MemoryStore } from '../../support/ledger/memory-store';

/** Another hour of the license always draws first. */
class ContestedAllowance extends MemoryStore {
  attempts = 0;

  async saveAllowance(): Promise<boolean> {
    this.attempts += 1;
    return false;
  }
}

async function entitledTo(users: number, change: LedgerFixtureOptions = {}): Promise<BucketFixture> {
  const world = new BucketFixture({ dimensions: overage('MONTH'), ...change });
  world.entitlements.grant(Date.parse('2026-11-01T00:00:00Z'), users);
  return world.closedWith(12);
}

function allowance(world: BucketFixture, licenseId = LICENSE) {
  return world.store.allowances.get(allowanceId({ licenseId, dimension: 'ApiCalls', period: '2026-11' }));
}

function covered(world: BucketFixture): string[] {
  return world.bucket.draws.map((draw) => draw.covered.total().toFixed());
}

test('hours that always find the entitlement changed try ten times on each reading, and are left to a later run unbilled', async () => {
  const world = await entitledTo(10, { Store: ContestedAllowance });
  expect(await world.advance()).toEqual({ kind: 'LEFT' });
  expect((world.store as ContestedAllowance).attempts).toBe(10 * world.steps.count('readMeta'));
  expect(world.steps.count('readMeta')).toBe(6);
  expect(world.bucket.meta!.state).toBe('OPEN');
  expect(world.seen.lines).toEqual([]);
});

test('an hour that another hour of the license draws before gets what is left', async () => {
  const world = await entitledTo(10);
  const other = { ...BUCKET, hour: '2026-11-23T04' };
  await world.report(7, { time: '2026-11-23T04:30:00Z' });
  world.steps.before('saveAllowance', async () => world.metering().workOn(other, Infinity));
  expect(await world.advance()).toMatchObject({ kind: 'READY', ready: { meta: { frozen: { quantity: 9 } } } });
  expect([covered(world), allowance(world)!.drawn]).toEqual([['3'], { '2026-11': '10' }]);
  expect(world.steps.count('saveAllowance')).toBe(2);
});

test('usage that a run drew for right before it died draws once', async () => {
  const world = await entitledTo(10);
  world.steps.after('saveAllowance', async () => { throw new Error('the process died'); });
  expect(await world.advance()).toEqual({ kind: 'LEFT' });
  expect(covered(world)).toEqual([]);
  expect(await world.advance()).toMatchObject({ kind: 'READY', ready: { meta: { frozen: { quantity: 2 } } } });
  expect([covered(world), allowance(world)!.drawn]).toEqual([['10'], { '2026-11': '10' }]);
});

test('late usage of a billed hour whose license is not known any more draws on the entitlement of that license', async () => {
  const world = await entitledTo(10);
  await world.store.freeze(BUCKET, { quantity: 0 }, '12');
  await world.store.bill(BUCKET, { at: world.now });
  world.directory.licenses.clear();
  expect(await world.advance()).toEqual({ kind: 'DONE' });
  expect([covered(world), world.carriedOut()]).toEqual([['10'], { '0 2026-11-23T06': '2' }]);
  expect(allowance(world)!.drawn).toEqual({ '2026-11': '10' });
});

test('both keys of a migrated buyer draw on the entitlement under the former one', async () => {
  const world = await entitledTo(10);
  world.subscribe(LICENSE, { migratedFrom: 'l-former' });
  expect(await world.advance()).toMatchObject({ kind: 'READY', ready: { meta: { frozen: { quantity: 2 } } } });
  expect([allowance(world), allowance(world, 'l-former')!.drawn]).toEqual([undefined, { '2026-11': '10' }]);
});
