import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { validate } from '../../../../../lambda/domain/usage/intake/validation';
import recordSchema from '../../../../../schema/usage-record.schema.json';
import rejectedSchema from '../../../../../schema/usage-rejected.schema.json';
import unresolvedSchema from '../../../../../schema/usage-unresolved.schema.json';
import { DetailType } from '../../../../../src/names';
import { DIMENSIONS, LICENSE, START, World } from '../../../../support/ledger/world';

const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false });
addFormats(ajv);
const isRecord = ajv.compile(recordSchema);
const isRejected = ajv.compile(rejectedSchema);
const isUnresolved = ajv.compile(unresolvedSchema);

const GOOD = { id: 'a', license: LICENSE, dimension: 'ApiCalls', quantity: 3, time: '2026-11-23T04:30:00Z' };

/** Reasons that depend on the product, on the time, or on arithmetic, which a schema cannot express. */
const BEYOND_SCHEMA = ['UnknownDimension', 'UnknownMetric', 'TimeInFuture', 'TimeTooOld', 'QuantityTooLarge', 'QuantityTooPrecise', 'InvalidTime'];

describe('the published schema of a usage record', () => {
  test('accepts its own examples', () => {
    for (const example of recordSchema.examples) expect([example, isRecord(example)]).toEqual([example, true]);
  });

  test('has the same verdict as intake, except where only intake can know', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('a', 'l-1', 'Ab9 +', '1.5', '-1', '.5', '1e3', '2026-11-23T04:30:00Z', '2026-11-23T04:30'));
    const value = fc.oneof(text, fc.integer(), fc.double(), fc.constant(null), fc.constant(undefined), fc.dictionary(text, text));
    const change = fc.dictionary(fc.constantFrom('id', 'license', 'dimension', 'metric', 'quantity', 'time', 'tags', 'other'), value, { maxKeys: 2 });
    fc.assert(fc.property(change, (fields) => {
      const written = JSON.parse(JSON.stringify({ ...GOOD, ...fields })) as Record<string, unknown>;
      for (const [name, field] of Object.entries(written)) {
        // Intake treats null as absent.
        if (field === null) delete written[name];
      }
      const validation = validate(written, DIMENSIONS, START);
      const bySchema = isRecord(written);
      if (validation.ok) expect([written, bySchema]).toEqual([written, true]);
      else if (!BEYOND_SCHEMA.includes(validation.problem.reason)) expect([written, bySchema]).toEqual([written, false]);
    }), { numRuns: 3000 });
  });
});

describe('the published schemas of events', () => {
  test('match the rejection of a record and of an amount', async () => {
    const world = new World();
    await world.take({ ...GOOD, quantity: -1 }, 'nonsense', GOOD);
    world.end();
    await world.at('2026-11-23T08:00:00Z').run();
    const events = world.events(DetailType.USAGE_REJECTED);
    expect(events.map(({ detail }) => detail.reason)).toEqual(['NegativeQuantity', 'NotAnObject', 'LicenseEnded']);
    for (const { detail } of events) expect([detail, isRejected(detail), isRejected.errors]).toEqual([detail, true, null]);
  });

  test('match an unresolved hour', async () => {
    const world = new World();
    await world.take(GOOD);
    world.api.outage = 'DOWN';
    await world.at('2026-11-23T06:00:00Z').run();
    await world.at('2026-11-24T06:00:00Z').run();
    const events = world.events(DetailType.USAGE_UNRESOLVED);
    expect(events).toHaveLength(1);
    expect([events[0].detail, isUnresolved(events[0].detail), isUnresolved.errors]).toEqual([events[0].detail, true, null]);
  });
});
