import { mergeByKey } from '../../../../lambda/domain/subscription/merge-by-key';

interface Fact { readonly time: number; readonly a?: string; readonly b?: string }

const group = (...times: number[]): Record<string, Fact> => Object.fromEntries(times.map((time) => [`group#${String(time).padStart(3, '0')}`, { time }]));

test('two variants of one fact give one with the fields of both, at the earlier time', () => {
  const one = { 'x#1': { time: 5, a: 'left' } };
  const other = { 'x#1': { time: 3, b: 'right' } };
  expect(mergeByKey<Fact>(one, other)).toEqual({ 'x#1': { time: 3, a: 'left', b: 'right' } });
  expect(mergeByKey<Fact>(other, one)).toEqual(mergeByKey<Fact>(one, other));
});

test('where two variants differ in a field, the same one wins in either order, and undefined never does', () => {
  const [one, other]: Fact[] = [{ time: 1, a: 'm', b: undefined }, { time: 1, a: 'n', b: 'kept' }];
  expect(mergeByKey({ 'x#1': one! }, { 'x#1': other! })).toEqual({ 'x#1': { time: 1, a: 'n', b: 'kept' } });
  expect(mergeByKey({ 'x#1': other! }, { 'x#1': one! })).toEqual({ 'x#1': { time: 1, a: 'n', b: 'kept' } });
});

test('two variants of a notice give one with what either one says', () => {
  const noticed = (content: Record<string, string | boolean>) => ({ 'x#1': { time: 1, content } });
  const [one, other] = [noticed({ offerId: 'offer-1', currency: 'EUR' }), noticed({ offerId: 'offer-2', lockoutReached: false })];
  const both = { 'x#1': { time: 1, content: { offerId: 'offer-2', currency: 'EUR', lockoutReached: false } } };
  expect(mergeByKey<ReturnType<typeof noticed>['x#1']>(one, other)).toEqual(both);
  expect(mergeByKey<ReturnType<typeof noticed>['x#1']>(other, one)).toEqual(both);
});

test.each([[3, { n: 1 }], ['z', { n: 1 }], [undefined, { n: 1 }], ['text', 'other']])('a field with %j in one variant and %j in the other has the same value in either order', (a, b) => {
  const merged = (...[first, second]: unknown[]) => mergeByKey({ 'x#1': { time: 1, a: first } }, { 'x#1': { time: 1, a: second } });
  expect(merged(a, b)).toEqual(merged(b, a));
});

test('of facts of one moment the latest by their keys are kept', () => {
  const keys = Array.from({ length: 30 }, (_, index) => `group#request-${String(index).padStart(2, '0')}`);
  const facts = (all: readonly string[]) => Object.fromEntries(all.map((key) => [key, { time: 5 }]));
  const expected = [keys[0], ...keys.slice(10)];
  expect(Object.keys(mergeByKey(facts(keys.slice(15)), facts(keys.slice(0, 15)))).sort()).toEqual(expected);
  expect(Object.keys(mergeByKey(facts([...keys].reverse()), {})).sort()).toEqual(expected);
});

test('of facts whose keys are in another order than their times the latest by time are kept', () => {
  const all = Array.from({ length: 30 }, (_, index): [string, Fact] => [`group#request-${String(30 - index).padStart(2, '0')}`, { time: index }]);
  const kept = mergeByKey(Object.fromEntries(all.slice(10)), Object.fromEntries(all.slice(0, 10)));
  expect(Object.values(kept).map(({ time }) => time)).toEqual([0, ...Array.from({ length: 20 }, (_, index) => 10 + index)]);
});

test('of each group the first and the latest 20 are kept', () => {
  const all = Array.from({ length: 30 }, (_, index) => index);
  const kept = mergeByKey(group(...all.slice(15)), { ...group(...all.slice(0, 15)), 'other#1': { time: 7 } });
  expect(Object.keys(kept).sort()).toEqual([...Object.keys(group(0, ...all.slice(10))), 'other#1'].sort());
});
