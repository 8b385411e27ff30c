import { LATEST_KEPT } from './registrations';

/**
 * Merges facts by their keys, `<group>#<time>`. Commutative, associative, idempotent: any order and number of deliveries
 * end with the same facts. Of each group the first and the latest are kept, as an item has 400 KB.
 */
export function mergeByKey<F extends object>(a: Readonly<Record<string, F>>, b: Readonly<Record<string, F>>): Readonly<Record<string, F>> {
  const merged: Record<string, F> = { ...a };
  for (const [key, fact] of Object.entries(b)) {
    const known = merged[key];
    merged[key] = known === undefined ? fact : mergeFields(known, fact);
  }
  return keepBounded(merged);
}

/** The variants of one event differ in the fields they have: what either one has is kept. */
function mergeFields<F extends object>(a: F, b: F): F {
  const merged = { ...a } as Record<string, unknown>;
  for (const [field, value] of Object.entries(b)) {
    const known = merged[field];
    if (known === undefined || (value !== undefined && String(value) > String(known))) {
      merged[field] = value;
    }
  }
  return merged as F;
}

function keepBounded<F>(facts: Readonly<Record<string, F>>): Readonly<Record<string, F>> {
  const groups = new Map<string, string[]>();
  for (const key of Object.keys(facts).sort()) {
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
