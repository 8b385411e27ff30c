import { isDeepStrictEqual } from 'node:util';

/** Where two values differ, one line for each place: path, what was expected, what is there. */
export function differences(expected: unknown, actual: unknown, path: readonly string[] = []): string[] {
  if (isDeepStrictEqual(expected, actual)) return [];
  if (!isObject(expected) || !isObject(actual)) return [`${path.join(' > ') || '(all)'}: ${show(expected)} became ${show(actual)}`];
  const keys = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
  return keys.flatMap((key) => differences(expected[key], actual[key], [...path, key]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
