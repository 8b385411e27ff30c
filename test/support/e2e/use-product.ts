import { SandboxClient, startSandbox } from 'cdk-marketplace-saas-sandbox';
import { removeAssemblies } from './assemblies';
import { dynamoDbOfEnvironment, LocalDynamoDb } from './dynamodb-local';
import { Product } from './product';

/** A Monday in the middle of a month. */
export const MONDAY = '2026-11-16T08:00:00Z';

/** What a test may leave behind; whatever it does not name has to be nothing. */
export interface Expected {
  readonly denials?: readonly { readonly action: string; readonly resource?: string }[];
  readonly findings?: readonly string[];
  /** Messages, by what the name of their dead-letter queue contains. */
  readonly deadLetters?: Readonly<Record<string, number>>;
}

export interface ProductInSandbox {
  /** The product of the running test. */
  readonly product: Product;
  readonly sandbox: SandboxClient;
  /** What this test alone leaves behind on purpose. */
  expectAtEnd(expected: Expected): void;
}

/**
 * One sandbox for all tests of a file, reset before each. Every test ends with no call denied, no message in a
 * dead-letter queue, and nothing that AWS Marketplace would call double billing, unless it says otherwise.
 */
export function useProduct(synthesize: () => string, time = MONDAY, stacks?: readonly string[]): ProductInSandbox {
  let sandbox: SandboxClient;
  let engine: LocalDynamoDb | undefined;
  let product: Product;
  let expected: Expected = {};
  let denied = false;
  let clean = true;

  beforeAll(async () => {
    engine = await dynamoDbOfEnvironment();
    sandbox = await startSandbox({ app: synthesize(), stacks, time, dynamodb: engine?.url });
  }, 120_000);

  beforeEach(async () => {
    if (!clean) await sandbox.reset({ keepProcesses: true });
    clean = false;
    expected = {};
    product = new Product(sandbox);
  }, 60_000);

  afterEach(async () => {
    const { denials, deadLetters, findings } = await sandbox.state();
    denied ||= denials.length > 0;
    expect(denials).toEqual((expected.denials ?? []).map((denial) => expect.objectContaining(denial)));
    const kept = Object.entries(deadLetters).filter(([, count]) => count > 0);
    expect(kept).toEqual(Object.entries(expected.deadLetters ?? {}).map(([name, count]) => [expect.stringContaining(name), count]));
    expect(findings.map(({ code }) => code)).toEqual(expected.findings ?? []);
  }, 60_000);

  afterAll(async () => {
    const code = await sandbox?.stop();
    await engine?.stop();
    removeAssemblies();
    expect(code).toBe(denied ? 1 : 0);
  }, 60_000);

  return {
    get product() { return product; },
    get sandbox() { return sandbox; },
    expectAtEnd: (more) => { expected = more; },
  };
}
