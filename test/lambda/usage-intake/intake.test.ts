import { fingerprint } from '../../../lambda/domain/usage/intake/usage-record';
import { DetailType, METRICS } from '../../../src/names';
import { LICENSE, World } from '../../support/ledger/world';

const GOOD = { id: 'a', license: LICENSE, dimension: 'ApiCalls', quantity: 3, time: '2026-11-23T04:30:00Z' };

describe('intake accepts', () => {
  test.each([
    ['an ARN of a license', { license: `arn:aws:license-manager::294406891311:license:${LICENSE}` }],
    ['the id of AWS\'s own sample', { license: 'arn:aws:license-manager::294406891311:license/lic-0a_1.b-2' }],
    ['the short form of events', { license: `aws:license-manager:us-east-1:123456789012:${LICENSE}` }],
    ['a decimal as a string', { quantity: '3.25' }],
    ['a decimal as a number', { quantity: 0.1 }],
    ['a quantity of 0', { quantity: 0 }],
    ['a metric', { dimension: undefined, metric: 'BackupGb' }],
    ['a zone other than UTC', { time: '2026-11-23T05:30:00+01:00' }],
    ['a time without seconds', { time: '2026-11-23T04:30Z' }],
    ['a clock a little ahead', { time: '2026-11-23T05:04:59Z' }],
    ['usage of a month ago', { time: '2026-10-24T05:00:00Z' }],
    ['tags', { tags: { team: 'red', env: 'a+b=c._:/@-1' } }],
    ['no tags', { tags: {} }],
    ['fields that it does not know', { comment: 'x' }],
  ])('%s', async (_what, change) => {
    const world = new World();
    expect(await world.take({ ...GOOD, ...change })).toEqual([{ id: 'a', status: 'ACCEPTED' }]);
    expect(world.metrics.counts.get(METRICS.USAGE_RECORDS_ACCEPTED.name)).toBe(1);
  });

  test('usage into the bucket of the hour in which it happened, in exact units of its dimension', async () => {
    const world = new World();
    await world.take({ ...GOOD, dimension: undefined, metric: 'BackupGb', quantity: '12.5', time: '2026-11-23T00:59:59.999-01:00' });
    const [record] = [...world.partition('2026-11-23T01', 'Units')!.records.values()];
    expect(record).toMatchObject({ units: { amount: '0.125' }, quantity: '12.5', metric: 'BackupGb', time: '2026-11-23T01:59:59.999Z' });
  });
});

const WRONG: [string, unknown][] = [
  ['NotAnObject', 'text'],
  ['NotAnObject', null],
  ['NotAnObject', [GOOD]],
  ['MissingId', { ...GOOD, id: undefined }],
  ['InvalidId', { ...GOOD, id: 'with space' }],
  ['InvalidId', { ...GOOD, id: 7 }],
  ['InvalidId', { ...GOOD, id: 'x'.repeat(201) }],
  ['MissingLicense', { ...GOOD, license: undefined }],
  ['InvalidLicense', { ...GOOD, license: 'prod-1' }],
  ['InvalidLicense', { ...GOOD, license: `l-${'a'.repeat(63)}` }],
  ['InvalidLicense', { ...GOOD, license: 5 }],
  ['LegacyCustomerNotSupported', { ...GOOD, license: undefined, customerAwsAccountId: '111122223333' }],
  ['MissingDimension', { ...GOOD, dimension: undefined }],
  ['AmbiguousDimension', { ...GOOD, metric: 'BackupGb' }],
  ['UnknownDimension', { ...GOOD, dimension: 'apicalls' }],
  ['UnknownMetric', { ...GOOD, dimension: undefined, metric: 'Restores' }],
  ['MissingQuantity', { ...GOOD, quantity: undefined }],
  ['InvalidQuantity', { ...GOOD, quantity: 'many' }],
  ['InvalidQuantity', { ...GOOD, quantity: NaN }],
  ['InvalidQuantity', { ...GOOD, quantity: {} }],
  ['InvalidQuantity', { ...GOOD, quantity: '' }],
  ['NegativeQuantity', { ...GOOD, quantity: -1 }],
  ['QuantityTooLarge', { ...GOOD, quantity: 1e13 }],
  ['QuantityTooLarge', { ...GOOD, dimension: undefined, metric: 'Users', quantity: 1e12 }],
  ['QuantityTooPrecise', { ...GOOD, quantity: '0.0000000000001' }],
  ['MissingTime', { ...GOOD, time: undefined }],
  ['InvalidTime', { ...GOOD, time: '2026-11-23T04:30:00' }],
  ['InvalidTime', { ...GOOD, time: '2026-02-30T04:30:00Z' }],
  ['InvalidTime', { ...GOOD, time: 1790000000 }],
  ['TimeInFuture', { ...GOOD, time: '2026-11-23T05:06:00Z' }],
  ['TimeTooOld', { ...GOOD, time: '2026-10-22T05:00:00Z' }],
  ['InvalidTags', { ...GOOD, tags: ['a'] }],
  ['TooManyTags', { ...GOOD, tags: { a: '1', b: '1', c: '1', d: '1', e: '1', f: '1' } }],
  ['InvalidTagKey', { ...GOOD, tags: { schön: '1' } }],
  ['InvalidTagKey', { ...GOOD, tags: { ['k'.repeat(101)]: '1' } }],
  ['InvalidTagValue', { ...GOOD, tags: { a: '' } }],
  ['InvalidTagValue', { ...GOOD, tags: { a: 5 } }],
  ['InvalidTagValue', { ...GOOD, tags: { a: 'v'.repeat(257) } }],
];

describe('intake rejects', () => {
  test.each(WRONG)('%s: %j', async (reason, record) => {
    const world = new World();
    const [result] = await world.take(record);
    expect(result).toMatchObject({ status: 'REJECTED', reason, message: expect.any(String) });
    expect([...world.store.rejections.values()].map(({ rejection }) => rejection.original))
      .toEqual([typeof record === 'string' ? record : JSON.stringify(record)]);
    expect(world.metrics.counts.get(METRICS.USAGE_RECORDS_REJECTED.name)).toBe(1);
    expect(world.events(DetailType.USAGE_REJECTED)).toHaveLength(1);
    expect(world.events(DetailType.USAGE_REJECTED)[0].detail).toMatchObject({ reason, retryable: true, productCode: 'product' });
    expect(world.store.partitions.size).toBe(0);
  });

  test('an invalid record and accepts the valid ones beside it', async () => {
    const world = new World();
    const results = await world.take(GOOD, { ...GOOD, id: 'b', quantity: -1 }, { ...GOOD, id: 'c' });
    expect(results.map(({ status }) => status)).toEqual(['ACCEPTED', 'REJECTED', 'ACCEPTED']);
  });

  test('with an event that contains no tag and nothing of the original', async () => {
    const world = new World();
    await world.take({ ...GOOD, quantity: -1, tags: { owner: 'jane@example.com' } });
    expect(JSON.stringify(world.store.published)).not.toContain('jane');
  });

  test.each<[string, Record<string, unknown>]>([
    ['a tag key', { tags: { 'jane@example.com (team)': 'red' } }],
    ['the key of a wrong value', { tags: { 'jane@example.com': '' } }],
    ['a tag value', { tags: { owner: 'jane@example.com (team)' } }],
    ['tags that are none', { tags: 'jane@example.com' }],
    ['too many tags', { tags: Object.fromEntries(Array.from({ length: 6 }, (_each, index) => [`jane${index}`, 'red'])) }],
    ['an object for an id', { id: { owner: 'jane@example.com' } }],
    ['an object for a license', { license: { owner: 'jane@example.com' } }],
    ['an array for a dimension', { dimension: ['jane@example.com'] }],
    ['an object for a time', { time: { owner: 'jane@example.com' } }],
  ])('without %s in its event or log', async (_what, change) => {
    const logged: unknown[] = [];
    const write = (...line: unknown[]) => { logged.push(line); };
    const world = new World({ log: { debug: write, info: write, warn: write, error: write } });
    await world.take({ ...GOOD, ...change });
    expect([world.store.published.length, logged.length]).toEqual([1, 1]);
    expect(JSON.stringify([world.store.published, logged])).not.toContain('jane');
  });

  test('an invalid tag with an answer and a stored rejection that name it', async () => {
    const world = new World();
    const [answer] = await world.take({ ...GOOD, tags: { 'team*': 'red' } });
    const [{ rejection }] = world.store.rejections.values();
    for (const { message } of [answer as { message: string }, rejection]) expect(message).toContain('"team*"');
  });

  test('an unknown dimension with a message that names the most similar dimensions first', async () => {
    const names = ['Storage', ...Array.from({ length: 39 }, (_each, index) => `Dimension${index}`), 'ApiCalls', 'ApiErrors'];
    const world = new World({ dimensions: names.map((name) => ({ name, kind: 'METERED' })) });
    const listed = Array.from({ length: 7 }, (_each, index) => `Dimension${index}`).join(', ');
    expect(await world.take({ ...GOOD, dimension: 'api-calls' })).toMatchObject([
      { message: `dimension "api-calls" is none of ApiCalls, ApiErrors, Storage, ${listed} and 32 more` },
    ]);
  });

  test('a record whose corrected version it then accepts under the same id', async () => {
    const world = new World();
    await world.take({ ...GOOD, dimension: 'Apicalls' });
    expect(await world.take(GOOD)).toEqual([{ id: 'a', status: 'ACCEPTED' }]);
  });

  test('the same record for the same reason only once: one stored rejection, one count, one event', async () => {
    const world = new World();
    await world.take({ ...GOOD, quantity: -1 });
    world.now += 1000;
    await world.take({ ...GOOD, quantity: -1 });
    expect(world.store.rejections.size).toBe(1);
    expect(world.metrics.counts.get(METRICS.USAGE_RECORDS_REJECTED.name)).toBe(1);
    expect(world.store.published).toHaveLength(1);
  });
});

describe('a record id', () => {
  test('that returns with the same content is a duplicate and changes nothing', async () => {
    const world = new World();
    await world.take(GOOD);
    world.now += 60_000;
    expect(await world.take({ ...GOOD, license: `arn:aws:license-manager::1:license:${LICENSE}` })).toEqual([{ id: 'a', status: 'DUPLICATE' }]);
    expect(world.partition('2026-11-23T04')!.records.size).toBe(1);
  });

  test.each([
    ['quantity', { quantity: 4 }],
    ['hour', { time: '2026-11-23T03:30:00Z' }],
    ['dimension', { dimension: 'Units' }],
    ['tags', { tags: { a: 'b' } }],
  ])('that returns with another %s is a conflict, and the first record stays', async (_what, change) => {
    const world = new World();
    await world.take(GOOD);
    expect(await world.take({ ...GOOD, ...change })).toMatchObject([{ id: 'a', status: 'REJECTED', reason: 'ConflictingRecord' }]);
    expect([...world.store.partitions.values()].flatMap(({ records }) => [...records.values()]).map(({ quantity }) => quantity)).toEqual(['3']);
  });

  test('that two records of one message share belongs to the first one', async () => {
    const world = new World();
    const results = await world.take(GOOD, { ...GOOD, quantity: 4 }, GOOD);
    expect(results.map(({ status }) => status)).toEqual(['ACCEPTED', 'REJECTED', 'DUPLICATE']);
  });

  test('may be used by another license too', async () => {
    const world = new World();
    expect(await world.take(GOOD, { ...GOOD, license: 'l-bbbb2222' })).toMatchObject([{ status: 'ACCEPTED' }, { status: 'ACCEPTED' }]);
  });

  test('that returns from a dead-letter queue long after is a duplicate and not too old', async () => {
    const world = new World();
    await world.take(GOOD);
    world.at('2026-12-30T00:00:00Z');
    expect(await world.take(GOOD, { ...GOOD, id: 'b' })).toMatchObject([{ status: 'DUPLICATE' }, { status: 'REJECTED', reason: 'TimeTooOld' }]);
  });

  test('that returns with its tags in another order is a duplicate', () => {
    const record = { id: 'a', bucket: { licenseId: 'l', dimension: 'd', hour: 'h' }, units: { amount: '1' }, quantity: '1', time: 't', receivedAt: 0 };
    expect(fingerprint({ ...record, tags: { a: '1', b: '2' } })).toBe(fingerprint({ ...record, tags: { b: '2', a: '1' } }));
  });
});
