/**
 * The same value with the keys of all its objects sorted. A table hands out maps in any order, so the order in which an
 * app wrote keys must not make two runs of one story differ.
 */
export function inKeyOrder<T>(value: T): T {
  if (Array.isArray(value)) {
    return value.map(inKeyOrder) as T;
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, content]) => [key, inKeyOrder(content)])) as T;
}
