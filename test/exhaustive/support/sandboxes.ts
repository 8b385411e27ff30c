import { type SandboxClient, startSandbox } from 'cdk-marketplace-saas-sandbox';
import { type AppOptions, synthesize } from './app';

/** As many as are worth having on two cores. */
const SANDBOXES = 2;

/** Sandboxes that run the same app, started for the first test and ended after the last. */
export function useSandboxes(options: AppOptions, time: string, count = SANDBOXES): () => readonly SandboxClient[] {
  let sandboxes: SandboxClient[] = [];
  beforeAll(async () => {
    const app = synthesize(options);
    sandboxes = await Promise.all(Array.from({ length: count }, async () => startSandbox({ app, time })));
  }, 120_000);
  afterAll(async () => {
    const codes = await Promise.all(sandboxes.map(async (sandbox) => sandbox.stop()));
    // 1 tells that a function was denied a call
    expect(codes).toEqual(sandboxes.map(() => 0));
  });
  return () => sandboxes;
}
