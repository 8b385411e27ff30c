import { parseRecord } from '../../../../../lambda/domain/usage/intake/parse-record';
import { isQuantityText } from '../../../../../lambda/domain/usage/intake/quantity-text';
import { isSameContent, UsageRecord } from '../../../../../lambda/domain/usage/intake/usage-record';
import { Amounts, tagSetOf, UNTAGGED } from '../../../../../lambda/domain/usage/ledger/amounts';

const RIGHT = { id: 'a', license: 'l-1', dimension: 'ApiCalls', quantity: 3, time: '2026-11-23T05:30:00Z' };

describe('what is wrong with a record is said in words', () => {
  test.each<[unknown, string]>([
    [null, 'A usage record is a JSON object, not null'],
    [[RIGHT], 'A usage record is a JSON object, not an array'],
    ['text', 'A usage record is a JSON object, not string'],
    [{ id: undefined }, 'id is missing: it is the idempotency key of the record'],
    [{ id: 'a b' }, 'id "a b" must be a string of 1 to 200 ASCII characters without spaces'],
    [{ id: 7 }, 'id 7 must be a string of 1 to 200 ASCII characters without spaces'],
    [{ id: { a: 1 } }, 'id (an object) must be a string of 1 to 200 ASCII characters without spaces'],
    [{ license: null }, 'license is missing: the ARN of the license, or its id (l-…)'],
    [{ license: undefined, customer: 'c' }, 'usage by customer is for products in legacy mode, and names the customerIdentifier: send license instead'],
    [{ license: undefined, customerAwsAccountId: '111122223333' }, 'usage by customer is for products in legacy mode, and names the customerIdentifier: send license instead'],
    [{ license: undefined, customerIdentifier: 'c' }, 'usage by customer is for products in legacy mode, and names the customerIdentifier: send license instead'],
    [{ license: 'x-1' }, 'license "x-1" must be a license ARN or id that ends in l-…'],
    [{ license: 5 }, 'license 5 must be a license ARN or id that ends in l-…'],
    [{ metric: 'm' }, 'dimension and metric are both given: send one of them'],
    [{ dimension: '' }, 'dimension "" must be the API name of a dimension'],
    [{ dimension: undefined, metric: 7 }, 'metric 7 must be the name of a metric'],
    [{ dimension: undefined }, 'dimension (or metric) is missing'],
    [{ quantity: undefined }, 'quantity is missing'],
    [{ quantity: [1] }, 'quantity (an array) must be a number, or a decimal as a string'],
    [{ quantity: 'many' }, 'quantity "many" must be a number, or a decimal as a string'],
    [{ quantity: NaN }, 'quantity null must be a number, or a decimal as a string'],
    [{ quantity: -1 }, 'quantity -1 is below 0: usage cannot be lowered'],
    [{ quantity: '-1' }, 'quantity "-1" is below 0: usage cannot be lowered'],
    [{ quantity: 1e13 }, 'quantity 10000000000000 is more than 1000000000000'],
    [{ quantity: '0.1234567890123' }, 'quantity "0.1234567890123" has more than 12 decimals'],
    [{ quantity: '12.5e1' }, 'quantity "12.5e1" must be written as 12.5, 1.25e1 or 0.125e2, with at most 12 digits after the point'],
    [{ time: null }, 'time is missing: when the usage happened'],
    [{ time: 'noon' }, 'time "noon" must be a date and time with a zone, like 2026-11-23T05:30:00Z or 2026-11-23T06:30:00+01:00'],
  ])('what is wrong with %j', (change, message) => {
    const input = typeof change === 'object' && change !== null && !Array.isArray(change) ? { ...RIGHT, ...change } : change;
    expect(parseRecord(input)).toMatchObject({ ok: false, problem: { message } });
  });

  test.each<[string, unknown, string]>([
    ['license', ['l-1'], 'license (an array) must be a license ARN or id that ends in l-…'],
    ['license', ['legacy-product-customer'], 'license (an array) must be a license ARN or id that ends in l-…'],
    ['time', ['2026-11-23T05:30:00Z'], 'time (an array) must be a date and time with a zone, like 2026-11-23T05:30:00Z or 2026-11-23T06:30:00+01:00'],
    ['quantity', ['3'], 'quantity (an array) must be a number, or a decimal as a string'],
  ])('what is wrong with a %s in an array', (field, value, message) => {
    expect(parseRecord({ ...RIGHT, [field]: value })).toMatchObject({ ok: false, problem: { message } });
  });

  test('what is wrong with a quantity of more than 100 characters is not that it has too many digits', () => {
    const message = `quantity "3.${'0'.repeat(117)} must be a number, or a decimal as a string`;
    expect(parseRecord({ ...RIGHT, quantity: `3.${'0'.repeat(200)}` })).toMatchObject({ problem: { reason: 'InvalidQuantity', message } });
  });

  test('a fault of the program is not what is wrong with a record', () => {
    const record = Object.defineProperty({ ...RIGHT }, 'time', { get: () => { throw new TypeError('no clock'); } });
    expect(() => parseRecord(record)).toThrow('no clock');
  });

  test('the problem comes with what could be read of the record, so that it is found by its id and license', () => {
    expect(parseRecord({ ...RIGHT, quantity: undefined })).toMatchObject({ id: 'a', licenseId: 'l-1' });
    expect(parseRecord({ ...RIGHT, id: '', license: 'l-1' })).not.toHaveProperty('licenseId');
  });
});

test('a record in a metric is read with the metric, and with no dimension', () => {
  expect(parseRecord({ ...RIGHT, dimension: undefined, metric: 'requests', quantity: 1e12 })).toStrictEqual({
    ok: true,
    record: { id: 'a', licenseId: 'l-1', metric: 'requests', quantity: '1000000000000', tagSet: UNTAGGED, time: '2026-11-23T05:30:00.000Z' },
  });
});

test.each([[200, true], [201, false]])('an id of %d characters is taken: %s', (length, ok) => {
  expect(parseRecord({ ...RIGHT, id: 'x'.repeat(length) }).ok).toBe(ok);
});

test.each([[64, true], [65, false]])('a license id of %d characters is taken: %s', (length, ok) => {
  expect(parseRecord({ ...RIGHT, license: `l-${'a'.repeat(length - 2)}` }).ok).toBe(ok);
});

describe.each(['dimension', 'metric'])('the name of a %s', (field) => {
  test.each([[1, 'a', true], [255, 'a', true], [256, 'a', false], [10_000, 'a', false], [255, '😀', true], [256, '😀', false]])(
    `the name of a ${field} of %d times %s is taken: %s`, (count, character, ok) => {
      expect(parseRecord({ ...RIGHT, dimension: undefined, [field]: character.repeat(count) }).ok).toBe(ok);
    });
});

test.each([[100, true], [101, false]])('a quantity of %d characters is taken: %s', (length, ok) => {
  expect(parseRecord({ ...RIGHT, quantity: `3.${'0'.repeat(length - 2)}` }).ok).toBe(ok);
});

test.each([[100, true], [101, false]])('a text of %d characters is a quantity: %s', (length, is) => {
  expect(isQuantityText(`3.${'0'.repeat(length - 2)}`)).toBe(is);
});

describe('a record is the same', () => {
  const stored = (quantity: string, tags: Record<string, string>): UsageRecord => ({
    id: 'a',
    bucket: { licenseId: 'l-1', dimension: 'ApiCalls', hour: '2026-11-23T05' },
    quantity,
    time: '2026-11-23T05:30:00.000Z',
    receivedAt: 0,
    units: Amounts.of(quantity, tagSetOf(tags)).toStored(),
  });
  const sent = (quantity: number, tags: Record<string, string>) => {
    const parsed = parseRecord({ ...RIGHT, quantity, tags });
    if (!parsed.ok) throw new Error(parsed.problem.message);
    return parsed.record;
  };

  test('a record is the same with the same quantity and tags, and another one with another tag', () => {
    expect(isSameContent(stored('3', { team: 'red' }), sent(3, { team: 'red' }))).toBe(true);
    expect(isSameContent(stored('3', { team: 'red' }), sent(3, { team: 'blue' }))).toBe(false);
    expect(isSameContent(stored('3', { team: 'red' }), sent(4, { team: 'red' }))).toBe(false);
  });

  test('a record is the same as what was stored of it, and in a metric whatever dimension that is billed as', () => {
    expect(isSameContent(stored('3', { team: 'red' }), stored('3', { team: 'red' }))).toBe(true);
    expect(isSameContent(stored('3', { team: 'red' }), stored('3', { team: 'blue' }))).toBe(false);
    const parsed = parseRecord({ ...RIGHT, dimension: undefined, metric: 'requests' });
    if (!parsed.ok) throw new Error(parsed.problem.message);
    expect(isSameContent({ ...stored('3', {}), metric: 'requests' }, parsed.record)).toBe(true);
    expect(isSameContent({ ...stored('3', {}), metric: 'clicks' }, parsed.record)).toBe(false);
    expect(isSameContent(stored('3', {}), parsed.record)).toBe(false);
  });

  test('a record is the same with a quantity of 0, whatever its tags: they split nothing', () => {
    expect(isSameContent(stored('0', { team: 'red' }), sent(0, { team: 'blue' }))).toBe(true);
  });
});
