import { awscdk, JsonFile } from 'projen';

/** Exact versions: the runner takes its own version of the core only. 9 is the last that runs on Node 20. */
const STRYKER_VERSION = '9.6.1';

/** What must not lose or double money: code that has unit tests of its own. */
const MUTATED = ['lambda/domain/**/*.ts', 'lambda/metering/**/*.ts', 'lambda/usage-intake/**/*.ts', 'lambda/adapters/usage/**/*.ts'];

/** `npm run test:mutation` changes the code in small ways, one at a time, and reports which changes no test notices. */
export function addMutationTests(project: awscdk.AwsCdkConstructLibrary): void {
  project.addDevDeps(`@stryker-mutator/core@${STRYKER_VERSION}`, `@stryker-mutator/jest-runner@${STRYKER_VERSION}`);
  new JsonFile(project, 'stryker.config.json', {
    marker: false,
    obj: {
      mutate: [...MUTATED, '!lambda/**/*.lambda.ts'],
      testRunner: 'jest',
      plugins: ['@stryker-mutator/jest-runner'],
      coverageAnalysis: 'perTest',
      // A mutant in code that runs once, when a module is loaded, needs all tests of its file again.
      ignoreStatic: true,
      jest: {
        projectType: 'custom',
        enableFindRelatedTests: true,
        // Unit tests: the long explorations would run for each mutant.
        config: {
          testMatch: ['<rootDir>/test/@(lambda|metering)/**/*.test.ts'],
          testPathIgnorePatterns: ['/node_modules/', '\\.property\\.test\\.ts$', 'crash-points\\.test\\.ts$'],
        },
      },
      ignorePatterns: ['/assets', '/dist', '/docs', '/examples', '/lib', '/reports', '/test-reports', '**/cdk.out', '.git', '.jsii', '*.tgz'],
      concurrency: 2,
      timeoutMS: 30_000,
      reporters: ['clear-text', 'progress', 'html', 'json'],
      clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
      thresholds: { high: 95, low: 90, break: null },
      tempDirName: '.stryker-tmp',
    },
  });
  project.addTask('test:mutation', {
    description: 'Mutation tests of ledger, metering and intake (hours; one file: npm run test:mutation -- -m lambda/domain/usage/ledger/hour.ts)',
    steps: [{ exec: 'stryker run', receiveArgs: true }],
  });
  project.gitignore.exclude('/.stryker-tmp/', '/reports/');
  project.npmignore?.exclude('/.stryker-tmp/', '/reports/', '/stryker.config.json');
}
