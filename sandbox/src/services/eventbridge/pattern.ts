import { PatternError, valueMatcher, type ValueMatcher } from './matchers';
import type { EventBridgeEvent } from '../../ports';

export { PatternError } from './matchers';

export type EventMatcher = (event: EventBridgeEvent) => boolean;

/** Says yes or no to a part of an event; undefined stands for a missing part. */
type Matcher = (value: unknown) => boolean;

type Pattern = Readonly<Record<string, unknown>>;

/**
 * Whether an event matches a pattern, by EventBridge's rules.
 *
 * @throws PatternError when EventBridge would not take the pattern.
 */
export function matchesPattern(pattern: Pattern, event: EventBridgeEvent): boolean {
  return compilePattern(pattern)(event);
}

/** @throws PatternError when EventBridge would not take the pattern. */
export function compilePattern(pattern: Pattern): EventMatcher {
  if (Object.keys(pattern).length === 0) {
    throw new PatternError('the pattern is empty');
  }
  return objectMatcher(pattern, '');
}

function objectMatcher(pattern: Pattern, path: string): Matcher {
  const parts = Object.entries(pattern).map(([key, part]): Matcher => {
    const place = path === '' ? key : `${path}.${key}`;
    if (key === '$or') {
      return anyOf(part, path);
    }
    const matcher = partMatcher(part, place);
    return (value) => matcher(isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined);
  });
  // In a list of objects, one of them has to match as a whole.
  return (value) => Array.isArray(value) && value.length > 0
    ? value.some((entry) => parts.every((matcher) => matcher(entry)))
    : parts.every((matcher) => matcher(value));
}

function anyOf(alternatives: unknown, path: string): Matcher {
  if (!Array.isArray(alternatives) || alternatives.length < 2) {
    throw new PatternError(`${path}.$or: a list of at least two patterns is needed`);
  }
  const matchers = alternatives.map((alternative: unknown, index) => isRecord(alternative)
    ? objectMatcher(alternative, path)
    : refuse(`${path}.$or[${index}]: a pattern is needed`));
  return (value) => matchers.some((matcher) => matcher(value));
}

function partMatcher(part: unknown, path: string): Matcher {
  if (Array.isArray(part)) {
    return listMatcher(part, path);
  }
  return isRecord(part) ? objectMatcher(part, path) : refuse(`${path}: a list of values, or an object, is needed, but this is ${JSON.stringify(part)}`);
}

function listMatcher(entries: readonly unknown[], path: string): Matcher {
  if (entries.length === 0) {
    refuse(`${path}: the list is empty`);
  }
  const wantsMissing = entries.some((entry) => existence(entry, path) === false);
  const matchers = entries.map((entry): ValueMatcher => {
    const exists = existence(entry, path);
    return exists === undefined ? valueMatcher(entry, path) : () => exists;
  });
  return (value) => {
    const leaves = leavesOf(value);
    return leaves.length === 0 ? wantsMissing : leaves.some((leaf) => matchers.some((matcher) => matcher(leaf)));
  };
}

/** What `{"exists": …}` asks for; undefined for other matchers. */
function existence(entry: unknown, path: string): boolean | undefined {
  if (!isRecord(entry) || !('exists' in entry)) {
    return undefined;
  }
  return typeof entry.exists === 'boolean' ? entry.exists : refuse(`${path}.exists: true or false is needed`);
}

/** Only values count: an object, or an empty list, is as good as missing. */
function leavesOf(value: unknown): unknown[] {
  if (Array.isArray(value)) {
    return value.flatMap(leavesOf);
  }
  return value === undefined || isRecord(value) ? [] : [value];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(message: string): never {
  throw new PatternError(message);
}
