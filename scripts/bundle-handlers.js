'use strict';
/**
 * Bundles every handler named on the command line into `assets/<name>/index.js`, minified, with the clients of the AWS SDK. What a handler
 * requires where it needs it (`require('./seller-credentials')`) becomes a file of its own beside it: code that only some deployments run
 * takes no time in the cold starts of the others.
 */
const fs = require('node:fs');
const path = require('node:path');
const esbuild = require('esbuild');

const ROOT = path.join(__dirname, '..');
const LAMBDA = path.join(ROOT, 'lambda');

/** What the SDK has for other places than Lambda, a fifth of a bundle. */
const REPLACED = {
  // The default chain asks files, single sign-on, other processes and the metadata of instances.
  '@aws-sdk/credential-provider-node': path.join(LAMBDA, 'adapters/aws/lambda-credentials.ts'),
};
const LEFT_OUT = {
  // For operations that stream events.
  '@smithy/core/event-streams': 'throw new Error("The bundles have no event streams (scripts/bundle-handlers.js)");',
  // Off, unless a configuration turns it on: it asks DynamoDB at which address to reach it.
  '@aws-sdk/middleware-endpoint-discovery': `
    export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = { environmentVariableSelector: () => undefined, configFileSelector: () => undefined, default: undefined };
    export const resolveEndpointDiscoveryConfig = (config) => config;`,
};

const COMMONS = 'of the logger';

void Promise.all(process.argv.slice(2).map((name) => bundle(name)));

async function bundle(name) {
  const outdir = path.join(ROOT, 'assets', name);
  fs.rmSync(outdir, { recursive: true, force: true });
  const files = new Map([['index.js', path.join(LAMBDA, name, `${name}.lambda.ts`)]]);
  // A file that is built may add others to those that follow.
  for (const [file, entry] of files) {
    await build(entry, path.join(outdir, file), files);
  }
}

async function build(entry, outfile, files) {
  await esbuild.build({
    entryPoints: [entry],
    outfile,
    absWorkingDir: ROOT,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    legalComments: 'eof',
    logLevel: 'warning',
    define: { 'process.env.NODE_ENV': '"production"' },
    alias: REPLACED,
    plugins: [{ name: 'lazy-files', setup: (setup) => lazyFiles(setup, files) }],
  });
}

function withoutTexts(metrics) {
  const rest = metrics.replace(/^    (graph|description): '.*',$/gm, '');
  const left = /(?<!readonly )\b(graph|description):.*/.exec(rest);
  if (left) {
    throw new Error(`src/metrics.ts: graph and description are removed only as lines of their own, in single quotes; not "${left[0]}"`);
  }
  return rest;
}

function lazyFiles(setup, files) {
  setup.onResolve({ filter: /^\.\.?\// }, ({ kind, path: imported, resolveDir }) => {
    if (kind !== 'require-call' || !resolveDir.startsWith(LAMBDA)) {
      return undefined;
    }
    const file = `${path.basename(imported)}.js`;
    const entry = path.join(resolveDir, `${imported}.ts`);
    if ((files.get(file) ?? entry) !== entry) {
      throw new Error(`${entry} and ${files.get(file)} would both be ${file} beside the handler: rename one`);
    }
    files.set(file, entry);
    return { path: `./${file}`, external: true };
  });
  // Handlers write metrics; what the dashboard and the docs say of them takes 4 KB.
  setup.onLoad({ filter: /[\\/]src[\\/]metrics\.ts$/ }, ({ path: file }) => ({ contents: withoutTexts(fs.readFileSync(file, 'utf8')), loader: 'ts' }));
  // npm installs a copy for each library of Powertools, which are released together.
  setup.onResolve({ filter: /^@aws-lambda-powertools\/commons/ }, ({ path: imported, kind, pluginData }) => pluginData === COMMONS
    ? undefined
    : setup.resolve(imported, { kind, resolveDir: path.dirname(require.resolve('@aws-lambda-powertools/logger')), pluginData: COMMONS }));
  // A client reads its version, and would bring its whole package.json.
  setup.onLoad({ filter: /[\\/]@aws-sdk[\\/][^\\/]+[\\/]package\.json$/ }, ({ path: file }) => ({
    contents: JSON.stringify({ version: JSON.parse(fs.readFileSync(file, 'utf8')).version }), loader: 'json',
  }));
  for (const [name, contents] of Object.entries(LEFT_OUT)) {
    setup.onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path: name, namespace: 'left-out' }));
    setup.onLoad({ filter: new RegExp(`^${name}$`), namespace: 'left-out' }, () => ({ contents }));
  }
}
