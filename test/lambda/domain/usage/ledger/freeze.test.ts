import { Amounts, TagSet, tagSetOf, UNTAGGED } from '../../../../../lambda/domain/usage/ledger/amounts';
import { freeze, MAX_ALLOCATION_BYTES, MAX_ALLOCATIONS, MAX_QUANTITY, MAX_TAG_KEYS } from '../../../../../lambda/domain/usage/ledger/freeze';

const RED = tagSetOf({ color: 'red' });
const BLUE = tagSetOf({ color: 'blue' });

function amounts(parts: Readonly<Record<TagSet, number | string>>): Amounts {
  return Amounts.sum(Object.entries(parts));
}

test('limits of one metering record are those of AWS, with a size that a table takes', () => {
  expect([MAX_QUANTITY, MAX_ALLOCATIONS, MAX_TAG_KEYS, MAX_ALLOCATION_BYTES]).toEqual([2_147_483_647, 2500, 5, 150_000]);
});

test.each([
  ['0', 0], ['0.999999999999', 0], ['1', 1], ['7.9', 7], ['-0.5', 0], ['-3', 0], ['2147483647', 2147483647], ['2147483648.5', 2147483647],
])('%s without tags is sent as %d', (amount, quantity) => {
  expect(freeze(Amounts.of(amount))).toEqual({ quantity });
});

describe('a quantity with tags', () => {
  test('a quantity with tags is split as it was used, and what has no tags is sent without', () => {
    expect(freeze(amounts({ [RED]: 5, [UNTAGGED]: 2 }))).toEqual({ quantity: 7, allocations: { [RED]: 5, [UNTAGGED]: 2 } });
  });

  test('gives units that fractions make together to the largest fraction, and where they are equal to the first tag set', () => {
    expect(freeze(amounts({ [RED]: '1.6', [BLUE]: '1.4' }))).toEqual({ quantity: 3, allocations: { [BLUE]: 1, [RED]: 2 } });
    expect(freeze(amounts({ [RED]: '1.5', [BLUE]: '1.5' }))).toEqual({ quantity: 3, allocations: { [BLUE]: 2, [RED]: 1 } });
  });

  test('gives units to fractions, not to large parts', () => {
    expect(freeze(amounts({ [RED]: '2.1', [BLUE]: '1.9' }))).toEqual({ quantity: 4, allocations: { [BLUE]: 2, [RED]: 2 } });
    expect(freeze(amounts({ [RED]: '2.5', [BLUE]: '1.5' }))).toEqual({ quantity: 4, allocations: { [BLUE]: 2, [RED]: 2 } });
  });

  test('takes what a tag set was billed too early from the largest part, tagged or not', () => {
    const green = tagSetOf({ color: 'green' });
    expect(freeze(amounts({ [UNTAGGED]: 9, [RED]: 5, [green]: -1 }))).toEqual({ quantity: 13, allocations: { [RED]: 5, [UNTAGGED]: 8 } });
    expect(freeze(amounts({ [UNTAGGED]: 5, [RED]: 5, [green]: -1 }))).toEqual({ quantity: 9, allocations: { [RED]: 4, [UNTAGGED]: 5 } });
  });

  test('names no tag set that has none of its units', () => {
    expect(freeze(amounts({ [RED]: '1.2', [BLUE]: '0.2' }))).toEqual({ quantity: 1, allocations: { [RED]: 1 } });
    expect(freeze(amounts({ [RED]: '0.2', [BLUE]: '0.2' }))).toEqual({ quantity: 0, allocations: {} });
  });

  test('takes what an earlier hour billed too early from the largest parts', () => {
    expect(freeze(amounts({ [RED]: 5, [BLUE]: 2, [UNTAGGED]: -1 }))).toEqual({ quantity: 6, allocations: { [BLUE]: 2, [RED]: 4 } });
    expect(freeze(amounts({ [RED]: 5, [BLUE]: 2, [UNTAGGED]: -6 }))).toEqual({ quantity: 1, allocations: { [BLUE]: 1 } });
    expect(freeze(amounts({ [RED]: 3, [BLUE]: 3, [UNTAGGED]: -1 }))).toEqual({ quantity: 5, allocations: { [BLUE]: 2, [RED]: 3 } });
  });

  test('takes the greatest quantity of one record, in parts that sum to it', () => {
    const { quantity, allocations } = freeze(amounts({ [RED]: 2_147_483_647, [BLUE]: 10 }));
    expect([quantity, allocations]).toEqual([2_147_483_647, { [BLUE]: 10, [RED]: 2_147_483_637 }]);
  });

  test('names at most five tag keys, of the largest parts; the rest is billed without tags', () => {
    const keys = ['a', 'b', 'c', 'd', 'e', 'f'].map((key, index) => [tagSetOf({ [key]: '1' }), 10 - index] as const);
    const { quantity, allocations, tagsTruncated } = freeze(amounts(Object.fromEntries(keys)));
    expect([quantity, tagsTruncated]).toEqual([45, true]);
    expect(allocations).toEqual({ ...Object.fromEntries(keys.slice(0, 5)), [UNTAGGED]: 5 });
    expect(freeze(amounts(Object.fromEntries(keys.slice(0, 5)))).tagsTruncated).toBeUndefined();
    const growing = keys.map(([set], index) => [set, index + 1] as const);
    expect(freeze(amounts(Object.fromEntries(growing))).allocations).toEqual({ ...Object.fromEntries(growing.slice(1)), [UNTAGGED]: 1 });
  });

  test('names other values of its five tag keys too', () => {
    const values = ['1', '2', '3', '4', '5', '6'].map((value) => [tagSetOf({ a: value }), 1] as const);
    expect(freeze(amounts(Object.fromEntries(values)))).toEqual({ quantity: 6, allocations: Object.fromEntries(values) });
  });

  test('takes at most 150,000 bytes', () => {
    const sized = (value: string, bytes: number) => tagSetOf({ a: value.padEnd(bytes - 80 - '[["a",""]]'.length, 'x') });
    const exact = amounts({ [sized('1', 100_000)]: 2, [sized('2', 50_000)]: 1 });
    expect(freeze(exact).tagsTruncated).toBeUndefined();
    const beyond = amounts({ [sized('1', 100_000)]: 2, [sized('2', 50_001)]: 1 });
    expect(freeze(beyond)).toMatchObject({ quantity: 3, tagsTruncated: true, allocations: { [UNTAGGED]: 1 } });
  });
});
