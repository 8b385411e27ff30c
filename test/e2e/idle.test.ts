import { integrate, synthesize } from '../support/e2e/assemblies';
import { useProduct } from '../support/e2e/use-product';

jest.setTimeout(120_000);

const on = useProduct(() => synthesize((stack) => { integrate(stack); }));

/** AWS calls of the runs of five minutes, by function. */
async function callsOfOneRun(): Promise<Record<string, readonly string[]>> {
  await on.sandbox.clearCalls();
  await on.product.advance('PT5M');
  const calls = await on.sandbox.calls();
  const of = (part: string) => calls.filter(({ logicalId }) => logicalId.startsWith(`Marketplace${part}`)).map(({ operation }) => operation);
  return { metering: of('Metering'), reconciliation: of('Reconciliation') };
}

test('a run that finds nothing to do reads once where there are several shards, and writes nothing', async () => {
  await on.product.purchase({});
  await on.product.advance('PT2H3M');
  expect(await callsOfOneRun()).toEqual({
    metering: ['Query', 'Scan', 'GetItem'],
    reconciliation: ['Query', 'Query', 'Query', 'Query', 'Scan', 'Scan', 'Scan', 'Scan', 'SearchAgreements'],
  });
});
