import * as fs from 'node:fs';
import * as path from 'node:path';
import { CodeStore } from '../../../src/services/lambda/code-store';
import { temporaryFolder } from '../../template/assemblies';

const DAY_MS = 24 * 3_600_000;

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = path.join(temporaryFolder(), 'code');
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), content);
  }
  return folder;
}

test('the same code is found in the same folder in every run, and other code in another folder', () => {
  const root = temporaryFolder();
  const first = new CodeStore(root).keep(folderWith({ 'index.js': '1', 'lib/a.js': 'a' }));
  expect(new CodeStore(root).keep(folderWith({ 'index.js': '1', 'lib/a.js': 'a' }))).toBe(first);
  expect(new CodeStore(root).keep(folderWith({ 'index.js': '2', 'lib/a.js': 'a' }))).not.toBe(first);
  expect(new CodeStore(root).keep(folderWith({ 'index.js': '1', 'lib/b.js': 'a' }))).not.toBe(first);
});

test('a run does not see what a function of an earlier run wrote into its folder', () => {
  const root = temporaryFolder();
  const kept = new CodeStore(root).keep(folderWith({ 'index.js': '1' }));
  fs.writeFileSync(path.join(kept, 'left.txt'), 'x');
  expect(new CodeStore(root).keep(folderWith({ 'index.js': '1' }))).toBe(kept);
  expect(fs.readdirSync(kept)).toEqual(['index.js']);
});

test('code that was not used for a week is removed', () => {
  const root = temporaryFolder();
  const store = new CodeStore(root);
  const kept = store.keep(folderWith({ 'index.js': '1' }));
  const { mtimeMs } = fs.statSync(kept);
  store.prune(mtimeMs + 6 * DAY_MS);
  expect(fs.existsSync(kept)).toBe(true);
  store.prune(mtimeMs + 8 * DAY_MS);
  expect(fs.existsSync(kept)).toBe(false);
});
