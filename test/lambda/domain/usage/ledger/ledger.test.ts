import Big from 'big.js';
import { Amounts, tagSetOf } from '../../../../../lambda/domain/usage/ledger/amounts';
import {
  BucketMeta, BucketState, committedAmount, Content, ContentLine, currentSum, difference, isZero, OutLine, sumContent, undecidedUnits, withDecided,
} from '../../../../../lambda/domain/usage/ledger/ledger';

const HOUR = '2026-11-23T05';
const CLOSES = Date.parse('2026-11-23T06:10:00Z');
const RED = tagSetOf({ color: 'red' });

function meta(change: Partial<BucketMeta> = {}): BucketMeta {
  return { bucket: { licenseId: 'l-1', dimension: 'ApiCalls', hour: HOUR }, state: 'OPEN', revision: 3, recordsRevision: 2, ...change };
}

function record(amount: number, change: Partial<ContentLine> = {}): ContentLine {
  return { kind: 'RECORD', amount: Amounts.of(amount), oldest: HOUR, receivedAt: CLOSES - 1, ...change };
}

async function sum(lines: readonly ContentLine[], change: Partial<BucketMeta> = {}) {
  return sumContent(meta(change), CLOSES, (async function* () { yield* lines; })());
}

function content(amount: Amounts, change: Partial<Content> = {}): Content {
  return { amount, decided: [], records: amount.total(), lateRecords: new Big(0), oldest: HOUR, ...change };
}

function out(amount: Amounts, change: Partial<OutLine> = {}): OutLine {
  return { n: 0, amount, oldest: HOUR, to: '2026-11-23T07', done: true, ...change };
}

describe('the content of a bucket', () => {
  test('the content of a bucket is the sum of its records and of what was carried in, less what an entitlement covers', async () => {
    const { content: found } = await sum([
      { kind: 'COVERED', amount: Amounts.of(2), oldest: HOUR, decides: { units: new Big(5) } },
      { kind: 'CARRIED_IN', amount: Amounts.of(10), oldest: '2026-11-22T09' },
      record(4),
      record(3, { storedLate: true }),
    ]);
    expect(found.amount.total().toNumber()).toBe(15);
    expect(found.records.toNumber()).toBe(7);
    expect(found.decided.map(({ units, covered }) => [units.toNumber(), covered.toNumber()])).toEqual([[5, 2]]);
    expect(undecidedUnits(found).toNumber()).toBe(2);
    expect(found.oldest).toBe('2026-11-22T09');
  });

  test('has as late what came in after the close, to the millisecond, and nothing that was carried in', async () => {
    const { content: found } = await sum([
      { kind: 'CARRIED_IN', amount: Amounts.of(100), oldest: HOUR, receivedAt: CLOSES + 1 },
      record(1, { receivedAt: CLOSES }),
      record(2, { receivedAt: CLOSES + 1 }),
      record(4, { receivedAt: CLOSES + 1, storedLate: true }),
      record(8, { receivedAt: undefined }),
    ]);
    expect(found.lateRecords.toNumber()).toBe(6);
  });

  test('the content of a bucket is summed from the records that were stored in time once, and from those that came later each time', async () => {
    const stored = { revision: 2, amount: Amounts.of(20), lateUnits: new Big(5) };
    const { content: found, sum: again } = await sum([record(3, { storedLate: true, receivedAt: CLOSES + 1 })], { sum: stored });
    expect(found.amount.total().toNumber()).toBe(23);
    expect(found.lateRecords.toNumber()).toBe(8);
    expect([again.revision, again.amount.total().toNumber(), again.lateUnits.toNumber()]).toEqual([2, 20, 5]);
    expect(currentSum(meta({ sum: stored }))).toBe(stored);
    expect(currentSum(meta({ sum: { ...stored, revision: 1 } }))).toBeUndefined();
    expect(currentSum(meta())).toBeUndefined();
  });

  test('has the oldest hour of its lines, and its own if none is older', async () => {
    expect((await sum([record(1, { oldest: '2026-11-24T00' })])).content.oldest).toBe(HOUR);
    expect((await sum([record(1, { oldest: '2026-11-20T00' }), record(1)])).content.oldest).toBe('2026-11-20T00');
  });

  test('no longer has all of its tags as soon as one draw has dropped its own', () => {
    const draw = { units: new Big(1), covered: Amounts.of(1) };
    const whole = withDecided(content(Amounts.of(5)), draw);
    expect('tagsDropped' in whole).toBe(false);
    const dropped = withDecided(whole, { ...draw, tagsDropped: true });
    expect(dropped.tagsDropped).toBe(true);
    expect(withDecided(dropped, draw)).toMatchObject({ tagsDropped: true });
    expect(withDecided(dropped, draw).amount.total().toNumber()).toBe(2);
    expect(undecidedUnits(withDecided(dropped, draw)).toNumber()).toBe(2);
  });
});

describe('what a bucket commits', () => {
  test.each([
    ['OPEN', 0], ['FROZEN', 7], ['BILLED', 7], ['REFUSED', 0], ['UNRESOLVED', 7], ['DRY_RUN', 7],
  ] as [BucketState, number][])('in the state %s is %d of a quantity of 7', (state, expected) => {
    expect(committedAmount(meta({ state, frozen: { quantity: 7 } })).total().toNumber()).toBe(expected);
  });

  test('what a bucket commits is nothing without a quantity, and has the tags of the quantity', () => {
    expect(committedAmount(meta({ state: 'FROZEN' })).total().toNumber()).toBe(0);
    expect(committedAmount(meta({ state: 'BILLED', frozen: { quantity: 7, allocations: { [RED]: 5, '[]': 2 } } })).entries().map(([set, part]) => [set, part.toNumber()]))
      .toEqual([[RED, 5], ['[]', 2]]);
  });

  test('what a bucket commits is no money where the quantity is 0', () => {
    expect([isZero(meta({ frozen: { quantity: 0 } })), isZero(meta({ frozen: { quantity: 1 } })), isZero(meta())]).toEqual([true, false, false]);
  });
});

describe('the difference of a bucket', () => {
  const billed = (change: Partial<BucketMeta> = {}) => meta({ state: 'BILLED', frozen: { quantity: 4, allocations: { [RED]: 4 } }, ...change });
  const tagged = Amounts.of(6, RED).plus(Amounts.of(3));
  const parts = (amounts: Amounts) => amounts.entries().map(([set, part]) => [set, part.toNumber()]);

  test('the difference of a bucket is its content less what it commits and what has left it, by tag', () => {
    expect(parts(difference(billed(), content(tagged), [out(Amounts.of(1, RED)), out(Amounts.of(1))]))).toEqual([[RED, 1], ['[]', 2]]);
  });

  test.each([
    ['the quantity has only some of the tags', billed({ frozen: { quantity: 4, allocations: { [RED]: 4 }, tagsTruncated: true } }), {}, [out(Amounts.of(1))]],
    ['a draw dropped its tags', billed(), { tagsDropped: true }, [out(Amounts.of(1))]],
    ['a line dropped its tags', billed(), {}, [out(Amounts.of(0)), out(Amounts.of(1), { tagsDropped: true })]],
  ] as [string, BucketMeta, Partial<Content>, OutLine[]][])('has no tags where %s: only the total is balanced', (_, bucket, change, lines) => {
    expect(parts(difference(bucket, content(tagged, change), lines))).toEqual([['[]', 4]]);
  });
});
