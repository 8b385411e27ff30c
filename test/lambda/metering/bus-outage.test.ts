import { sweep } from '../../../lambda/reconciliation/sweep';
import { LocalDynamo, startDynamo } from '../../support/dynoxide';
import { LICENSE, RULES, SILENT } from '../../support/ledger/ledger-fixture';
import { tableWorld } from '../../support/ledger/table-world';

let dynamo: LocalDynamo;
beforeAll(async () => { dynamo = await startDynamo(); });
afterAll(async () => dynamo.stop());

test('billing continues without the bus, which is asked once an invocation; its events follow, once each', async () => {
  const { world, stores, invoke, report } = await tableWorld(dynamo, { rules: { ...RULES, lateUsage: 'REJECT' } });
  const dimensions = ['ApiCalls', 'Units'];
  for (const dimension of dimensions) await report(3, { dimension });
  world.at('2026-11-23T12:00:00Z');
  for (const dimension of dimensions) await report(4, { dimension, time: '2026-11-23T05:30:00Z' });
  stores.bus.available = false;

  // too old for its own hour: what came late is rejected, what came in time is carried
  world.at('2026-11-24T04:30:00Z');
  expect(await invoke({})).toMatchObject({ rejected: 2, carried: 2, waiting: {}, finished: true });
  expect(await invoke({ explain: { license: LICENSE, dimension: 'Units', hour: '2026-11-23T05' } })).toMatchObject({
    bucket: { state: 'REFUSED', rejected: [{ amount: '4', reason: 'LateUsage', done: true }], carriedOut: [{ amount: '3', to: '2026-11-24T04', done: true }] },
  });
  expect(stores.bus.attempts).toBe(1);

  await report(5, { time: '2026-11-23T03:00:00Z' });
  world.at('2026-11-24T05:10:00Z');
  await invoke({});
  expect(stores.bus.attempts).toBe(2);
  expect(world.api.total()).toBe(6);

  stores.bus.available = true;
  const sweepOutbox = async () => {
    const items = stores.outbox.list(world.now + 1);
    return sweep(stores.outbox, { items, overdueBefore: world.now, hasTime: () => true }, SILENT);
  };
  expect(await sweepOutbox()).toMatchObject({ published: 3, failed: 0 });
  expect(await sweepOutbox()).toMatchObject({ published: 0, failed: 0 });
  expect(stores.published.map(({ detail }) => detail.eventId).sort()).toEqual([
    `usage-rejected:${LICENSE}#ApiCalls#2026-11-23T03:0`, `usage-rejected:${LICENSE}#ApiCalls#2026-11-23T05:0`, `usage-rejected:${LICENSE}#Units#2026-11-23T05:0`,
  ]);
});
