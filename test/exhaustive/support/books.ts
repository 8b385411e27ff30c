import type { SandboxState } from 'cdk-marketplace-saas-sandbox';
import Big from 'big.js';
import type { Item } from './product';
import type { Reports } from './reports';

type Balance = Record<'accepted' | 'metered' | 'unresolved' | 'rejected' | 'covered' | 'pending', Big>;

const COMMITTED = ['FROZEN', 'BILLED', 'UNRESOLVED'];

/** Everything that is wrong once a story has come to rest; empty: the books are in order. */
export function faultsInBooks(items: readonly Item[], state: SandboxState, reports: Reports): string[] {
  return [
    ...faultsOfIntake(items, reports),
    ...faultsOfConservation(items, state),
    ...faultsAgainstMarketplace(items, state),
    ...silences(items, state),
    ...Object.entries(state.deadLetters).filter(([, count]) => count > 0).map(([queue, count]) => `${count} dead letters in ${queue}`),
    ...state.denials.map((denial) => `denied: ${JSON.stringify(denial)}`),
    ...state.findings.map((finding) => `Marketplace noticed: ${JSON.stringify(finding)}`),
  ];
}

/** Each id is accepted once, in one of the contents reported under it; each other content is a conflict. */
function faultsOfIntake(items: readonly Item[], reports: Reports): string[] {
  const found: string[] = [];
  const accepted = new Map<string, Item[]>();
  for (const item of items.filter(({ type }) => type === 'UsageRecord')) {
    const key = `${String(item.pk).split('#')[1]} ${String(item.sk).slice('R#'.length)}`;
    accepted.set(key, [...accepted.get(key) ?? [], item]);
  }
  const rejections = items.filter(({ type }) => type === 'RejectedUsageRecord');
  const ended = new Set(rejections.filter(({ reason }) => reason === 'LicenseEnded').map(({ licenseId, id }) => `${String(licenseId)} ${String(id)}`));
  let conflicts = 0;
  for (const [key, contents] of reports.valid) {
    const taken = accepted.get(key) ?? [];
    // The first report of an id came after the end of its license, so every later one did.
    if (taken.length === 0 && ended.has(key)) continue;
    if (taken.length !== 1) found.push(`record ${key} was accepted ${taken.length} times`);
    const fits = contents.some(({ units, dimension }) => String(taken[0]?.pk).split('#')[2] === dimension && units.eq(String(taken[0]?.amount)));
    if (!fits) found.push(`record ${key} was accepted as ${JSON.stringify(taken)}, which nobody reported`);
    conflicts += contents.length - 1;
  }
  for (const key of accepted.keys()) if (!reports.valid.has(key)) found.push(`record ${key} was accepted, which nobody reported`);
  const conflicting = rejections.filter(({ reason }) => reason === 'ConflictingRecord').length;
  if (conflicting !== conflicts) found.push(`${conflicting} conflicting records are kept, ${conflicts} were reported`);
  const others = rejections.filter(({ reason }) => reason !== 'LicenseEnded').length - conflicting;
  if (others !== reports.nonsensical) found.push(`${others} wrong records are kept, ${reports.nonsensical} were reported`);
  return found;
}

/**
 * Accepted = metered + unresolved + rejected with a reason + covered by an entitlement + pending; and nothing but a fraction is pending, unless the
 * license never became active: its usage waits for a month.
 */
function faultsOfConservation(items: readonly Item[], { clock, subscriptions }: SandboxState): string[] {
  const known = new Set(subscriptions.filter(({ status }) => status !== 'PENDING').map(({ licenseId }) => licenseId));
  const found: string[] = [];
  const balances = new Map<string, Balance>();
  for (const item of items) {
    if (item.type !== 'Bucket') continue;
    const lines = items.filter(({ pk, sk }) => pk === item.pk && sk !== 'META');
    const sum = (type: string) => lines.filter((line) => line.type === type).reduce((total, { amount }) => total.plus(String(amount)), new Big(0));
    const committed = new Big(COMMITTED.includes(String(item.state)) ? String(item.quantity) : 0);
    const open = sum('UsageRecord').plus(sum('CarriedIn')).minus(sum('CoveredUsage')).minus(sum('CarriedOut')).minus(sum('RejectedUsage')).minus(committed);
    if (open.lt(0)) found.push(`${String(item.pk)} gave away ${open.neg().toFixed()} more than it had`);
    if (!open.eq(0) && item.state !== 'OPEN') found.push(`${String(item.pk)} is ${String(item.state)} and still has ${open.toFixed()}`);
    // usage of a license that never became active waits in its hour until it is too old for it, then in a later one
    const isOpen = item.state === 'OPEN' && (String(item.dueAt) > clock || !known.has(String(item.licenseId)));
    if (!isOpen && item.dueAt !== undefined) found.push(`${String(item.pk)} is ${String(item.state)} and still due since ${String(item.dueAt)}`);
    if (!isOpen && (item.state === 'OPEN' || item.state === 'FROZEN')) found.push(`${String(item.pk)} is still ${String(item.state)}`);
    found.push(...lines.filter(({ done }) => done === false).map(({ pk, sk }) => `${String(pk)} ${String(sk)} is not done`));
    found.push(...lines.filter(({ type }) => type === 'CarriedOut').flatMap((line) => faultOfCarry(line, items)));

    const key = `${String(item.licenseId)} ${String(item.dimension)}`;
    const zero = new Big(0);
    const balance = balances.get(key) ?? { accepted: zero, metered: zero, unresolved: zero, rejected: zero, covered: zero, pending: zero };
    balances.set(key, {
      accepted: balance.accepted.plus(sum('UsageRecord')),
      metered: balance.metered.plus(item.state === 'BILLED' ? committed : 0),
      unresolved: balance.unresolved.plus(item.state === 'UNRESOLVED' ? committed : 0),
      rejected: balance.rejected.plus(sum('RejectedUsage')),
      covered: balance.covered.plus(sum('CoveredUsage')),
      pending: balance.pending.plus(item.state === 'OPEN' ? open : 0),
    });
  }
  for (const [key, { accepted, metered, unresolved, rejected, covered, pending }] of balances) {
    const booked = metered.plus(unresolved).plus(rejected).plus(covered).plus(pending);
    if (!booked.eq(accepted)) {
      found.push(`${key}: ${accepted.toFixed()} accepted, but ${metered.toFixed()} metered + ${unresolved.toFixed()} unresolved + `
        + `${rejected.toFixed()} rejected + ${covered.toFixed()} covered + ${pending.toFixed()} pending`);
    }
    if (pending.gte(1) && known.has(key.split(' ')[0])) found.push(`${key}: ${pending.toFixed()} still pending`);
  }
  const orphans = items.filter(({ type, pk }) => (type === 'UsageRecord' || type === 'CarriedIn') && !items.some((item) => item.pk === pk && item.sk === 'META'));
  return [...found, ...orphans.map(({ pk, sk }) => `${String(pk)} ${String(sk)} is in no bucket that anyone looks at`)];
}

function faultOfCarry(line: Item, items: readonly Item[]): string[] {
  const target = String(line.pk).replace(/[^#]*$/, String(line.to));
  const arrived = items.filter(({ pk, source, n }) => pk === target && source === line.hour && n === line.n);
  const right = arrived.length === 1 && arrived[0].amount === line.amount && String(line.to) > String(line.hour);
  return right ? [] : [`${String(line.pk)} ${String(line.sk)} carried ${String(line.amount)} to ${target}, where ${JSON.stringify(arrived)} arrived`];
}

/** BILLED in the ledger is what Marketplace has, to the unit; what is UNRESOLVED Marketplace may have, or not, and a zero that is REFUSED. */
function faultsAgainstMarketplace(items: readonly Item[], { meteringRecords }: SandboxState): string[] {
  const buckets = new Map(items.filter(({ type }) => type === 'Bucket').map((item) => [String(item.pk), item]));
  const records = new Map(meteringRecords.map((record) => [`B#${record.licenseId}#${record.dimension}#${record.hour.slice(0, 13)}`, record]));
  const found = records.size === meteringRecords.length ? [] : ['Marketplace has two records of one hour'];
  for (const [key, record] of records) {
    const bucket = buckets.get(key);
    const known = bucket?.state === 'BILLED' || bucket?.state === 'UNRESOLVED' || (bucket?.state === 'REFUSED' && record.quantity === 0);
    if (!known || bucket?.quantity !== record.quantity) found.push(`${key}: Marketplace has ${record.quantity}, the ledger ${JSON.stringify(bucket)}`);
  }
  for (const [key, bucket] of buckets) {
    if (bucket.state === 'BILLED' && !records.has(key)) found.push(`${key}: the ledger says that ${String(bucket.quantity)} is billed, Marketplace has nothing`);
  }
  return found;
}

/** What is not billed has a reason, and an event that was sent. */
function silences(items: readonly Item[], { events }: SandboxState): string[] {
  const announced = new Set(events.map(({ detail }) => String(detail.eventId)));
  const found = items.filter(({ outbox }) => outbox !== undefined).map(({ pk, sk }) => `${String(pk)} ${String(sk)} still owes an event`);
  for (const item of items) {
    const id = eventIdOf(item);
    if (id === undefined) continue;
    if (!announced.has(id)) found.push(`no event was sent of ${id}`);
    if (!item.reason) found.push(`${id} has no reason`);
  }
  return found;
}

function eventIdOf(item: Item): string | undefined {
  const bucket = String(item.pk).replace(/^B#/, '');
  if (item.type === 'RejectedUsage') return `usage-rejected:${bucket}:${String(item.n)}`;
  if (item.type === 'RejectedUsageRecord') return `usage-rejected:${String(item.licenseId ?? 'unknown')}:${String(item.key)}`;
  if (item.type === 'Bucket' && item.state === 'UNRESOLVED') return `usage-unresolved:${bucket}`;
  return undefined;
}
