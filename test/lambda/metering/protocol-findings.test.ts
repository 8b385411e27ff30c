import { Amounts } from '../../../lambda/domain/usage/ledger/amounts';
import { hourStart, MINUTE_MS } from '../../../lambda/domain/usage/ledger/hour';
import { nextStep } from '../../../lambda/domain/usage/ledger/next-step';
import { CallAnswer, MeteringRecord } from '../../../lambda/domain/usage/ledger/outcome';
import * as without from '../../support/ledger/broken-stores';
import { Interleaving } from '../../support/ledger/interleaving';
import { balance, unfinished, violations } from '../../support/ledger/invariants';
import { LICENSE, LedgerFixture, LedgerFixtureOptions, overage } from '../../support/ledger/ledger-fixture';
import { MemoryStore } from '../../support/ledger/memory-store';

/*
 * Each rule of the ledger's protocol, with the number of the finding that a model made when the rule was taken away.
 * Each story runs twice: with the rule it ends well, without it the same story loses or doubles usage.
 */

interface Stage {
  readonly world: LedgerFixture;
  readonly meanwhile: Interleaving;
}

type Story = (stage: Stage) => Promise<void>;

const HOUR = '2026-11-23T05';
/** Usage beyond an entitlement is billed. */
const OVERAGE = { dimensions: overage('MONTH') };

/** Runs the story, lets everything come to rest, and answers what is wrong then. */
async function play(story: Story, Store: typeof MemoryStore, change: LedgerFixtureOptions = {}): Promise<string[]> {
  const meanwhile = new Interleaving();
  const world = new LedgerFixture({ gate: meanwhile, Store, ...change });
  await story({ world, meanwhile });
  for (let turn = 0; turn < 45; turn += 1) {
    world.store.lease = undefined;
    await world.run();
    world.now += 40 * MINUTE_MS;
  }
  const { unresolved, covered, accepted } = balance(world, LICENSE);
  const entitled = change.dimensions === undefined ? '0' : String(Math.min(10, Number(accepted)));
  const wronglyCovered = covered === entitled ? [] : [`${covered} units are covered, not ${entitled}`];
  const lostTrack = unresolved === '0' || world.api.calls.length === 0 ? [] : [`${unresolved} units are unresolved`];
  return [...violations(world), ...unfinished(world), ...lostTrack, ...wronglyCovered];
}

/** The hour is closed, and three units of it are billed. */
async function billThree(world: LedgerFixture): Promise<void> {
  await world.report(3);
  await world.at('2026-11-23T06:10:00Z').run();
}

function lateRecord(world: LedgerFixture, quantity = 4): Record<string, unknown> {
  return world.record(quantity, { time: '2026-11-23T05:40:00Z' });
}

/** A record came in, was billed, and is delivered again. */
async function billAndRedeliver(world: LedgerFixture): Promise<void> {
  const record = world.record(3);
  await world.take(record);
  await world.at('2026-11-23T06:10:00Z').run();
  await world.take(record);
}

/** Late usage comes in while a run is about to take the step. */
async function lateUsageComesBefore(step: string, { world, meanwhile }: Stage): Promise<void> {
  const run = meanwhile.start('run', async () => world.run());
  await meanwhile.until(run, step);
  await world.take(lateRecord(world));
  await meanwhile.finish(run);
}

/** A run that is about to take the step waits until another one is through, at that time. */
async function anotherRunBefore(step: string, { world, meanwhile }: Stage, time: string): Promise<void> {
  const slow = meanwhile.start('run', async () => world.run());
  await meanwhile.until(slow, step);
  world.at(time).store.lease = undefined;
  await world.run();
  await meanwhile.finish(slow);
}

/** A run dies before or after the step. */
async function runDies(when: 'before' | 'after', step: string, { world, meanwhile }: Stage): Promise<void> {
  const run = meanwhile.start('run', async () => world.run());
  await meanwhile.until(run, step, when);
  meanwhile.kill(run);
}

/** A run dies when AWS has taken an hour, before it notes so. A person finds the hour in CloudTrail. */
async function diesWithTheAnswer(stage: Stage): Promise<void> {
  await stage.world.report(3);
  stage.world.at('2026-11-23T06:10:00Z');
  await runDies('after', 'BatchMeterUsage', stage);
  await stage.world.at('2026-11-24T04:30:00Z').run();
  await resolve(stage.world, 'BILLED');
}

/** A record is put, in time, but its bucket not marked yet. */
async function putWithoutMark({ world, meanwhile }: Stage): Promise<() => Promise<void>> {
  const intake = meanwhile.start('intake', async () => world.take(world.record(4)));
  await meanwhile.until(intake, 'putRecord');
  return async () => meanwhile.finish(intake);
}

const stories: [string, Story, typeof MemoryStore, LedgerFixtureOptions?][] = [
  ['finding 1: a redelivery marks its bucket too: the first delivery may have died before its own mark', async ({ world, meanwhile }) => {
    const record = world.record(3);
    const first = meanwhile.start('intake', async () => world.take(record));
    await meanwhile.until(first, 'markChanged');
    meanwhile.kill(first);
    await world.take(record);
  }, without.NoMarkForRedelivery],

  ['findings 2, 3: the mark comes after the record, and not in one transaction that readers see in pieces', async ({ world, meanwhile }) => {
    await billThree(world);
    const record = lateRecord(world);
    const intake = meanwhile.start('intake', async () => world.take(record));
    await meanwhile.until(intake, 'putRecord');
    await world.run();
    await meanwhile.finish(intake);
  }, without.MarkVisibleBeforePut],

  ['finding 4: another record under a known id never replaces what is there', async ({ world }) => {
    await world.take(world.record(3, { id: 'same' }));
    await world.at('2026-11-23T06:10:00Z').run();
    await world.take(world.record(1, { id: 'same', time: '2026-11-23T05:00:00Z' }));
  }, without.OverwritesRecords],

  ['finding 5: META is read before the lines: a revision that is newer than they are would hide what came between', async (stage) => {
    await billAndRedeliver(stage.world);
    await lateUsageComesBefore('readMeta', stage);
  }, without.ReadsLinesBeforeMeta],

  ['finding 6: a bucket stops being due only if nothing came since its lines were read', async (stage) => {
    await billAndRedeliver(stage.world);
    await lateUsageComesBefore('clearDue', stage);
  }, without.ClearsWhateverCame],

  ['finding 6: billing does not make a bucket that changed stop being due', async (stage) => {
    await stage.world.report(3);
    stage.world.at('2026-11-23T06:10:00Z');
    await lateUsageComesBefore('bill', stage);
  }, without.ClearsWhateverCame],

  ['finding 7: a quantity is frozen only while the bucket is open: a slower run would change it', async ({ world, meanwhile }) => {
    await world.report(3);
    world.at('2026-11-23T06:10:00Z');
    const slow = meanwhile.start('run', async () => world.run());
    await meanwhile.until(slow, 'freeze');
    await world.take(lateRecord(world));
    world.store.lease = undefined;
    await world.run();
    await meanwhile.finish(slow);
  }, without.FreezesAgain],

  ['finding 8: only the frozen quantity is sent, however often', async ({ world }) => {
    await world.report(3);
    world.at('2026-11-23T06:10:00Z').api.outage = 'LOST';
    await world.run();
    world.api.outage = undefined;
    await world.take(lateRecord(world));
  }, without.SumsAtSending],

  ['finding 9: the intent is written before the call: who dies after it leaves a trace', diesWithTheAnswer, without.NotesNoIntent],

  ['finding 10: after a definite refusal the intent goes: the hour is certainly unsent, and can be carried', async ({ world }) => {
    await world.report(3);
    world.at('2026-11-23T06:10:00Z').api.outage = 'THROTTLED';
    await world.run();
    await world.at('2026-11-24T04:30:00Z').run();
    world.api.outage = undefined;
  }, without.NeverWithdraws],

  ['finding 10: a run takes back its own intent only', refusedWhileAnotherIsTaken, without.WithdrawsAnybodysIntent],
  ['finding 11: an intent is a token: a count that is changed twice by a repeated write loses one', refusedWhileAnotherIsTaken, without.CountsIntents],
  ['finding 13: an intent of another attempt becomes shared, so that its owner cannot remove it', refusedWhileAnotherIsTaken, without.LeavesForeignTokens],

  ['finding 14: an intent is written only while the bucket is frozen: who gave it up has carried it away', async (stage) => {
    await stage.world.report(3);
    stage.world.at('2026-11-23T06:10:00Z').api.faults.push('DISABLED');
    await stage.world.run();
    stage.world.at('2026-11-24T03:59:00Z');
    await anotherRunBefore('noteIntent', stage, '2026-11-24T04:00:30Z');
  }, without.NotesIntentInAnyState],

  ['finding 15: an out line takes a free number only: two runs carry the same difference', async (stage) => {
    await billThree(stage.world);
    await stage.world.take(lateRecord(stage.world));
    await anotherRunBefore('appendOut', stage, '2026-11-23T07:01:00Z');
  }, without.OverwritesOutLines],

  ['finding 16: where an amount goes is fixed in its line: who finishes it later does not choose again', async (stage) => {
    (stage.world.store as without.PicksTargetAnew).now = () => stage.world.now;
    await billThree(stage.world);
    await stage.world.take(lateRecord(stage.world));
    await runDies('after', 'putCarriedIn', stage);
    await stage.world.at('2026-11-23T07:12:00Z').run();
  }, without.PicksTargetAnew],

  ['finding 17: a line is done when its amount has arrived, not before', async (stage) => {
    await billThree(stage.world);
    await stage.world.take(lateRecord(stage.world));
    await runDies('before', 'putCarriedIn', stage);
  }, without.DoneBeforeArrival],

  ['finding 2: an amount that is carried comes before the mark of its bucket, as a record does', async ({ world, meanwhile }) => {
    await billThree(world);
    await world.take(lateRecord(world));
    const slow = meanwhile.start('run', async () => world.run());
    await meanwhile.until(slow, 'putCarriedIn');
    // only the bucket that it goes to: who works on the one that it comes from carries it too
    await world.at('2026-11-23T07:12:00Z').metering().workOn({ licenseId: LICENSE, dimension: 'ApiCalls', hour: '2026-11-23T06' }, world.now + 270_000);
    await meanwhile.finish(slow);
  }, without.MarksBeforeArrival],

  ['finding 18: a zero record is an hour of the ledger: usage that comes after all is late, not lost', async ({ world }) => {
    (world.store as without.SendsZeroAside).send = async (bucket) => world.api.submit([zeroRecord(bucket.licenseId, bucket.dimension, bucket.hour)]);
    await world.at('2026-11-23T06:10:00Z').run();
    await world.take(lateRecord(world));
  }, without.SendsZeroAside, { rules: { reportZeroUsage: true } }],

  ['finding 19: a zero record never takes an hour that has usage', async ({ world, meanwhile }) => {
    await world.report(3);
    const run = meanwhile.start('run', async () => world.at('2026-11-23T06:10:00Z').run());
    await meanwhile.until(run, 'openEmpty');
    await world.take(lateRecord(world));
    await meanwhile.finish(run);
  }, without.OpensOverWhatIsThere, { rules: { reportZeroUsage: true } }],

  ['finding 20: who settles an hour makes it due', async ({ world, meanwhile }) => {
    await leaveUnresolved({ world, meanwhile });
    await resolve(world, 'REFUSED');
  }, without.SettlesQuietly],

  ['finding 20: who settles an hour moves its revision, as a run may just be about to call it settled', async ({ world, meanwhile }) => {
    await leaveUnresolved({ world, meanwhile }, false);
    const run = meanwhile.start('run', async () => world.run());
    await meanwhile.until(run, 'clearDue');
    await resolve(world, 'REFUSED');
    await meanwhile.finish(run);
  }, without.SettlesWithoutRevision],

  ['finding 21: what is unresolved counts as billed until it is settled', diesWithTheAnswer, without.ForgetsUnresolved],

  ['finding 27: the sum of an hour\'s records is used only if none was added since', async (stage) => {
    const { world } = stage;
    await world.report(3);
    const finish = await putWithoutMark(stage);
    await world.at('2026-11-23T06:10:00Z').run();
    await finish();
  }, without.TrustsOldSums],

  ['finding 27: a sum has the revision from before its records were read', async (stage) => {
    const { world, meanwhile } = stage;
    await world.report(3);
    const finish = await putWithoutMark(stage);
    world.at('2026-11-23T06:10:00Z');
    const run = meanwhile.start('run', async () => world.run());
    await meanwhile.until(run, 'freeze');
    await finish();
    await meanwhile.finish(run);
  }, without.DatesSumsTooLate],

  ['findings 22, 23: a carry is not one transaction: the bucket it goes to may be closed on what is seen of it', async (stage) => {
    await billThree(stage.world);
    await stage.world.take(lateRecord(stage.world));
    await anotherRunBefore('putCarriedIn', stage, '2026-11-23T07:12:00Z');
  }, without.CarriesInOneTransaction],

  ['finding 28: the allowance remembers its last draw: a run that dies before the draw has its line draws again', async (stage) => {
    await useOf(10, 12, stage.world);
    await runDies('after', 'saveAllowance', stage);
  }, without.ForgetsTheLastDraw, OVERAGE],

  ['finding 28: who draws next puts the line of the last draw first', async (stage) => {
    await useOf(10, 12, stage.world);
    await stage.world.report(4, { time: '2026-11-23T04:30:00Z' });
    await runDies('after', 'saveAllowance', stage);
    const [first] = stage.world.store.allowances.values();
    // the bucket that drew is worked on after another one
    const other = first.last.bucket.hour === HOUR ? '2026-11-23T04' : HOUR;
    stage.world.store.lease = undefined;
    await stage.world.metering().workOn({ licenseId: LICENSE, dimension: 'ApiCalls', hour: other }, stage.world.now + 270_000);
  }, without.ForgetsTheLastDraw, OVERAGE],

  ['finding 29: an allowance is written only as it was read: two hours would draw the same units', async (stage) => {
    await useOf(10, 12, stage.world);
    const slow = stage.meanwhile.start('run', async () => stage.world.run());
    await stage.meanwhile.until(slow, 'saveAllowance');
    await stage.world.report(4, { time: '2026-11-23T04:30:00Z' });
    await stage.world.metering().workOn({ licenseId: LICENSE, dimension: 'ApiCalls', hour: '2026-11-23T04' }, stage.world.now + 270_000);
    await stage.meanwhile.finish(slow);
  }, without.SavesAnyAllowance, OVERAGE],

  ['finding 30: draws of a bucket are counted after the allowance is read: what was read before may have been decided since', async (stage) => {
    await useOf(10, 6, stage.world);
    const slow = stage.meanwhile.start('run', async () => stage.world.run());
    await stage.meanwhile.until(slow, 'readAllowance');
    for (const hour of [HOUR, '2026-11-23T04']) {
      await stage.world.report(1, { time: `${hour}:45:00Z` });
      await stage.world.metering().workOn({ licenseId: LICENSE, dimension: 'ApiCalls', hour }, stage.world.now + 270_000);
    }
    await stage.meanwhile.finish(slow);
  }, without.CountsDrawsBefore, OVERAGE],

  ['finding 31: what is carried in has drawn already in the hour that it comes from', async ({ world }) => {
    await useOf(10, 12, world);
    await world.run();
    await world.report(7, { time: '2026-11-23T05:50:00Z' });
  }, without.DrawsForWhatIsCarriedIn, OVERAGE],

  ['finding 32: usage draws before any of it moves: what was frozen is billed, covered or not', async ({ world }) => {
    await useOf(10, 12, world);
    await world.run();
  }, without.HidesUndecidedUsage, OVERAGE],
];

/** Units are entitled for the month, others used in an hour, which is closed. */
async function useOf(entitled: number, used: number, world: LedgerFixture): Promise<void> {
  world.entitlements.grant(hourStart('2026-11-01T00'), entitled);
  await world.report(used);
  world.at('2026-11-23T06:10:00Z');
}

/** A run is refused for certain while another one's send of the same record is taken and its answer lost. */
async function refusedWhileAnotherIsTaken({ world, meanwhile }: Stage): Promise<void> {
  await world.report(3);
  world.at('2026-11-24T03:10:00Z');
  const refused = meanwhile.start('refused', async () => world.run());
  await meanwhile.until(refused, 'BatchMeterUsage');
  world.store.lease = undefined;
  const taken = meanwhile.start('taken', async () => world.run());
  await meanwhile.until(taken, 'BatchMeterUsage', 'after');
  meanwhile.kill(taken);
  world.api.outage = 'THROTTLED';
  await meanwhile.finish(refused);
  await world.at('2026-11-24T04:30:00Z').run();
  world.api.outage = undefined;
  await resolve(world, 'BILLED');
}

/** Three units were sent, nothing of them taken, nobody knows, and it is too late to ask again. */
async function leaveUnresolved(stage: Stage, settled = true): Promise<void> {
  const { world } = stage;
  await world.report(3);
  world.at('2026-11-23T06:10:00Z');
  await runDies('before', 'BatchMeterUsage', stage);
  world.at('2026-11-24T04:30:00Z').store.lease = undefined;
  if (settled) {
    await world.run();
    return;
  }
  await runDies('before', 'clearDue', stage);
  world.store.lease = undefined;
}

/** A person looks into CloudTrail, if there is something to look up. */
async function resolve(world: LedgerFixture, outcome: 'BILLED' | 'REFUSED'): Promise<void> {
  await world.store.settle({ licenseId: LICENSE, dimension: 'ApiCalls', hour: HOUR }, outcome, world.now, world.now);
}

function zeroRecord(licenseId: string, dimension: string, hour: string): MeteringRecord {
  return { licenseArn: `arn:aws:license-manager::1:license:${licenseId}`, customerAwsAccountId: '1', dimension, timestamp: hourStart(hour), quantity: 0 };
}

describe.each(stories)('%s', (_title, story, Mutant, change) => {
  test('with the rule nothing is lost or doubled', async () => {
    // a token stands a repeated write
    expect(await play(story, Mutant === without.CountsIntents ? without.WithdrawsTwice : MemoryStore, change)).toEqual([]);
  });

  test('without the rule the story ends badly', async () => {
    expect(await play(story, Mutant, change)).not.toEqual([]);
  });
});

describe('finding 12: a call is not tried again inside the client', () => {
  const story: Story = async ({ world }) => {
    await world.report(3);
    world.at('2026-11-23T06:10:00Z').api.outage = 'LOST';
    await world.run();
    world.api.outage = 'THROTTLED';
    await world.at('2026-11-24T04:30:00Z').run();
    world.api.outage = undefined;
    await resolve(world, 'BILLED');
  };

  test('with the rule nothing is lost or doubled', async () => {
    expect(await play(story, MemoryStore)).toEqual([]);
  });

  test('a client that tries again by itself hides that the first try was taken', async () => {
    const retrying: Story = async (stage) => {
      const { api } = stage.world;
      const once = api.submit.bind(api);
      api.submit = async (records): Promise<CallAnswer> => {
        const answer = await once(records);
        if (answer.kind !== 'UNKNOWN') return answer;
        api.faults.push('THROTTLED');
        return once(records);
      };
      await story(stage);
    };
    expect(await play(retrying, MemoryStore)).not.toEqual([]);
  });
});

test('finding 26: a negative difference is a mix of reads that do not belong together: read again', () => {
  const bucket = { licenseId: LICENSE, dimension: 'ApiCalls', hour: HOUR };
  const meta = { bucket, state: 'UNRESOLVED' as const, revision: 1, recordsRevision: 1, frozen: { quantity: 3 } };
  const content = { amount: Amounts.of(3), decided: [], records: Amounts.of(3).total(), lateRecords: Amounts.ZERO.total(), oldest: HOUR };
  const out = [{ n: 0, amount: Amounts.of(3), oldest: HOUR, to: '2026-11-23T07', done: true }];
  const rules = { closeGrace: 0, finalUsageGrace: 0, lateUsage: 'CARRY_FORWARD' as const, reportZeroUsage: false };
  const license = { licenseId: LICENSE, status: 'ACTIVE' as const };
  expect(nextStep({ meta, lines: { content, out } }, license, hourStart('2026-11-23T09'), rules)).toEqual({ kind: 'STALE_READ' });
  expect(nextStep({ meta, lines: { content, out: [] } }, license, hourStart('2026-11-23T09'), rules)).toEqual({ kind: 'CLEAR' });
});
