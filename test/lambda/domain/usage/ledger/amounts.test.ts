import { Amounts, tagSetOf, tagsOf, UNTAGGED } from '../../../../../lambda/domain/usage/ledger/amounts';

const RED = tagSetOf({ color: 'red' });
const BLUE = tagSetOf({ color: 'blue' });
const parts = (amounts: Amounts) => amounts.entries().map(([set, part]) => [set, part.toFixed()]);

test('a tag set is the same whatever the order of its tags', () => {
  expect(tagSetOf({ b: '2', a: '1', c: '3' })).toBe('[["a","1"],["b","2"],["c","3"]]');
  expect(tagsOf(tagSetOf({ b: '2', a: '1' }))).toEqual([['a', '1'], ['b', '2']]);
  expect([tagSetOf(undefined), tagSetOf({})]).toEqual([UNTAGGED, UNTAGGED]);
});

test('amounts are added and subtracted exactly, by tag set', () => {
  const sum = Amounts.of('0.1', RED).plus(Amounts.of('0.2', RED)).plus(Amounts.of(1));
  expect(parts(sum)).toEqual([[RED, '0.3'], [UNTAGGED, '1']]);
  expect(parts(sum.minus(Amounts.of('0.5', RED)))).toEqual([[RED, '-0.2'], [UNTAGGED, '1']]);
  expect(sum.minus(Amounts.of('0.5', RED)).total().toFixed()).toBe('0.8');
  expect(parts(Amounts.sum([[BLUE, 1], [RED, 2], [BLUE, 3]]))).toEqual([[BLUE, '4'], [RED, '2']]);
});

test('parts have the same order whatever the order in which they were added', () => {
  const sets = [BLUE, RED, UNTAGGED];
  const added = (order: readonly string[]) => Amounts.sum(order.map((set) => [set, 1])).entries().map(([set]) => set);
  expect([added(sets), added([...sets].reverse()), added([RED, UNTAGGED, BLUE])]).toEqual([sets, sets, sets]);
});

test('parts of 0 are no parts, also where parts of both signs make 0 together', () => {
  const nothing = Amounts.of(1, RED).minus(Amounts.of(1, RED));
  expect([nothing.isZero(), nothing.hasTags(), parts(nothing)]).toEqual([true, false, []]);
  const both = Amounts.of(1, RED).minus(Amounts.of(1, BLUE));
  expect([both.isZero(), both.hasTags(), both.total().toFixed()]).toEqual([false, true, '0']);
  expect([Amounts.ZERO.isZero(), Amounts.of(1).hasTags()]).toEqual([true, false]);
});

test('without its tags an amount has the same total', () => {
  expect(parts(Amounts.of(1, RED).plus(Amounts.of(2, BLUE)).plus(Amounts.of(4)).untagged())).toEqual([[UNTAGGED, '7']]);
});

test('an amount is stored as decimals, with its parts if it has tags, and read back', () => {
  expect(Amounts.of('1.50').toStored()).toEqual({ amount: '1.5' });
  const tagged = Amounts.of('0.000000000001', RED).plus(Amounts.of(2));
  expect(tagged.toStored()).toEqual({ amount: '2.000000000001', tags: { [UNTAGGED]: '2', [RED]: '0.000000000001' } });
  expect(parts(Amounts.fromStored(tagged.toStored()))).toEqual(parts(tagged));
  expect(parts(Amounts.fromStored({ amount: '3' }))).toEqual([[UNTAGGED, '3']]);
});

test('what an amount takes in a table grows with its tag sets, in bytes of UTF-8', () => {
  expect(Amounts.ZERO.storedBytes()).toBe(40);
  expect(Amounts.of(1, tagSetOf({ käse: '1' })).plus(Amounts.of(1)).storedBytes()).toBe(40 + (40 + 2) + (40 + Buffer.byteLength('[["käse","1"]]')));
});
