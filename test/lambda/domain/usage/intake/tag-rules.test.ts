import { Invalid } from '../../../../../lambda/domain/usage/intake/invalid';
import { checkTags } from '../../../../../lambda/domain/usage/intake/tag-rules';
import { tagsOf, UNTAGGED } from '../../../../../lambda/domain/usage/ledger/amounts';

function problemOf(tags: unknown): unknown {
  try {
    checkTags(tags);
  } catch (error) {
    return error instanceof Invalid ? error.problem : error;
  }
  return undefined;
}

describe('the tags of a usage record', () => {
  test.each([undefined, null, {}])('no tags at all and an empty object mean the same: %p', (tags) => {
    expect(checkTags(tags)).toBe(UNTAGGED);
  });

  test('the order of tags makes no difference', () => {
    expect(checkTags({ team: 'red', env: 'prod' })).toBe(checkTags({ env: 'prod', team: 'red' }));
  });

  test('a tag may be named like a member of every object', () => {
    const tags = JSON.parse('{"__proto__": "a", "constructor": "b"}') as unknown;

    expect(tagsOf(checkTags(tags))).toEqual([['__proto__', 'a'], ['constructor', 'b']]);
  });

  test('five tags are taken', () => {
    expect(problemOf({ a: '1', b: '2', c: '3', d: '4', e: '5' })).toBeUndefined();
  });

  test('a message contains no more than 120 characters of a key', () => {
    const message = `tag key "${'k'.repeat(120)}" must be 1 to 100 letters, digits, spaces or +-=._:/@`;
    expect(problemOf({ ['k'.repeat(300)]: 'red' })).toEqual({ reason: 'InvalidTagKey', message });
  });

  test('keys of 100 characters and values of 256 characters are taken', () => {
    expect(problemOf({ [`a${'-'.repeat(99)}`]: 'v'.repeat(256) })).toBeUndefined();
  });

  test.each([
    ['a list', ['red'], 'InvalidTags', 'tags must be an object of strings'],
    ['a text', 'team=red', 'InvalidTags', 'tags must be an object of strings'],
    ['six tags', { a: '1', b: '1', c: '1', d: '1', e: '1', f: '1' }, 'TooManyTags', 'tags has 6 keys: at most 5 are allowed'],
    ['an empty key', { '': 'red' }, 'InvalidTagKey', 'tag key ""'],
    ['a key of 101 characters', { ['k'.repeat(101)]: 'red' }, 'InvalidTagKey', '1 to 100'],
    ['a key with a comma', { 'a,b': 'red' }, 'InvalidTagKey', 'tag key "a,b"'],
    ['an empty value', { team: '' }, 'InvalidTagValue', 'value of tag "team"'],
    ['a number', { team: 7 }, 'InvalidTagValue', 'must be a string of 1 to 256'],
    ['a value of 257 characters', { team: 'v'.repeat(257) }, 'InvalidTagValue', '1 to 256'],
  ])('%s is refused, with what is right', (_, tags, reason, message) => {
    expect(problemOf(tags)).toEqual({ reason, message: expect.stringContaining(message) });
  });
});
