import { explainWait } from '../../../lambda/metering/bucket';
import { BUCKET, BucketFixture } from '../../support/ledger/bucket-fixture';
import { LICENSE, LedgerFixtureOptions, overage } from '../../support/ledger/ledger-fixture';

async function closed(change: LedgerFixtureOptions = {}): Promise<BucketFixture> {
  return new BucketFixture(change).closedWith(3);
}

/** What an hour waits for; nothing is changed by asking. */
async function waitsFor(world: BucketFixture): Promise<string | undefined> {
  const before = structuredClone(world.bucket.meta);
  const reason = await explainWait(world.dependencies(), BUCKET);
  expect(world.bucket.meta).toEqual(before);
  return reason;
}

test('an hour that the ledger does not have waits for nothing', async () => {
  expect(await explainWait(new BucketFixture().dependencies(), BUCKET)).toBeUndefined();
});

test('an hour that is not closed waits for its end, one that is closed for nothing but the next run', async () => {
  const world = await closed();
  expect(await waitsFor(world.at('2026-11-23T06:09:59Z'))).toBe('NotClosed');
  expect(await waitsFor(world.at('2026-11-23T06:10:00Z'))).toBeUndefined();
});

test('a frozen hour waits for what a call needs and is not known, and for nothing else', async () => {
  const world = await closed();
  await world.store.freeze(BUCKET, { quantity: 3 }, '3');
  expect(await waitsFor(world)).toBeUndefined();
  world.subscribe(LICENSE, { customerAwsAccountId: undefined });
  expect(await waitsFor(world)).toBe('NoCustomerAccount');
});

test('an hour that will be given up or carried by the next run waits for nothing', async () => {
  const tooOld = await closed();
  expect(await waitsFor(tooOld.at('2026-11-24T05:00:00Z'))).toBeUndefined();
  const late = await new BucketFixture().billedWith(3);
  await late.reportLate(4);
  expect(await waitsFor(late)).toBeUndefined();
});

test('an hour that may have been sent and is too old waits for nothing but the run that asks a person for it', async () => {
  const world = await closed();
  await world.store.freeze(BUCKET, { quantity: 3 }, '3');
  await world.store.noteIntent(BUCKET, undefined, 'token', 'us-east-1');
  expect(await waitsFor(world.at('2026-11-24T05:00:00Z'))).toBeUndefined();
});

test('an hour of which an entitlement may cover a part waits until AWS has shown that entitlement', async () => {
  const world = await closed({ dimensions: overage('MONTH') });
  world.subscribe(LICENSE, { activeSince: Date.parse('2026-11-23T04:00:00Z') });
  expect(await waitsFor(world)).toBe('EntitlementsUnknown');
  world.entitlements.grant(Date.parse('2026-11-23T05:00:00Z'), 2);
  expect(await waitsFor(world)).toBeUndefined();
});
