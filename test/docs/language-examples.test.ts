import * as fs from 'node:fs';
import * as path from 'node:path';

const EXAMPLES = path.join(__dirname, '../../examples');
const functionsOf = (language: string) => Object.fromEntries(['api', 'provision', 'resize'].map((name) => {
  return [name, fs.readFileSync(path.join(EXAMPLES, language, 'functions', name, 'index.js'), 'utf8')];
}));

test.each(['java', 'go', 'csharp'])('the functions of the example in %s are those of the TypeScript example', (language) => {
  expect(functionsOf(language)).toEqual(functionsOf('typescript'));
});
