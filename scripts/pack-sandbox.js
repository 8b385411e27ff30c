'use strict';
/** Packs the sandbox into dist/sandbox, with its licence and under the version of the library. */
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');
const SANDBOX = path.join(ROOT, 'sandbox');
const read = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));

/** The lock file of the repository lists the DynamoDB engine for Linux on x64 only: the package names it for each platform. */
function withAllEngines(optional) {
  const engine = optional['@dynoxide/linux-x64'];
  const platforms = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'win32-x64'];
  return { ...optional, ...Object.fromEntries(platforms.map((platform) => [`@dynoxide/${platform}`, engine])) };
}

const staging = fs.mkdtempSync(path.join(os.tmpdir(), 'sandbox-package-'));
try {
  const own = read(path.join(SANDBOX, 'package.json'));
  const manifest = {
    ...own,
    version: read(path.join(ROOT, 'package.json')).version,
    // Not in the repository: there, each script runs on the Node.js that npm installs, whatever ran `npm ci`.
    engines: { node: '>=22.5.0' },
    optionalDependencies: withAllEngines(own.optionalDependencies),
  };
  for (const name of manifest.files) {
    fs.cpSync(path.join(SANDBOX, name), path.join(staging, name), { recursive: true });
  }
  fs.copyFileSync(path.join(ROOT, 'LICENSE'), path.join(staging, 'LICENSE'));
  fs.writeFileSync(path.join(staging, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const destination = path.join(ROOT, 'dist/sandbox');
  fs.mkdirSync(destination, { recursive: true });
  execFileSync('npm', ['pack', '--silent', '--pack-destination', destination], { cwd: staging, stdio: 'inherit' });
} finally {
  fs.rmSync(staging, { recursive: true, force: true });
}
