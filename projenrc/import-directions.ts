import { awscdk, JsonFile } from 'projen';
import { HANDLERS } from './handlers';

/** Folders beside `src`, `test` and `projenrc` that hold TypeScript of ours. */
const FOLDERS = ['lambda', 'sandbox/src', 'sandbox/test', 'examples'];

/**
 * Lints every folder, and holds the directions of imports: src -> names; lambda/<handler> -> lambda/domain +
 * lambda/adapters -> names; the domain is pure; the sandbox knows neither.
 */
export function addImportDirections(project: awscdk.AwsCdkConstructLibrary): void {
  const eslint = project.eslint!;
  FOLDERS.forEach((folder) => eslint.addLintPattern(folder));
  eslint.addIgnorePattern('cdk.out/');
  // Bundled, so nothing of it is a dependency of the package.
  eslint.allowDevDeps('lambda/**');

  new JsonFile(project, 'sandbox/test/tsconfig.json', {
    obj: {
      extends: '../../test/tsconfig.json',
      compilerOptions: { rootDir: '../..' },
      include: ['**/*.ts'],
      exclude: [],
    },
  });
  // The sandbox lists its own dependencies; its tests take what the project has.
  eslint.addOverride({
    files: ['sandbox/**/*.ts'],
    rules: {
      'import/no-extraneous-dependencies': ['error', { devDependencies: ['**/sandbox/test/**'], packageDir: ['./sandbox', '.'] }],
    },
  });

  eslint.addOverride({
    files: ['examples/**/*.ts'],
    rules: { 'import/no-extraneous-dependencies': ['error', { devDependencies: true, packageDir: ['./examples/typescript', '.'] }] },
  });
  // Our own packages, by name: they resolve to what is compiled, which may not be there yet.
  eslint.config.settings['import/core-modules'] = [project.name, `${project.name}-sandbox`];

  eslint.addRules({ 'import/no-restricted-paths': ['error', { zones: zones() }] });
  eslint.addOverride({
    files: ['src/names.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ regex: '^(?!\\./metrics$)', message: 'Shared names import the catalogue of metrics only.' }] }],
    },
  });
  eslint.addOverride({
    files: ['src/metrics.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [{ group: ['*'], message: 'The catalogue imports nothing.' }] }] },
  });
  eslint.addOverride({
    files: ['lambda/**/*.ts', 'src/**/*.ts', 'sandbox/src/**/*.ts'],
    rules: { 'curly': ['error', 'all'], '@stylistic/brace-style': ['error', '1tbs', { allowSingleLine: false }] },
  });
  eslint.addOverride({ files: ['lambda/**/*.ts'], excludedFiles: ['lambda/**/*.lambda.ts', 'lambda/adapters/**'], rules: outsideWorld() });
  eslint.addOverride({
    files: ['lambda/domain/**/*.ts'],
    rules: {
      'no-restricted-imports': ['error', {
        patterns: [{ group: ['@aws-*', '@aws-*/**', '@smithy/**', 'aws-*', 'hono', 'hono/**'], message: 'The domain is pure: adapters talk to AWS.' }],
      }],
    },
  });
}

function zones() {
  return [
    { target: './src', from: ['./lambda', './sandbox', './test', './examples'], message: 'Constructs import constructs and the shared names only.' },
    { target: './lambda', from: './src', except: ['./names.ts', './metrics.ts'], message: 'Handlers know the shared names, not the constructs.' },
    { target: './lambda', from: ['./sandbox', './test', './examples'], message: 'Handlers import the domain, adapters and the shared names only.' },
    { target: './lambda/domain', from: './lambda', except: ['./domain'], message: 'The domain imports the domain and the shared names only.' },
    { target: './lambda/adapters', from: './lambda', except: ['./domain', './adapters'], message: 'Adapters import the domain and the shared names only.' },
    {
      target: './lambda/subscriptions',
      from: './lambda',
      except: ['./domain', './subscriptions', './adapters'],
      message: 'What handlers share imports the domain and adapters only.',
    },
    ...HANDLERS.map((handler) => ({
      target: `./lambda/${handler}`,
      from: './lambda',
      except: ['./domain', './subscriptions', './adapters', `./${handler}`],
      message: 'Handlers share the domain, subscriptions and adapters, not each other.',
    })),
    { target: './sandbox/src', from: ['./src', './lambda', './test', './examples'], message: 'The sandbox knows cloud assemblies, not our code.' },
    { target: './sandbox/test', from: ['./src', './lambda', './examples'], message: 'The sandbox knows cloud assemblies, not our code.' },
    { target: './examples', from: ['./src', './lambda', './test', './sandbox'], message: 'Examples use the packages, as users do.' },
  ];
}

/** Clock, ids, sleep and environment come from outside: only entries and adapters may reach for them. */
function outsideWorld() {
  const message = 'Take it from outside: entries (*.lambda.ts) pass clock, ids, sleep and environment in.';
  return {
    'no-restricted-globals': ['error', ...['process', 'setTimeout', 'setInterval', 'setImmediate', 'performance', 'fetch', 'crypto']
      .map((name) => ({ name, message }))],
    'no-restricted-properties': ['error', { object: 'Date', property: 'now', message }, { object: 'Math', property: 'random', message }],
    'no-restricted-syntax': ['error', ...[
      'NewExpression[callee.name="Date"][arguments.length=0]',
      'CallExpression[callee.name="Date"]',
      'Identifier[name=/^random(UUID|Bytes|Int)$/]',
    ].map((selector) => ({ selector, message }))],
  };
}
