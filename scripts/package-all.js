'use strict';
/**
 * Packs the library for each language whose tool chain is here; of the others, only the code is generated, and one line says so.
 * `node scripts/package-all.js [language]...`: default: all five.
 */
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');
const TOOL_CHAINS = { js: 'npm', python: 'python3', java: 'mvn', go: 'go', dotnet: 'dotnet' };

const asked = process.argv.slice(2);
const unknown = asked.filter((language) => !(language in TOOL_CHAINS));
if (unknown.length > 0) {
  throw new Error(`unknown language ${unknown.join(', ')}: one or more of ${Object.keys(TOOL_CHAINS).join(', ')}`);
}
const languages = asked.length > 0 ? asked : Object.keys(TOOL_CHAINS);
const isHere = (language) => spawnSync('sh', ['-c', `command -v ${TOOL_CHAINS[language]}`]).status === 0;
const [packed, generated] = [languages.filter(isHere), languages.filter((language) => !isHere(language))];

translateExamples();
if (packed.length > 0) {
  run(['--target', ...packed]);
  console.log(`packed: ${packed.join(', ')}`);
}
if (generated.length > 0) {
  run(['--code-only', '--target', ...generated]);
}
const js = path.join(ROOT, 'dist/js');
for (const name of packed.includes('js') ? fs.readdirSync(js) : []) {
  // jsii-pacmak: cdk-marketplace-saas@1.2.3.jsii.tgz; npm: cdk-marketplace-saas-1.2.3.tgz.
  fs.renameSync(path.join(js, name), path.join(js, name.replace('@', '-').replace('.jsii.tgz', '.tgz')));
}
for (const language of generated) {
  console.log(`${language}: no ${TOOL_CHAINS[language]} here, so the code is generated and not built`);
}

/** The examples of docstrings in each language, as the build translates them; jsii-pacmak would leave them in TypeScript without it. */
function translateExamples() {
  const [assembly, translations] = ['.jsii', '.jsii.tabl.json'].map((file) => path.join(ROOT, file));
  if (!fs.existsSync(translations) || fs.statSync(translations).mtimeMs < fs.statSync(assembly).mtimeMs) {
    start('projen', ['test:examples']);
  }
}

function run(options) {
  start('jsii-pacmak', ['--rosetta-unknown-snippets', 'fail', ...options]);
}

function start(command, options) {
  const { status } = spawnSync(path.join(ROOT, 'node_modules/.bin', command), options, { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}
