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

test('of each group the first and the latest 20 are kept', () => {
  const all = Array.from({ length: 30 }, (_, index) => index);
  const kept = mergeByKey(group(...all.slice(15)), { ...group(...all.slice(0, 15)), 'other#1': { time: 7 } });
  expect(Object.keys(kept).sort()).toEqual([...Object.keys(group(0, ...all.slice(10))), 'other#1'].sort());
});
