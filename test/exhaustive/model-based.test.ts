import type { SandboxClient } from 'cdk-marketplace-saas-sandbox';
import * as fc from 'fast-check';
import { faultsInBooks } from './support/books';
import { perform, randomContractStory, randomStory, type RandomStory, type Scene } from './support/commands';
import { Contracts } from './support/contracts';
import { Product } from './support/product';
import { Reports } from './support/reports';
import { useSandboxes } from './support/sandboxes';

/** How many stories are played. */
const RUNS = Number(process.env.MODEL_RUNS ?? 40);
/** Of an earlier run that failed: plays the same stories again; with MODEL_PATH only the one that failed. */
const SEED = Number(process.env.MODEL_SEED ?? Date.now() % 0x7fffffff);
const PATH = process.env.MODEL_PATH;

jest.setTimeout(Math.max(15, RUNS / 2) * 60_000);

// rarer than the integration's own, so that days go by faster
const APP = { metering: 'cron(2/20 * * * ? *)', reconciliation: 'cron(7 * * * ? *)', reportZeroUsage: true };

describe.each([
  {
    of: 'a product with usage pricing',
    kind: 'subscription',
    stories: randomStory,
    runs: RUNS,
    // else the stories would have to be livelier
    expected: ['UsageRecord', 'CarriedIn', 'CarriedOut', 'RejectedUsageRecord', 'Bucket BILLED', 'Bucket REFUSED'],
  },
  {
    of: 'a product with contracts and consumption',
    kind: 'consumption',
    stories: randomContractStory,
    runs: Math.ceil(RUNS / 4),
    expected: ['UsageRecord', 'CoveredUsage', 'Allowance', 'CarriedIn', 'CarriedOut', 'Bucket BILLED'],
  },
] as const)('of $of', ({ kind, stories, runs, expected }) => {
  const sandboxes = useSandboxes({ ...APP, kind }, '2026-11-23T05:00:00Z', PATH ? 1 : 2);

  test('whatever happens, every unit is accounted for in the end, and the ledger is what AWS Marketplace has', async () => {
    console.log(`${kind}: MODEL_SEED=${SEED} MODEL_RUNS=${RUNS}`);
    const seen = new Map<string, number>();
    await Promise.all(sandboxes().map(async (sandbox, index) => fc.assert(
      fc.asyncProperty(stories, async (story) => play(sandbox, story, seen, kind === 'consumption')),
      // making a failing story smaller takes minutes: only on demand
      { seed: SEED + index, path: PATH, numRuns: Math.ceil(runs / sandboxes().length), endOnFailure: !process.env.MODEL_SHRINK },
    )));
    console.log(`${runs} stories of ${kind}, in which there were: ${[...seen].sort().map(([what, count]) => `${what} ${count}`).join(', ')}`);
    if (!PATH) expect([...seen.keys()]).toEqual(expect.arrayContaining([...expected]));
  });
});

async function play(
  sandbox: SandboxClient, { start, settings, commands }: RandomStory, seen: Map<string, number>, withContracts: boolean,
): Promise<void> {
  await sandbox.reset({ time: start });
  await sandbox.set(settings);
  const product = new Product(sandbox);
  const reports = new Reports(product);
  const contracts = withContracts ? new Contracts(product) : undefined;
  const cancelled = new Set<number>();
  try {
    const scene: Scene = { product, reports, cancelled, contracts };
    await product.subscribe(undefined, contracts?.offer());
    await product.purchase('444455556666', contracts?.offer());
    for (const command of commands) await perform(command, scene);
    await sandbox.clearFaults();
    await product.advance('PT31H');
    // a moment when runs have seen to all hours that are over
    const rest = new Date(Date.parse(await sandbox.clock()) + 3_600_000).toISOString();
    await product.until(`${rest.slice(0, 13)}:50:00Z`);
    const items = await product.table('UsageTableName');
    expect(faultsInBooks(items, await sandbox.state(), reports)).toEqual([]);
    expect(contracts?.faults(items, cancelled) ?? []).toEqual([]);
    for (const { type, state } of items) {
      const kind = state === undefined ? String(type) : `${String(type)} ${String(state)}`;
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }
  } finally {
    product.close();
  }
}
