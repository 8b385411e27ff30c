import type { IntakeStore } from '../../../lambda/domain/usage/ports';
import { METRICS } from '../../../src/names';
import { LICENSE, LedgerFixture } from '../../support/ledger/ledger-fixture';
import { LEGACY_BUYER } from '../../support/notifications';
import { Telemetry } from '../../support/telemetry';

const GOOD = { id: 'a', license: LICENSE, dimension: 'ApiCalls', quantity: 3, time: '2026-11-23T04:30:00Z' };
const records = (count: number) => Array.from({ length: count }, (_each, index) => ({ ...GOOD, id: `r${index}` }));

/** Lets everything that is under way go as far as it can. */
const nextTurn = async () => new Promise((resolve) => { setImmediate(resolve); });

function worldWithLog(): { world: LedgerFixture; log: Telemetry } {
  const log = new Telemetry();
  return { world: new LedgerFixture({ log }), log };
}

/** How many calls of an operation of the store are under way at most. */
function mostAtOnce(world: LedgerFixture, operation: 'claim' | 'reject' | 'markChanged'): () => number {
  const store = world.store as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  const call = store[operation].bind(store);
  let [now, most] = [0, 0];
  store[operation] = async (...args) => {
    now += 1;
    most = Math.max(most, now);
    await nextTurn();
    now -= 1;
    return call(...args);
  };
  return () => most;
}

describe('records of one batch', () => {
  test('records of one batch with one id are stored one after another, so that the first has the id however long it takes', async () => {
    const world = new LedgerFixture();
    const claim = world.store.claim.bind(world.store);
    world.store.claim = async (record) => {
      if (record.quantity === '3') await nextTurn();
      return claim(record);
    };
    const results = await world.take(GOOD, { ...GOOD, quantity: 4 }, { ...GOOD, id: 'b', quantity: 5 });
    expect(results).toMatchObject([{ id: 'a', status: 'ACCEPTED' }, { id: 'a', status: 'REJECTED', reason: 'ConflictingRecord' }, { id: 'b', status: 'ACCEPTED' }]);
    expect(world.partition('2026-11-23T04')!.records.get('a')!.quantity).toBe('3');
  });

  test('records of one batch with different ids are stored eight at a time', async () => {
    const world = new LedgerFixture();
    const most = mostAtOnce(world, 'claim');
    await world.take(...records(20));
    expect(most()).toBe(8);
  });

  test('records of one batch that are rejected wait for no other one', async () => {
    const world = new LedgerFixture();
    const most = mostAtOnce(world, 'reject');
    const results = await world.take('one', 'two', 'three');
    expect(results).toMatchObject(Array(3).fill({ status: 'REJECTED', reason: 'NotAnObject' }));
    expect(most()).toBe(3);
  });

  test('records of one batch in many hours mark each of their buckets, eight at a time', async () => {
    const world = new LedgerFixture();
    const most = mostAtOnce(world, 'markChanged');
    const times = Array.from({ length: 20 }, (_each, hour) => `2026-11-22T${String(hour).padStart(2, '0')}:30:00Z`);
    await world.take(...times.map((time, index) => ({ ...GOOD, id: `r${index}`, time })));
    expect(most()).toBe(8);
    expect([...world.store.partitions.values()].map(({ meta }) => meta?.revision)).toEqual(Array(20).fill(1));
  });

  test.each(['02', '03', '04'])('records of one batch mark their buckets in the same order, also where that of hour %s is stored last', async (slow) => {
    const world = new LedgerFixture();
    const claim = world.store.claim.bind(world.store);
    world.store.claim = async (record) => {
      if (record.id === slow) await nextTurn();
      return claim(record);
    };
    const marked: string[] = [];
    const mark = world.store.markChanged.bind(world.store);
    world.store.markChanged = async (...args: Parameters<IntakeStore['markChanged']>) => {
      marked.push(args[0].hour);
      return mark(...args);
    };
    await world.take(...['03', '02', '04'].map((hour) => ({ ...GOOD, id: hour, time: `2026-11-23T${hour}:30:00Z` })));
    expect(marked).toEqual(['2026-11-23T02', '2026-11-23T03', '2026-11-23T04']);
  });

  test('records of one batch, valid or not, lead to one read of the licenses of the valid ones', async () => {
    const reads: (readonly string[])[] = [];
    const endedLicenses = { among: async (licenseIds: readonly string[]) => { reads.push(licenseIds); return new Set<string>(); } };
    const intake = new LedgerFixture().intake({ endedLicenses });
    await intake.take([GOOD, { ...GOOD, license: 'l-2', quantity: -1 }, 'text', { ...GOOD, id: 'b', license: 'l-3' }].map((original) => ({ original })));
    await intake.take([{ original: 'text' }]);
    expect(reads).toEqual([[LICENSE, 'l-3']]);
  });

  test('records of one batch for which there is no time are counted in the log, and are not stored', async () => {
    const { world, log } = worldWithLog();
    const results = await world.intake().take(records(3).map((original) => ({ original })), world.now);
    expect(results.map((result) => 'error' in result && String(result.error))).toEqual(Array(3).fill('Error: There was no time left for this usage record'));
    expect(log.logged('Too many usage records for one invocation: the rest has to be delivered again')).toMatchObject([{ records: 3, remaining: 3 }]);
    expect([world.store.partitions.size, world.metrics.counts.get(METRICS.USAGE_RECORDS_ACCEPTED.name)]).toEqual([0, 0]);
  });

  test('records of one batch for which there is time leave no line in the log', async () => {
    const { world, log } = worldWithLog();
    await world.take(...records(500));
    expect(log.lines).toEqual([]);
  });
});

describe('the mark of a bucket', () => {
  function marksOf(world: LedgerFixture): unknown[] {
    const marks: unknown[] = [];
    const mark = world.store.markChanged.bind(world.store);
    world.store.markChanged = async (...args: Parameters<IntakeStore['markChanged']>) => {
      marks.push(args.slice(1));
      return mark(...args);
    };
    return marks;
  }
  const CLOSE = Date.parse('2026-11-23T05:10:00Z');

  test.each([['2026-11-23T05:10:00Z', 'RECORDS'], ['2026-11-23T05:10:00.001Z', 'OTHERS']])('the mark of a bucket whose records come at %s says that %s changed', async (time, lines) => {
    const world = new LedgerFixture().at(time);
    const marks = marksOf(world);
    await world.take(GOOD, { ...GOOD, id: 'b' });
    expect(marks).toEqual([[CLOSE, lines]]);
  });

  test.each([['first', 0], ['last', 1]])('the mark of a bucket says that records stored in time may have changed when one of them, the %s, is a redelivery of such a record', async (_which, place) => {
    const world = new LedgerFixture();
    await world.take(GOOD);
    const marks = marksOf(world.at('2026-11-23T05:10:01Z'));
    const late = { ...GOOD, id: 'late' };
    await world.take(...(place === 0 ? [GOOD, late] : [late, GOOD]));
    expect(marks).toEqual([[CLOSE, 'RECORDS']]);
  });

  test('the mark of a bucket that fails makes its records be sent again, and is no line in the answers of others', async () => {
    const { world, log } = worldWithLog();
    const mark = world.store.markChanged.bind(world.store);
    world.store.markChanged = async (bucket, ...rest) => {
      if (bucket.dimension === 'Units') throw new TypeError('no answer');
      return mark(bucket, ...rest);
    };
    const results = await world.take(GOOD, { ...GOOD, id: 'b', dimension: 'Units' }, { ...GOOD, id: 'c', dimension: 'Units' });
    expect(results).toEqual([{ id: 'a', status: 'ACCEPTED' }, { status: 'FAILED', error: new TypeError('no answer') }, { status: 'FAILED', error: new TypeError('no answer') }]);
    expect(log.logged('The usage record could not be stored: it has to be delivered again')).toMatchObject([{ error: 'TypeError', reason: 'no answer' }]);
    expect(world.metrics.counts.get(METRICS.USAGE_RECORDS_ACCEPTED.name)).toBe(1);
  });
});

describe('what intake writes about a record that it rejects', () => {
  test('what intake writes about a record that it rejects are its id, license, reason and key', async () => {
    const { world, log } = worldWithLog();
    await world.take({ ...GOOD, quantity: -1 });
    const [{ rejection }] = world.store.rejections.values();
    expect(log.logged('Usage record rejected')).toEqual([
      { message: 'Usage record rejected', id: 'a', licenseId: LICENSE, reason: 'NegativeQuantity', key: rejection.key },
    ]);
    expect(rejection.key).toMatch(/^a#/);
  });

  test('what intake writes about a record that it rejects is that its event waits, when the bus cannot be reached', async () => {
    const { world, log } = worldWithLog();
    world.store.publishRejection = async () => { throw new TypeError('no answer'); };
    expect(await world.take({ ...GOOD, quantity: -1 })).toMatchObject([{ id: 'a', status: 'REJECTED', reason: 'NegativeQuantity' }]);
    expect(log.logged('The rejection is stored; reconciliation will publish its event'))
      .toMatchObject([{ id: 'a', licenseId: LICENSE, error: 'TypeError', reason: 'no answer' }]);
    expect(world.store.rejections.size).toBe(1);
  });

  test('what intake writes about a record that it rejects for its id names the id and the license', async () => {
    const world = new LedgerFixture();
    const message = `id a is the id of another record of ${LICENSE}: that one stays, this one was not accepted`;
    expect(await world.take(GOOD, { ...GOOD, quantity: 4 })).toMatchObject([{ status: 'ACCEPTED' }, { reason: 'ConflictingRecord', message }]);
  });
});

test('a record whose bucket has another record under its id is rejected, also where its claim is lost', async () => {
  const world = new LedgerFixture();
  await world.take(GOOD);
  world.store.claims.clear();
  expect(await world.take({ ...GOOD, quantity: 4 })).toMatchObject([{ id: 'a', status: 'REJECTED', reason: 'ConflictingRecord' }]);
  expect(world.partition('2026-11-23T04')!.records.get('a')!.quantity).toBe('3');
});

test('usage is accepted while subscriptions cannot be read, with a line in the log that says who decides', async () => {
  const { world, log } = worldWithLog();
  const endedLicenses = { among: async () => { throw new TypeError('no answer'); } };
  expect(await world.intake({ endedLicenses }).take([{ original: GOOD }])).toEqual([{ id: 'a', status: 'ACCEPTED' }]);
  expect(log.logged('Subscriptions could not be read: usage of ended ones is accepted, and rejected by metering'))
    .toMatchObject([{ error: 'TypeError', reason: 'no answer' }]);
});

test.each([
  ['CONCURRENT', { reason: 'LegacyCustomerNotSupported' }],
  [undefined, { reason: 'LegacyCustomerNotSupported' }],
  ['LEGACY', { status: 'ACCEPTED' }],
  ['MIGRATING', { status: 'ACCEPTED' }],
] as const)('usage by customer identifier, of a product in the agreement mode %s, gets the answer %j', async (agreementMode, answer) => {
  const world = new LedgerFixture();
  const original = { ...GOOD, license: undefined, customerIdentifier: LEGACY_BUYER };
  expect(await world.intake({ agreementMode }).take([{ original }])).toMatchObject([answer]);
  expect(world.store.claims.has(`legacy-product-${LEGACY_BUYER}#a`)).toBe('status' in answer);
});
