import { domainEventsOf } from '../../../lambda/domain/subscription/domain-events';
import { replay } from '../../../lambda/reconciliation/replay';
import { at, fact, factsOf, LICENSE } from '../../support/facts';
import { FakeBus, PRODUCT } from '../../support/integration';
import { MemorySubscriptions } from '../../support/memory-subscriptions';
import { SILENT } from '../../support/telemetry';

const FACTS = factsOf(fact('LICENSE_UPDATED', 0), fact('AMENDED', 5), fact('ENDED', 10, { status: 'CANCELLED' }));

async function subscription() {
  const store = new MemorySubscriptions();
  await store.addFacts(LICENSE, FACTS, at(11));
  const bus = new FakeBus();
  const ask = (request: unknown) => replay({ replay: request }, { store, publisher: bus, productCode: PRODUCT, log: SILENT });
  return { store, bus, ask };
}

test('an event of a subscription is published again, as it was', async () => {
  const { bus, ask } = await subscription();
  const [activated] = domainEventsOf({ licenseId: LICENSE, productCode: PRODUCT }, FACTS, at(11));
  expect(await ask({ license: LICENSE, event: 'Subscription Activated' })).toEqual({
    replayed: [{ eventId: activated.detail.eventId, type: 'Subscription Activated', time: activated.time }],
  });
  expect(bus.sent).toEqual([activated]);
});

test('without the name of an event, all events of the subscription are published again, oldest first', async () => {
  const { store, bus, ask } = await subscription();
  await ask({ license: LICENSE });
  expect(bus.sent.map(({ detail }) => detail.eventId)).toEqual(store.published);
  expect(bus.sent.map(({ detailType }) => detailType)).toEqual(['Subscription Activated', 'Subscription Updated', 'Subscription Ending']);
});

test.each([
  [{ license: 'l-unknown' }, 'UNKNOWN_LICENSE', 'l-unknown'],
  [{ license: LICENSE, event: 'Subscription Ended' }, 'NO_SUCH_EVENT', 'Subscription Ended'],
  [{ license: LICENSE, event: 'Usage Rejected' }, 'INVALID_REQUEST', 'replay.event: event must be one of Buyer Registered'],
  [{ licence: LICENSE }, 'INVALID_REQUEST', 'license'],
  ['l-1', 'INVALID_REQUEST', 'replay'],
])('%j is answered with an error and publishes nothing', async (request, code, message) => {
  const { bus, ask } = await subscription();
  expect(await ask(request)).toEqual({ error: { code, message: expect.stringContaining(message) } });
  expect(bus.attempts).toBe(0);
});

test('a bus that does not take the events makes the request fail', async () => {
  const { bus, ask } = await subscription();
  bus.available = false;
  await expect(ask({ license: LICENSE })).rejects.toThrow('The bus is unavailable');
});
