import { Bucket, bucketId } from '../../../lambda/domain/usage/ledger/bucket';
import { SHARED_INTENT } from '../../../lambda/domain/usage/ledger/ledger';
import { RecordAnswer } from '../../../lambda/domain/usage/ledger/outcome';
import { Circuits } from '../../../lambda/metering/circuits';
import { afterWithdraw, OutcomeWriter, RecordToSend, withUnknownOutcome } from '../../../lambda/metering/outcome';
import { DetailType, METRICS } from '../../../src/names';
import { BUCKET, BucketFixture } from '../../support/ledger/bucket-fixture';
import { LICENSE } from '../../support/ledger/ledger-fixture';

const OTHER: Bucket = { ...BUCKET, licenseId: 'l-bbbb2222' };
const UNRESOLVED = 'The outcome of a metering record is unknown: settle it from CloudTrail';
const SUCCESS: RecordAnswer = { status: 'Success', meteringRecordId: 'record-1' };

/** Frozen hours of two licenses whose records have been sent, and what a run writes about them. */
class SentFixture extends BucketFixture {
  constructor() {
    super();
    this.subscribe(OTHER.licenseId);
    this.at('2026-11-23T06:10:00Z');
  }

  /** A record that is sent: for the first time, or after an attempt of which nothing is known but its intent. */
  async send(quantity: number, { bucket = BUCKET, repeated = false } = {}): Promise<RecordToSend> {
    await this.report(quantity, { license: bucket.licenseId, time: '2026-11-23T05:30:00Z' });
    await this.store.freeze(bucket, { quantity }, String(quantity));
    if (repeated) {
      await this.store.noteIntent(bucket, undefined, 'earlier', 'us-east-1');
    }
    const meta = this.store.partition(bucket).meta!;
    const intent = await this.store.noteIntent(bucket, meta.intent, 'mine', 'us-east-1');
    const license = await this.directory.get(bucket.licenseId, this.now);
    return { ready: { meta, license: license! }, token: 'mine', intent: intent! };
  }

  /** Operations are counted from here. */
  async writer(): Promise<OutcomeWriter> {
    const circuits = await Circuits.load(this.store, this.clock, this.seen);
    this.steps.operations = [];
    return new OutcomeWriter(this.dependencies(), this.runState, circuits);
  }

  meta(bucket = BUCKET) {
    return this.store.partition(bucket).meta!;
  }

  messages(): string[] {
    return this.seen.lines.map((line) => (JSON.parse(line) as { message: string }).message);
  }

  count({ name }: { readonly name: string }): number {
    return this.seen.counts.get(name) ?? 0;
  }
}

describe('what stands in the ledger after an attempt', () => {
  test('the intent of a first attempt goes when it is withdrawn; that of several attempts stays, and the ledger is not asked', async () => {
    const world = new SentFixture();
    const sent = [await world.send(3), await world.send(4, { bucket: OTHER, repeated: true })];
    await (await world.writer()).withdraw(sent, 'ThrottlingException');
    expect([world.meta().intent, world.meta().reason, world.meta(OTHER).intent]).toEqual([undefined, 'ThrottlingException', SHARED_INTENT]);
    expect(world.steps.count('withdrawIntent')).toBe(1);
    expect(sent.map((each) => afterWithdraw(each).meta.intent)).toEqual([undefined, SHARED_INTENT]);
  });

  test('a call that left is noted with every record, and each is sent again under its intent', async () => {
    const world = new SentFixture();
    const sent = [await world.send(3), await world.send(4, { bucket: OTHER, repeated: true })];
    await (await world.writer()).noteCallsLeft(sent);
    expect([world.meta().callLeft, world.meta(OTHER).callLeft]).toEqual([true, true]);
    expect(sent.map((each) => withUnknownOutcome(each).meta)).toMatchObject([{ intent: 'mine', callLeft: true }, { intent: SHARED_INTENT, callLeft: true }]);
  });
});

describe('the answer to a call', () => {
  test('records that were taken are billed and counted; those not processed are sent again, in their order', async () => {
    const world = new SentFixture();
    const sent = [await world.send(3), await world.send(4, { bucket: OTHER })];
    expect(await (await world.writer()).write(sent, [{ status: 'Unprocessed' }, SUCCESS])).toEqual([sent[0]]);
    expect([world.meta().state, world.meta(OTHER).state]).toEqual(['FROZEN', 'BILLED']);
    expect(world.store.partition(OTHER).meta).toMatchObject({ meteringRecordId: 'record-1' });
    expect([world.runState.counts.billed, world.count(METRICS.METERING_RECORDS_ACCEPTED)]).toEqual([1, 1]);
    expect(await (await world.writer()).write(sent.slice(1), [SUCCESS])).toEqual([]);
  });

  test('usage that came in while a record was sent is carried at once', async () => {
    const world = new SentFixture();
    const sent = await world.send(3);
    await world.reportLate(4);
    await (await world.writer()).write([sent], [SUCCESS]);
    expect(world.carriedInto('2026-11-23T06')).toEqual(['4']);
    expect(world.meta()).toMatchObject({ state: 'BILLED', dueAt: undefined });
  });

  test('an hour that another run has written as billed is not counted again, and what is left of it is carried', async () => {
    const world = new SentFixture();
    const sent = await world.send(3);
    await world.reportLate(4);
    await world.store.bill(BUCKET, { at: world.now });
    await (await world.writer()).write([sent], [SUCCESS]);
    expect([world.runState.counts.billed, world.count(METRICS.METERING_RECORDS_ACCEPTED)]).toEqual([0, 0]);
    expect(world.carriedInto('2026-11-23T06')).toEqual(['4']);
  });

  test('a record that the answer does not mention may have been taken: it is counted, in the log, and ours when AWS has it later', async () => {
    const world = new SentFixture();
    const sent = [await world.send(3), await world.send(4, { bucket: OTHER })];
    const message = 'The answer to a call does not say what became of one of its records';
    expect(await (await world.writer()).write(sent, [{ status: 'Missing' }, SUCCESS])).toEqual([]);
    expect([world.meta().state, world.meta().callLeft, world.meta(OTHER).state]).toEqual(['FROZEN', true, 'BILLED']);
    expect(world.runState.counts).toMatchObject({ unknown: 1, billed: 1 });
    expect(world.logged(message)).toEqual([{ message, bucket: bucketId(BUCKET), answer: { status: 'Missing' } }]);

    const again = { ready: { ...sent[0].ready, meta: world.meta() }, token: 'next', intent: 'REPEATED' as const };
    await world.store.noteIntent(BUCKET, 'mine', 'next', 'us-east-1');
    await (await world.writer()).write([again], [{ status: 'DuplicateRecord' }]);
    expect(world.meta().state).toBe('BILLED');
  });

  test('an outcome that cannot be written is in the log, and that of the other records is written', async () => {
    const world = new SentFixture();
    const sent = [await world.send(3), await world.send(4, { bucket: OTHER })];
    const message = 'An outcome could not be written: the same will be sent again';
    const writer = await world.writer();
    world.steps.before('bill', async () => { throw new Error('slow down'); });
    expect(await writer.write(sent, [SUCCESS, SUCCESS])).toEqual([]);
    expect([world.meta().state, world.meta(OTHER).state]).toEqual(['FROZEN', 'BILLED']);
    expect(world.logged(message)).toEqual([{ message, bucket: bucketId(BUCKET), error: 'Error', reason: 'slow down' }]);
  });

  test('usage that AWS does not take now waits: it is certainly unsent, counted, and in the log with its reason', async () => {
    const world = new SentFixture();
    const message = 'A metering record was not accepted, and waits';
    const sent = await world.send(3);
    await (await world.writer()).write([sent], [{ status: 'CustomerNotSubscribed' }]);
    expect(world.meta()).toMatchObject({ state: 'FROZEN', intent: undefined, reason: 'CustomerNotSubscribed' });
    expect([world.runState.counts.notAccepted, world.count(METRICS.METERING_RECORDS_NOT_ACCEPTED)]).toEqual([1, 1]);
    expect(world.logged(message)).toEqual([{ message, bucket: bucketId(BUCKET), reason: 'CustomerNotSubscribed', status: 'ACTIVE' }]);
    expect([...world.store.circuits.keys()]).toEqual([`LICENSE#${LICENSE}`]);
  });
});

describe('an hour of which AWS has a record that is not known to be ours', () => {
  const FOREIGN = 'This hour was metered by somebody else: two deployments of one product?';

  test.each([
    [false, 'MeteredElsewhere'], [true, 'MaybeMeteredElsewhere'],
  ])('it is unresolved, counted, in the log and published (an earlier attempt: %s, %s)', async (repeated, reason) => {
    const world = new SentFixture();
    const sent = await world.send(3, { repeated });
    await (await world.writer()).write([sent], [{ status: 'DuplicateRecord' }]);
    expect(world.meta()).toMatchObject({ state: 'UNRESOLVED', reason, dueAt: undefined });
    expect(world.seen.values).toEqual({ [METRICS.METERING_CONFLICTS.name]: 1, [METRICS.METERING_RECORDS_UNRESOLVED.name]: 1 });
    expect(world.runState.counts.unresolved).toBe(1);
    expect(world.logged(FOREIGN)).toEqual([{ message: FOREIGN, bucket: bucketId(BUCKET), reason }]);
    expect(world.logged(UNRESOLVED)).toHaveLength(1);
    expect(world.events(DetailType.USAGE_UNRESOLVED).map(({ detail }) => detail)).toMatchObject([{ quantity: '3', reason }]);
  });

  test('another run that has found the outcome decides: nothing is counted or published', async () => {
    const world = new SentFixture();
    const sent = await world.send(3);
    await world.store.bill(BUCKET, { at: world.now });
    await (await world.writer()).write([sent], [{ status: 'DuplicateRecord' }]);
    expect(world.meta().state).toBe('BILLED');
    expect([world.messages(), world.seen.values, world.store.published]).toEqual([[], {}, []]);
  });

  test('a quantity of 0 after an earlier attempt is billed, no matter which run sent it, and usage that came since is carried at once', async () => {
    const world = new SentFixture();
    const sent = await world.send(0, { repeated: true });
    await world.reportLate(4);
    await (await world.writer()).write([sent], [{ status: 'DuplicateRecord' }]);
    expect(world.meta()).toMatchObject({ state: 'BILLED', dueAt: undefined });
    expect(world.carriedInto('2026-11-23T06')).toEqual(['4']);
    expect(world.seen.counts.has(METRICS.METERING_CONFLICTS.name)).toBe(false);
  });

  test('a quantity of 0 at a first attempt is a conflict: somebody else meters this product', async () => {
    const world = new SentFixture();
    const sent = await world.send(0);
    await (await world.writer()).write([sent], [{ status: 'DuplicateRecord' }]);
    expect(world.meta().state).toBe('UNRESOLVED');
  });
});

describe('a call that AWS refuses for its records', () => {
  const REFUSED = 'AWS Marketplace refuses a metering record';

  async function refused(world: SentFixture, code: string, ...sent: readonly RecordToSend[]): Promise<void> {
    await (await world.writer()).refuse(sent, code, 'no such thing');
  }

  test.each([
    ['InvalidUsageDimensionException', 1], ['InvalidTagException', 1], ['InvalidLicenseException', 0], ['TimestampOutOfBoundsException', 0],
  ])('%s of usage is in the log, and is a fault of the configuration %i times', async (code, times) => {
    const world = new SentFixture();
    await refused(world, code, await world.send(0, { bucket: OTHER }), await world.send(3));
    expect(world.count(METRICS.METERING_CONFIGURATION_ERRORS)).toBe(times);
    const line = { message: REFUSED, code, reason: 'no such thing' };
    expect(world.logged(REFUSED)).toEqual([OTHER, BUCKET].map((bucket) => ({ ...line, bucket: bucketId(bucket) })));
  });

  test('a refusal of nothing but quantities of 0 is no fault of the configuration: they are given up, and usage that came since is carried', async () => {
    const world = new SentFixture();
    const sent = await world.send(0);
    await world.reportLate(4);
    await refused(world, 'InvalidUsageDimensionException', sent);
    expect(world.count(METRICS.METERING_CONFIGURATION_ERRORS)).toBe(0);
    expect(world.meta()).toMatchObject({ state: 'REFUSED', reason: 'InvalidUsageDimensionException', intent: undefined, dueAt: undefined });
    expect(world.carriedInto('2026-11-23T06')).toEqual(['4']);
  });

  test('an hour that AWS finds too old at its first attempt is given up and carried: AWS has nothing of it', async () => {
    const world = new SentFixture();
    await refused(world, 'TimestampOutOfBoundsException', await world.send(3));
    expect(world.meta()).toMatchObject({ state: 'REFUSED', reason: 'TimestampOutOfBoundsException', intent: undefined });
    expect(world.carriedInto('2026-11-23T06')).toEqual(['3']);
  });

  test('an hour that AWS finds too old after an attempt that may have been taken is unresolved, and not carried', async () => {
    const world = new SentFixture();
    await refused(world, 'TimestampOutOfBoundsException', await world.send(3, { repeated: true }));
    expect(world.meta()).toMatchObject({ state: 'UNRESOLVED', reason: 'TimestampOutOfBoundsException', dueAt: undefined });
    expect(world.carriedOut()).toEqual({});
    expect(world.runState.counts.unresolved).toBe(1);
    expect(world.logged(UNRESOLVED)).toHaveLength(1);
    expect(world.events(DetailType.USAGE_UNRESOLVED).map(({ detail }) => detail)).toMatchObject([{ quantity: '3', reason: 'TimestampOutOfBoundsException' }]);
  });

  test('such an hour of which another run has found the outcome is as that run says, and not reported', async () => {
    const world = new SentFixture();
    const sent = await world.send(3, { repeated: true });
    await world.store.bill(BUCKET, { at: world.now });
    await refused(world, 'TimestampOutOfBoundsException', sent);
    expect(world.meta().state).toBe('BILLED');
    expect([world.runState.counts.unresolved, world.logged(UNRESOLVED), world.store.published]).toEqual([0, [], []]);
  });

  test('a quantity of 0 that may have been taken and is too old is given up, and no person has to look for it', async () => {
    const world = new SentFixture();
    await refused(world, 'TimestampOutOfBoundsException', await world.send(0, { repeated: true }));
    expect(world.meta()).toMatchObject({ state: 'REFUSED', intent: undefined });
    expect(world.store.published).toEqual([]);
  });
});
