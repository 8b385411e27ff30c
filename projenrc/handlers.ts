import { awscdk, JsonFile } from 'projen';

/** One folder under `lambda/`, one bundle under `assets/`, each. */
export const HANDLERS = [
  'registration', 'agreement-events', 'usage-intake', 'metering', 'reconciliation', 'buyer-data', 'buyer-messages', 'notification-forwarding',
];

/**
 * Bundles every handler to `assets/<name>/index.js` before jsii compiles, and gives the handler sources the type
 * check, lint and packaging rules that projen only knows for `src`.
 */
export function addHandlers(project: awscdk.AwsCdkConstructLibrary): void {
  new JsonFile(project, 'lambda/tsconfig.json', {
    obj: {
      extends: '../test/tsconfig.json',
      compilerOptions: { noEmit: true, rootDir: '..' },
      include: ['**/*.ts', '../src/names.ts'],
      exclude: [],
    },
  });

  const handlers = project.addTask('bundle:handlers', {
    description: 'Bundle each handler into assets/ (minified, SDK clients included)',
    exec: `node scripts/bundle-handlers.js ${HANDLERS.join(' ')}`,
  });
  const bundle = project.addTask('bundle', {
    description: 'Type-check the handlers, then bundle them',
    steps: [{ exec: 'tsc -p lambda/tsconfig.json' }, { spawn: handlers.name }],
  });
  project.preCompileTask.spawn(bundle);
  project.addPackageIgnore('/lambda/');
  project.addPackageIgnore('/projenrc/');
  project.gitignore.exclude('/assets/');
  project.npmignore?.include('/assets/');
}
