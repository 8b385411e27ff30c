import { awscdk, JsonFile } from 'projen';

/**
 * Slow variations of what `npm test` plays: every order of events, every final window, every option with cdk-nag, processes, other
 * clients. Together they take about a quarter of the time of all tests, and have a task of their own.
 */
const LONG_TESTS = [
  'test/docs/testing.test.ts',
  'test/e2e/accounts.test.ts',
  'test/e2e/agreement-events.test.ts',
  'test/e2e/final-hour.test.ts',
  'test/e2e/late-usage.test.ts',
  'test/e2e/other-clients.test.ts',
  'test/e2e/rebuild.test.ts',
  'test/e2e/several-integrations.test.ts',
  'test/lambda/metering/crash-points.test.ts',
  'test/lambda/metering/outages.test.ts',
  'test/lambda/subscriptions/crash.test.ts',
  'test/src/nag.test.ts',
  'sandbox/test/e2e/process.test.ts',
];

/**
 * `npm test` compiles the handlers and the sandbox, then runs jest: it never rewrites a snapshot. The build lints, and
 * checks the types of the tests too. Long and exhaustive
 * suites (crash exploration, the model-based run), the browser, DynamoDB Local and the benchmarks have tasks of their own.
 */
export function addTests(project: awscdk.AwsCdkConstructLibrary): void {
  const jest = project.jest!;
  jest.addTestMatch('<rootDir>/sandbox/test/**/*.test.ts');
  jest.addIgnorePattern('/cdk.out/');
  jest.addIgnorePattern('<rootDir>/test/exhaustive/');
  jest.addIgnorePattern('<rootDir>/test/browser/');
  LONG_TESTS.forEach((file) => jest.addIgnorePattern(`<rootDir>/${file}`));
  jest.addWatchIgnorePattern('<rootDir>/sandbox/lib/');
  // Four workers keep two cores busy, as end-to-end files wait for their sandboxes.
  project.jest!.config.maxWorkers = 4;
  // Tests are not timed: 5 seconds are little on a busy machine.
  project.jest!.config.testTimeout = 180_000;
  project.jest!.config.setupFiles = ['<rootDir>/test/support/fast-synthesis.js'];
  project.jest!.config.testSequencer = '<rootDir>/test/support/slow-files-first.js';
  project.jest!.config.modulePathIgnorePatterns = ['<rootDir>/dist/', '<rootDir>/examples/', '<rootDir>/lib/'];

  project.testTask.prependSpawn(project.preCompileTask);

  const types = project.addTask('test:types', {
    description: 'Check the types of all tests; part of the build',
    steps: [{ exec: 'tsc -p test/tsconfig.json' }, { exec: 'tsc -p test/live/tsconfig.json' }, { exec: 'tsc -p sandbox/test/tsconfig.json' }],
  });
  project.postCompileTask.spawn(types);
  // Examples in docstrings and in the README compile with the imports of rosetta/default.ts-fixture.
  project.postCompileTask.spawn(project.addTask('test:examples', {
    description: 'Compile every example of the public API; part of the build',
    exec: 'jsii-rosetta extract . --strict --batch 100',
  }));
  project.gitignore.exclude('/.jsii.tabl.json');
  // In the package, so that Construct Hub shows the examples in each language as they are translated with their imports.
  project.npmignore?.include('/.jsii.tabl.json');
  project.addPackageIgnore('/rosetta/');
  addLint(project);

  project.addTask('demo', {
    description: 'Play the buyer journey, about two days of it, through the real stack in the sandbox',
    steps: [
      { spawn: 'bundle:handlers' },
      { spawn: 'sandbox:compile' },
      { exec: 'ts-node -T -P examples/typescript/demo/tsconfig.json examples/typescript/demo/main.ts', receiveArgs: true },
    ],
  });
  project.addTask('test:long', {
    description: 'The long tests that `npm test` leaves out: every order of events, every final window, crashes, cdk-nag, processes (minutes)',
    steps: [
      { spawn: 'pre-compile' },
      { exec: `jest --ci --testPathIgnorePatterns /node_modules/ --runTestsByPath ${LONG_TESTS.join(' ')}`, receiveArgs: true },
    ],
  });
  project.addTask('test:exhaustive', {
    description: 'Crash exploration, the model-based run, all scenarios, recovery and long outages, in the sandbox (tens of minutes)',
    steps: [
      { spawn: 'pre-compile' },
      { exec: 'jest --ci --rootDir . --testPathIgnorePatterns /node_modules/ --runInBand test/exhaustive', receiveArgs: true },
    ],
  });
  project.addTask('test:determinism', {
    description: 'Twelve stories, DETERMINISM_ROUNDS (20) times each beside a busy core: one hash a story, with whatever engine the environment names',
    steps: [
      { spawn: 'pre-compile' },
      { exec: 'jest --ci --rootDir . --testPathIgnorePatterns /node_modules/ --runInBand test/exhaustive/determinism', receiveArgs: true },
    ],
  });
  project.addTask('test:browser', {
    description: 'The registration pages in Chromium, with axe (skipped, and said so, where there is no Chromium)',
    steps: [{ exec: 'jest --ci --rootDir . --testPathIgnorePatterns /node_modules/ --runInBand test/browser', receiveArgs: true }],
  });
  project.addTask('test:dynamodb-local', {
    description: 'The end-to-end suite against DynamoDB Local (needs Java)',
    env: { SANDBOX_DYNAMODB: 'local' },
    steps: [
      { spawn: 'pre-compile' },
      // Of the sandbox's own suites that of streams alone, as dynoxide plays streams in another way: the others find the same there.
      { exec: 'jest --ci --runInBand "(?<!sandbox/)test/e2e" sandbox/test/e2e/streams --testPathIgnorePatterns /node_modules/', receiveArgs: true },
    ],
  });
  project.addTask('test:dynalite', {
    description: 'The end-to-end suites against dynalite, which the sandbox uses where dynoxide is not installed (but for streams and what an operator does to tables)',
    env: { MARKETPLACE_SANDBOX_DYNAMODB: 'dynalite' },
    steps: [
      { spawn: 'pre-compile' },
      { exec: 'jest --ci test/e2e sandbox/test/e2e --testPathIgnorePatterns /node_modules/ /exhaustive/ /browser/ sandbox/test/e2e/streams sandbox/test/e2e/operations', receiveArgs: true },
    ],
  });
  project.addTask('pictures', {
    description: 'Pictures of the registration pages, in docs/images (needs Chromium)',
    steps: [{ exec: 'ts-node -T -P test/tsconfig.json scripts/registration-pictures.ts' }],
  });
  project.addTask('bench', {
    description: 'Benchmarks; results go to docs/benchmarks.md',
    steps: [
      { spawn: 'pre-compile' },
      { exec: 'ts-node -T -P test/tsconfig.json test/bench/main.ts', receiveArgs: true },
    ],
  });
  addLiveCheck(project);
}

/** Off without an account id, and never a part of the build: see docs/live-check.md. */
function addLiveCheck(project: awscdk.AwsCdkConstructLibrary): void {
  // It deploys the example, which imports this package by its name.
  new JsonFile(project, 'test/live/tsconfig.json', {
    obj: {
      extends: '../tsconfig.json',
      compilerOptions: { rootDir: '../..', paths: { [project.name]: ['../../src/index.ts'] } },
      include: ['**/*.ts'],
      exclude: [],
    },
  });
  project.tsconfigDev.addExclude('live');
  const exec = 'ts-node -T -P test/live/tsconfig.json test/live/live-check.ts';
  project.addTask('live-check', {
    description: 'Tries on AWS what no emulator can show; deploys into your account, costs money, and needs your consent',
    steps: [{ exec, receiveArgs: true }],
  });
  // Without projen between: it would end at Ctrl-C, before everything is removed, and hide the exit code.
  project.package.setScript('live-check', exec);
  project.gitignore.exclude('/live-check-report.json');
  project.addPackageIgnore('/live-check-report.json');
}

/**
 * A part of the build instead of `npm test`, of which it would be half a minute. One run of ESLint over all folders needs more than the 4 GB that
 * Node.js takes by default.
 */
function addLint(project: awscdk.AwsCdkConstructLibrary): void {
  const { eslintTask } = project.eslint!;
  project.testTask.removeStep(project.testTask.steps.findIndex(({ spawn }) => spawn === eslintTask.name));
  const lint = project.addTask('lint', {
    description: 'Check the code with ESLint, and correct what it can',
    env: { ESLINT_USE_FLAT_CONFIG: 'false', NODE_NO_WARNINGS: '1' },
  });
  for (const folders of ['src client lambda projenrc .projenrc.ts', 'test', 'sandbox/src sandbox/test examples']) {
    // projen takes a process that a signal ended for one that succeeded.
    lint.exec(`eslint --ext .ts,.tsx --fix --no-error-on-unmatched-pattern $@ ${folders} || exit 1`, { receiveArgs: true });
  }
  project.postCompileTask.spawn(lint);
}
