import { LocalDynamo, startDynamo } from '../../../support/dynoxide';
import { LICENSE, RULES } from '../../../support/ledger/ledger-fixture';
import { tableWorld } from '../../../support/ledger/table-world';

interface Read { readonly command: string; readonly index?: string; readonly consistent: boolean }

let dynamo: LocalDynamo;
const reads: Read[] = [];
beforeAll(async () => {
  dynamo = await startDynamo();
  dynamo.documentClient.middlewareStack.add((next, context) => async (args) => {
    const command = context.commandName!;
    const input = args.input as { IndexName?: string; ConsistentRead?: boolean; RequestItems?: Record<string, { ConsistentRead?: boolean }> };
    if (command === 'BatchGetItemCommand' || command === 'BatchGetCommand') {
      reads.push(...Object.values(input.RequestItems!).map((of) => ({ command, consistent: of.ConsistentRead === true })));
    } else if (/^(Get|Query|Scan)/.test(command)) {
      reads.push({ command, ...(input.IndexName !== undefined && { index: input.IndexName }), consistent: input.ConsistentRead === true });
    }
    return next(args);
  }, { step: 'initialize' });
});
afterAll(async () => dynamo.stop());

/** A lagging replica shows META newer than the lines, or lines of which a run knows nothing: findings 3, 5, 6. */
test('whatever is read of the ledger itself is read consistently: only indexes are not', async () => {
  const { world, invoke, report } = await tableWorld(dynamo, { rules: { ...RULES, reportZeroUsage: true } });
  await report(3, { id: 'a' });
  world.at('2026-11-23T06:10:00Z');
  await invoke({});
  await report(5, { time: '2026-11-23T05:59:59Z' });
  world.api.outage = 'LOST';
  world.at('2026-11-23T07:10:00Z');
  await invoke({});
  world.at('2026-11-24T05:00:00Z');
  world.api.outage = undefined;
  await invoke({});
  await invoke({ settle: { license: LICENSE, dimension: 'ApiCalls', hour: '2026-11-23T06', outcome: 'REFUSED' } });
  await invoke({ explain: { license: LICENSE, id: 'a' } });

  expect(reads.filter(({ index }) => index === undefined).map(({ command }) => command)).toEqual(
    expect.arrayContaining(['GetItemCommand', 'QueryCommand', 'BatchGetItemCommand']),
  );
  expect(reads.filter(({ index, consistent }) => index === undefined && !consistent)).toEqual([]);
});
