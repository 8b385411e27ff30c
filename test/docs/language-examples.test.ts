import * as fs from 'node:fs';
import * as path from 'node:path';
import { Page } from './page';

const EXAMPLES = path.join(__dirname, '../../examples');
const functionsOf = (language: string) => Object.fromEntries(['api', 'provision', 'resize'].map((name) => {
  return [name, fs.readFileSync(path.join(EXAMPLES, language, 'functions', name, 'index.js'), 'utf8')];
}));

test.each(['java', 'go', 'csharp'])('the functions of the example in %s are those of the TypeScript example', (language) => {
  expect(functionsOf(language)).toEqual(functionsOf('typescript'));
});

test('the README installs the packages that are built', () => {
  const { name, jsii: { targets: { python, java, go, dotnet } }, peerDependencies } = JSON.parse(new Page('package.json').text);
  const { text } = new Page('README.md');
  for (const line of [
    `npm install ${name}\``, `npm install --save-dev ${JSON.parse(new Page('sandbox/package.json').text).name}\``,
    `pip install ${python.distName}\``, `group \`${java.maven.groupId}\`, artifact \`${java.maven.artifactId}\``,
    `go get ${go.moduleName}/${go.packageName}\``, `dotnet add package ${dotnet.packageId}\``,
    `With aws-cdk-lib ${peerDependencies['aws-cdk-lib'].replace('^', '')} or later`,
  ]) {
    expect(text).toContain(line);
  }
});

/** What a block of the README names of the library: members, constants and options, as each language writes them. */
const NAMES: Record<string, RegExp> = {
  python: /\bmarketplace\.(\w+)|\b(?:Dimension|SaasPricingModel)\.(\w+)|\b(\w+)=/g,
  java: /\bmarketplace\.(\w+)|\b(?:Dimension|SaasPricingModel)\.(\w+)|^\s+\.(?!build)(\w+)\(/gm,
  go: /\bmarketplace\.(\w+)|\bmarketplacesaas\.(\w+)|^\t(\w+):/gm,
  csharp: /\bmarketplace\.(\w+)|\b(?:Dimension|SaasPricingModel)\.(\w+)|\b(\w+) = /g,
};

test.each(Object.keys(NAMES))('what the README shows in %s has the names that the library has there', (language) => {
  const [block, ...others] = new Page('README.md').fences(language);
  const listing = fs.readFileSync(path.join(__dirname, '../api', `${language}.txt`), 'utf8');
  const names = [...block.matchAll(NAMES[language])].map((found) => found.slice(1).find(Boolean)!).filter((name) => name !== 'marketplace');
  expect(others).toEqual([]);
  expect(names.length).toBeGreaterThan(7);
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(listing))).toEqual([]);
});
