import { compare } from '../compare';

/** Registration id -> when it was last completed, epoch milliseconds. */
export type Registrations = Readonly<Record<string, number>>;

export interface FirstRegistration {
  readonly registrationId: string;
  /** Epoch milliseconds. */
  readonly registeredAt: number;
}

interface KnownRegistrations {
  readonly registrations: Registrations;
  readonly firstRegistration?: FirstRegistration;
}

/**
 * So many of the latest are kept, of facts of one kind as of registrations, beside the first: with a valid
 * token, a buyer can register again and again, and an item has 400 KB.
 */
export const LATEST_KEPT = 20;

/**
 * Commutative, associative, idempotent. The later time of an id wins: with the earlier one, what was dropped for
 * being old could depend on the order in which times became known.
 */
export function mergeRegistrations(a: Registrations, b: Registrations): Registrations {
  const merged = new Map(Object.entries(a));
  for (const [id, at] of Object.entries(b)) {
    merged.set(id, Math.max(at, merged.get(id) ?? at));
  }
  return Object.fromEntries([...merged].sort(inOrder).slice(-LATEST_KEPT));
}

/** The first registration of all; commutative, associative, idempotent. */
export function firstOf(...known: readonly KnownRegistrations[]): FirstRegistration | undefined {
  const [first] = known.flatMap(timesOf).sort(inOrder);
  return first && { registrationId: first[0], registeredAt: first[1] };
}

/**
 * Registrations as they are added to those that a license has: later than the first one. So the registration that was
 * written first stays the first, whatever the clocks of two parallel writers say.
 */
export function addedAfterFirst(known: KnownRegistrations, added: Registrations): Registrations {
  const first = firstOf(known);
  if (first === undefined) {
    return added;
  }
  const { registrationId, registeredAt } = first;
  return Object.fromEntries(Object.entries(added).map(([id, at]) => [id, id === registrationId ? at : Math.max(at, registeredAt + 1)]));
}

/** All registrations that are known, each with its earliest known time, by id. */
export function registrationsOf(facts: KnownRegistrations): readonly Entry[] {
  const earliest = new Map(timesOf(facts).sort(inOrder).reverse());
  return [...earliest].sort(byId);
}

function timesOf({ registrations, firstRegistration: first }: KnownRegistrations): [string, number][] {
  const latest = Object.entries(registrations);
  return first === undefined ? latest : [...latest, [first.registrationId, first.registeredAt]];
}

type Entry = readonly [id: string, at: number];

function inOrder(entry: Entry, other: Entry): number {
  return entry[1] - other[1] || byId(entry, other);
}

function byId([id]: Entry, [otherId]: Entry): number {
  return compare(id, otherId);
}
