const STEP = /^(?:\.([\w-]+)|\[(\d+)\]|\[['"]([^'"]+)['"]\]|(?:\.|\[)\*\]?)/;

/**
 * The value at a path such as `$.detail.items[0]['unit-price']`, or for a path with `*` the list of all such values.
 * Undefined when there is none.
 *
 * @throws Error when it is no path EventBridge takes.
 */
export function valueAt(value: unknown, path: string): unknown {
  if (!path.startsWith('$')) {
    throw new Error(`"${path}" is not a JSON path: it must start with "$"`);
  }
  return walk(value, path.slice(1), path);
}

function walk(value: unknown, rest: string, path: string): unknown {
  if (rest === '') {
    return value;
  }
  const step = STEP.exec(rest);
  if (step === null) {
    throw new Error(`"${path}" is not a JSON path EventBridge takes, from "${rest}" on`);
  }
  const remaining = rest.slice(step[0].length);
  const key = step[1] ?? step[2] ?? step[3];
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  if (key === undefined) {
    return Object.values(value).map((entry: unknown) => walk(entry, remaining, path)).filter((entry) => entry !== undefined);
  }
  const entries = new Map<string, unknown>(Object.entries(value));
  return entries.has(key) ? walk(entries.get(key), remaining, path) : undefined;
}
