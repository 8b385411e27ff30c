#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 5)) {
  process.stderr.write(`marketplace-sandbox: Node.js ${process.versions.node} is too old: 22.5 or later is needed\n`);
  process.exit(2);
}
require('node:module').enableCompileCache?.();
require('../lib/cli/main').main(process.argv.slice(2));
