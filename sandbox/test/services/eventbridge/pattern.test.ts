import type { EventBridgeEvent } from '../../../src/ports';
import { matchesPattern, PatternError } from '../../../src/services/eventbridge/pattern';

function eventOf(detail: Record<string, unknown>): EventBridgeEvent {
  return {
    'version': '0',
    'id': '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
    'detail-type': 'License Updated - Manufacturer',
    'source': 'aws.agreement-marketplace',
    'account': '000000000000',
    'time': '2026-11-23T05:00:00Z',
    'region': 'us-east-1',
    'resources': ['arn:aws:license-manager::294406891311:license:l-1'],
    detail,
  };
}

const matchesDetail = (pattern: Record<string, unknown>, detail: Record<string, unknown>) => matchesPattern({ detail: pattern }, eventOf(detail));
const matchesValue = (matcher: unknown, value: unknown) => matchesDetail({ field: [matcher] }, value === undefined ? {} : { field: value });

describe('the whole event', () => {
  test('every field of the pattern has to match', () => {
    const event = eventOf({ status: 'ACTIVE' });
    expect(matchesPattern({ 'source': ['aws.agreement-marketplace'], 'detail-type': [{ prefix: 'License Updated' }] }, event)).toBe(true);
    expect(matchesPattern({ 'source': ['aws.agreement-marketplace'], 'detail-type': ['Other'] }, event)).toBe(false);
    expect(matchesPattern({ source: ['aws.agreement-marketplace'], detail: { status: ['ENDED'] } }, event)).toBe(false);
    expect(matchesPattern({ resources: [{ suffix: 'l-1' }] }, event)).toBe(true);
  });

  test('several values are alternatives', () => {
    expect(matchesDetail({ status: ['NEW', 'ACTIVE'] }, { status: 'ACTIVE' })).toBe(true);
  });

  test('fields reach into objects', () => {
    expect(matchesDetail({ product: { code: ['abc'] } }, { product: { code: 'abc', id: 1 } })).toBe(true);
    expect(matchesDetail({ product: { code: ['abc'] } }, { product: 'abc' })).toBe(false);
  });
});

describe('values', () => {
  test.each<[string, unknown, unknown, boolean]>([
    ['a text', 'abc', 'abc', true],
    ['a text of other case', 'abc', 'ABC', false],
    ['a number', 300, 300.0, true],
    ['a number for a text', 300, '300', false],
    ['a truth', true, true, true],
    ['null', null, null, true],
    ['null for a text', null, 'null', false],
    ['null for nothing', null, undefined, false],
    ['prefix', { prefix: 'ab' }, 'abc', true],
    ['prefix, other case', { prefix: { 'equals-ignore-case': 'AB' } }, 'abc', true],
    ['suffix', { suffix: '.png' }, 'a.png', true],
    ['suffix, other case', { suffix: { 'equals-ignore-case': '.PNG' } }, 'a.png', true],
    ['equals-ignore-case', { 'equals-ignore-case': 'Alice' }, 'aLICE', true],
    ['anything-but a text', { 'anything-but': 'a' }, 'b', true],
    ['anything-but that text', { 'anything-but': 'a' }, 'a', false],
    ['anything-but a list', { 'anything-but': ['a', 1] }, 1, false],
    ['anything-but for nothing', { 'anything-but': 'a' }, undefined, false],
    ['anything-but prefix', { 'anything-but': { prefix: 'a' } }, 'abc', false],
    ['anything-but prefixes', { 'anything-but': { prefix: ['a', 'b'] } }, 'cab', true],
    ['anything-but suffix', { 'anything-but': { suffix: 'c' } }, 'abc', false],
    ['anything-but equals-ignore-case', { 'anything-but': { 'equals-ignore-case': ['ABC'] } }, 'abc', false],
    ['anything-but wildcard', { 'anything-but': { wildcard: 'a*c' } }, 'abc', false],
    ['numeric', { numeric: ['>', 0, '<=', 5] }, 5, true],
    ['numeric, out of range', { numeric: ['>', 0, '<=', 5] }, 0, false],
    ['numeric, equal', { numeric: ['=', 3.018e2] }, 301.8, true],
    ['numeric for a text', { numeric: ['>', 0] }, '5', false],
    ['wildcard', { wildcard: 'dir/*.png' }, 'dir/a/b.png', true],
    ['wildcard, anchored', { wildcard: 'dir/*.png' }, 'my/dir/a.png', false],
    ['wildcard with a literal star', { wildcard: 'a\\*b*' }, 'a*bc', true],
    ['wildcard without its literal star', { wildcard: 'a\\*b*' }, 'axbc', false],
    ['cidr', { cidr: '10.0.0.0/24' }, '10.0.0.200', true],
    ['cidr, outside', { cidr: '10.0.0.0/24' }, '10.0.1.1', false],
    ['cidr of version 6', { cidr: '2001:db8::/32' }, '2001:db8::1', true],
    ['exists', { exists: true }, '', true],
    ['exists for null', { exists: true }, null, true],
    ['exists for nothing', { exists: true }, undefined, false],
    ['exists for an object', { exists: true }, { a: 1 }, false],
    ['missing', { exists: false }, undefined, true],
    ['missing for something', { exists: false }, 'a', false],
  ])('%s', (_, matcher, value, expected) => {
    expect(matchesValue(matcher, value)).toBe(expected);
  });

  test('missing, or one of some values', () => {
    const pattern = { field: ['a', { exists: false }] };
    expect([{ field: 'a' }, {}, { field: 'b' }].map((detail) => matchesDetail(pattern, detail))).toEqual([true, true, false]);
  });

  test('missing parents have missing children', () => {
    expect(matchesDetail({ product: { code: [{ exists: false }] } }, {})).toBe(true);
  });
});

describe('lists', () => {
  test('a list matches when one of its values does', () => {
    expect(matchesValue('b', ['a', 'b'])).toBe(true);
    expect(matchesValue('c', ['a', 'b'])).toBe(false);
    expect(matchesValue({ prefix: 'b' }, ['a', ['bc']])).toBe(true);
    expect(matchesValue({ 'anything-but': 'a' }, ['a', 'b'])).toBe(true);
    expect(matchesValue({ exists: false }, [])).toBe(true);
  });

  test('a list of objects matches when one of them does as a whole', () => {
    const pattern = { items: { name: ['a'], size: [1] } };
    expect(matchesDetail(pattern, { items: [{ name: 'b', size: 1 }, { name: 'a', size: 1 }] })).toBe(true);
    expect(matchesDetail(pattern, { items: [{ name: 'a', size: 2 }, { name: 'b', size: 1 }] })).toBe(false);
  });
});

describe('$or', () => {
  const pattern = { kind: ['x'], $or: [{ a: [1] }, { b: { c: [2] } }] };

  test.each<[Record<string, unknown>, boolean]>([
    [{ kind: 'x', a: 1 }, true],
    [{ kind: 'x', b: { c: 2 } }, true],
    [{ kind: 'x', a: 2 }, false],
    [{ kind: 'y', a: 1 }, false],
  ])('%j: %s', (detail, expected) => {
    expect(matchesDetail(pattern, detail)).toBe(expected);
  });

  test('$or may stand at the top of a pattern', () => {
    expect(matchesPattern({ $or: [{ source: ['other'] }, { region: ['us-east-1'] }] }, eventOf({}))).toBe(true);
  });
});

describe('patterns EventBridge refuses', () => {
  test.each<[Record<string, unknown>, string]>([
    [{}, 'the pattern is empty'],
    [{ source: 'a' }, 'source: a list of values, or an object, is needed, but this is "a"'],
    [{ source: [] }, 'source: the list is empty'],
    [{ detail: { a: [{ starts: 'x' }] } }, 'detail.a: {"starts":"x"} is not a matcher'],
    [{ detail: { a: [{ prefix: 1 }] } }, 'detail.a.prefix: a text is needed, but this is 1'],
    [{ detail: { a: [{ exists: 'yes' }] } }, 'detail.a.exists: true or false is needed'],
    [{ detail: { a: [{ numeric: ['~', 1] }] } }, 'detail.a.numeric: ["~",1] is not a list of comparisons'],
    [{ detail: { a: [{ cidr: '10.0.0.0' }] } }, 'detail.a.cidr: "10.0.0.0" is not a block of addresses'],
    [{ detail: { a: [{ 'anything-but': { numeric: ['>', 1] } }] } }, 'is not a matcher'],
    [{ $or: [{ source: ['a'] }] }, '$or: a list of at least two patterns is needed'],
  ])('%j', (pattern, message) => {
    expect(() => matchesPattern(pattern, eventOf({}))).toThrow(PatternError);
    expect(() => matchesPattern(pattern, eventOf({}))).toThrow(message);
  });
});
