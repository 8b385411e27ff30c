import { awscdk } from 'projen';

/**
 * `npm test` compiles the handlers and the sandbox, then runs jest: it never rewrites a snapshot. Exhaustive suites
 * (crash exploration, the model-based run, DynamoDB Local, benchmarks) have tasks of their own.
 */
export function addTests(project: awscdk.AwsCdkConstructLibrary): void {
  const jest = project.jest!;
  jest.addTestMatch('<rootDir>/sandbox/test/**/*.test.ts');
}
