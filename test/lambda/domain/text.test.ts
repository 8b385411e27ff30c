import { cutText, wellFormed } from '../../../lambda/domain/text';

test.each([
  ['abc', 3, 'abc'],
  ['abcd', 3, 'abc'],
  ['ab😀', 3, 'ab'],
  ['ab😀', 4, 'ab😀'],
  ['😀😀', 2, '😀'],
  ['a\ud83d', 2, 'a\ud83d'],
])('the text %j is cut to %d UTF-16 units as %j', (text, length, cut) => {
  expect(cutText(text, length)).toBe(cut);
});

test('half a surrogate pair is replaced, and whole ones stay', () => {
  expect(wellFormed('a\ud83db😀\ude00')).toBe('a�b😀�');
});
