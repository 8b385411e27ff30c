import type { EventBridgeClient, PutEventsCommandOutput, PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { EventBridgePublisher } from '../../../../lambda/adapters/events/event-publisher';
import type { DomainEvent } from '../../../../lambda/domain/domain-event';
import { EventsNotTakenError } from '../../../../lambda/domain/ports';

const event = (eventId: string, payload = ''): DomainEvent => ({
  detailType: 'Subscription Updated',
  time: '2026-11-23T05:00:00.000Z',
  detail: { version: '1', eventId, productCode: 'abc', payload },
});

function fakeBus(refuse: readonly string[] = [], metering: 'LIVE' | 'DRY_RUN' = 'LIVE') {
  const calls: PutEventsRequestEntry[][] = [];
  const send = async ({ input }: { input: { Entries: PutEventsRequestEntry[] } }): Promise<Partial<PutEventsCommandOutput>> => {
    calls.push(input.Entries);
    const refused = (entry: PutEventsRequestEntry) => refuse.some((id) => entry.Detail?.includes(`"${id}"`));
    return {
      FailedEntryCount: input.Entries.filter(refused).length,
      Entries: input.Entries.map((entry, index) => refused(entry) ? { ErrorCode: 'ThrottlingException' } : { EventId: `${calls.length}-${index}` }),
    };
  };
  return { calls, publisher: new EventBridgePublisher({ send } as unknown as EventBridgeClient, 'app-bus', metering) };
}

const ids = (calls: PutEventsRequestEntry[][]) => calls.map((call) => call.map((entry) => (JSON.parse(entry.Detail ?? '') as { eventId: string }).eventId));

describe('EventBridgePublisher', () => {
  test.each([['LIVE', undefined], ['DRY_RUN', 'DRY_RUN']] as const)('an event of a deployment that is %s says metering: %s', async (metering, said) => {
    const { calls, publisher } = fakeBus([], metering);
    await publisher.publish([event('e')]);
    expect(JSON.parse(calls[0]![0]!.Detail!)).toMatchObject({ eventId: 'e', payload: '' });
    expect(JSON.parse(calls[0]![0]!.Detail!).metering).toBe(said);
  });

  test('the publisher makes no call without events', async () => {
    const { calls, publisher } = fakeBus();
    await publisher.publish([]);
    expect(calls).toEqual([]);
  });

  test('the publisher sends ten entries a call, in order, in the promised form', async () => {
    const { calls, publisher } = fakeBus();
    await publisher.publish(Array.from({ length: 21 }, (_, index) => event(`e${index}`)));
    expect(ids(calls).map((call) => call.length)).toEqual([10, 10, 1]);
    expect(ids(calls).flat()).toEqual(Array.from({ length: 21 }, (_, index) => `e${index}`));
    expect(calls[0]?.[0]).toMatchObject({
      EventBusName: 'app-bus', Source: 'marketplace-saas', DetailType: 'Subscription Updated', Time: new Date('2026-11-23T05:00:00Z'),
    });
  });

  test('a call stays below 256 KB', async () => {
    const { calls, publisher } = fakeBus();
    await publisher.publish(['a', 'b', 'c'].map((id) => event(id, 'x'.repeat(120_000))));
    expect(ids(calls)).toEqual([['a', 'b'], ['c']]);
  });

  test('the publisher reports each entry that was not taken, and sends the others', async () => {
    const { calls, publisher } = fakeBus(['e1', 'e11']);
    const outcome = publisher.publish(Array.from({ length: 12 }, (_, index) => event(`e${index}`)));
    await expect(outcome).rejects.toThrow(EventsNotTakenError);
    await expect(outcome).rejects.toMatchObject({
      failures: [{ eventId: 'e1', code: 'ThrottlingException' }, { eventId: 'e11', code: 'ThrottlingException' }],
    });
    expect(ids(calls).flat()).toHaveLength(12);
  });

  test('an event that is too large for the bus fails alone', async () => {
    const { calls, publisher } = fakeBus();
    await expect(publisher.publish([event('big', 'x'.repeat(300_000)), event('small')])).rejects.toMatchObject({
      failures: [{ eventId: 'big', code: 'EntryTooLarge' }],
    });
    expect(ids(calls)).toEqual([['small']]);
  });
});
