import { LATEST_KEPT } from './registrations';
import { compare } from '../compare';

interface Timed {
  /** Epoch milliseconds. */
  readonly time: number;
}

/**
 * Merges facts by their keys, `<group>#<time>` or `<group>#<request id>`. Commutative, associative, idempotent: any order and number of deliveries
 * end with the same facts. Of each group the first and the latest are kept, as an item has 400 KB.
 */
export function mergeByKey<F extends Timed>(a: Readonly<Record<string, F>>, b: Readonly<Record<string, F>>): Readonly<Record<string, F>> {
  const merged: Record<string, F> = { ...a };
  for (const [key, fact] of Object.entries(b)) {
    const known = merged[key];
    merged[key] = known === undefined ? fact : mergeFacts(known, fact);
  }
  return keepBounded(merged);
}

/** The variants of one event differ in the fields they have: what either one has is kept. Deliveries with several times happened at the first. */
function mergeFacts<F extends Timed>(a: F, b: F): F {
  return { ...mergeFields(a, b), time: Math.min(a.time, b.time) };
}

function mergeFields<T extends object>(a: T, b: T): T {
  const merged = { ...a } as Record<string, unknown>;
  for (const [field, value] of Object.entries(b)) {
    merged[field] = mergeValues(merged[field], value);
  }
  return merged as T;
}

/** Of two contents of a notice the fields of both; of other values the greater text. */
function mergeValues(a: unknown, b: unknown): unknown {
  if (typeof a === 'object' && typeof b === 'object') {
    return mergeFields(a as object, b as object);
  }
  return a === undefined || (b !== undefined && String(b) > String(a)) ? b : a;
}

function keepBounded<F extends Timed>(facts: Readonly<Record<string, F>>): Readonly<Record<string, F>> {
  const groups = new Map<string, string[]>();
  const inOrder = Object.entries(facts).sort(([key, { time }], [other, { time: otherTime }]) => time - otherTime || compare(key, other));
  for (const [key] of inOrder) {
    const group = key.slice(0, key.lastIndexOf('#'));
    groups.set(group, [...groups.get(group) ?? [], key]);
  }
  const kept: Record<string, F> = {};
  for (const keys of groups.values()) {
    for (const key of new Set([...keys.slice(0, 1), ...keys.slice(-LATEST_KEPT)])) {
      kept[key] = facts[key] as F;
    }
  }
  return kept;
}
