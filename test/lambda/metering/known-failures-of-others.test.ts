import { answerOfError } from '../../../lambda/adapters/marketplace/metering-client-errors';
import { mapBounded } from '../../../lambda/domain/bounded';
import { Amounts, tagSetOf } from '../../../lambda/domain/usage/ledger/amounts';
import { MINUTE_MS } from '../../../lambda/domain/usage/ledger/hour';
import { sumContent } from '../../../lambda/domain/usage/ledger/ledger';
import { METRICS } from '../../../src/names';
import { startDynamo } from '../../support/dynoxide';
import { Interleaving } from '../../support/ledger/interleaving';
import { unfinished, violations } from '../../support/ledger/invariants';
import { LICENSE, LedgerFixture } from '../../support/ledger/ledger-fixture';
import { collect, tableStores } from '../../support/ledger/table-stores';

/*
 * What other open systems get wrong, as read from their code or seen by running them. Numbers are those of our list of
 * their defects.
 */

const HOUR = '2026-11-23T05';

async function withLicenses(count: number): Promise<LedgerFixture> {
  const world = new LedgerFixture();
  for (let index = 0; index < count; index += 1) {
    const license = `l-${String(index).padStart(4, '0')}`;
    world.subscribe(license);
    await world.report(1, { license });
  }
  return world.at('2026-11-23T06:10:00Z');
}

test('defect 1: usage beyond the first megabyte of a query is read too', async () => {
  const dynamo = await startDynamo();
  try {
    const { intake, ledger } = await tableStores(dynamo);
    const bucket = { licenseId: LICENSE, dimension: 'ApiCalls', hour: HOUR };
    const tags = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((key) => [key.repeat(100), 'v'.repeat(256)]));
    const units = Amounts.of(1, tagSetOf(tags)).toStored();
    const ids = Array.from({ length: 340 }, (_each, index) => `r${index}`);
    await mapBounded(ids, 8, async (id) => intake.putRecord({ id, bucket, units, quantity: '1', time: '2026-11-23T05:30:00.000Z', receivedAt: 0 }));
    const { content } = await sumContent({ bucket, recordsRevision: 1 }, 0, ledger.contentLines(bucket));
    expect(content.amount.total().toFixed()).toBe('340');
    expect(await collect(ledger.contentLines(bucket))).toHaveLength(340);
  } finally {
    await dynamo.stop();
  }
}, 30_000);

test('defect 2: a record has the time of its usage, not of its sending, also when it is sent again hours later', async () => {
  const world = new LedgerFixture();
  await world.report(3);
  world.at('2026-11-23T06:10:00Z').api.faults.push('LOST', 'DOWN', 'DOWN');
  await world.run();
  await world.at('2026-11-23T09:40:00Z').run();
  expect([...new Set(world.api.calls.flat().map(({ timestamp }) => new Date(timestamp).toISOString()))]).toEqual(['2026-11-23T05:00:00.000Z']);
  expect(world.api.total()).toBe(3);
});

test('defect 3: unprocessed records are not taken for done', async () => {
  const world = await withLicenses(10);
  world.api.faults.push('UNPROCESSED', 'UNPROCESSED', 'UNPROCESSED');
  await world.run();
  expect(world.api.accepted.size).toBe(10);
});

test.each(['THROTTLED', 'DOWN', 'DISABLED'] as const)('defect 4: a call that fails (%s) leaves its usage pending, and shows it', async (outage) => {
  const world = await withLicenses(3);
  world.api.outage = outage;
  await world.run();
  expect(await world.pendingAge()).toBeGreaterThanOrEqual(600);
  world.api.outage = undefined;
  await world.at('2026-11-23T10:00:00Z').run();
  expect(world.api.accepted.size).toBe(3);
});

test('defect 5: where only some records of a call are taken, the others do not drag them along', async () => {
  const world = await withLicenses(4);
  world.api.notSubscribed.add('l-0001');
  await world.run();
  expect(['l-0000', 'l-0001', 'l-0002', 'l-0003'].map((license) => world.state(HOUR, 'ApiCalls', license)))
    .toEqual(['BILLED', 'FROZEN', 'BILLED', 'BILLED']);
  world.now += 5 * MINUTE_MS;
  await world.run();
  expect(world.api.calls[1].map(({ licenseArn }) => licenseArn.slice(-4))).toEqual(['0001']);
});

test('defect 6: two records of one customer in the same second both count', async () => {
  const world = new LedgerFixture();
  await Promise.all([world.report(3), world.report(4)]);
  await world.at('2026-11-23T06:10:00Z').run();
  expect(world.billed(HOUR)).toBe(7);
});

test('defect 10: a look-up that fails is not the answer that there is nothing', async () => {
  const world = new LedgerFixture();
  await world.report(3, { time: '2026-11-19T05:00:00Z' });
  const { directory } = world;
  const broken = { get: async () => { throw new Error('ThrottlingException'); }, list: directory.list.bind(directory) };
  await world.at('2026-11-23T06:10:00Z').run({ directory: broken });
  expect(world.partition('2026-11-19T05')!.meta).toMatchObject({ state: 'OPEN' });
  expect(world.partition('2026-11-19T05')!.out).toEqual([]);
  await world.runUntil('2026-11-23T07:20:00Z');
  expect(world.api.total()).toBe(3);
});

test('defect 19: CustomerNotSubscribed is no success', async () => {
  const world = await withLicenses(1);
  world.api.notSubscribed.add('l-0000');
  await world.run();
  expect(world.state(HOUR, 'ApiCalls', 'l-0000')).toBe('FROZEN');
  expect(world.metrics.counts.get(METRICS.METERING_RECORDS_ACCEPTED.name)).toBeUndefined();
  expect(world.metrics.counts.get(METRICS.METERING_RECORDS_NOT_ACCEPTED.name)).toBe(1);
});

test('defect 21: records share calls', async () => {
  const world = await withLicenses(100);
  await world.run();
  expect(world.api.calls).toHaveLength(4);
});

test('defect 23: the transient error has the name that AWS gives it, and splits no batch', async () => {
  const transient = Object.assign(new Error('try again'), { name: 'InternalServiceErrorException', $metadata: { httpStatusCode: 500 } });
  expect(answerOfError(transient).kind).toBe('UNKNOWN');
  const world = await withLicenses(24);
  world.api.faults.push('DOWN');
  await world.run();
  expect(world.api.calls.map((call) => call.length)).toEqual([24, 1, 23]);
  expect(world.api.accepted.size).toBe(24);
});

test('defect 24: outcomes are written call by call, so that a crash forgets none that AWS answered', async () => {
  const meanwhile = new Interleaving();
  const world = new LedgerFixture({ gate: meanwhile });
  for (let index = 0; index < 50; index += 1) {
    const license = `l-${String(index).padStart(4, '0')}`;
    world.subscribe(license);
    await world.report(1, { license });
  }
  world.at('2026-11-23T06:10:00Z');
  const run = meanwhile.start('run', async () => world.run());
  await meanwhile.until(run, 'BatchMeterUsage', 'after');
  await meanwhile.until(run, 'BatchMeterUsage', 'before');
  while (world.api.calls.length < 2) meanwhile.step((await meanwhile.choices())[0]);
  meanwhile.kill(run);
  const states = [...world.store.partitions.values()].map(({ meta }) => meta!.state);
  expect(states.filter((state) => state === 'BILLED')).toHaveLength(25);
  world.store.lease = undefined;
  await world.run();
  expect(world.api.accepted.size).toBe(50);
  expect([...violations(world), ...unfinished(world)]).toEqual([]);
});

test('defect 24: usage that comes after its hour was billed is billed all the same', async () => {
  const world = new LedgerFixture();
  await world.report(3);
  await world.at('2026-11-23T06:10:00Z').run();
  await world.report(4, { time: '2026-11-23T05:50:00Z' });
  await world.runUntil('2026-11-23T07:20:00Z');
  expect(world.api.total()).toBe(7);
});

test('defect 25: one malformed record does not reject the others of its hour, and can be driven again once corrected', async () => {
  const world = new LedgerFixture();
  const malformed = world.record('4 GB');
  await world.take(world.record(3), malformed);
  const [kept] = [...world.store.rejections.values()].map(({ rejection }) => JSON.parse(rejection.original) as Record<string, unknown>);
  expect(kept).toEqual(malformed);
  expect(await world.take({ ...kept, quantity: 4 })).toMatchObject([{ status: 'ACCEPTED' }]);
  await world.at('2026-11-23T06:10:00Z').run();
  expect(world.billed(HOUR)).toBe(7);
});
