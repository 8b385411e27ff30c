import { bucketId } from '../../../lambda/domain/usage/ledger/bucket';
import { DetailType, METRICS } from '../../../src/names';
import { BUCKET, BucketFixture, outLine } from '../../support/ledger/bucket-fixture';
import { arn, LICENSE, overage } from '../../support/ledger/ledger-fixture';
import { MemoryStore } from '../../support/ledger/memory-store';

const FAILED = 'A bucket could not be worked on, a later run tries again';
const GIVES_TOO_MUCH = 'A bucket has given away more than it got, and nothing is done about it';

/** Another run is always faster. */
class ContestedStore extends MemoryStore {
  async freeze(): Promise<boolean> {
    return false;
  }
}

/** Fails as the table does when it is throttled. */
const throttled = async () => { throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' }); };

describe('reading', () => {
  test('a bucket that the ledger does not have needs nothing', async () => {
    const world = new BucketFixture();
    expect(await world.advance()).toEqual({ kind: 'DONE' });
    expect(world.steps.operations).toEqual(['readMeta']);
    expect(world.seen.lines).toEqual([]);
  });

  test('an hour that waits is not summed', async () => {
    const world = new BucketFixture();
    await world.report(3);
    expect(await world.advance()).toEqual({ kind: 'WAITS', reason: 'NotClosed' });
    expect(world.steps.operations).toEqual(['readMeta']);
  });

  test('a closed hour is summed once and ready to be sent after it is frozen; no line leaves an open hour, so none is read', async () => {
    const world = await new BucketFixture().closedWith(3);
    const { meta } = world.bucket;
    expect(await world.advance()).toMatchObject({
      kind: 'READY', ready: { meta: { bucket: BUCKET, state: 'FROZEN', frozen: { quantity: 3 } }, license: { licenseId: LICENSE }, clearIfRevision: meta!.revision },
    });
    expect(world.steps.operations).toEqual(['readMeta', 'readDraws', 'readCarriedIn', 'readRecords', 'freeze']);
  });

  test('a frozen quantity is sent without its usage being read again', async () => {
    const world = await new BucketFixture().closedWith(3);
    await world.store.freeze(BUCKET, { quantity: 3 }, '3');
    expect(await world.advance()).toMatchObject({ kind: 'READY', ready: { meta: { frozen: { quantity: 3 } } } });
    expect(world.steps.operations).toEqual(['readMeta']);
  });

  test('an hour that others change whenever it is read is read six times, and left to a later run', async () => {
    const world = await new BucketFixture({ Store: ContestedStore }).closedWith(3);
    expect(await world.advance()).toEqual({ kind: 'LEFT' });
    expect(world.steps.count('readMeta')).toBe(6);
    expect(world.seen.lines).toEqual([]);
  });

  test('an hour that has given away more than it got is read six times, left as it is and named in the log', async () => {
    const world = await new BucketFixture().billedWith(3);
    world.bucket.out.push(outLine(0, 5, { done: true }));
    expect(await world.advance()).toEqual({ kind: 'LEFT' });
    expect(world.steps.count('readMeta')).toBe(6);
    expect(world.logged(GIVES_TOO_MUCH)).toEqual([{ message: GIVES_TOO_MUCH, bucket: bucketId(BUCKET) }]);
    expect(world.carriedOut()).toEqual({ '0 2026-11-23T06': '5' });
  });

  test('an hour whose lines were read between the steps of another run is read again, and nothing is said of it', async () => {
    const world = await new BucketFixture().billedWith(3);
    world.bucket.out.push(outLine(0, 5, { done: true }));
    world.steps.after('readRecords', async () => world.bucket.out.pop());
    expect(await world.advance()).toEqual({ kind: 'DONE' });
    expect(world.logged(GIVES_TOO_MUCH)).toEqual([]);
  });

  test('an hour that the table does not give is left to a later run, with the reason in the log', async () => {
    const world = await new BucketFixture().closedWith(3);
    world.steps.before('readMeta', throttled);
    expect(await world.advance()).toEqual({ kind: 'LEFT' });
    expect(world.logged(FAILED)).toEqual([{ message: FAILED, bucket: bucketId(BUCKET), error: 'ThrottlingException', reason: 'slow down' }]);
  });
});

describe('an hour that is frozen or given up', () => {
  test('a frozen hour of a license whose ARN is not known any more waits for it', async () => {
    const world = await new BucketFixture().closedWith(3);
    await world.store.freeze(BUCKET, { quantity: 3 }, '3');
    world.subscribe(LICENSE, { licenseArn: undefined });
    expect(await world.advance()).toEqual({ kind: 'WAITS', reason: 'NoLicenseArn' });
  });

  test('an hour that another run freezes first is sent with the quantity of that run', async () => {
    const world = await new BucketFixture().closedWith(3);
    world.steps.before('freeze', async () => world.store.freeze(BUCKET, { quantity: 9 }, '9'));
    expect(await world.advance()).toMatchObject({ kind: 'READY', ready: { meta: { frozen: { quantity: 9 } } } });
  });

  test('an hour stops being due with its bill only if nothing is left of it', async () => {
    const world = await new BucketFixture().closedWith('2.5');
    const progress = await world.advance();
    expect(progress).toMatchObject({ kind: 'READY', ready: { meta: { frozen: { quantity: 2 } } } });
    expect(progress).not.toHaveProperty('ready.clearIfRevision');
  });

  test('an hour that is too old is given up and carried on one reading', async () => {
    const world = await new BucketFixture().closedWith(3);
    world.at('2026-11-24T04:00:00Z');
    expect(await world.advance()).toEqual({ kind: 'DONE' });
    expect(world.bucket.meta).toMatchObject({ state: 'REFUSED', reason: 'HourTooOld', onTimeUnits: '3', dueAt: undefined });
    expect(world.carriedInto('2026-11-24T04')).toEqual(['3']);
    expect([world.steps.count('readMeta'), world.steps.count('readRecords'), world.steps.count('refuse')]).toEqual([1, 1, 1]);
  });

  test('a frozen hour that was certainly not sent in time is given up and carried on one reading', async () => {
    const world = await new BucketFixture().closedWith(3);
    await world.store.freeze(BUCKET, { quantity: 3 }, '3');
    world.at('2026-11-24T04:00:00Z');
    expect(await world.advance()).toEqual({ kind: 'DONE' });
    expect(world.bucket.meta).toMatchObject({ state: 'REFUSED', reason: 'HourTooOld', dueAt: undefined });
    expect(world.carriedInto('2026-11-24T04')).toEqual(['3']);
    expect([world.steps.count('readMeta'), world.steps.count('readRecords'), world.steps.count('refuse')]).toEqual([1, 1, 1]);
  });

  test.each(['OPEN', 'FROZEN'])('an hour that another run sends while this one gives it up (%s) is billed and not carried', async (state) => {
    const world = await new BucketFixture().closedWith(3);
    if (state === 'FROZEN') {
      await world.store.freeze(BUCKET, { quantity: 3 }, '3');
    }
    world.at('2026-11-24T04:00:00Z');
    world.steps.before('refuse', async () => {
      world.at('2026-11-24T03:59:59Z');
      await world.anotherRun();
      world.at('2026-11-24T04:00:00Z');
    });
    expect(await world.advance()).toEqual({ kind: 'DONE' });
    expect(world.billed(BUCKET.hour)).toBe(3);
    expect(world.bucket.meta).toMatchObject({ state: 'BILLED', dueAt: undefined });
    expect(world.carriedOut()).toEqual({});
  });

  test('a quantity of 0 that may have been sent is given up when it is too old, and no person has to look for it', async () => {
    const world = await new BucketFixture().closedWith(0);
    await world.store.freeze(BUCKET, { quantity: 0 }, '0');
    await world.store.noteIntent(BUCKET, undefined, 'token', 'us-east-1');
    world.at('2026-11-24T04:00:00Z');
    expect(await world.advance()).toEqual({ kind: 'DONE' });
    expect(world.bucket.meta).toMatchObject({ state: 'REFUSED', reason: 'HourTooOld', intent: undefined, dueAt: undefined });
    expect(world.runState.counts.unresolved).toBe(0);
  });
});

describe('an hour that may have been sent and is too old', () => {
  const UNRESOLVED = 'The outcome of a metering record is unknown: settle it from CloudTrail';
  const BUS_FAILED = 'The event about it will be sent by reconciliation';

  async function maybeSent(): Promise<BucketFixture> {
    const world = await new BucketFixture().closedWith(3);
    await world.store.freeze(BUCKET, { quantity: 3 }, '3');
    await world.store.noteIntent(BUCKET, undefined, 'token', 'us-east-1');
    return world.at('2026-11-24T04:00:00Z');
  }

  test('it is unresolved: counted, in the log with its name, and published', async () => {
    const world = await maybeSent();
    expect(await world.advance()).toEqual({ kind: 'DONE' });
    expect(world.bucket.meta).toMatchObject({ state: 'UNRESOLVED', reason: 'HourTooOld', dueAt: undefined });
    expect(world.runState.counts.unresolved).toBe(1);
    expect(world.seen.values).toEqual({ [METRICS.METERING_RECORDS_UNRESOLVED.name]: 1 });
    expect(world.logged(UNRESOLVED)).toEqual([{ message: UNRESOLVED, bucket: bucketId(BUCKET) }]);
    expect(world.events(DetailType.USAGE_UNRESOLVED).map(({ detail }) => detail)).toMatchObject([{ quantity: '3', reason: 'HourTooOld' }]);
    expect(world.carriedOut()).toEqual({});
  });

  test('an hour that another run has found billed is not unresolved, and not reported', async () => {
    const world = await maybeSent();
    world.steps.before('unresolve', async () => world.store.bill(BUCKET, { at: world.now }));
    expect(await world.advance()).toEqual({ kind: 'DONE' });
    expect(world.bucket.meta).toMatchObject({ state: 'BILLED' });
    expect([world.runState.counts.unresolved, world.seen.values, world.seen.lines, world.store.published]).toEqual([0, {}, [], []]);
  });

  test('an unresolved hour is done with also while the bus is unavailable: reconciliation publishes its event', async () => {
    const world = await maybeSent();
    world.steps.before('publish', async () => { throw new Error('no bus'); });
    expect(await world.advance()).toEqual({ kind: 'DONE' });
    expect(world.logged(BUS_FAILED)).toEqual([{ message: BUS_FAILED, bucket: bucketId(BUCKET), error: 'Error', reason: 'no bus' }]);
    expect(world.events(DetailType.USAGE_UNRESOLVED)).toHaveLength(0);
    expect(world.bucket.owed).toHaveLength(1);
  });
});

describe('usage that leaves a billed hour', () => {
  test('late usage is carried, and counted, on one reading', async () => {
    const world = await new BucketFixture().billedWith(3);
    await world.reportLate(4);
    expect(await world.advance()).toEqual({ kind: 'DONE' });
    expect(world.carriedOut()).toEqual({ '0 2026-11-23T06': '4' });
    expect(world.runState.counts).toMatchObject({ carried: 1, rejected: 0 });
    expect(world.seen.values).toEqual({ [METRICS.USAGE_CARRIED_FORWARD.name]: 1 });
    expect([world.steps.count('readMeta'), world.steps.count('readOutLines'), world.steps.count('readRecords')]).toEqual([1, 1, 1]);
    expect(world.runState.toWorkOn).toEqual([]);
  });

  test('late usage that is not accepted is rejected, counted, in the log with its units, and published', async () => {
    const world = await new BucketFixture({ rules: { lateUsage: 'REJECT' } }).billedWith(3);
    world.at('2026-11-23T06:20:00Z');
    await world.reportLate(4);
    expect(await world.advance()).toEqual({ kind: 'DONE' });
    expect(world.carriedOut()).toEqual({ '0 LateUsage': '4' });
    expect(world.runState.counts).toMatchObject({ carried: 0, rejected: 1 });
    expect(world.seen.values).toEqual({ [METRICS.USAGE_RECORDS_REJECTED.name]: 1 });
    expect(world.seen.lines.map((line) => JSON.parse(line))).toEqual([
      { message: 'Usage will not be billed', bucket: bucketId(BUCKET), units: '4', reason: 'LateUsage' },
    ]);
    expect(world.events(DetailType.USAGE_REJECTED).map(({ detail }) => detail)).toMatchObject([{ quantity: '4', reason: 'LateUsage' }]);
  });

  test('late usage of a license that is not known any more is carried all the same: the hour itself was billed', async () => {
    const world = await new BucketFixture().billedWith(3);
    await world.reportLate(4);
    world.directory.licenses.clear();
    expect(await world.advance()).toEqual({ kind: 'DONE' });
    expect(world.carriedInto('2026-11-23T06')).toEqual(['4']);
  });

  test('late usage that another run carries first is carried once', async () => {
    const world = await new BucketFixture().billedWith(3);
    await world.reportLate(4);
    world.steps.before('appendOut', async () => world.anotherRun());
    expect(await world.advance()).toEqual({ kind: 'DONE' });
    expect(world.carriedOut()).toEqual({ '0 2026-11-23T06': '4' });
    expect(world.runState.counts.carried).toBe(0);
  });

  test('usage that comes right before the hour stops being due is carried too', async () => {
    const world = await new BucketFixture().billedWith(3);
    world.steps.before('clearDue', async () => world.reportLate(4));
    expect(await world.advance()).toEqual({ kind: 'DONE' });
    expect(world.carriedInto('2026-11-23T06')).toEqual(['4']);
    expect(world.bucket.meta!.dueAt).toBeUndefined();
  });

  test('all amounts arrive that a run left on their way, and each line is done after', async () => {
    const world = await new BucketFixture().billedWith(3);
    await world.reportLate(4);
    await world.reportLate(5);
    world.bucket.out.push(outLine(0, 4), outLine(1, 5));
    expect(await world.advance()).toEqual({ kind: 'DONE' });
    expect(world.carriedInto('2026-11-23T06')).toEqual(['4', '5']);
    expect(world.bucket.out.map(({ done }) => done)).toEqual([true, true]);
  });

  test.each([
    ['06:10:00', true], ['06:09:59', false],
  ])('an amount that arrives in an hour which closes at 06:10 is worked on in the same run from then on (%s: %s)', async (time, isWorkedOn) => {
    const world = await new BucketFixture().closedWith(3);
    const source = { ...BUCKET, hour: '2026-11-23T04' };
    await world.report(2, { time: '2026-11-23T04:30:00Z' });
    await world.store.refuse(source, 'OPEN', 'HourTooOld');
    world.store.partition(source).out.push(outLine(0, 2, { to: BUCKET.hour }));
    world.at(`2026-11-23T${time}Z`);
    expect(await world.advance(source)).toEqual({ kind: 'DONE' });
    expect(world.carriedInto(BUCKET.hour)).toEqual(['2']);
    expect(world.runState.toWorkOn).toEqual(isWorkedOn ? [BUCKET] : []);
  });
});

describe('usage that goes to the license by which a migrated buyer continues', () => {
  const NEW = 'l-bbbb2222';

  async function onItsWay(): Promise<BucketFixture> {
    const world = await new BucketFixture().billedWith(3);
    await world.reportLate(4);
    world.bucket.out.push(outLine(0, 4, { toLicense: NEW }));
    return world;
  }

  test('it arrives also when neither license is known any more', async () => {
    const world = await onItsWay();
    world.directory.licenses.clear();
    expect(await world.advance()).toEqual({ kind: 'DONE' });
    expect(world.carriedInto('2026-11-23T06', NEW)).toEqual(['4']);
  });

  test('it is worked on in the same run where that license has ended and its last hour should be sent', async () => {
    const world = await onItsWay();
    const ended = Date.parse('2026-11-23T06:05:00Z');
    const continuation = { licenseId: NEW, licenseArn: arn(NEW), status: 'ENDING' as const, endedAt: ended, finalWindowClosesAt: ended + 3_600_000 };
    world.subscribe(LICENSE, { continuesAs: NEW, continuation });
    world.at('2026-11-23T06:15:00Z');
    expect(await world.advance()).toEqual({ kind: 'DONE' });
    expect(world.runState.toWorkOn).toEqual([{ ...BUCKET, licenseId: NEW, hour: '2026-11-23T06' }]);
  });
});

describe('an hour of which an entitlement covers a part', () => {
  async function entitledTo10(): Promise<BucketFixture> {
    const world = new BucketFixture({ dimensions: overage('MONTH') });
    world.entitlements.grant(Date.parse('2026-11-01T00:00:00Z'), 10);
    return world.closedWith(12);
  }

  test('the rest is frozen, on one reading', async () => {
    const world = await entitledTo10();
    expect(await world.advance()).toMatchObject({ kind: 'READY', ready: { meta: { frozen: { quantity: 2 } } } });
    expect([world.steps.count('readMeta'), world.steps.count('readRecords')]).toEqual([1, 1]);
  });

  test('an hour that another run draws for in the meantime is covered once', async () => {
    const world = await entitledTo10();
    world.steps.before('countDraws', async () => world.anotherRun({ mode: 'DRY_RUN' }));
    expect(await world.advance()).toEqual({ kind: 'DONE' });
    expect(world.bucket.draws.map(({ covered }) => covered.total().toFixed())).toEqual(['10']);
    expect(world.bucket.meta).toMatchObject({ state: 'DRY_RUN', frozen: { quantity: 2 } });
  });
});
