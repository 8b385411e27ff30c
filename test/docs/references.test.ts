import { dirname, posix } from 'node:path';
import { Page } from './page';
import { filesIn, isInRepository, SourceFile } from '../support/files';

const pages = filesIn(['README.md', 'CONTRIBUTING.md', 'RELEASING.md', 'SECURITY.md', 'docs', 'sandbox/README.md', 'examples'], '.md');
const sources = filesIn(
  ['src', 'lambda', 'schema', 'test', 'sandbox/src', 'sandbox/test', 'sandbox/bin', 'examples', 'projenrc', '.projenrc.ts', 'scripts'],
  '.ts', '.mts', '.js', '.mjs', '.json', '.py', '.sh',
).filter(({ path }) => path !== 'test/docs/references.test.ts');

const anchors = new Map<string, readonly string[]>();

/** Whether a page or file is there, and has the anchor behind the `#` if one is named. */
function leadsSomewhere(path: string, anchor: string | undefined): boolean {
  if (!isInRepository(path)) {
    return false;
  }
  if (anchor === undefined) {
    return true;
  }
  if (!anchors.has(path)) {
    anchors.set(path, new Page(path).anchors());
  }
  return anchors.get(path)!.includes(anchor);
}

/** The places of a file that match, as `file:line: match`. */
function found({ path, text }: SourceFile, pattern: RegExp): string[] {
  return text.split('\n').flatMap((line, index) => [...line.matchAll(pattern)].map(([match]) => `${path}:${index + 1}: ${match}`));
}

test.each(pages.map(({ path }) => path))('every link of %s leads to a file, heading or anchor that exists', (path) => {
  const dead = new Page(path).links().filter((target) => {
    const [file, anchor] = target.split('#');
    return !leadsSomewhere(file === '' ? path : posix.join(dirname(path), file), anchor);
  });
  expect(dead).toEqual([]);
  expect(new Page(path).undefinedLabels()).toEqual([]);
});

test('every page of the documentation that code, tests, schemas or settings cite exists, and has the cited anchor', () => {
  const cited = sources.flatMap((file) => [...file.text.matchAll(/\b(docs\/[\w-]+\.md)(?:#([\w-]+))?/g)].map(([reference, page, anchor]) => ({
    reference, page, anchor, path: file.path,
  })));
  expect(cited.length).toBeGreaterThan(50);
  const dead = cited.filter(({ page, anchor }) => !leadsSomewhere(page, anchor)).map(({ path, reference }) => `${path}: ${reference}`);
  expect(dead).toEqual([]);
});

test('code cites a section of the fact page or a finding of the ledger by its anchor, never by its bare number', () => {
  // in a page, `[facts 1.3]` is a link that the page defines below its text
  const bare = [...sources, ...pages].flatMap((file) => found(file, /(?<!\[)\bfacts? \d+(\.\d+)*/gi));
  expect(bare).toEqual([]);
});

describe("the findings of the ledger's protocol", () => {
  const page = new Page('docs/ledger-protocol.md');
  const rows = page.text.split('\n').filter((line) => line.startsWith('| <a id="finding-'));
  const numbers = rows.flatMap((row) => [...row.matchAll(/<a id="finding-(\d+)">/g)].map(([, number]) => Number(number)));

  test("the findings of the ledger's protocol have each number from 1 to 33 once", () => {
    expect(numbers).toEqual(Array.from({ length: 33 }, (_, index) => index + 1));
  });

  test("the findings of the ledger's protocol are those that code and tests name", () => {
    const named = sources.flatMap((file) => found(file, /\bfindings? \d+\b/gi));
    expect(named.filter((place) => !numbers.includes(Number(/\d+$/.exec(place))))).toEqual([]);
  });

  test("the findings of the ledger's protocol name tests and test files that exist", () => {
    const tests = filesIn(['test'], '.ts');
    const written = tests.map(({ text }) => text).join('\n').replaceAll("\\'", "'");
    const quoted = rows.flatMap((row) => [...row.split('|')[3].matchAll(/`([^`]+)`/g)].map(([, title]) => title));
    expect(quoted.length).toBeGreaterThan(20);
    expect(quoted.filter((title) => !written.includes(title) && !tests.some(({ path }) => path.endsWith(`/${title}`)))).toEqual([]);
  });
});
