import { Page } from './page';
import { filesIn } from '../support/files';

test('every name in the last column of the glossary is one that the code has', () => {
  const code = filesIn(['src', 'lambda', 'sandbox/src'], '.ts').map(({ text }) => text).join('\n');
  const words = new Set(code.match(/\w+/g));
  const cells = new Page('docs/glossary.md').text.split('\n').filter((line) => line.startsWith('| **')).map((line) => line.split('|')[3]);
  const names = cells.flatMap((cell) => [...cell.matchAll(/`([\w.]+)`/g)].flatMap(([, name]) => name.split('.')));
  expect(names.length).toBeGreaterThan(100);
  expect(names.filter((name) => !words.has(name))).toEqual([]);
});
