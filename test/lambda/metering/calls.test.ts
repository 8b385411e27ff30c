import { hourOf } from '../../../lambda/domain/usage/ledger/hour';
import { MeteringRecord } from '../../../lambda/domain/usage/ledger/outcome';
import { arn, LICENSE } from '../../support/ledger/ledger-fixture';
import { RunFixture } from '../../support/ledger/run-fixture';

const HOUR = '2026-11-23T05';
/** A call that AWS answers. */
const ANSWERED = undefined as never;

async function withLicenses(count: number, change: ConstructorParameters<typeof RunFixture>[0] = {}): Promise<RunFixture> {
  return new RunFixture(change).withLicenses(count);
}

describe('while the outcome of a call is unknown', () => {
  test('the youngest of its records is asked about, with ever longer pauses, and at once in the next run; the others wait', async () => {
    const world = new RunFixture();
    for (const hour of ['05', '07', '06']) await world.at(`2026-11-23T${hour}:30:00Z`).report(Number(hour));
    const start = world.at('2026-11-23T08:10:00Z').now;
    world.api.faults.push('DOWN', 'DOWN', 'DOWN');
    expect(await world.run()).toMatchObject({ calls: 3, unknown: 5, billed: 0, waiting: { CircuitOpen: 2 }, finished: true });
    expect(world.api.calls.map((call) => call.map(({ timestamp }) => hourOf(timestamp)))).toEqual([
      ['2026-11-23T05', '2026-11-23T06', '2026-11-23T07'], ['2026-11-23T07'], ['2026-11-23T07'],
    ]);
    expect(world.api.callTimes.map((time) => time - start)).toEqual([0, 1500, 4500]);
    expect(world.log.logged('The outcome of a metering call is unknown')).toMatchObject([
      { records: 3, code: 'InternalServiceErrorException', reason: 'down' }, { records: 1 }, { records: 1 },
    ]);
    const next = world.at('2026-11-23T08:15:00Z').now;
    expect(await world.run()).toMatchObject({ calls: 2, unknown: 0, billed: 3, waiting: {} });
    expect(world.sizes().slice(3)).toEqual([1, 2]);
    expect(world.api.callTimes[3]).toBe(next);
  });

  test('what is sent again names no region: it is the region of before', async () => {
    const world = await withLicenses(1);
    world.api.faults.push('LOST', 'DOWN', 'DOWN');
    await world.run();
    await world.run();
    expect(world.api.calls.map(([record]) => 'region' in record)).toEqual([false, false, false, false]);
    expect(world.billed(HOUR, 'ApiCalls', 'l-0000')).toBe(1);
  });

  test('a second failure in one run is asked about like the first', async () => {
    const world = await withLicenses(30);
    world.api.faults.push('DOWN', ANSWERED, 'DOWN');
    expect(await world.run()).toMatchObject({ billed: 30, waiting: {}, finished: true });
    expect(world.sizes()).toEqual([25, 1, 25, 1, 25, 3]);
  });

  test('other lanes wait until it is known, and then send what they have', async () => {
    const world = await withLicenses(60, {
      lanes: 3,
      concurrency: 8,
      sleep: async (milliseconds) => {
        world.now += milliseconds;
        await new Promise((resolve) => { setImmediate(resolve); });
      },
    });
    world.api.faults.push('DOWN', 'DOWN');
    expect(await world.run()).toMatchObject({ billed: 60, waiting: {}, finished: true });
  });

  test('a record that AWS refuses instead of answering ends the questions of this run, and lets no other record through', async () => {
    const world = await withLicenses(3);
    world.api.faults.push('DOWN', 'DOWN', 'DOWN');
    await world.run();
    world.api.refuses = () => 'InvalidUsageDimensionException';
    expect(await world.run()).toMatchObject({ calls: 1, notAccepted: 1, waiting: { CircuitOpen: 3 }, finished: true });
  });

  test('an answer in an unknown word does not show that calls are answered again', async () => {
    const world = await withLicenses(3);
    world.api.faults.push('DOWN', 'DOWN', 'DOWN');
    await world.run();
    world.api.faults.push('STRANGE');
    expect(await world.run()).toMatchObject({ calls: 1, unknown: 1, billed: 0, finished: true });
    expect(world.store.probe).toBeDefined();
    expect(await world.run()).toMatchObject({ billed: 3 });
  });

  test('a record whose intent cannot be written is not asked about', async () => {
    const world = await withLicenses(2);
    world.api.faults.push('DOWN', 'DOWN', 'DOWN');
    await world.run();
    world.steps.before('noteIntent', async () => { throw new Error('slow down'); });
    expect(await world.run()).toMatchObject({ calls: 0, waiting: { CircuitOpen: 2 }, finished: true });
    expect(world.log.logged('An intent could not be written, so its record is not sent')).toEqual([
      expect.objectContaining({ bucket: `l-0000#ApiCalls#${HOUR}`, error: 'Error', reason: 'slow down' }),
    ]);
    expect(await world.run()).toMatchObject({ billed: 2 });
  });
});

test('records whose intents cannot be written make no call, and cost no time of another one', async () => {
  const world = await withLicenses(2, { maxCallsPerSecond: 1 });
  const start = world.now;
  world.end('l-0000');
  world.steps.before('noteIntent', async () => { throw new Error('slow down'); });
  expect(await world.run()).toMatchObject({ calls: 1, billed: 1 });
  expect(world.api.callTimes).toEqual([start]);
});

describe('a call that does not get through', () => {
  const LEFT = 'Metering records are left to the next run';

  test('a call is made six times while AWS throttles, and then left to the next run', async () => {
    const world = await withLicenses(3);
    world.api.outage = 'THROTTLED';
    expect(await world.run()).toMatchObject({ calls: 6, billed: 0, notAccepted: 3, unknown: 0 });
    expect(world.log.logged(LEFT)).toEqual([{ message: LEFT, records: 3, reason: 'ThrottlingException' }]);
    expect(world.intents()).toBe(0);
  });

  test('a call is made six times while AWS leaves its record unprocessed, and then left to the next run', async () => {
    const world = await withLicenses(1);
    world.api.outage = 'UNPROCESSED';
    expect(await world.run()).toMatchObject({ calls: 6, billed: 0, notAccepted: 1, unknown: 0 });
    expect(world.log.logged(LEFT)).toEqual([{ message: LEFT, records: 1, reason: 'Unprocessed' }]);
    world.api.outage = undefined;
    expect(await world.run()).toMatchObject({ billed: 1, notAccepted: 0 });
  });

  test('a call is made six times while AWS cannot be reached, and is the last one of the run', async () => {
    const world = await withLicenses(30);
    world.api.outage = 'UNREACHABLE';
    expect(await world.run()).toMatchObject({ calls: 6, billed: 0, unknown: 0 });
    expect(world.sizes()).toEqual([25, 25, 25, 25, 25, 25]);
    const message = 'The metering API cannot be reached';
    expect(world.log.logged(message)).toEqual([{ message, records: 25, code: 'ECONNREFUSED', reason: 'connection refused' }]);
    expect(world.intents()).toBe(0);
    world.api.outage = undefined;
    expect(await world.run()).toMatchObject({ billed: 30 });
  });

  test('a call is made again until AWS is reached', async () => {
    const world = await withLicenses(1);
    world.api.faults.push('UNREACHABLE', 'UNREACHABLE', 'UNREACHABLE', 'UNREACHABLE', 'UNREACHABLE');
    expect(await world.run()).toMatchObject({ calls: 6, billed: 1 });
  });

  test('a call is made once where AWS refuses calls of this function, and says what to check', async () => {
    const world = await withLicenses(30);
    world.api.outage = 'DISABLED';
    expect(await world.run()).toMatchObject({ calls: 1, billed: 0, unknown: 0 });
    const message = 'AWS Marketplace refuses metering calls of this function: check the seller account, its region and product code';
    expect(world.log.logged(message)).toEqual([{ message, records: 25, code: 'DisabledApiException', reason: 'disabled' }]);
    expect(world.intents()).toBe(0);
  });
});

describe('an answer that leaves out records', () => {
  test('an answer that mentions no record is no answer', async () => {
    const world = await withLicenses(3);
    world.api.faults.push('SILENT', 'DOWN', 'DOWN');
    expect(await world.run()).toMatchObject({ calls: 3, unknown: 5, billed: 0, waiting: { CircuitOpen: 2 } });
    expect(world.log.logged('The outcome of a metering call is unknown')[0]).toMatchObject({
      records: 3, code: 'NotMentioned', reason: 'The answer mentions none of the records',
    });
    expect(await world.run()).toMatchObject({ billed: 3 });
  });

  test('counts for those that it mentions, and the others are sent again by the next run', async () => {
    const world = await withLicenses(3);
    const submit = world.api.submit.bind(world.api);
    world.api.submit = async (records) => {
      const answer = await submit(records);
      return answer.kind !== 'ANSWERED' || records.length === 1 ? answer : { kind: 'ANSWERED', records: [{ status: 'Missing' }, ...answer.records.slice(1)] };
    };
    expect(await world.run()).toMatchObject({ calls: 1, billed: 2, unknown: 1, finished: true });
    expect(world.store.probe).toBeUndefined();
    expect(world.partition(HOUR, 'ApiCalls', 'l-0000')!.meta).toMatchObject({ state: 'FROZEN', callLeft: true });
    expect(await world.run()).toMatchObject({ calls: 1, billed: 1, unknown: 0 });
  });
});

test('a call that is refused for one of its records is divided by what AWS took in this run, and the log says why', async () => {
  const world = new RunFixture();
  const licenses = Array.from({ length: 25 }, (_each, index) => `l-${String(index).padStart(4, '0')}`);
  for (const license of [...licenses, 'l-0001x']) world.subscribe(license);
  for (const license of licenses) await world.report(1, { license });
  world.now += 3_600_000;
  for (const license of ['l-0000', 'l-0001', 'l-0001x', 'l-0002', 'l-0003']) await world.report(1, { license });
  world.api.refuses = ({ licenseArn }) => (licenseArn === arn('l-0001x') ? 'InvalidLicenseException' : undefined);
  expect(await world.at('2026-11-23T07:10:00Z').run()).toMatchObject({ calls: 3, billed: 29, notAccepted: 1 });
  expect(world.sizes()).toEqual([25, 5, 4]);
  const message = 'A metering call was refused for one of its records: dividing it';
  expect(world.log.logged(message)).toEqual([{ message, records: 5, code: 'InvalidLicenseException', reason: 'InvalidLicenseException' }]);
});

describe('a record', () => {
  /** Takes all, and keeps what was sent. */
  function accepting() {
    const sent: MeteringRecord[] = [];
    const submit = async (records: readonly MeteringRecord[]) => {
      sent.push(...records);
      return { kind: 'ANSWERED' as const, records: records.map(() => ({ status: 'Success' as const })) };
    };
    return { sent, api: { submit } };
  }

  test('of a buyer of a legacy product names product and customer, and never a license, which would be billed once more', async () => {
    const { sent, api } = accepting();
    const world = new RunFixture({ api });
    world.subscribe(LICENSE, { productCode: 'legacyproduct', customerIdentifier: 'ifAPi5AcF3' });
    await world.report(3);
    expect(await world.at('2026-11-23T06:10:00Z').run()).toMatchObject({ billed: 1 });
    expect(sent).toEqual([
      { productCode: 'legacyproduct', customerIdentifier: 'ifAPi5AcF3', dimension: 'ApiCalls', timestamp: Date.parse('2026-11-23T05:00:00Z'), quantity: 3 },
    ]);
  });

  test('with tags has its allocations in the same order each time it is sent, in whatever order the table returns them', async () => {
    const world = new RunFixture();
    for (const [team, quantity] of [['red', 4], ['blue', 2], ['green', 3]] as const) await world.report(quantity, { tags: { team } });
    world.at('2026-11-23T06:10:00Z').api.outage = 'DOWN';
    await world.run();
    const partition = world.partition(HOUR)!;
    const frozen = partition.meta!.frozen!;
    const stored = Object.entries(frozen.allocations!);
    for (const order of [[0, 1, 2], [2, 1, 0], [1, 2, 0]]) {
      partition.meta = { ...partition.meta!, frozen: { ...frozen, allocations: Object.fromEntries(order.map((index) => stored[index])) } };
      await world.run();
    }
    expect(world.sizes().length).toBe(12);
    for (const [record] of world.api.calls) {
      expect(record.allocations).toEqual([
        { quantity: 2, tags: [['team', 'blue']] }, { quantity: 3, tags: [['team', 'green']] }, { quantity: 4, tags: [['team', 'red']] },
      ]);
    }
  });
});
