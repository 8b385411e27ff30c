import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { checkEnd } from '../../examples/typescript/demo/play-scenarios';
import { Story } from '../../examples/typescript/demo/scenario';
import { SCENARIOS } from '../../examples/typescript/demo/scenarios';
import { synthesizeProducts } from '../../examples/typescript/demo/synthesize';
import { Timeline } from '../../examples/typescript/demo/timeline';
import { useProduct } from '../support/e2e/use-product';

jest.setTimeout(240_000);

const PRODUCTS = [...new Set(SCENARIOS.map(({ product }) => product))];
const folder = mkdtempSync(path.join(tmpdir(), 'marketplace-scenarios-'));
beforeAll(() => synthesizeProducts(folder, PRODUCTS), 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('every scenario has a name of its own', () => {
  expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length);
});

describe.each(PRODUCTS)('in the app %s', (product) => {
  const on = useProduct(() => path.join(folder, product));

  if (product === 'contract') {
    test('a quiet week of a contract takes few calls of AWS, as runs that find nothing to do are left out', async () => {
      await on.product.subscriber({ quantities: { Users: 10 } });
      await on.product.pass('P1D');
      await on.sandbox.clearCalls();
      await on.product.pass('P7D');
      const calls = await on.sandbox.calls();
      expect([7, 8]).toContain(calls.filter(({ operation }) => operation === 'GetEntitlements').length);
      // 2,016 runs, of ten calls each, if none were left out.
      expect(calls.length).toBeLessThan(500);
    });
  }

  test.each(SCENARIOS.filter((scenario) => scenario.product === product))('$name: $title', async (scenario) => {
    const timeline = new Timeline(true);
    const story = new Story(on.product, timeline);
    await scenario.play(story);
    await checkEnd(story);
    expect(timeline.entries.length).toBeGreaterThan(4);
  });
});
