'use strict';
/**
 * Compares the template of an example app with that of the TypeScript example: `node compare-templates.js expected.json actual.json`.
 * Apart from hashes of assets, the version of the CDK, and the language of the app's own functions, every value must be the same.
 */
const fs = require('node:fs');
const path = require('node:path');

const OWN_FUNCTIONS = /^(Provision|Api|Resize)[0-9A-F]{8}$/;

const [expected, actual] = process.argv.slice(2).map((file) => valuesOf(JSON.parse(fs.readFileSync(file, 'utf8'))));
const differences = [...new Set([...expected.keys(), ...actual.keys()])].filter((name) => expected.get(name) !== actual.get(name));
for (const name of differences) {
  console.error(`${name}: ${expected.get(name)} in TypeScript, ${actual.get(name)} here`);
}
console.log(`${path.basename(process.argv[2])}: ${expected.size} values compared, ${differences.length} differences`);
process.exit(differences.length === 0 && expected.size > 0 ? 0 : 1);

function valuesOf(template) {
  const values = new Map();
  collect(template.Outputs, 'Outputs');
  for (const [logicalId, resource] of Object.entries(template.Resources)) {
    if (resource.Type === 'AWS::CDK::Metadata') {
      continue;
    }
    const { Properties: properties = {}, Metadata: ignored, ...rest } = resource;
    if (resource.Type === 'AWS::Lambda::Function') {
      delete properties.Code.S3Key;
      if (OWN_FUNCTIONS.test(logicalId)) {
        delete properties.Runtime;
        delete properties.Handler;
      }
    }
    collect({ ...rest, Properties: properties }, logicalId);
  }
  return values;

  function collect(value, name) {
    if (value === null || typeof value !== 'object') {
      values.set(name, JSON.stringify(value));
      return;
    }
    for (const [key, part] of Object.entries(value)) {
      collect(part, `${name}.${key}`);
    }
  }
}
