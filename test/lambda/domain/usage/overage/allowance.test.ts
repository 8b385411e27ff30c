import Big from 'big.js';
import fc from 'fast-check';
import { Amounts, tagSetOf } from '../../../../../lambda/domain/usage/ledger/amounts';
import { Allowance, draw, partOf } from '../../../../../lambda/domain/usage/overage/allowance';

const BUCKET = { licenseId: 'l-1', dimension: 'ExtraUsers', hour: '2026-11-23T05' };

const units = fc.bigInt({ min: 1n, max: 10n ** 15n }).map((thousandths) => new Big(String(thousandths)).div(1000));
const entitled = fc.bigInt({ min: 0n, max: 10n ** 15n }).map((thousandths) => new Big(String(thousandths)).div(1000));

interface Use {
  readonly units: Big;
  readonly entitled: Big;
}

/** Usage that draws one after another: what was covered of each, and the allowance after it. */
function drawAll(uses: readonly Use[]): { covered: Big[]; allowance: Allowance | undefined } {
  let allowance: Allowance | undefined;
  const covered = uses.map((use, n) => {
    allowance = draw({ bucket: BUCKET, n, units: use.units, rest: Amounts.of(use.units) }, { term: 'T', amount: use.entitled }, allowance);
    return allowance.last.covered.total();
  });
  return { covered, allowance };
}

const sum = (amounts: readonly Big[]) => amounts.reduce((total, amount) => total.plus(amount), new Big(0));
const least = (a: Big, b: Big) => (a.lt(b) ? a : b);

test('10 entitled and 12 used, upgraded to 15 and 8 more used: 10 and 5 are covered; after a downgrade nothing is', () => {
  const asUse = ([used, of]: [number, number]) => ({ units: new Big(used), entitled: new Big(of) });
  const covered = (uses: [number, number][]) => drawAll(uses.map(asUse)).covered.map(Number);
  expect(covered([[12, 10], [8, 15]])).toEqual([10, 5]);
  expect(covered([[12, 10], [8, 5]])).toEqual([10, 0]);
});

test('a draw covers no more than was used and no more than is left, and the allowance is the sum of its draws', () => {
  fc.assert(fc.property(fc.array(fc.record({ units, entitled }), { minLength: 1, maxLength: 20 }), (uses) => {
    const { covered, allowance } = drawAll(uses);
    let before = new Big(0);
    covered.forEach((amount, n) => {
      const left = uses[n].entitled.minus(before);
      expect(amount.eq(left.gt(0) ? least(left, uses[n].units) : 0)).toBe(true);
      before = before.plus(amount);
    });
    expect(allowance!.drawn.T).toBe(sum(covered).toFixed());
    expect(allowance!.revision).toBe(uses.length);
  }));
});

test('while an entitlement does not change, what is covered of all usage does not depend on its order or how it is split', () => {
  fc.assert(fc.property(entitled, fc.array(units, { minLength: 1, maxLength: 20 }), (amount, used) => {
    const { covered } = drawAll(used.map((each) => ({ units: each, entitled: amount })));
    expect(sum(covered).toFixed()).toBe(least(amount, sum(used)).toFixed());
  }));
});

test('terms of one allowance do not draw on each other', () => {
  const first = draw({ bucket: BUCKET, n: 0, units: new Big(8), rest: Amounts.of(8) }, { term: 'agmt-1', amount: new Big(10) }, undefined);
  const second = draw({ bucket: BUCKET, n: 1, units: new Big(8), rest: Amounts.of(8) }, { term: 'agmt-2', amount: new Big(10) }, first);
  expect(second.drawn).toEqual({ 'agmt-1': '8', 'agmt-2': '8' });
});

test('a part of tagged usage adds up, and no tag set gives more than it has', () => {
  const tagged = fc.dictionary(fc.string({ minLength: 1, maxLength: 3 }), fc.bigInt({ min: 0n, max: 10n ** 24n }), { minKeys: 1, maxKeys: 6 });
  fc.assert(fc.property(tagged, fc.double({ min: 0, max: 1, noNaN: true }), (sets, ratio) => {
    const usage = Amounts.sum(Object.entries(sets).map(([team, parts]) => [tagSetOf({ team }), new Big(String(parts)).div(10 ** 12)]));
    const total = usage.total().times(new Big(String(ratio))).round(12, Big.roundDown);
    const part = partOf(usage, total);
    expect(part.total().toFixed()).toBe(total.toFixed());
    const left = usage.minus(part);
    expect(left.entries().filter(([, amount]) => amount.lt(0))).toEqual([]);
  }));
});

describe('what is covered of usage with tags', () => {
  const usage = (...parts: [string, number | string][]) => Amounts.sum(parts.map(([team, amount]) => [tagSetOf({ team }), new Big(amount)]));
  const shares = (amounts: Amounts) => Object.fromEntries(amounts.entries().map(([set, amount]) => [set, amount.toFixed()]));
  const team = (name: string) => tagSetOf({ team: name });

  test('what is covered of usage with tags is shared in proportion, and what rounding leaves goes to the first tag sets', () => {
    expect(shares(partOf(usage(['blue', 2], ['red', 6]), new Big(4)))).toEqual({ [team('blue')]: '1', [team('red')]: '3' });
    expect(shares(partOf(usage(['blue', 1], ['green', 1], ['red', 1]), new Big(1))))
      .toEqual({ [team('blue')]: '0.333333333334', [team('green')]: '0.333333333333', [team('red')]: '0.333333333333' });
  });

  test('what is covered of usage with tags is all of it, and no more, when all is covered', () => {
    expect(shares(partOf(usage(['blue', 2], ['red', 6]), new Big(8)))).toEqual({ [team('blue')]: '2', [team('red')]: '6' });
    expect(shares(partOf(usage(['blue', 2], ['red', 6]), new Big(9)))).toEqual({ [team('blue')]: '2', [team('red')]: '6' });
  });

  test('what is covered of usage with tags is never of a tag set of which too much has left the bucket', () => {
    expect(shares(partOf(usage(['blue', -1], ['red', 3]), new Big(1)))).toEqual({ [team('red')]: '1' });
    expect(shares(partOf(usage(['blue', -1], ['red', 3]), new Big(3)))).toEqual({ [team('red')]: '3' });
    expect(shares(partOf(usage(['blue', -1]), new Big(0)))).toEqual({});
  });

  test('what is covered of usage with tags has them in the draw, which says what it drew on', () => {
    const rest = usage(['blue', 2], ['red', 6]);
    const { drawn, last, revision } = draw({ bucket: BUCKET, n: 3, units: new Big(8), rest }, { term: 'T', amount: new Big(4) }, undefined);
    expect([drawn, revision]).toEqual([{ T: '4' }, 1]);
    expect(last).toStrictEqual({ bucket: BUCKET, n: 3, units: new Big(8), covered: expect.any(Amounts), term: 'T', entitled: '4' });
    expect(shares(last.covered)).toEqual({ [team('blue')]: '1', [team('red')]: '3' });
  });

  test.each([[0, undefined], [1, true]])('what is covered of usage with tags loses them beyond 100,000 bytes: %d more, %s', (more, dropped) => {
    const bytes = usage(['', 1]).storedBytes();
    const rest = usage(['x'.repeat(100_000 - bytes + more), 1]);
    expect(rest.storedBytes()).toBe(100_000 + more);
    expect(draw({ bucket: BUCKET, n: 0, units: new Big(1), rest }, { term: 'T', amount: new Big(1) }, undefined).last.tagsDropped).toBe(dropped);
  });
});

test('what is covered has no tags where they would not fit into a line of the ledger', () => {
  const rest = Amounts.sum(Array.from({ length: 2000 }, (_, n) => [tagSetOf({ team: `team-${n}`.padEnd(60, 'x') }), 1]));
  const { last } = draw({ bucket: BUCKET, n: 0, units: new Big(2000), rest }, { term: 'T', amount: new Big(10) }, undefined);
  expect(last).toMatchObject({ tagsDropped: true });
  expect(last.covered.toStored()).toEqual({ amount: '10' });
});
