import Big from 'big.js';
import { rejectedRecord, recordRejectedEvent, RejectionReason } from '../../../../lambda/domain/usage/intake/rejection';
import { UsageRecord } from '../../../../lambda/domain/usage/intake/usage-record';
import { Amounts, tagSetOf, UNTAGGED } from '../../../../lambda/domain/usage/ledger/amounts';
import { Bucket, bucketId } from '../../../../lambda/domain/usage/ledger/bucket';
import { afterFailure } from '../../../../lambda/domain/usage/ledger/circuit';
import { BucketMeta, OutLine } from '../../../../lambda/domain/usage/ledger/ledger';
import { Allowance, Draw } from '../../../../lambda/domain/usage/overage/allowance';
import { LocalDynamo, startDynamo } from '../../../support/dynoxide';
import { collect, memoryStores, Stores, tableStores } from '../../../support/ledger/table-stores';

const BUCKET: Bucket = { licenseId: 'l-1', dimension: 'Api#Calls', hour: '2026-11-23T05' };
const NOW = Date.parse('2026-11-23T06:10:00Z');
const DUE_AT = NOW;
const REGION = 'us-east-1';

function usage(id: string, amount: string, change: Partial<UsageRecord> = {}): UsageRecord {
  return { id, bucket: BUCKET, units: { amount }, quantity: amount, time: '2026-11-23T05:30:00.000Z', receivedAt: NOW, ...change };
}

function line(change: Partial<OutLine> = {}): OutLine {
  return { n: 0, amount: Amounts.of('2.5'), oldest: BUCKET.hour, to: '2026-11-23T07', done: false, ...change };
}

let dynamo: LocalDynamo;
beforeAll(async () => { dynamo = await startDynamo(); });
afterAll(async () => dynamo.stop());

describe.each([
  ['in memory', async () => memoryStores()],
  ['in DynamoDB', async () => tableStores(dynamo)],
] as [string, () => Promise<Stores>][])('the ledger %s', (_, create) => {
  let stores: Stores;
  beforeEach(async () => { stores = await create(); });

  async function meta(bucket = BUCKET): Promise<BucketMeta> {
    return (await stores.ledger.readMetas([bucket])).get(bucketId(bucket))!;
  }

  async function frozen(quantity = 3): Promise<void> {
    await stores.ledger.markChanged(BUCKET, DUE_AT);
    expect(await stores.ledger.freeze(BUCKET, { quantity }, '3')).toBe(true);
  }

  test('a record and its id are put once; other content under a known id is recognized', async () => {
    const { intake } = stores;
    const first = usage('a', '3');
    expect(await intake.claim(first)).toBeUndefined();
    const others = [{ receivedAt: NOW + 1 }, { quantity: '4' }, { bucket: { ...BUCKET, hour: '2026-11-23T04' }, time: '2026-11-23T04:30:00.000Z' }];
    for (const change of others) expect(await intake.claim(usage('a', '3', change))).toEqual(first);
    expect(await intake.putRecord(usage('a', '3'))).toBe('NEW');
    expect(await intake.putRecord(usage('a', '3'))).toBe('SAME');
    expect(await intake.putRecord(usage('a', '4'))).toBe('OTHER');
    expect(await intake.readClaim('l-1', 'a')).toMatchObject({ id: 'a', bucket: BUCKET, quantity: '3', receivedAt: NOW });
    expect(await intake.readClaim('l-1', 'b')).toBeUndefined();
  });

  test('a markChanged creates the bucket, moves revision, and leaves a due time alone', async () => {
    await stores.intake.markChanged(BUCKET, DUE_AT);
    expect(await meta()).toMatchObject({ bucket: BUCKET, state: 'OPEN', revision: 1 });
    await stores.ledger.markChanged(BUCKET, DUE_AT - 5000);
    expect((await meta()).revision).toBe(2);
    expect(await collect(stores.due.due(DUE_AT - 1))).toEqual([]);
    expect(await collect(stores.due.due(DUE_AT))).toEqual([BUCKET]);
  });

  test('content is read with its amounts, tags and origins, whatever the record ids are', async () => {
    const tags = { team: 'red' };
    await stores.intake.putRecord(usage('a', '0.1'));
    await stores.intake.putRecord(usage('~z', '2', { units: Amounts.of(2, tagSetOf(tags)).toStored() }));
    await stores.ledger.putCarriedIn({ ...BUCKET, hour: '2026-11-23T03' }, line({ to: BUCKET.hour, oldest: '2026-11-23T02' }), NOW);
    await stores.ledger.putCarriedIn({ ...BUCKET, hour: '2026-11-23T03' }, line({ to: BUCKET.hour, oldest: '2026-11-23T02' }), NOW);
    await stores.ledger.appendOut(BUCKET, line(), [], NOW);
    await stores.ledger.markChanged(BUCKET, DUE_AT);
    const lines = await collect(stores.ledger.contentLines(BUCKET));
    expect(lines.map(({ kind, amount, oldest }) => [kind, amount.total().toFixed(), oldest])).toEqual([
      ['CARRIED_IN', '2.5', '2026-11-23T02'], ['RECORD', '0.1', BUCKET.hour], ['RECORD', '2', BUCKET.hour],
    ]);
    expect(lines[2].amount.entries().map(([set]) => set)).toEqual([tagSetOf(tags)]);
    expect(lines[1].receivedAt).toBe(NOW);
  });

  test('records that were stored late are read apart, and their mark leaves the sum of the others as it is', async () => {
    const { intake, ledger } = stores;
    const late = usage('b', '2', { storedLate: true });
    expect(await intake.claim(late)).toBeUndefined();
    expect(await intake.claim(usage('b', '2'))).toEqual(late);
    await intake.putRecord(usage('a', '0.5'));
    expect([await intake.putRecord(late), await intake.putRecord(late)]).toEqual(['NEW', 'SAME']);
    await intake.markChanged(BUCKET, DUE_AT, 'RECORDS');
    const sum = { revision: 1, amount: Amounts.of('0.5', tagSetOf({ a: 'b' })), lateUnits: Amounts.of('0.25').total() };
    expect(await ledger.freeze(BUCKET, { quantity: 2 }, '2.5', sum)).toBe(true);
    await intake.markChanged(BUCKET, DUE_AT, 'OTHERS');
    const read = await meta();
    expect(read).toMatchObject({ revision: 2, recordsRevision: 1, sum: { revision: 1 } });
    expect([read.sum!.amount.toStored(), read.sum!.lateUnits.toFixed()]).toEqual([sum.amount.toStored(), '0.25']);
    expect((await collect(ledger.contentLines(BUCKET, 'OTHERS'))).map(({ amount }) => amount.total().toFixed())).toEqual(['2']);
    const all = await collect(ledger.contentLines(BUCKET));
    expect(all.map(({ amount, storedLate }) => [amount.total().toFixed(), storedLate === true]).sort()).toEqual([['0.5', false], ['2', true]]);
    expect(await ledger.clearDue(BUCKET, 2, { ...sum, revision: 7 })).toBe(true);
    expect((await meta()).sum).toMatchObject({ revision: 7 });
  });

  test('an allowance is written only by who read the one before it, with the draw that it counts', async () => {
    const { allowances } = stores;
    const key = { licenseId: 'l-1', dimension: 'Api#Calls', period: '2026-11' };
    const drawn = (n: number, units: string): Draw => ({
      bucket: BUCKET, n, units: new Big(units), covered: Amounts.of(units, tagSetOf({ team: 'red' })), term: '2026-11', entitled: '10',
    });
    expect(await allowances.readAllowance(key)).toBeUndefined();
    const first: Allowance = { revision: 1, drawn: { '2026-11': '2.5' }, last: drawn(0, '2.5') };
    expect(await allowances.saveAllowance(key, first, NOW)).toBe(true);
    expect(await allowances.saveAllowance(key, first, NOW)).toBe(false);
    const second: Allowance = { revision: 2, drawn: { '2026-11': '3' }, last: { ...drawn(1, '0.5'), tagsDropped: true } };
    expect(await allowances.saveAllowance(key, { ...second, revision: 3 }, NOW)).toBe(false);
    expect(await allowances.saveAllowance(key, second, NOW)).toBe(true);
    const read = (await allowances.readAllowance(key))!;
    expect(read).toMatchObject({ revision: 2, drawn: { '2026-11': '3' }, last: { bucket: BUCKET, n: 1, tagsDropped: true, term: '2026-11', entitled: '10' } });
    expect([read.last.units.toFixed(), read.last.covered.toStored()]).toEqual(['0.5', second.last.covered.toStored()]);
  });

  test('a draw has one line in its bucket, which is read before the records and leaves less to bill', async () => {
    const { allowances, intake, ledger } = stores;
    await intake.putRecord(usage('a', '3'));
    const draw: Draw = { bucket: BUCKET, n: 0, units: new Big(3), covered: Amounts.of(2), term: '2026-11', entitled: '2' };
    await allowances.putDraw(draw, NOW);
    await allowances.putDraw({ ...draw, covered: Amounts.of(1) }, NOW);
    expect(await allowances.countDraws(BUCKET)).toBe(1);
    const lines = await collect(ledger.contentLines(BUCKET));
    expect(lines.map(({ kind, amount, decides }) => [kind, amount.total().toFixed(), decides?.units.toFixed()])).toEqual([['COVERED', '2', '3'], ['RECORD', '3', undefined]]);
  });

  test('an empty bucket is opened only where there is none', async () => {
    expect(await stores.ledger.openEmpty(BUCKET, DUE_AT)).toBe(true);
    expect(await stores.ledger.openEmpty(BUCKET, DUE_AT)).toBe(false);
    expect(await meta()).toMatchObject({ state: 'OPEN', revision: 0 });
    expect(await collect(stores.due.due(DUE_AT))).toEqual([BUCKET]);
  });

  test('a quantity is frozen once', async () => {
    await stores.ledger.markChanged(BUCKET, DUE_AT);
    const allocations = { [tagSetOf({ a: 'b' })]: 2, [UNTAGGED]: 1 };
    expect(await stores.ledger.freeze(BUCKET, { quantity: 3, allocations, tagsTruncated: true }, '3.5')).toBe(true);
    expect(await stores.ledger.freeze(BUCKET, { quantity: 4 }, '4')).toBe(false);
    expect(await meta()).toMatchObject({ state: 'FROZEN', frozen: { quantity: 3, allocations, tagsTruncated: true }, onTimeUnits: '3.5' });
  });

  test('an open or unsent frozen bucket can be refused, one with an intent cannot', async () => {
    await frozen();
    expect(await stores.ledger.refuse(BUCKET, 'OPEN', 'HourTooOld', '1')).toBe(false);
    expect(await stores.ledger.noteIntent(BUCKET, undefined, 't1', REGION)).toBe('FIRST');
    expect(await stores.ledger.refuse(BUCKET, 'FROZEN', 'HourTooOld')).toBe(false);
    await stores.ledger.withdrawIntent(BUCKET, 't1', 'CustomerNotSubscribed');
    expect(await meta()).toMatchObject({ reason: 'CustomerNotSubscribed', intent: undefined, intentRegion: undefined });
    expect(await stores.ledger.refuse(BUCKET, 'FROZEN', 'HourTooOld')).toBe(true);
    expect(await meta()).toMatchObject({ state: 'REFUSED', reason: 'HourTooOld', onTimeUnits: '3' });
  });

  test('a bucket that is frozen at 0 can be refused though it may have been sent, one with a quantity cannot', async () => {
    await frozen(3);
    await stores.ledger.noteIntent(BUCKET, undefined, 't1', REGION);
    expect(await stores.ledger.refuseZero(BUCKET, 'HourTooOld')).toBe(false);
    expect(await meta()).toMatchObject({ state: 'FROZEN', intent: 't1' });
    const zero = { ...BUCKET, dimension: 'Zero' };
    await stores.ledger.markChanged(zero, DUE_AT);
    expect(await stores.ledger.refuseZero(zero, 'HourTooOld')).toBe(false);
    await stores.ledger.freeze(zero, { quantity: 0 }, '0');
    await stores.ledger.noteIntent(zero, undefined, 't1', REGION);
    expect(await stores.ledger.refuseZero(zero, 'HourTooOld')).toBe(true);
    expect(await meta(zero)).toMatchObject({ state: 'REFUSED', reason: 'HourTooOld', intent: undefined });
    expect(await stores.ledger.noteIntent(zero, undefined, 't2', REGION)).toBeUndefined();
    expect((await stores.ledger.bill(zero, { at: NOW })).billed).toBe(false);
    expect(await stores.ledger.refuseZero(zero, 'LicenseEnded')).toBe(false);
  });

  test('an intent is written by one attempt; another one makes it shared, and only its own token is withdrawn', async () => {
    await frozen();
    expect(await stores.ledger.noteIntent(BUCKET, undefined, 't1', REGION)).toBe('FIRST');
    expect(await stores.ledger.noteIntent(BUCKET, undefined, 't2', REGION)).toBeUndefined();
    expect(await stores.ledger.noteIntent(BUCKET, 't1', 't2', REGION)).toBe('REPEATED');
    await stores.ledger.withdrawIntent(BUCKET, 't1');
    expect(await meta()).toMatchObject({ intent: '?', intentRegion: REGION });
    expect(await stores.ledger.noteIntent(BUCKET, 't1', 't3', REGION)).toBeUndefined();
    expect(await stores.ledger.noteIntent(BUCKET, '?', 't3', 'eu-west-1')).toBe('REPEATED');
    expect(await meta()).toMatchObject({ intent: '?', intentRegion: REGION });
  });

  test('the attempt that has the intent notes that its call left, and the note goes with the intent', async () => {
    await frozen();
    await stores.ledger.noteIntent(BUCKET, undefined, 't1', REGION);
    await stores.ledger.noteCallLeft(BUCKET, '?');
    expect((await meta()).callLeft).toBeUndefined();
    await stores.ledger.noteCallLeft(BUCKET, 't1');
    expect((await meta()).callLeft).toBe(true);
    expect(await stores.ledger.noteIntent(BUCKET, 't1', 't2', REGION)).toBe('REPEATED');
    expect(await meta()).toMatchObject({ intent: '?', callLeft: true });
    await stores.ledger.bill(BUCKET, { at: NOW });
    expect((await meta()).callLeft).toBeUndefined();
  });

  test('billing removes the intent and, when nothing came in between, the due time', async () => {
    await frozen();
    await stores.ledger.noteIntent(BUCKET, undefined, 't1', REGION);
    expect(await stores.ledger.bill(BUCKET, { at: NOW, meteringRecordId: 'm', clearIfRevision: 1 })).toEqual({ billed: true, due: false });
    expect(await meta()).toMatchObject({ state: 'BILLED', intent: undefined, intentRegion: undefined, frozen: { quantity: 3 } });
    expect(await collect(stores.due.dueOfLicense('l-1'))).toEqual([]);
    expect((await stores.ledger.bill(BUCKET, { at: NOW })).billed).toBe(false);
    expect(await stores.ledger.noteIntent(BUCKET, undefined, 't2', REGION)).toBeUndefined();
  });

  test('a bucket that changed in the meantime stays due after billing', async () => {
    await frozen();
    await stores.ledger.markChanged(BUCKET, DUE_AT);
    expect(await stores.ledger.bill(BUCKET, { at: NOW, clearIfRevision: 1 })).toEqual({ billed: true, due: true });
    expect(await stores.ledger.clearDue(BUCKET, 1)).toBe(false);
    expect(await stores.ledger.clearDue(BUCKET, 2)).toBe(true);
    expect(await collect(stores.due.due(NOW))).toEqual([]);
  });

  test('an hour of unknown outcome is announced, can still turn out billed, or be settled', async () => {
    await frozen();
    expect(await stores.ledger.unresolve(BUCKET, 't1', 'HourTooOld', [], NOW)).toBe(false);
    await stores.ledger.noteIntent(BUCKET, undefined, 't1', REGION);
    const event = { detailType: 'Usage Unresolved', time: '2026-11-23T06:10:00Z', detail: { version: '1' as const, eventId: 'e', productCode: 'p' } };
    expect(await stores.ledger.unresolve(BUCKET, 't1', 'HourTooOld', [event], NOW)).toBe(true);
    await stores.ledger.publishMetaEvents(BUCKET);
    await stores.ledger.publishMetaEvents(BUCKET);
    expect(stores.published).toEqual([event]);
    await stores.ledger.clearDue(BUCKET, 1);
    expect(await stores.ledger.settle(BUCKET, 'REFUSED', NOW, DUE_AT)).toBe(true);
    expect(await stores.ledger.settle(BUCKET, 'BILLED', NOW, DUE_AT)).toBe(false);
    expect(await meta()).toMatchObject({ state: 'REFUSED', revision: 2, reason: 'SettledAsRefused', intent: undefined });
    expect(await collect(stores.due.due(DUE_AT))).toEqual([BUCKET]);
  });

  test('a success that arrives late bills an unresolved hour', async () => {
    await frozen();
    await stores.ledger.noteIntent(BUCKET, undefined, 't1', REGION);
    await stores.ledger.unresolve(BUCKET, 't1', 'HourTooOld', [], NOW);
    expect(await stores.ledger.bill(BUCKET, { at: NOW, clearIfRevision: 1 })).toEqual({ billed: true, due: true });
    expect((await meta()).state).toBe('BILLED');
  });

  test('a dry run is an outcome of its own, and never of an hour that was sent', async () => {
    await frozen();
    await stores.ledger.noteIntent(BUCKET, undefined, 't1', REGION);
    expect(await stores.ledger.recordDryRun(BUCKET, { at: NOW, clearIfRevision: 1 })).toEqual({ billed: false, due: true });
    await stores.ledger.withdrawIntent(BUCKET, 't1');
    expect(await stores.ledger.recordDryRun(BUCKET, { at: NOW, clearIfRevision: 1 })).toEqual({ billed: true, due: false });
    expect((await meta()).state).toBe('DRY_RUN');
  });

  test('an out line takes its number once, and shows its amount until it is done', async () => {
    const rejection = line({ to: undefined, reason: 'LicenseEnded' });
    const event = { detailType: 'Usage Rejected', time: '2026-11-23T06:10:00Z', detail: { version: '1' as const, eventId: 'x', productCode: 'p' } };
    expect(await stores.ledger.appendOut(BUCKET, rejection, [event], NOW)).toBe(true);
    expect(await stores.ledger.appendOut(BUCKET, line({ amount: Amounts.of(9) }), [], NOW)).toBe(false);
    await stores.ledger.publishLineEvents(BUCKET, rejection);
    await stores.ledger.markDone(BUCKET, 0);
    await stores.ledger.publishLineEvents(BUCKET, rejection);
    expect(stores.published).toEqual([event]);
    const [read] = await stores.ledger.readOutLines(BUCKET);
    expect(read).toMatchObject({ n: 0, reason: 'LicenseEnded', done: true, oldest: BUCKET.hour });
    expect(read.amount.total().toFixed()).toBe('2.5');
  });

  test('every line out of a bucket is read, in the order of their numbers, and nothing else of the bucket', async () => {
    const numbers = Array.from({ length: 12 }, (_each, n) => n);
    for (const n of [...numbers].reverse()) await stores.ledger.appendOut(BUCKET, line({ n }), [], NOW);
    await stores.intake.putRecord(usage('a', '3'));
    await stores.intake.putRecord(usage('b', '3', { storedLate: true }));
    await stores.ledger.putCarriedIn({ ...BUCKET, hour: '2026-11-23T03' }, line({ to: BUCKET.hour }), NOW);
    await stores.ledger.markChanged(BUCKET, DUE_AT);
    expect((await stores.ledger.readOutLines(BUCKET)).map(({ n }) => n)).toStrictEqual(numbers);
  });

  test('amounts carried in from one hour are apart by the number of their line, and by the key of a migrated buyer', async () => {
    const source = { ...BUCKET, hour: '2026-11-23T03' };
    const into = (n: number, amount: number, toLicense?: string): OutLine => line({ n, amount: Amounts.of(amount), to: BUCKET.hour, toLicense });
    await stores.ledger.putCarriedIn(source, into(0, 1), NOW);
    await stores.ledger.putCarriedIn(source, into(1, 2), NOW);
    await stores.ledger.putCarriedIn({ ...source, licenseId: 'l-former' }, into(0, 4, BUCKET.licenseId), NOW);
    const lines = await collect(stores.ledger.contentLines(BUCKET));
    expect(lines.map(({ amount }) => amount.total().toNumber()).sort()).toEqual([1, 2, 4]);
  });

  test('a rejected record is kept once with its original, and announced', async () => {
    const rejection = rejectedRecord({ id: 'a', quantity: -1 }, { reason: RejectionReason.NEGATIVE_QUANTITY, message: 'm' }, NOW, { id: 'a' });
    const events = [recordRejectedEvent(rejection, 'product')];
    expect(await stores.intake.reject(rejection, events)).toBe(true);
    expect(await stores.intake.reject({ ...rejection, receivedAt: NOW + 9 }, events)).toBe(false);
    await stores.intake.publishRejection(rejection, events);
    expect(stores.published).toEqual(events);
  });

  test('due buckets come oldest first over all shards and pages', async () => {
    const buckets = Array.from({ length: 230 }, (_each, index) => ({ ...BUCKET, licenseId: `l-${index % 23}`, dimension: `D${index}` }));
    await Promise.all(buckets.map(async (bucket, index) => stores.ledger.markChanged(bucket, DUE_AT + ((index * 37) % 230) * 1000)));
    const found = await collect(stores.due.due(DUE_AT + 199_000));
    expect(found.map(({ dimension }) => (Number(dimension.slice(1)) * 37) % 230)).toEqual(Array.from({ length: 200 }, (_each, index) => index));
    const newest = await collect(stores.due.newest(DUE_AT + 199_000));
    expect(newest).toEqual([...newest].sort((a, b) => ((Number(b.dimension.slice(1)) * 37) % 230) - ((Number(a.dimension.slice(1)) * 37) % 230)));
    expect(newest).toHaveLength(200);
    expect(await collect(stores.due.dueOfLicense('l-3'))).toHaveLength(10);
    expect((await stores.ledger.readMetas(buckets)).size).toBe(230);
  });

  test('a lease is one owner\'s until it runs out or is given back', async () => {
    const { control } = stores;
    expect(await control.acquireLease('a', NOW, NOW + 1000)).toBe(true);
    expect(await control.acquireLease('b', NOW, NOW + 1000)).toBe(false);
    expect(await control.acquireLease('a', NOW + 500, NOW + 2000)).toBe(true);
    expect(await control.acquireLease('b', NOW + 2000, NOW + 3000)).toBe(true);
    await control.releaseLease('a');
    expect(await control.acquireLease('a', NOW + 2001, NOW + 3000)).toBe(false);
    await control.releaseLease('b');
    expect(await control.acquireLease('a', NOW + 2001, NOW + 3000)).toBe(true);
  });

  test('a circuit is stored until it is closed, and stored again when it opens again', async () => {
    const { control } = stores;
    const all = afterFailure(undefined, { scope: 'ALL', bucket: BUCKET, reason: 'TimeoutError', now: NOW });
    const license = afterFailure(undefined, { scope: 'LICENSE', bucket: BUCKET, reason: 'InvalidLicenseException', now: NOW });
    expect(await control.readCircuits()).toEqual([]);
    await control.writeCircuit(all);
    await control.writeCircuit(license);
    expect(await control.readCircuits()).toEqual([all, license]);
    await control.closeCircuit(all.key, NOW);
    expect(await control.readCircuits()).toEqual([license]);
    await control.writeCircuit(all);
    expect((await control.readCircuits()).map(({ key }) => key).sort()).toEqual([all.key, license.key]);
  });

  test('the progress of zero records outlives a run', async () => {
    const { control } = stores;
    expect(await control.readZeroProgress()).toBeUndefined();
    await control.writeZeroProgress({ hour: '2026-11-23T05', after: 'l-7' });
    expect(await control.readZeroProgress()).toEqual({ hour: '2026-11-23T05', after: 'l-7' });
    await control.writeZeroProgress({ hour: '2026-11-23T06' });
    expect(await control.readZeroProgress()).toEqual({ hour: '2026-11-23T06' });
  });
});

test('an hour in DynamoDB outlives what may be added to it a month later', async () => {
  const { table, intake } = await tableStores(dynamo);
  const receivedAt = NOW + 31 * 24 * 3600_000;
  await intake.putRecord(usage('a', '3', { receivedAt }));
  await intake.markChanged(BUCKET, DUE_AT);
  const pk = `B#${bucketId(BUCKET)}`;
  const [meta, record] = await Promise.all(['META', 'R#a'].map(async (sk) => table.get({ pk, sk })));
  expect(record!.expiresAt).toBe(receivedAt / 1000 + 400 * 24 * 3600);
  expect(meta!.expiresAt).toBeGreaterThan(record!.expiresAt as number);
});
