import type { SandboxClient } from 'cdk-marketplace-saas-sandbox';
import { createHash } from 'node:crypto';
import { endingStories } from './stories/ending';
import { intakeStories } from './stories/intake';
import { meteringStories } from './stories/metering';
import { outageStories } from './stories/outages';
import { overageStories } from './stories/overage';
import { subscriptionStories } from './stories/subscriptions';
import { STORY_SCHEDULES } from './support/app';
import { differences } from './support/differences';
import { Product } from './support/product';
import { useSandboxes } from './support/sandboxes';
import { partOf, type Story } from './support/story';
import { useBusyCore } from '../support/busy-core';
import { expectSameStates, useTroubledProduct } from '../support/e2e/troubled-days';

jest.setTimeout(60 * 60_000);

const ROUNDS = Number(process.env.DETERMINISM_ROUNDS ?? 20);
const TABLES = ['UsageTableName', 'SubscriptionsTableName', 'RegistrationsTableName'];
const ALL = [...intakeStories, ...meteringStories, ...outageStories, ...endingStories, ...subscriptionStories, ...overageStories];
const STORIES = [
  'usage comes in, one record twice',
  'records that are wrong come in',
  'a fraction of a unit is carried into the next hour',
  'late usage comes in and is carried',
  'a call is refused for one of three records',
  'a call is throttled, then leaves a record unprocessed',
  'a call is taken, but answered with a server error',
  'the final hour is over, and the subscription ends',
  'a buyer signed up twice before the license was known, which reconciliation joins to it',
  'events that could not be sent are sent',
];
/** Reconciliation reads entitlements, and stores when, beside reads of usage that waits. */
const OVERAGE = ['of an hour\'s usage only what exceeds the entitlement is billed'];

useBusyCore();

describe('half a day in which much fails', () => {
  const on = useTroubledProduct();

  test(`half a day in which much fails ends in the same state, byte by byte, ${ROUNDS} times beside a busy core`, async () => {
    await expectSameStates(on, ROUNDS);
  });
});

describe.each([
  ['ten stories', STORY_SCHEDULES, STORIES],
  ['a story of overage', { kind: 'consumption' }, OVERAGE],
] as const)('%s', (_, options, names) => {
  const sandboxes = useSandboxes(options, '2026-11-23T05:00:00Z');
  const stories = names.map((name) => [name, ALL.find((story) => story.name === name)!] as const);

  test.each(stories)(`ends in the same state and the same tables, byte by byte, ${ROUNDS} times beside a busy core: %s`, async (name, story) => {
    const [first, ...others] = (await Promise.all(sandboxes().map(async (sandbox, index) => {
      const ends: string[] = [];
      for (let round = index; round < ROUNDS; round += sandboxes().length) ends.push(await play(story, sandbox, ends.length % 3 > 0));
      return ends;
    }))).flat();
    const different = others.find((end) => end !== first) ?? first;
    expect(differences(JSON.parse(first), JSON.parse(different))).toEqual([]);
    const hashes = new Set([first, ...others].map((end) => createHash('sha256').update(end).digest('hex')));
    console.log(`${name}: ${others.length + 1} rounds, ${[...hashes].join(' ')}`);
    expect(hashes.size).toBe(1);
  });
});

/** Plays a story on the same day as before, with functions that are warm or not; answers what is left of it. */
async function play(story: Story, sandbox: SandboxClient, keepProcesses: boolean): Promise<string> {
  const product = new Product(sandbox);
  try {
    if (!keepProcesses) await sandbox.reset();
    await product.begin(story.start);
    await story.before(product);
    await story.act(product);
    await story.after(product);
    const parts = new Set((await sandbox.calls()).map((call) => partOf(call)));
    expect([...parts]).toEqual(expect.arrayContaining([...story.involves]));
    const tables = await Promise.all(TABLES.map(async (output) => (await product.table(output)).map((item) => JSON.stringify(item, inOrder)).sort()));
    return JSON.stringify({ state: await sandbox.state(), tables }).replaceAll(sandbox.endpoint, 'http://sandbox');
  } finally {
    product.close();
  }
}

/** DynamoDB does not promise in which order it returns the attributes of an item, and an engine need not keep one. */
function inOrder(_: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
}
