import { type SandboxClient, startSandbox } from 'cdk-marketplace-saas-sandbox';
import { type AppOptions, synthesize } from './app';
import { dynamoDbOfEnvironment, type LocalDynamoDb } from '../../support/e2e/dynamodb-local';

/** As many as are worth having on two cores. */
const SANDBOXES = 2;

/** Sandboxes that run the same app, started for the first test and ended after the last. */
export function useSandboxes(options: AppOptions, time: string, count = SANDBOXES): () => readonly SandboxClient[] {
  let sandboxes: SandboxClient[] = [];
  let engines: (LocalDynamoDb | undefined)[] = [];
  beforeAll(async () => {
    const app = synthesize(options);
    engines = await Promise.all(Array.from({ length: count }, dynamoDbOfEnvironment));
    sandboxes = await Promise.all(engines.map(async (engine) => startSandbox({ app, time, dynamodb: engine?.url })));
  }, 120_000);
  afterAll(async () => {
    const codes = await Promise.all(sandboxes.map(async (sandbox) => sandbox.stop()));
    await Promise.all(engines.map((engine) => engine?.stop()));
    // 1 says that a function was denied a call
    expect(codes).toEqual(sandboxes.map(() => 0));
  });
  return () => sandboxes;
}
