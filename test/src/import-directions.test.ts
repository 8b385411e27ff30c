import * as path from 'path';
import { LegacyESLint } from 'eslint/use-at-your-own-risk';

// The first lint loads the type checker.
jest.setTimeout(60_000);

const eslint = new LegacyESLint({ cwd: path.join(__dirname, '../..') });

/** Rules that a line breaks in this file (which exists: its place decides what is allowed). */
async function broken(filePath: string, line: string): Promise<string[]> {
  const [result] = await eslint.lintText(`${line}\n`, { filePath });
  return result.messages.map(({ ruleId, message }) => ruleId ?? message).filter((rule) => rule.includes('restricted') || rule.includes('Parsing'));
}

const PATHS = 'import/no-restricted-paths';

test.each([
  ['a construct and a handler\'s domain', 'src/private/product.ts', "import '../../lambda/domain/clock';", PATHS],
  ['a construct and the sandbox', 'src/private/product.ts', "import '../../sandbox/src/ports';", PATHS],
  ['the contract and anything', 'src/names.ts', "import 'path';", 'no-restricted-imports'],
  ['the domain and an adapter', 'lambda/domain/clock.ts', "import '../adapters/aws/logging';", PATHS],
  ['the domain and AWS', 'lambda/domain/clock.ts', "import '@aws-sdk/client-dynamodb';", 'no-restricted-imports'],
  ['the domain and a construct', 'lambda/domain/clock.ts', "import '../../src/private/product';", PATHS],
  ['an adapter and a construct', 'lambda/adapters/aws/logging.ts', "import '../../../src/private/product';", PATHS],
  ['a handler and another', 'lambda/metering/metering.lambda.ts', "import '../registration/registration.lambda';", PATHS],
  ['the sandbox and the contract', 'sandbox/src/ports.ts', "import '../../src/names';", PATHS],
  ['the sandbox and the domain', 'sandbox/src/ports.ts', "import '../../lambda/domain/clock';", PATHS],
  ['the domain and the clock', 'lambda/domain/clock.ts', 'export const now = Date.now();', 'no-restricted-properties'],
  ['the domain and the date', 'lambda/domain/clock.ts', 'export const now = new Date();', 'no-restricted-syntax'],
  ['the domain and chance', 'lambda/domain/clock.ts', 'export const chance = Math.random();', 'no-restricted-properties'],
  ['the domain and the environment', 'lambda/domain/clock.ts', 'export const code = process.env.PRODUCT_CODE;', 'no-restricted-globals'],
  ['the domain and timers', 'lambda/domain/clock.ts', 'setTimeout(() => undefined, 1);', 'no-restricted-globals'],
])('%s are kept apart', async (_what, file, line, rule) => {
  expect(await broken(file, line)).toEqual([rule]);
});

test.each([
  ['lambda/domain/clock.ts', "import '../../src/names';"],
  ['lambda/domain/clock.ts', "import '../constructs/domain-event';"],
  ['lambda/domain/clock.ts', 'export const then = new Date(0);'],
  ['lambda/adapters/aws/logging.ts', "import '../../domain/clock';"],
  ['src/private/product.ts', "import '../constructs/contract';"],
])('%s may say: %s', async (file, line) => {
  expect(await broken(file, line)).toEqual([]);
});
