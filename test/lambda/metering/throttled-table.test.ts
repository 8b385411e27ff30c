import { UsageTableLedger } from '../../../lambda/adapters/usage/ledger';
import { UsageTable } from '../../../lambda/adapters/usage/table';
import { Bucket } from '../../../lambda/domain/usage/ledger/bucket';
import { unfinished, violations } from '../../support/ledger/invariants';
import { LedgerFixture } from '../../support/ledger/ledger-fixture';

/** The table refuses an operation when it is told to, as DynamoDB does with more than it can take. */
class ThrottledLedger extends LedgerFixture {
  throttled = new Set<string>();
  passed = 0;
  /** Operations that pass first. */
  from = 0;

  constructor(lanes = 4) {
    super({ lanes, concurrency: 8, gate: { pass: async (operation, when) => this.pass(operation, when) } });
  }

  async pass(operation: string, when: 'before' | 'after'): Promise<void> {
    if (when === 'after' || !this.throttled.has(operation)) return;
    this.passed += 1;
    if (this.passed > this.from) throw Object.assign(new Error('slow down'), { name: 'ProvisionedThroughputExceededException' });
  }

  throttle(operation: string, from = 0): this {
    this.throttled = new Set([operation]);
    this.passed = 0;
    this.from = from;
    return this;
  }

  intents(): number {
    return [...this.store.partitions.values()].filter(({ meta }) => meta?.state === 'FROZEN' && meta.intent !== undefined).length;
  }
}

test('buckets that cannot be read are left to the next run; the others are billed', async () => {
  const world = await new ThrottledLedger().withLicenses(200);
  world.throttle('readMeta', 60);
  const did = await world.run();
  expect(did.billed).toBeGreaterThanOrEqual(50);
  expect(world.intents()).toBe(0);
  expect(await world.pendingAge()).toBeGreaterThanOrEqual(600);
  world.throttled.clear();
  await world.run();
  expect(world.api.accepted.size).toBe(200);
  expect([...violations(world), ...unfinished(world)]).toEqual([]);
});

test.each([
  ['the lease', 'acquireLease'],
  ['what is known of unknown outcomes', 'readCircuits'],
  ['the list of ending licenses', 'listLicenses'],
  ['the list of what is due', 'listDue'],
])('a run that cannot read %s fails, and leaves nothing half done', async (_what, operation) => {
  const world = await new ThrottledLedger().withLicenses(60);
  await expect(world.throttle(operation).run()).rejects.toThrow('slow down');
  expect([world.intents(), world.store.lease]).toEqual([0, undefined]);
  world.throttled.clear();
  await world.run();
  expect(world.api.accepted.size).toBe(60);
});

test('a list that ends in an error fails the run, after what was read of it is billed, and the age of the rest is reported', async () => {
  const world = await new ThrottledLedger().withLicenses(60);
  world.api.notSubscribed.add('l-0000');
  const due = {
    async *due(now: number): AsyncIterable<Bucket> {
      let count = 0;
      for await (const bucket of world.store.due(now)) {
        if (count === 40) throw new Error('slow down');
        count += 1;
        yield bucket;
      }
    },
    newest: (now: number) => world.store.newest(now),
    dueOfLicense: (licenseId: string) => world.store.dueOfLicense(licenseId),
  };
  await expect(world.run({ due })).rejects.toThrow('slow down');
  expect(world.api.accepted.size).toBe(24);
  expect([world.intents(), world.store.lease]).toEqual([0, undefined]);
  expect(await world.pendingAge()).toBeGreaterThanOrEqual(600);
});

test('a table that cannot keep that outcomes are unknown keeps no outcome from being written', async () => {
  const world = await new ThrottledLedger(1).withLicenses(60);
  world.api.faults.push('DOWN');
  await world.throttle('writeCircuit').run();
  expect(world.api.accepted.size).toBe(60);
  expect([...violations(world), ...unfinished(world)]).toEqual([]);
});

describe('a batch of reads', () => {
  const buckets = Array.from({ length: 3 }, (_each, index) => ({ licenseId: `l-${index}`, dimension: 'ApiCalls', hour: '2026-11-23T05' }));
  const item = ({ licenseId, dimension, hour }: Bucket) => ({ licenseId, dimension, hour, state: 'OPEN' });

  /** @param answers how many of the keys asked for each call reads */
  function ledgerThatReads(...answers: number[]) {
    const pauses: number[] = [];
    const client = {
      send: async ({ input }: { input: { RequestItems: Record<string, { Keys: { pk: string }[] }> } }) => {
        const { Keys } = input.RequestItems.usage;
        const count = answers.shift() ?? 0;
        const read = Keys.slice(0, count).map(({ pk }) => item(buckets.find(({ licenseId }) => pk.includes(licenseId))!));
        return { Responses: { usage: read }, UnprocessedKeys: count < Keys.length ? { usage: { Keys: Keys.slice(count) } } : {} };
      },
    };
    const table = new UsageTable(client as never, 'usage');
    const sleep = async (milliseconds: number) => { pauses.push(milliseconds); };
    return { ledger: new UsageTableLedger(table, { publishAndClear: async () => {} }, sleep), pauses };
  }

  test('a batch that a table reads in parts is asked for again in parts, ever slower while nothing comes', async () => {
    const { ledger, pauses } = ledgerThatReads(1, 0, 0, 2);
    expect((await ledger.readMetas(buckets)).size).toBe(3);
    expect(pauses).toEqual([50, 100, 200]);
  });

  test('a batch of which nothing comes is given up', async () => {
    const { ledger, pauses } = ledgerThatReads();
    await expect(ledger.readMetas(buckets)).rejects.toThrow('throttling');
    expect(pauses).toHaveLength(4);
  });
});
