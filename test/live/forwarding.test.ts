import { oneHop, regionalEnvelope, twoHops } from './checks/forwarding';
import type { Answers } from './support/fake-aws';
import { fakeContext } from './support/fake-context';
import { SETTINGS } from '../../sandbox/src/marketplace/settings/catalog';

interface PutInput {
  readonly Entries: readonly [{ readonly Source: string; readonly Time: Date; readonly Detail: string }];
}

/** EventBridge that forwards with another id or time, or puts the event into the dead-letter queue. */
function eventBridge(change: { readonly id?: string; readonly time?: string; readonly error?: string } = {}): Answers {
  let event: { id: string; time: string; detail: unknown } | undefined;
  return {
    PutEvents: ({ Entries: [{ Time, Detail }] }: PutInput) => {
      event = { id: 'sent', time: Time.toISOString(), detail: JSON.parse(Detail), ...change.id && { id: change.id }, ...change.time && { time: change.time } };
      return { Entries: [{ EventId: 'sent' }] };
    },
    ReceiveMessage: (_: unknown, region: string) => (region === 'eu-west-1') === (change.error === undefined)
      ? { Messages: [{ Body: JSON.stringify(event), MessageAttributes: { ERROR_CODE: { StringValue: change.error } } }] }
      : {},
  };
}

test.each([oneHop, twoHops])('an event that arrives in the other region is as expected ($id)', async (check) => {
  expect(await check.run(fakeContext({ answers: eventBridge() }))).toMatchObject({ verdict: 'AS_EXPECTED', saw: 'the event arrived' });
});

test('an event that does not arrive is reported with the error code that EventBridge wrote', async () => {
  expect(await twoHops.run(fakeContext({ answers: eventBridge({ error: 'THIRD_REGION_HOP_DETECTED' }) }))).toEqual({
    verdict: 'OTHERWISE',
    saw: 'the event did not arrive within 5 minutes: EventBridge reports THIRD_REGION_HOP_DETECTED',
    fact: 'A hop within a region, and then one between regions, in one account: the event does not arrive; EventBridge reports THIRD_REGION_HOP_DETECTED.',
  });
});

test.each([
  [{ id: 'new', time: '2026-11-28T12:00:01Z' }, 'AS_EXPECTED', 'the id was replaced, and the time was replaced (2026-11-28T10:00:00.000Z became 2026-11-28T12:00:01Z)', 'replaced'],
  [{ id: 'new', time: '2026-11-28T10:00:00Z' }, 'OTHERWISE', 'the id was replaced, and the time was kept', undefined],
  [{}, 'OTHERWISE', 'the id was kept, and the time was kept', 'kept'],
])('an event that arrives with %j says what the hop replaces, and how the sandbox has to behave', async (change, verdict, saw, value) => {
  const setting = value && { setting: { name: 'events.regionalHop', value } };
  expect(await regionalEnvelope.run(fakeContext({ answers: eventBridge(change) }))).toEqual({ verdict, saw, fact: `At a hop between regions ${saw}.`, ...setting });
  expect(SETTINGS['events.regionalHop'].allowed).toEqual(expect.arrayContaining([value ?? 'replaced']));
});

test('without the stacks nothing is sent', async () => {
  const calls: string[] = [];
  const context = fakeContext({ answers: {}, failing: ['deploy mp-live-check-hops'], calls });
  expect(await oneHop.run(context)).toMatchObject({ verdict: 'NOT_TRIED', saw: 'mp-live-check-hops was not deployed: deploy failed' });
  expect(calls).toEqual(['cdk deploy mp-live-check-arrival', 'cdk deploy mp-live-check-hops']);
});
