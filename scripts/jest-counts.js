'use strict';
// Prints "N passed, N failed" from the JUnit reports that jest wrote into a folder: jest's own counts, added up.
const fs = require('node:fs');
const path = require('node:path');

const folder = process.argv[2];
let passed = 0;
let failed = 0;
for (const file of fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith('.xml')) : []) {
  const root = /<testsuites[^>]*>/.exec(fs.readFileSync(path.join(folder, file), 'utf8'))?.[0] ?? '';
  const count = (name) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(root)?.[1] ?? 0);
  const bad = count('failures') + count('errors');
  failed += bad;
  passed += count('tests') - bad;
}
console.log(`${passed} passed, ${failed} failed`);
