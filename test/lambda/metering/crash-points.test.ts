import { SHARED_INTENT } from '../../../lambda/domain/usage/ledger/ledger';
import { Interleaving } from '../../support/ledger/interleaving';
import { unfinished, violations } from '../../support/ledger/invariants';
import { LICENSE, LedgerFixture, LedgerFixtureOptions, overage } from '../../support/ledger/ledger-fixture';

const OTHER = 'l-bbbb2222';
/** The key that the buyer had before its migration. */
const FORMER = 'l-former';

/** One invocation of a handler at a time of the story. A message that is not done is delivered again; the schedule comes again. */
interface Invocation {
  readonly at: string;
  readonly act: (world: LedgerFixture) => Promise<unknown>;
}

type Prepare = (world: LedgerFixture) => void;

function usage(id: string, quantity: number | string, change: Record<string, unknown> = {}): Record<string, unknown> {
  return { id, license: LICENSE, dimension: 'ApiCalls', quantity, time: '2026-11-23T05:30:00Z', ...change };
}

function take(at: string, ...records: unknown[]): Invocation {
  return { at, act: async (world) => world.take(...records) };
}

function run(at: string): Invocation {
  return {
    at,
    act: async (world) => {
      // the lease of a run that died would only put this one off
      world.store.lease = undefined;
      return world.run();
    },
  };
}

const STORIES: Record<string, { readonly prepare: Prepare; readonly fixture?: LedgerFixtureOptions; readonly invocations: readonly Invocation[] }> = {
  'ordinary hours, with a redelivery and a wrong record': {
    prepare: () => {},
    invocations: [
      take('2026-11-23T05:31:00Z', usage('a', 3), usage('b', '1.5'), usage('c', -1)),
      take('2026-11-23T05:32:00Z', usage('a', 3), usage('d', 2, { license: OTHER }), usage('a', 4)),
      run('2026-11-23T06:10:00Z'),
      run('2026-11-23T06:15:00Z'),
      run('2026-11-23T07:10:00Z'),
    ],
  },
  'late usage and a missed hour': {
    prepare: () => {},
    invocations: [
      take('2026-11-23T05:31:00Z', usage('a', 3)),
      run('2026-11-23T06:10:00Z'),
      take('2026-11-23T06:12:00Z', usage('b', 4), usage('c', 5, { time: '2026-11-20T05:30:00Z' })),
      run('2026-11-23T06:15:00Z'),
      run('2026-11-23T07:10:00Z'),
    ],
  },
  'usage with tags in fractions': {
    prepare: () => {},
    invocations: [
      take('2026-11-23T05:31:00Z', usage('a', '1.5', { tags: { team: 'red' } }), usage('b', '2.5', { tags: { team: 'blue' } })),
      run('2026-11-23T06:10:00Z'),
      take('2026-11-23T06:12:00Z', usage('c', '0.75', { tags: { team: 'red' } })),
      run('2026-11-23T06:15:00Z'),
      run('2026-11-23T07:10:00Z'),
    ],
  },
  'a license that ends, and what comes after': {
    prepare: (world) => world.at('2026-11-23T06:05:00Z').end(),
    invocations: [
      take('2026-11-23T05:31:00Z', usage('a', 3)),
      take('2026-11-23T06:06:00Z', usage('b', 4, { time: '2026-11-23T06:01:00Z' })),
      { at: '2026-11-23T06:07:00Z', act: async (world) => world.metering().flushLicense(LICENSE, world.now + 270_000) },
      run('2026-11-23T06:16:00Z'),
      take('2026-11-23T07:20:00Z', usage('late', 5)),
      run('2026-11-23T07:25:00Z'),
    ],
  },
  'a buyer who continues by another key, with usage under both and late usage': {
    prepare: (world) => {
      world.subscribe(FORMER, { meteredUntil: '2026-11-23T06', continuesAs: LICENSE });
      world.subscribe(LICENSE, { meteredFrom: '2026-11-23T07', migratedFrom: FORMER });
    },
    invocations: [
      take('2026-11-23T05:31:00Z', usage('a', 3, { license: FORMER }), usage('b', 4), usage('c', '0.5', { license: FORMER })),
      take('2026-11-23T06:05:00Z', usage('d', 5, { license: FORMER, time: '2026-11-23T06:01:00Z' }), usage('e', 6, { time: '2026-11-23T06:02:00Z' })),
      run('2026-11-23T06:10:00Z'),
      take('2026-11-23T06:12:00Z', usage('f', 7, { license: FORMER }), usage('g', 8, { license: FORMER, time: '2026-11-20T05:30:00Z' })),
      run('2026-11-23T06:15:00Z'),
      run('2026-11-23T07:10:00Z'),
    ],
  },
  'usage beyond an entitlement, late usage and an upgrade': {
    fixture: { dimensions: overage('MONTH') },
    prepare: (world) => {
      world.entitlements.grant(Date.parse('2026-11-01T00:00:00Z'), 10);
      world.entitlements.grant(Date.parse('2026-11-23T06:00:00Z'), 15);
    },
    invocations: [
      take('2026-11-23T05:31:00Z', usage('a', 7), usage('b', 5)),
      run('2026-11-23T06:10:00Z'),
      take('2026-11-23T06:12:00Z', usage('c', 4), usage('d', '3.5', { time: '2026-11-23T06:05:00Z' })),
      run('2026-11-23T06:15:00Z'),
      run('2026-11-23T07:10:00Z'),
    ],
  },
  'a record that sinks its call': {
    prepare: (world) => world.api.poison.set(`${OTHER}#ApiCalls#2026-11-23T05`, 'InvalidUsageDimensionException'),
    invocations: [
      take('2026-11-23T05:31:00Z', usage('a', 3), usage('b', 4, { license: OTHER }), usage('c', 5, { dimension: 'Units' })),
      run('2026-11-23T06:10:00Z'),
      run('2026-11-23T07:10:00Z'),
    ],
  },
};

interface Outcome {
  readonly billed: unknown;
  readonly ledger: unknown;
  readonly events: unknown;
}

/** @param crashAt number of the step at which the invocation dies; undefined: it never does */
async function tell(name: keyof typeof STORIES, crashAt?: number): Promise<{ outcome: Outcome; steps: number; where: string }> {
  const gate = new Interleaving();
  const world = new LedgerFixture({ gate, ...STORIES[name].fixture });
  world.subscribe(OTHER);
  STORIES[name].prepare(world);
  let steps = 0;
  let where = '';
  for (const { at, act } of STORIES[name].invocations) {
    let died = true;
    for (let minute = 0; died; minute += 1) {
      // within the same hour: the retry of a queue or of an asynchronous invocation
      world.now = Date.parse(at) + minute * 60_000;
      const task = gate.start(`${at} #${minute}`, async () => act(world));
      died = false;
      for (let choices = await gate.choices(); choices.length > 0 && !died; choices = await gate.choices()) {
        if (steps === crashAt) {
          where = `${at} ${choices[0].when} ${choices[0].operation}`;
          gate.kill(task);
          died = true;
        } else {
          gate.step(choices[0]);
        }
        steps += 1;
      }
      if (!died && task.error !== undefined) throw task.error;
    }
  }
  await runUntilIdle(world);
  expect([where, ...violations(world), ...unfinished(world)]).toEqual([where]);
  return { outcome: outcomeOf(world), steps, where };
}

/** What was wrong is put right, and the schedule goes on for a while. */
async function runUntilIdle(world: LedgerFixture): Promise<void> {
  world.api.poison.clear();
  for (let minute = 0; minute <= 90; minute += 5) {
    world.now = Date.parse('2026-11-23T07:35:00Z') + minute * 60_000;
    world.store.lease = undefined;
    await world.run();
  }
  world.store.sweepOutbox();
}

function outcomeOf(world: LedgerFixture): Outcome {
  const ledger = [...world.store.partitions].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, partition]) => ({
    id,
    state: partition.meta!.state,
    frozen: partition.meta!.frozen,
    intent: partition.meta!.intent === undefined ? undefined : SHARED_INTENT,
    records: [...partition.records.keys()].sort(),
    carriedIn: [...partition.carriedIn].map(([key, { amount }]) => [key, amount.toStored()]),
    draws: partition.draws.map(({ units, covered, term }) => [units.toFixed(), covered.toStored(), term]),
    out: partition.out.map(({ amount, to, toLicense, reason, done }) => [amount.toStored(), to, toLicense, reason, done]),
  }));
  const events = [...new Set(world.store.published.map(({ detailType, detail }) => `${detailType} ${detail.eventId} ${String(detail.reason)}`))].sort();
  const accepted = [...world.api.accepted].sort(([a], [b]) => (a < b ? -1 : 1));
  return { billed: accepted.map(([key, { quantity, allocations }]) => [key, quantity, allocations]), ledger, events };
}

describe.each(Object.keys(STORIES))('%s', (name) => {
  test('ends the same wherever a handler dies', async () => {
    const undisturbed = await tell(name);
    expect(undisturbed.steps).toBeGreaterThan(40);
    for (let crashAt = 0; crashAt < undisturbed.steps; crashAt += 1) {
      const { outcome, where } = await tell(name, crashAt);
      expect({ where, ...outcome }).toEqual({ where, ...undisturbed.outcome });
    }
  }, 60_000);

  test('ends the same when every message is delivered twice', async () => {
    const { outcome } = await tell(name);
    const { invocations } = STORIES[name];
    const twice = { ...STORIES[name], invocations: invocations.flatMap((invocation) => [invocation, invocation]) };
    STORIES.twice = twice;
    expect((await tell('twice')).outcome).toEqual(outcome);
    delete STORIES.twice;
  });
});
