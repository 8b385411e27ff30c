import { LostEvents } from '../../../src/control/lost-events';
import { IdSequence } from '../../../src/ids';
import type { Delivery, EventBridgeEvent } from '../../../src/ports';
import { EventBus, type BusInput } from '../../../src/services/eventbridge/event-bus';
import { EventHistory } from '../../../src/services/eventbridge/event-history';
import type { RuleModel } from '../../../src/services/eventbridge/model';

const SELLER = '111122223333';
const WORKLOAD = '444455556666';
const UNNAMED = '000000000000';
const busArn = (account: string, name = 'default') => `arn:aws:events:us-east-1:${account}:event-bus/${name}`;

const EVENT: EventBridgeEvent = {
  'version': '0',
  'id': '1',
  'detail-type': 'Ordered',
  'source': 'shop',
  'account': SELLER,
  'time': '2026-11-23T05:00:00Z',
  'region': 'us-east-1',
  'resources': [],
  'detail': {},
};

function rule(name: string, account: string, target = 'arn:aws:sqs:us-east-1:1:queue', more: Partial<RuleModel> = {}): RuleModel {
  return {
    stack: 'App',
    logicalId: name,
    name,
    arn: `arn:aws:events:us-east-1:${account}:rule/${name}`,
    account,
    region: 'us-east-1',
    busName: 'default',
    enabled: true,
    pattern: { source: ['shop'] },
    targets: [{ id: 'Target0', arn: target, maximumRetryAttempts: 0, maximumEventAgeSeconds: 60 }],
    ...more,
  };
}

/** Buses with these rules; `run` delivers until nothing is left, and answers which rules fired. */
function buses(...rules: RuleModel[]) {
  return busesOf(rules, true);
}

function busesOf(rules: readonly RuleModel[], hopReplacesEnvelope: boolean) {
  const sent: unknown[] = [];
  const messages: string[] = [];
  const work: { label: string; run: () => Promise<void> }[] = [];
  const bus: EventBus = new EventBus({
    rules,
    clock: { now: () => 0 },
    loop: { ready: (label: string, run: () => Promise<void>) => work.push({ label, run }) },
    log: { info: (text: string) => messages.push(text), warn: (text: string) => messages.push(text) },
    history: new EventHistory(),
    ids: new IdSequence(),
    lost: new LostEvents(),
    refusedInvocation: () => undefined,
    hopReplacesEnvelope: () => hopReplacesEnvelope,
    destinations: {
      send: async (arn: string, { event }: Delivery) => {
        sent.push(event);
        if (arn.includes(':event-bus/')) bus.put(arn, EVENT);
        return true;
      },
    },
  } as unknown as BusInput);
  const run = async (): Promise<string[]> => {
    const fired: string[] = [];
    for (let next = work.shift(); next; next = work.shift()) {
      fired.push(next.label.split(' ')[1]);
      if (fired.length > 10) throw new Error(`endless: ${fired.join()}`);
      await next.run();
    }
    return fired;
  };
  return { bus, run, messages, sent };
}

test('a rule sees the events of its own account only, and a message says why it does not see another one', async () => {
  const { bus, run, messages } = buses(rule('there', WORKLOAD), rule('here', SELLER));
  bus.put('default', EVENT);
  expect(await run()).toEqual(['here']);
  expect(messages).toEqual([`rule there (${WORKLOAD}, us-east-1) matches Ordered, but the event is on the default bus of ${SELLER}, us-east-1: forward it`]);
});

test('an ARN names the account of the bus, whatever that of the event', async () => {
  const { bus, run } = buses(rule('there', WORKLOAD), rule('here', SELLER));
  bus.put(busArn(WORKLOAD), EVENT);
  expect(await run()).toEqual(['there']);
});

test('from the default bus of one account to that of another it is one hop', async () => {
  const { bus, run } = buses(rule('forward', SELLER, busArn(WORKLOAD)), rule('there', WORKLOAD));
  bus.put('default', EVENT);
  expect(await run()).toEqual(['forward', 'there']);
});

test.each([[UNNAMED, SELLER], [SELLER, UNNAMED]])('stacks that name no account are in every account (rule in %s, event in %s)', async (ofRule, ofEvent) => {
  const { bus, run } = buses(rule('here', ofRule));
  bus.put('default', { ...EVENT, account: ofEvent });
  bus.put(busArn(ofEvent), EVENT);
  expect(await run()).toEqual(['here', 'here']);
});

test('forwarding from an unnamed account to a default bus is one hop, too', async () => {
  const { bus, run } = buses(rule('forward', UNNAMED, busArn(WORKLOAD)), rule('there', WORKLOAD));
  bus.put('default', EVENT);
  expect(await run()).toEqual(['forward', 'there']);
});

test('an event in another region is not seen either', async () => {
  const { bus, run, messages } = buses(rule('there', SELLER, undefined, { region: 'eu-west-1' }));
  bus.put('default', EVENT);
  expect([await run(), messages]).toEqual([[], [expect.stringContaining(`the default bus of ${SELLER}, us-east-1: forward it`)]]);
});

test('a hop to another region replaces id and time of the event, unless it is set to keep them', async () => {
  const hop = () => [rule('forward', SELLER, 'arn:aws:events:eu-west-1:111122223333:event-bus/default')];
  const replaced = busesOf(hop(), true);
  replaced.bus.put('default', EVENT);
  await replaced.run();
  expect(replaced.sent).toEqual([{ ...EVENT, id: expect.stringMatching(/^00000002-/), time: '1970-01-01T00:00:00Z' }]);
  const kept = busesOf(hop(), false);
  kept.bus.put('default', EVENT);
  await kept.run();
  expect(kept.sent).toEqual([EVENT]);
});

test('a hop within a region keeps id and time of the event', async () => {
  const { bus, run, sent } = buses(rule('forward', SELLER, busArn(WORKLOAD, 'orders')));
  bus.put('default', EVENT);
  await run();
  expect(sent).toEqual([EVENT]);
});
