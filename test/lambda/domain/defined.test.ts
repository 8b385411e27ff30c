import { defined } from '../../../lambda/domain/defined';

test('fields that are undefined are left out, and those that are null, false, 0 or empty stay', () => {
  expect(Object.entries(defined({ a: undefined, b: null, c: false, d: 0, e: '' }))).toEqual([['b', null], ['c', false], ['d', 0], ['e', '']]);
});

test('the object itself is never changed nor returned', () => {
  for (const value of [{ a: 1 }, { a: 1, b: undefined }]) {
    const copy = defined(value);
    expect(copy).not.toBe(value);
    expect(copy).toStrictEqual({ a: 1 });
  }
});
