'use strict';
// Prints "N passed, N failed" from the JUnit reports that jest wrote into a folder: jest's own counts, added up.
const fs = require('node:fs');
const path = require('node:path');

const folder = process.argv[2];
let passed = 0;
let failed = 0;
/** Tests of clients that are not installed here: neither. */
let skipped = 0;
for (const file of fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith('.xml')) : []) {
  const report = fs.readFileSync(path.join(folder, file), 'utf8');
  const root = /<testsuites[^>]*>/.exec(report)?.[0] ?? '';
  const count = (name) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(root)?.[1] ?? 0);
  const bad = count('failures') + count('errors');
  const left = [...report.matchAll(/<testsuite [^>]*\bskipped="(\d+)"/g)].reduce((sum, [, number]) => sum + Number(number), 0);
  failed += bad;
  skipped += left;
  passed += count('tests') - bad - left;
}
if (skipped > 0) console.log(`${skipped} left out`);
console.log(`${passed} passed, ${failed} failed`);
