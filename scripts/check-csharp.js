'use strict';
/**
 * Compares the calls of the C# example with the code that jsii generates for .NET: every type of the library, every static and
 * instance member and every option that the example uses must be there, spelled alike. It compiles nothing.
 */
const fs = require('node:fs');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');
const GENERATED = path.join(ROOT, 'dist/dotnet/CdkMarketplaceSaas/CdkMarketplaceSaas');
const EXAMPLE = path.join(ROOT, 'examples/csharp/src');

const example = fs.readdirSync(EXAMPLE).filter((name) => name.endsWith('.cs')).map((name) => fs.readFileSync(path.join(EXAMPLE, name), 'utf8')).join('\n');
const source = (type) => {
  const file = path.join(GENERATED, `${type}.cs`);
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
};
const types = fs.readdirSync(GENERATED).filter((name) => name.endsWith('.cs')).map((name) => path.basename(name, '.cs'));

const uses = [];
/** The integration, and the classes and enums of the library that the example names. */
for (const [, member] of example.matchAll(/\bmarketplace\.(\w+)/g)) {
  uses.push(['MarketplaceSaasIntegration', member]);
}
for (const [, type, member] of example.matchAll(/\b([A-Z]\w+)\.([A-Z]\w+)/g)) {
  if (types.includes(type)) {
    uses.push([type, member]);
  }
}
/** Options that the example sets of a struct of the library. */
for (const [, struct, options] of example.matchAll(/new (\w+)\s*\{((?:[^{}]|\{[^{}]*\})*)\}/g)) {
  for (const [, option] of types.includes(struct) ? options.matchAll(/(?:^|,)\s*(\w+) = /g) : []) {
    uses.push([struct, option]);
  }
}

/** The base classes of the integration have members too. */
const declares = (type, member) => {
  const code = source(type);
  const base = /class \w+ : (?:global::)?(?:CdkMarketplaceSaas\.)?(\w+)/.exec(code ?? '')?.[1];
  return code !== undefined && (new RegExp(`\\b${member}\\b`).test(code.replace(/\/\/.*$/gm, '')) || (base !== undefined && declares(base, member)));
};
const wrong = uses.filter(([type, member]) => !declares(type, member));
for (const [type, member] of wrong) {
  console.error(`${type} has no ${member} in the generated code`);
}
console.log(`csharp: ${uses.length} calls compared with the generated code, ${wrong.length} unknown`);
process.exit(wrong.length === 0 && uses.length >= 10 ? 0 : 1);
