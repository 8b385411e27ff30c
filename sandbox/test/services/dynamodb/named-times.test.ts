import { namedTimes } from '../../../src/services/dynamodb/named-times';

const at = (text: string) => Date.parse(text);

test.each<[string, string, number[]]>([
  ['a time', '{"S":"2026-11-23T05:10:00.250Z"}', [at('2026-11-23T05:10:00.250Z')]],
  ['a time without seconds, and one in a key', '{"S":"2026-11-23T05:10"},{"S":"DUE#2026-11-24T06:00:00Z#l-1"}', [at('2026-11-23T05:10:00Z'), at('2026-11-24T06:00:00Z')]],
  ['an hour', '{"S":"B#l-1#ApiCalls#2026-11-23T05"}', [at('2026-11-23T05:00:00Z')]],
  ['epoch seconds and milliseconds', '{"N":"1795410600"},{"N":"1795410600123"}', [1795410600000, 1795410600123]],
  ['no time', '{"S":"111122223333"},{"N":"42"},{"S":"2026-11-23"},{"S":"2026-99-99T05"}', []],
])('finds in an item %s', (_, text, expected) => {
  expect(namedTimes(text)).toEqual(expected);
});
