import fc from 'fast-check';
import { HOUR_MS, MINUTE_MS } from '../../../lambda/domain/usage/ledger/hour';
import { Interleaving, Task } from '../../support/ledger/interleaving';
import { balance, balances, unfinished, violations } from '../../support/ledger/invariants';
import { LICENSE, LedgerFixture, overage } from '../../support/ledger/ledger-fixture';

const OTHER = 'l-bbbb2222';

type Action =
  | { readonly kind: 'report'; readonly other: boolean; readonly quantity: string; readonly hoursAgo: number }
  | { readonly kind: 'redeliver'; readonly which: number }
  | { readonly kind: 'run' }
  | { readonly kind: 'step'; readonly which: number; readonly count: number }
  | { readonly kind: 'kill'; readonly which: number }
  | { readonly kind: 'pass'; readonly minutes: number }
  | { readonly kind: 'fault'; readonly fault: 'LOST' | 'DOWN' | 'THROTTLED' | 'UNPROCESSED' }
  | { readonly kind: 'end'; readonly other: boolean }
  | { readonly kind: 'entitle'; readonly other: boolean; readonly users: number; readonly renews: boolean };

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('report' as const),
      other: fc.boolean(),
      quantity: fc.oneof(fc.nat(9).map(String), fc.constantFrom('0.25', '1.5', '3000000000')),
      hoursAgo: fc.constantFrom(0, 0, 0, 1, 2, 30),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('redeliver' as const), which: fc.nat() }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('run' as const) }) },
  { weight: 20, arbitrary: fc.record({ kind: fc.constant('step' as const), which: fc.nat(), count: fc.integer({ min: 1, max: 12 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('kill' as const), which: fc.nat() }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('pass' as const), minutes: fc.constantFrom(5, 10, 61, 24 * 60) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('fault' as const), fault: fc.constantFrom('LOST', 'DOWN', 'THROTTLED', 'UNPROCESSED') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('end' as const), other: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('entitle' as const), other: fc.boolean(), users: fc.nat(20), renews: fc.boolean() }) },
) as fc.Arbitrary<Action>;

class Story {
  readonly interleaving = new Interleaving();
  readonly world: LedgerFixture;
  private terms = 0;
  private readonly messages: { record: unknown; task: Task }[] = [];

  constructor({ duplicates, lanes, per, ...rules }: Circumstances) {
    const dimensions = per && { dimensions: overage(per) };
    this.world = new LedgerFixture({ gate: this.interleaving, rules, lanes, concurrency: lanes, ...dimensions });
    this.world.api.identicalIsDuplicate = duplicates;
    this.world.subscribe(OTHER);
  }

  async play(one: Action): Promise<void> {
    const { world, interleaving } = this;
    switch (one.kind) {
      case 'report': {
        const time = new Date(world.now - one.hoursAgo * HOUR_MS).toISOString();
        this.deliver(world.record(one.quantity, { license: one.other ? OTHER : LICENSE, time }));
        break;
      }
      case 'redeliver':
        if (this.messages.length > 0) this.deliver(this.messages[one.which % this.messages.length].record);
        break;
      case 'run':
        // overlapping runs: the lease must not be what keeps them right
        world.store.lease = undefined;
        interleaving.start('run', async () => world.run());
        break;
      case 'step':
        for (let count = 0; count < one.count; count += 1) {
          const choices = await interleaving.choices();
          if (choices.length > 0) interleaving.step(choices[one.which % choices.length]);
        }
        break;
      case 'kill': {
        const alive = interleaving.tasks.filter(({ state }) => state === 'RUNNING');
        if (alive.length > 0) interleaving.kill(alive[one.which % alive.length]);
        break;
      }
      case 'pass':
        world.now += one.minutes * MINUTE_MS;
        break;
      case 'fault':
        world.api.faults.push(one.fault);
        break;
      case 'entitle':
        this.terms += one.renews ? 1 : 0;
        world.entitlements.grant(world.now, one.users, { licenseId: one.other ? OTHER : LICENSE, agreementId: `agmt-${this.terms}` });
        break;
      case 'end': {
        const licenseId = one.other ? OTHER : LICENSE;
        if (!world.api.closedAt.has(licenseId)) world.end(licenseId);
        break;
      }
    }
  }

  /** What would have been delivered again is; the service is well again; time goes by. */
  async finish(): Promise<void> {
    const { world, interleaving } = this;
    for (const task of interleaving.tasks) {
      if (task.state === 'RUNNING') interleaving.kill(task);
    }
    world.api.faults.length = 0;
    for (const licenseId of [OTHER, LICENSE]) world.entitlements.grant(world.now, 10, { licenseId });
    for (const { record } of [...this.messages]) await world.take(record);
    for (let turn = 0; turn < 60; turn += 1) {
      world.store.lease = undefined;
      world.now += 40 * MINUTE_MS;
      await world.run();
    }
  }

  private deliver(record: unknown): void {
    this.messages.push({ record, task: this.interleaving.start('intake', async () => this.world.take(record)) });
  }
}

type Circumstances = Partial<LedgerFixture['deps']['rules']> & { readonly duplicates: boolean; readonly lanes: number; readonly per?: 'HOUR' | 'MONTH' | 'CONTRACT' };

/** What is not billed, or not known to be, and was not announced. */
function silences(world: LedgerFixture): string[] {
  world.store.sweepOutbox();
  const announced = new Set(world.store.published.map(({ detail }) => detail.eventId));
  const owed = [...world.store.partitions].flatMap(([id, { meta, out }]) => [
    ...out.filter(({ reason }) => reason !== undefined).map(({ n }) => `usage-rejected:${id}:${n}`),
    ...(meta!.state === 'UNRESOLVED' ? [`usage-unresolved:${id}`] : []),
  ]);
  return owed.filter((eventId) => !announced.has(eventId));
}

const CIRCUMSTANCES: fc.Arbitrary<Circumstances> = fc.record({
  lateUsage: fc.constantFrom('CARRY_FORWARD' as const, 'REJECT' as const),
  reportZeroUsage: fc.boolean(),
  duplicates: fc.boolean(),
  lanes: fc.constantFrom(1, 3),
  per: fc.constantFrom(undefined, 'HOUR' as const, 'MONTH' as const, 'CONTRACT' as const),
});

test('whatever overlaps, crashes, is redelivered or answers late: conservation, one quantity, no double billing, no loss', async () => {
  await fc.assert(fc.asyncProperty(CIRCUMSTANCES, fc.array(action, { minLength: 10, maxLength: 90, size: 'max' }), async (circumstances, actions) => {
    const story = new Story(circumstances);
    for (const one of actions) {
      await story.play(one);
      const found = violations(story.world);
      if (found.length > 0) throw new Error(`${found.join('\n')}\n${story.interleaving.trace.join('\n')}`);
    }
    await story.finish();
    const { world } = story;
    expect([...violations(world), ...unfinished(world)]).toEqual([]);
    expect([LICENSE, OTHER].map((licenseId) => balance(world, licenseId)).filter((sums) => !balances(sums))).toEqual([]);
    expect(silences(world)).toEqual([]);
    expect(story.interleaving.tasks.filter(({ state }) => state === 'FAILED').map(({ error }) => error)).toEqual([]);
  }), { numRuns: Number(process.env.METERING_PROPERTY_RUNS ?? 150), endOnFailure: false });
}, 120_000);
