import { bucketId } from '../../../lambda/domain/usage/ledger/bucket';
import { BUCKET, BucketFixture } from '../../support/ledger/bucket-fixture';
import { arn, LICENSE } from '../../support/ledger/ledger-fixture';

const WOULD_BE_METERED = 'Dry run: this would have been metered';

async function closedWith(quantity: number | string): Promise<BucketFixture> {
  return new BucketFixture({ mode: 'DRY_RUN' }).closedWith(quantity);
}

test('a dry run counts an hour, writes to the log what it would have sent, and is done with it in one write', async () => {
  const world = await closedWith(3);
  expect(await world.advance()).toEqual({ kind: 'DONE' });
  expect(world.bucket.meta).toMatchObject({ state: 'DRY_RUN', frozen: { quantity: 3 }, dueAt: undefined });
  expect(world.runState.counts.dryRun).toBe(1);
  expect(world.logged(WOULD_BE_METERED)).toEqual([{ message: WOULD_BE_METERED, bucket: bucketId(BUCKET), quantity: 3, licenseArn: arn(LICENSE) }]);
  expect(world.steps.operations).toEqual(['readMeta', 'readDraws', 'readCarriedIn', 'readRecords', 'freeze', 'recordDryRun']);
});

test('a dry run carries what does not fit into the hour in the same run', async () => {
  const world = await closedWith('2.5');
  expect(await world.advance()).toEqual({ kind: 'DONE' });
  expect(world.carriedOut()).toEqual({ '0 2026-11-23T06': '0.5' });
  expect(world.bucket.meta!.dueAt).toBeUndefined();
});

test('a dry run leaves an hour alone that may have been sent: only AWS knows what became of it', async () => {
  const world = await closedWith(3);
  await world.store.freeze(BUCKET, { quantity: 3 }, '3');
  await world.store.noteIntent(BUCKET, undefined, 'token', 'us-east-1');
  expect(await world.advance()).toEqual({ kind: 'LEFT' });
  expect(world.steps.operations).toEqual(['readMeta']);
  expect(world.bucket.meta).toMatchObject({ state: 'FROZEN', intent: 'token' });
  expect(world.seen.lines).toEqual([]);
});

test('an hour that another dry run was faster with is counted by that run alone', async () => {
  const world = await closedWith(3);
  world.steps.before('recordDryRun', async () => world.anotherRun());
  expect(await world.advance()).toEqual({ kind: 'DONE' });
  expect(world.runState.counts.dryRun).toBe(0);
  expect(world.logged(WOULD_BE_METERED)).toEqual([]);
});
