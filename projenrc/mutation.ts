import { awscdk, JsonFile } from 'projen';

/** Exact versions: the runner takes its own version of the core only. 9 is the last that runs on Node 20. */
const STRYKER_VERSION = '9.6.1';

/** What must not lose or double money: code that has unit tests of its own. */
const MUTATED = ['lambda/domain/**/*.ts', 'lambda/metering/**/*.ts', 'lambda/usage-intake/**/*.ts', 'lambda/adapters/usage/**/*.ts'];

/** `npm run test:mutation` changes the code in small ways, one at a time, and reports which changes no test notices. */
export function addMutationTests(project: awscdk.AwsCdkConstructLibrary): void {
  project.addDevDeps(`@stryker-mutator/core@${STRYKER_VERSION}`, `@stryker-mutator/mocha-runner@${STRYKER_VERSION}`, 'mocha@^11', 'expect@^30', 'jest-each@^30', 'jest-mock@^30');
  new JsonFile(project, 'stryker.config.json', {
    marker: false,
    obj: {
      mutate: [...MUTATED, '!lambda/**/*.lambda.ts'],
      // mocha loads each test file once. jest loads it again for each change, which takes seconds each time.
      testRunner: 'mocha',
      plugins: ['@stryker-mutator/mocha-runner'],
      // Types are removed by the interface below, which resolves modules as jest does.
      testRunnerNodeArgs: ['--no-experimental-strip-types'],
      coverageAnalysis: 'perTest',
      // A mutant in code that runs once, when a module is loaded, needs all tests of its file again.
      ignoreStatic: true,
      mochaOptions: {
        'no-config': true,
        'no-package': true,
        'require': ['./test/support/mutation/jest-interface.js'],
        // In this order, the fast ones first: the first test that fails ends the run.
        'spec': [
          'test/lambda/domain/**/*.test.ts', 'test/lambda/metering/*.test.ts', 'test/lambda/usage-intake/*.test.ts',
          'test/lambda/reconciliation/usage-gauges.test.ts', 'test/lambda/adapters/usage/*.test.ts',
        ],
        // What takes minutes would run for each change that nothing else notices.
        'ignore': ['**/*.property.test.ts', '**/crash-points.test.ts', '**/outages.test.ts'],
      },
      ignorePatterns: ['/assets', '/dist', '/docs', '/examples', '/lib', '/sandbox', '/reports', '/test-reports', '**/cdk.out', '.git', '.jsii', '*.tgz'],
      concurrency: 2,
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
