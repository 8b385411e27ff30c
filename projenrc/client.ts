import { awscdk, JsonFile } from 'projen';

/**
 * `cdk-marketplace-saas/client`: what an app beside the integration uses. TypeScript outside the jsii surface, in the npm package
 * only as far as other languages are concerned: their packages contain the npm tarball, and so its 20 KB, and never load it.
 */
export function addClient(project: awscdk.AwsCdkConstructLibrary): void {
  new JsonFile(project, 'client/tsconfig.json', {
    obj: {
      extends: '../tsconfig.json',
      compilerOptions: { rootDir: '.', outDir: 'lib', noEmit: false, types: ['node'], inlineSourceMap: false, inlineSources: false, stripInternal: true },
      include: ['*.ts'],
      exclude: [],
    },
  });
  // For tools that do not read `exports`.
  new JsonFile(project, 'client/package.json', { obj: { private: true, main: 'lib/index.js', types: 'lib/index.d.ts' } });
  project.package.addField('exports', {
    '.': { types: './lib/index.d.ts', default: './lib/index.js' },
    './client': { types: './client/lib/index.d.ts', default: './client/lib/index.js' },
    './*': './*',
  });
  const types = project.addTask('app:types', {
    description: 'Types of usage records and domain events from schema/, for the client and the example in Python',
    exec: 'node scripts/generate-app-types.js',
  });
  const compile = project.addTask('client:compile', {
    description: 'Compile the client of apps',
    exec: 'tsc -p client/tsconfig.json',
  });
  project.preCompileTask.spawn(types);
  project.preCompileTask.spawn(compile);
  project.eslint!.addLintPattern('client');
  project.gitignore.exclude('/client/lib/');
  project.npmignore?.exclude('/client/*.ts', '/client/tsconfig.json');
  project.npmignore?.include('/client/lib/');
}
