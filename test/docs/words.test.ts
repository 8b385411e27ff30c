import * as ts from 'typescript';
import { filesIn, SourceFile } from '../support/files';

/** What not to write, and what to write: the list of CONTRIBUTING.md, "How we write". */
const WORDS: readonly { readonly not: RegExp; readonly but: string; readonly where?: RegExp }[] = [
  { not: /\b(tells?|telling|told|untold)\b/, but: 'records, publishes, reports, answers; knows' },
  { not: /\bnobody\b/, but: 'name the subject: "no reader", "no test", "is not used"' },
  { not: /\bwhoever\b/, but: 'name the person or part: "the operator who", "the caller that"' },
  { not: /\blest\b/, but: 'so that … not' },
  { not: /\bmend(s|ed|ing)?\b/, but: 'fixes, corrects, repairs' },
  { not: /\b(owe[sd]?|owing)\b/, but: 'still has to publish; is due; a pending event; the difference' },
  { not: /\b(goes|go|going|went|gone) on\b/, but: 'continues' },
  { not: /\b(comes?|came|coming) to be\b/, but: 'becomes, is created, starts' },
  { not: /\b(learns?|learned|learnt) of\b/, but: 'receives, reads, records' },
  { not: /\b(holds?|held|holding)\b/, but: 'waits, keeps, contains', where: /^(src|lambda)\// },
  { not: /\b(un)?settle[sd]?\b/, but: 'becomes idle, finishes: a person settles an unresolved hour, and nothing else is settled', where: /^sandbox\// },
];

/** Where one of the words is right, and why. */
const EXCEPTIONS: readonly { readonly path: string; readonly text: string; readonly why: string }[] = [
];

interface Place {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

const written = filesIn(
  ['src', 'lambda', 'sandbox/src', 'schema', 'examples', 'projenrc', '.projenrc.ts', 'scripts', 'docs', 'README.md', 'sandbox/README.md'],
  '.ts', '.mts', '.js', '.json', '.py', '.sh', '.md',
).filter(({ path }) => path !== 'docs/glossary.md');

const tests = filesIn(['test', 'sandbox/test', 'examples'], '.test.ts', '.test.mts');

function linesOf({ path, text }: SourceFile): Place[] {
  return text.split('\n').map((line, index) => ({ path, line: index + 1, text: line }));
}

/** First arguments of `test(…)`, `describe.each(…)(…)` and the like, where they are texts. */
function titlesOf({ path, text }: SourceFile): Place[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false);
  const titles: Place[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isStringLiteralLike(node.arguments[0] ?? node) && /^(test|it|describe)\b/.test(callee(node).getText(source))) {
      const title = node.arguments[0] as ts.StringLiteralLike;
      titles.push({ path, line: source.getLineAndCharacterOfPosition(title.getStart(source)).line + 1, text: title.text });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return titles;
}

/** What is called in the end: `test` in `test.each(table)(title, …)`. */
function callee({ expression }: ts.CallExpression): ts.Expression {
  if (ts.isCallExpression(expression)) {
    return callee(expression);
  }
  return ts.isTaggedTemplateExpression(expression) ? expression.tag : expression;
}

/** Each use of a word of the list, with the better one. Words inside of names (`asTold`) count. */
function misuses(places: readonly Place[]): string[] {
  return places.flatMap(({ path, line, text }) => {
    const words = text.replace(/([a-z\d])([A-Z])/g, '$1 $2').replace(/_/g, ' ').toLowerCase();
    const excepted = EXCEPTIONS.some((exception) => exception.path === path && text.includes(exception.text));
    return excepted ? [] : WORDS.flatMap(({ not, but, where }) => ((where ?? /./).test(path) && not.test(words) ? [`${path}:${line}: not "${not.exec(words)![0]}", but: ${but}`] : []));
  });
}

const titles = tests.flatMap(titlesOf);

test('names, comments, messages and pages are plain English', () => {
  expect(misuses(written.flatMap(linesOf))).toEqual([]);
});

test('titles of tests are plain English', () => {
  expect(titles.length).toBeGreaterThan(500);
  expect(misuses(titles)).toEqual([]);
});

test('titles of tests begin as sentences do, not where another text stopped', () => {
  expect(titles.filter(({ text }) => /^(nor|and|but|so|that|which|whose|are|is|may|they|of which)\b/.test(text))).toEqual([]);
});

test('each exception from the list of words is still needed', () => {
  const files = [...written, ...tests];
  expect(EXCEPTIONS.filter(({ path, text }) => !files.some((file) => file.path === path && file.text.includes(text)))).toEqual([]);
});
