import { compare } from '../../../lambda/domain/compare';

test.each([
  ['a', 'b', -1],
  ['b', 'a', 1],
  ['a', 'a', 0],
  ['Z', 'a', -1],
  ['10', '9', -1],
])('comparing %j with %j gives %d', (one, other, order) => {
  expect(compare(one, other)).toBe(order);
});
