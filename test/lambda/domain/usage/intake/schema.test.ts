import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { parseRecord } from '../../../../../lambda/domain/usage/intake/parse-record';
import { QUANTITY_PATTERNS } from '../../../../../lambda/domain/usage/intake/quantity-text';
import { TIME_PATTERN } from '../../../../../lambda/domain/usage/intake/time-text';
import recordSchema from '../../../../../schema/usage-record.schema.json';
import rejectedSchema from '../../../../../schema/usage-rejected.schema.json';
import unresolvedSchema from '../../../../../schema/usage-unresolved.schema.json';
import { DetailType } from '../../../../../src/names';
import { LICENSE, LedgerFixture } from '../../../../support/ledger/ledger-fixture';

const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false });
addFormats(ajv);
const isRecord = ajv.compile(recordSchema);
const isRejected = ajv.compile(rejectedSchema);
const isUnresolved = ajv.compile(unresolvedSchema);

const GOOD = { id: 'a', license: LICENSE, dimension: 'ApiCalls', quantity: 3, time: '2026-11-23T04:30:00Z' };

describe('the published schema of a usage record', () => {
  test('accepts its own examples', () => {
    for (const example of recordSchema.examples) expect([example, isRecord(example)]).toEqual([example, true]);
  });

  test('the published schema of a usage record has the patterns of intake', () => {
    const { quantity, time } = recordSchema.properties;
    expect(quantity.anyOf.flatMap(({ pattern }) => pattern ?? [])).toEqual(QUANTITY_PATTERNS);
    expect(time.pattern).toBe(TIME_PATTERN);
  });

  test.each(Object.entries(generators()))('the published schema of a usage record has the same verdict as intake on any %s', (name, field) => {
    fc.assert(fc.property(field, (value) => {
      const written = JSON.parse(JSON.stringify({ ...GOOD, [name]: value })) as Record<string, unknown>;
      const parsed = parseRecord(written);
      expect([written, isRecord(written)]).toEqual([written, parsed.ok]);
    }), { numRuns: 1000 });
  });

  test('the published schema of a usage record has the same verdict as intake on any record', () => {
    fc.assert(fc.property(fc.record(generators(), { requiredKeys: [] }), fc.boolean(), (fields, onlyThese) => {
      const written = JSON.parse(JSON.stringify(onlyThese ? fields : { ...GOOD, ...fields })) as Record<string, unknown>;
      const parsed = parseRecord(written);
      expect([written, isRecord(written)]).toEqual([written, parsed.ok]);
    }), { numRuns: 1000 });
  });
});

/** Values for each field: right ones, those that are nearly right, and any JSON. */
function generators() {
  const any = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }), fc.constant(null), fc.constant(undefined));
  const digits = fc.stringMatching(/^\d{0,14}$/);
  const decimal = fc.tuple(
    fc.constantFrom('', '-', '+'), digits, fc.constantFrom('', '.'), digits, fc.constantFrom('', 'e', 'E'), fc.constantFrom('', '-', '+'), fc.stringMatching(/^\d{0,2}$/),
  ).map((parts) => parts.join(''));
  const scientific = fc.tuple(fc.stringMatching(/^\d(\.\d{1,14})?$/), fc.constantFrom('e', 'E'), fc.integer({ min: -14, max: 14 })).map((parts) => parts.join(''));
  const two = fc.integer({ min: 0, max: 99 }).map((n) => String(n).padStart(2, '0'));
  const date = fc.oneof(
    fc.tuple(fc.constantFrom('2024', '2026', '1900', '2000'), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 32 }))
      .map(([year, month, day]) => `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`),
    fc.tuple(fc.stringMatching(/^\d{4}$/), two, two).map((parts) => parts.join('-')),
  );
  const clock = fc.tuple(two, two, two).map((parts) => parts.join(':'));
  const time = fc.tuple(
    date, fc.constantFrom('T', 't', ' ', ''), fc.oneof(clock, fc.constantFrom('05:30', '05', '24:00:00', '23:59:60')), fc.constantFrom('', '.5', ',123456789', '.1234567890'),
    fc.constantFrom('', 'Z', 'z', '+01', '+0100', '+01:00', '-23:59', '+24:00', '+1', '+01:60', ' Z'),
  ).map((parts) => parts.join(''));
  const licenses = fc.tuple(
    fc.constantFrom('', ' ', '\n', 'arn:aws:license-manager::1:license:', 'a/', 'x'), fc.constantFrom('l-', 'lic-', 'L-'), fc.stringMatching(/^[\w.-]{0,64}$/),
    fc.constantFrom('', ' ', '\n', ':'),
  ).map((parts) => parts.join(''));
  const key = fc.oneof(fc.stringMatching(/^[a-z +=._:/@-]{0,3}$/), fc.constantFrom('__proto__', 'constructor', 'toString', 'é', 'k'.repeat(101)));
  const value = fc.oneof(fc.stringMatching(/^[A-Z0-9 ]{0,3}$/), fc.constantFrom('v'.repeat(256), 'v'.repeat(257), 5, null));
  const tags = fc.array(fc.tuple(key, value), { maxLength: 6 }).map((pairs) => Object.fromEntries(pairs));
  const name = fc.oneof(fc.string({ maxLength: 300, minLength: 200 }), fc.constantFrom('ApiCalls', '', '\u{1F4B6}'.repeat(255), '\u{1F4B6}'.repeat(256)));
  return {
    id: fc.oneof(any, fc.stringMatching(/^[!-~]{1,3}$/), fc.constantFrom('a'.repeat(200), 'a'.repeat(201))),
    license: fc.oneof(any, licenses),
    dimension: fc.oneof(any, name),
    metric: fc.oneof(any, name),
    quantity: fc.oneof(any, decimal, scientific, fc.double(), fc.constantFrom(1e12, 1e12 + 1, '1000000000000.0', '1000000000000.1', 1e-300, '0'.repeat(101), '0e999')),
    time: fc.oneof(any, time),
    tags: fc.oneof(any, tags),
    other: any,
  };
}

describe('the published schemas of events', () => {
  test('the published schemas of events match the rejection of a record and of an amount', async () => {
    const world = new LedgerFixture();
    await world.take({ ...GOOD, quantity: -1 }, 'nonsense', GOOD);
    world.end();
    await world.at('2026-11-23T08:00:00Z').run();
    const events = world.events(DetailType.USAGE_REJECTED);
    expect(events.map(({ detail }) => detail.reason)).toEqual(['NegativeQuantity', 'NotAnObject', 'LicenseEnded']);
    for (const { detail } of events) expect([detail, isRejected(detail), isRejected.errors]).toEqual([detail, true, null]);
  });

  test('the published schemas of events match an unresolved hour', async () => {
    const world = new LedgerFixture();
    await world.take(GOOD);
    world.api.outage = 'DOWN';
    await world.at('2026-11-23T06:00:00Z').run();
    await world.at('2026-11-24T06:00:00Z').run();
    const events = world.events(DetailType.USAGE_UNRESOLVED);
    expect(events).toHaveLength(1);
    expect([events[0].detail, isUnresolved(events[0].detail), isUnresolved.errors]).toEqual([events[0].detail, true, null]);
  });
});
