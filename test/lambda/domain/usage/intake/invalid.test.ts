import { show } from '../../../../../lambda/domain/usage/intake/invalid';

test.each<[unknown, string]>([
  ['text', '"text"'], [7, '7'], [true, 'true'], [null, 'null'], [undefined, 'undefined'], [['secret'], '(an array)'], [{ owner: 'secret' }, '(an object)'],
  ['x'.repeat(200), `"${'x'.repeat(119)}`],
])('a message shows the value %j as %s', (value, shown) => {
  expect(show(value)).toBe(shown);
});
