import { DetailType, METRICS } from '../../../src/names';
import { LICENSE, LedgerFixture } from '../../support/ledger/ledger-fixture';

const GOOD = { id: 'a', license: LICENSE, dimension: 'ApiCalls', quantity: 3, time: '2026-11-23T04:30:00Z' };

describe('intake accepts', () => {
  test.each([
    ['an ARN of a license', { license: `arn:aws:license-manager::294406891311:license:${LICENSE}` }],
    ['the id of AWS\'s own sample', { license: 'arn:aws:license-manager::294406891311:license/lic-0a_1.b-2' }],
    ['the short form of events', { license: `aws:license-manager:us-east-1:123456789012:${LICENSE}` }],
    ['a decimal as a string', { quantity: '3.25' }],
    ['a decimal as a number', { quantity: 0.1 }],
    ['the sum of two doubles', { quantity: 0.1 + 0.2 }],
    ['another sum of two doubles', { quantity: 4.47 + 5.09 }],
    ['a third', { quantity: 1 / 3 }],
    ['bytes in GiB', { quantity: 123_456_789_123 / 2 ** 30 }],
    ['the smallest double', { quantity: Number.MIN_VALUE }],
    ['a decimal as Python and Java write it', { quantity: '1.5E-7' }],
    ['a decimal as Ruby writes it', { quantity: '0.125e2' }],
    ['a quantity of 0', { quantity: 0 }],
    ['a metric', { dimension: undefined, metric: 'BackupGb' }],
    ['a zone other than UTC', { time: '2026-11-23T05:30:00+01:00' }],
    ['a zone without minutes', { time: '2026-11-23T05:30:00+01' }],
    ['a zone without a colon', { time: '2026-11-23T10:00:00+0530' }],
    ['a time as PostgreSQL writes it', { time: '2026-11-23 04:30:00.123456+00' }],
    ['a time without seconds', { time: '2026-11-23T04:30Z' }],
    ['tags named like members of every object', { tags: JSON.parse('{"__proto__":"a","constructor":"b","toString":"c"}') }],
    ['null for what is absent', { metric: null, tags: null }],
    ['a clock a little ahead', { time: '2026-11-23T05:04:59Z' }],
    ['usage of a month ago', { time: '2026-10-24T05:00:00Z' }],
    ['tags', { tags: { team: 'red', env: 'a+b=c._:/@-1' } }],
    ['no tags', { tags: {} }],
    ['fields that it does not know', { comment: 'x' }],
  ])('%s', async (_what, change) => {
    const world = new LedgerFixture();
    expect(await world.take({ ...GOOD, ...change })).toEqual([{ id: 'a', status: 'ACCEPTED' }]);
    expect(world.metrics.counts.get(METRICS.USAGE_RECORDS_ACCEPTED.name)).toBe(1);
  });

  test.each([
    [0.1 + 0.2, '0.3'],
    [4.47 + 5.09, '9.56'],
    [1 / 3, '0.333333333333'],
    [1e-13, '0'],
    [1e12, '1000000000000'],
    ['0.125e2', '12.5'],
  ])('the quantity %s as %s units, and a redelivery of it as a duplicate', async (quantity, units) => {
    const world = new LedgerFixture();
    await world.take({ ...GOOD, quantity });
    expect(world.partition('2026-11-23T04')!.records.get('a')!.units.amount).toBe(units);
    expect(await world.take({ ...GOOD, quantity }, { ...GOOD, quantity: units })).toMatchObject([{ status: 'DUPLICATE' }, { status: 'DUPLICATE' }]);
  });

  test('usage into the bucket of the hour in which it happened, in exact units of its dimension', async () => {
    const world = new LedgerFixture();
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
  ['LegacyCustomerNotSupported', { ...GOOD, license: undefined, customerIdentifier: 'ifAPi5AcF3' }],
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
  ['QuantityTooPrecise', { ...GOOD, quantity: '1.5e-12' }],
  ['UnknownDimension', { ...GOOD, dimension: { toString: 1, valueOf: 1 } }],
  ['UnknownDimension', { ...GOOD, dimension: '\ud83d' }],
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
    const world = new LedgerFixture();
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
    const world = new LedgerFixture();
    const results = await world.take(GOOD, { ...GOOD, id: 'b', quantity: -1 }, { ...GOOD, id: 'c' });
    expect(results.map(({ status }) => status)).toEqual(['ACCEPTED', 'REJECTED', 'ACCEPTED']);
  });

  test('the event of a rejection contains no tag and nothing of the original record', async () => {
    const world = new LedgerFixture();
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
  ])('the event and the log of a rejection do not contain %s', async (_what, change) => {
    const logged: unknown[] = [];
    const write = (...line: unknown[]) => { logged.push(line); };
    const world = new LedgerFixture({ log: { debug: write, info: write, warn: write, error: write } });
    await world.take({ ...GOOD, ...change });
    expect([world.store.published.length, logged.length]).toEqual([1, 1]);
    expect(JSON.stringify([world.store.published, logged])).not.toContain('jane');
  });

  test('an invalid tag with an answer and a stored rejection that name it', async () => {
    const world = new LedgerFixture();
    const [answer] = await world.take({ ...GOOD, tags: { 'team*': 'red' } });
    const [{ rejection }] = world.store.rejections.values();
    for (const { message } of [answer as { message: string }, rejection]) expect(message).toContain('"team*"');
  });

  test('an unknown dimension with a message that names the most similar dimensions first', async () => {
    const names = ['Storage', ...Array.from({ length: 39 }, (_each, index) => `Dimension${index}`), 'ApiCalls', 'ApiErrors'];
    const world = new LedgerFixture({ dimensions: names.map((name) => ({ name, kind: 'METERED' })) });
    const listed = Array.from({ length: 7 }, (_each, index) => `Dimension${index}`).join(', ');
    expect(await world.take({ ...GOOD, dimension: 'api-calls' })).toMatchObject([
      { message: `dimension "api-calls" is none of ApiCalls, ApiErrors, Storage, ${listed} and 32 more` },
    ]);
  });

  test('a record whose corrected version it then accepts under the same id', async () => {
    const world = new LedgerFixture();
    await world.take({ ...GOOD, dimension: 'Apicalls' });
    expect(await world.take(GOOD)).toEqual([{ id: 'a', status: 'ACCEPTED' }]);
  });

  test('the same record for the same reason only once: one stored rejection, one count, one event', async () => {
    const world = new LedgerFixture();
    await world.take({ ...GOOD, quantity: -1 });
    world.now += 1000;
    await world.take({ ...GOOD, quantity: -1 });
    expect(world.store.rejections.size).toBe(1);
    expect(world.metrics.counts.get(METRICS.USAGE_RECORDS_REJECTED.name)).toBe(1);
    expect(world.store.published).toHaveLength(1);
  });
});

describe('the verdict on a record', () => {
  const at = (world: LedgerFixture, sentAt: string, record: unknown) => world.intake().take([{ original: record, sentAt: Date.parse(sentAt) }]);

  test('the verdict on a record that is ahead of the time it was sent is the same in every delivery', async () => {
    const world = new LedgerFixture();
    const early = { ...GOOD, time: '2026-11-23T05:20:00Z' };
    expect(await at(world, '2026-11-23T05:00:00Z', early)).toMatchObject([{ reason: 'TimeInFuture' }]);
    world.at('2026-11-23T05:30:00Z');
    expect(await at(world, '2026-11-23T05:00:00Z', early)).toMatchObject([{ reason: 'TimeInFuture' }]);
    expect(world.store.published).toHaveLength(1);
  });

  test('a record that was sent in time is accepted, however long the queue kept it', async () => {
    const world = new LedgerFixture().at('2026-12-05T00:00:00Z');
    expect(await at(world, '2026-11-23T05:00:00Z', { ...GOOD, time: '2026-10-24T05:00:00Z' })).toEqual([{ id: 'a', status: 'ACCEPTED' }]);
  });

  test.each<[string, (world: LedgerFixture) => unknown]>([
    ['its dimension left the product', (world) => Object.assign(world.deps, { dimensions: [{ name: 'Other', kind: 'METERED' }] })],
    ['it is too old', (world) => world.at('2026-12-30T00:00:00Z')],
    ['it lies in the future', (world) => world.at('2026-11-20T00:00:00Z')],
  ])('the verdict on a record that was accepted stays the same when %s', async (_what, change) => {
    const world = new LedgerFixture();
    await world.take(GOOD);
    change(world);
    expect(await world.take(GOOD, { ...GOOD, id: 'b' })).toMatchObject([{ id: 'a', status: 'DUPLICATE' }, { id: 'b', status: 'REJECTED' }]);
    expect(await world.take({ ...GOOD, quantity: 4 })).toMatchObject([{ reason: 'ConflictingRecord' }]);
    expect(world.partition('2026-11-23T04')!.meta!.revision).toBeGreaterThan(1);
  });

  test('the verdict on a record in a metric stays the same when the metric is worth another number of units, or belongs to another dimension', async () => {
    const world = new LedgerFixture();
    const metered = { ...GOOD, dimension: undefined, metric: 'BackupGb', quantity: 100 };
    await world.take(metered);
    Object.assign(world.deps, { dimensions: [{ name: 'ApiCalls', kind: 'METERED', metrics: [{ name: 'BackupGb', unitsPerQuantity: '7' }] }] });
    expect(await world.take(metered)).toMatchObject([{ status: 'DUPLICATE' }]);
    expect(world.partition('2026-11-23T04', 'Units')!.records.get('a')!.units.amount).toBe('1');
    expect(world.partition('2026-11-23T04', 'ApiCalls')).toBeUndefined();
  });
});

describe('a claim without a line, as a crash leaves it,', () => {
  async function crashed(): Promise<LedgerFixture> {
    const world = new LedgerFixture();
    const put = world.store.putRecord.bind(world.store);
    world.store.putRecord = async () => { throw new Error('The process died'); };
    expect(await world.take(GOOD)).toMatchObject([{ status: 'FAILED' }]);
    world.store.putRecord = put;
    expect([world.store.claims.size, world.partition('2026-11-23T04')?.records.size ?? 0]).toEqual([1, 0]);
    return world;
  }

  test('a claim without a line, as a crash leaves it, is completed by a redelivery of its record', async () => {
    const world = await crashed();
    expect(await world.take(GOOD)).toEqual([{ id: 'a', status: 'ACCEPTED' }]);
    expect(world.partition('2026-11-23T04')!.records.size).toBe(1);
  });

  test.each([
    ['another record under its id', { time: '2026-11-23T03:30:00Z' }, 'ConflictingRecord'],
    ['another record under its id whose dimension is unknown', { dimension: 'Other' }, 'ConflictingRecord'],
  ])('a claim without a line, as a crash leaves it, is completed by %s, which is rejected', async (_what, change, reason) => {
    const world = await crashed();
    expect(await world.take({ ...GOOD, ...change })).toMatchObject([{ status: 'REJECTED', reason }]);
    await world.at('2026-11-23T05:10:00Z').run();
    expect(world.billed('2026-11-23T04')).toBe(3);
  });
});

describe('a record id', () => {
  test('a record id that returns with the same content is a duplicate and changes nothing', async () => {
    const world = new LedgerFixture();
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
  ])('a record id that returns with another %s is a conflict, and the first record stays', async (_what, change) => {
    const world = new LedgerFixture();
    await world.take(GOOD);
    expect(await world.take({ ...GOOD, ...change })).toMatchObject([{ id: 'a', status: 'REJECTED', reason: 'ConflictingRecord' }]);
    expect([...world.store.partitions.values()].flatMap(({ records }) => [...records.values()]).map(({ quantity }) => quantity)).toEqual(['3']);
  });

  test('a record id that two records of one message share belongs to the first one', async () => {
    const world = new LedgerFixture();
    const results = await world.take(GOOD, { ...GOOD, quantity: 4 }, GOOD);
    expect(results.map(({ status }) => status)).toEqual(['ACCEPTED', 'REJECTED', 'DUPLICATE']);
  });

  test('a record id may be used by another license too', async () => {
    const world = new LedgerFixture();
    expect(await world.take(GOOD, { ...GOOD, license: 'l-bbbb2222' })).toMatchObject([{ status: 'ACCEPTED' }, { status: 'ACCEPTED' }]);
  });

  test('a record id that returns from a dead-letter queue long after is a duplicate and not too old', async () => {
    const world = new LedgerFixture();
    await world.take(GOOD);
    world.at('2026-12-30T00:00:00Z');
    expect(await world.take(GOOD, { ...GOOD, id: 'b' })).toMatchObject([{ status: 'DUPLICATE' }, { status: 'REJECTED', reason: 'TimeTooOld' }]);
  });

  test('a record id that returns with its tags in another order is a duplicate', async () => {
    const world = new LedgerFixture();
    const tagged = (tags: Record<string, string>) => ({ ...GOOD, tags });
    expect(await world.take(tagged({ a: '1', b: '2' }), tagged({ b: '2', a: '1' }))).toMatchObject([{ status: 'ACCEPTED' }, { status: 'DUPLICATE' }]);
  });
});

describe('usage of a subscription that has ended', () => {
  const endedLicenses = (ended: readonly string[], reads: (readonly string[])[] = []) => ({
    among: async (licenseIds: readonly string[]) => {
      reads.push(licenseIds);
      return new Set(licenseIds.filter((licenseId) => ended.includes(licenseId)));
    },
  });

  test('usage of a subscription that has ended is rejected at once, with a stored reason, a count and an event', async () => {
    const world = new LedgerFixture();
    const [result] = await world.intake({ endedLicenses: endedLicenses([LICENSE]) }).take([{ original: GOOD }]);
    expect(result).toMatchObject({ id: 'a', status: 'REJECTED', reason: 'LicenseEnded' });
    expect([...world.store.rejections.values()].map(({ rejection }) => rejection.original)).toEqual([JSON.stringify(GOOD)]);
    expect(world.metrics.counts.get(METRICS.USAGE_RECORDS_REJECTED.name)).toBe(1);
    expect(world.events(DetailType.USAGE_REJECTED)).toMatchObject([{ detail: { reason: 'LicenseEnded', recordId: 'a' } }]);
  });

  test('usage of a subscription that has ended is accepted in a redelivery of a record that was accepted before the end', async () => {
    const world = new LedgerFixture();
    await world.take(GOOD);
    expect(await world.intake({ endedLicenses: endedLicenses([LICENSE]) }).take([{ original: GOOD }])).toEqual([{ id: 'a', status: 'DUPLICATE' }]);
  });

  test('the end of a subscription is found with one read for each license of a batch', async () => {
    const reads: (readonly string[])[] = [];
    const licenses = Array.from({ length: 1200 }, (_each, index) => `l-${index % 3}`);
    const records = licenses.map((license, index) => ({ original: { ...GOOD, id: `r${index}`, license } }));
    const results = await new LedgerFixture().intake({ endedLicenses: endedLicenses(['l-1'], reads) }).take(records);
    expect(reads).toEqual([['l-0', 'l-1', 'l-2']]);
    expect(results.filter(({ status }) => status === 'REJECTED')).toHaveLength(400);
  });

  test('usage of a subscription that has ended is accepted if the subscription cannot be read: metering decides', async () => {
    const unreadable = { among: async () => { throw new Error('ProvisionedThroughputExceededException'); } };
    expect(await new LedgerFixture().intake({ endedLicenses: unreadable }).take([{ original: GOOD }])).toEqual([{ id: 'a', status: 'ACCEPTED' }]);
  });
});
