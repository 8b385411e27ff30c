import type { Item, Product } from './product';

/** What a story amounts to, without what shows only how and when it came about. */
export interface Outcome {
  readonly ledger: Readonly<Record<string, unknown>>;
  readonly subscriptions: Readonly<Record<string, unknown>>;
  readonly buyers: readonly unknown[];
  readonly metered: readonly unknown[];
  /** By event id: an app drops the second event with the same one. */
  readonly events: Readonly<Record<string, unknown>>;
  readonly deadLetters: Readonly<Record<string, number>>;
  readonly denials: readonly unknown[];
}

/** Counters, moments at which something was done, and who did it. */
const USAGE_TRIVIA = [
  'revision', 'revisionOfOthers', 'billedAt', 'settledAt', 'dryRunAt', 'receivedAt', 'at', 'attentionAt', 'expiresAt', 'meteringRecordId', 'failures',
  'failedAt', 'retryAt', 'dueShard',
];
const SUBSCRIPTION_TRIVIA = ['revision', 'asOf', 'expiresAt', 'unregisteredCheckedUntil', 'checkedUntil'];
/** Of an original that was rejected: its dates go into it. */
const DIGEST = /#[0-9a-f]{32}\b/g;
/** The partition of an index follows from the key of the item, and so from its digest. */
const ATTENTION_PARTITION = /(?<="attentionShard":"[A-Z_]+)#\d(?=")/g;
/** The period of an entitlement: stories are played in several months, each within one. */
const MONTH = /(?<=[" ])20\d\d-\d\d(?=")/g;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;

export async function outcomeOf(product: Product): Promise<Outcome> {
  const [usage, subscriptions, registrations] = await Promise.all(
    ['UsageTableName', 'SubscriptionsTableName', 'RegistrationsTableName'].map(async (output) => product.table(output)));
  const state = await product.sandbox.state();
  return product.atHome(undigested({
    ledger: byKey(usage.filter((item) => !isPassing(item)).map(withoutToken), USAGE_TRIVIA),
    subscriptions: plain(byKey(subscriptions, SUBSCRIPTION_TRIVIA)),
    buyers: distinct(registrations.filter(({ type }) => type === 'Buyer').map((item) => plain(without(item, ['savedAt', 'pk'])))),
    metered: state.meteringRecords.map(({ licenseId, dimension, hour, quantity }) => `${licenseId} ${dimension} ${hour}: ${quantity}`).sort(),
    events: plain(Object.fromEntries(sorted(state.events.map((event) => [String(event.detail.eventId), {
      'detail-type': event['detail-type'], ...event.detail,
    }])))),
    deadLetters: state.deadLetters,
    denials: state.denials,
  }));
}

/** The lease, and circuits that were closed in the end, are no part of the outcome. */
function isPassing({ type, closedAt }: Item): boolean {
  return type === 'Lease' || (type === 'Circuit' && closedAt !== undefined);
}

/** Of an attempt it counts that there was one. */
function withoutToken(item: Item): Item {
  return item.intent === undefined ? item : { ...item, intent: String(item.intent).replace(UUID, '(token)') };
}

function byKey(items: readonly Item[], trivia: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(sorted(items.map((item) => [`${String(item.pk)} ${String(item.sk)}`, without(item, trivia)])));
}

function without(item: Item, fields: readonly string[]): Item {
  return Object.fromEntries(sorted(Object.entries(item).filter(([field]) => !fields.includes(field))
    // the sum of a bucket's lines names the counter up to which it goes
    .map(([field, value]) => [field, field === 'sum' && typeof value === 'object' && value !== null ? without(value as Item, fields) : value])));
}

/** Registration ids are random, and moments of the buyer's own doing depend on when the browser got through. */
function plain<T>(value: T): T {
  const text = JSON.stringify(value, (key, member: unknown) => {
    if (['registeredAt', 'resolvedAt', 'firstAt', 'lastAt'].includes(key)) return '(when)';
    if (key === 'registrations' && typeof member === 'object' && member !== null) return Object.keys(member).map(() => '(when)');
    return member;
  });
  return JSON.parse(text.replace(UUID, '(id)')) as T;
}

function undigested<T>(value: T): T {
  return JSON.parse(JSON.stringify(value).replace(DIGEST, '#(digest)').replace(ATTENTION_PARTITION, '').replace(MONTH, '(month)')) as T;
}

function distinct(values: readonly unknown[]): unknown[] {
  return [...new Set(values.map((value) => JSON.stringify(value)))].sort().map((text) => JSON.parse(text) as unknown);
}

function sorted<T>(entries: readonly [string, T][]): [string, T][] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
}
