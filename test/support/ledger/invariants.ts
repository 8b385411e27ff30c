import Big from 'big.js';
import { LedgerFixture } from './ledger-fixture';
import { carriedInKey, Partition } from './memory-store';
import { Amounts } from '../../../lambda/domain/usage/ledger/amounts';
import { bucketId, parseBucketId } from '../../../lambda/domain/usage/ledger/bucket';
import { committedAmount } from '../../../lambda/domain/usage/ledger/ledger';

/** What the ledger says of all usage of a license in a dimension. */
export interface Balance {
  readonly accepted: string;
  readonly metered: string;
  readonly pending: string;
  readonly unresolved: string;
  readonly rejected: string;
  /** By an entitlement. */
  readonly covered: string;
}

function content(partition: Partition): Amounts {
  const records = [...partition.records.values()].map(({ units }) => Amounts.fromStored(units));
  const covered = partition.draws.map((draw) => Amounts.ZERO.minus(draw.covered));
  const carriedIn = [...partition.carriedIn.values()].map(({ amount }) => amount);
  return [...records, ...covered, ...carriedIn].reduce((sum, part) => sum.plus(part), Amounts.ZERO);
}

function owed(partition: Partition): Big {
  const committed = partition.meta ? committedAmount(partition.meta).total() : new Big(0);
  return partition.out.reduce((rest, line) => rest.minus(line.amount.total()), content(partition).total().minus(committed));
}

/** Everything that must hold at any moment, whatever was interleaved or crashed. Empty: all is well. */
export function violations(world: LedgerFixture): string[] {
  const found: string[] = [];
  const { store, api } = world;
  for (const [id, partition] of store.partitions) {
    const bucket = parseBucketId(id);
    const { meta } = partition;
    const truth = api.accepted.get(id);
    const quantity = meta?.frozen?.quantity;
    if (owed(partition).lt(0)) found.push(`${id} gave away ${owed(partition).neg().toFixed()} more than it had`);
    if (meta?.state === 'BILLED' && truth === undefined) found.push(`${id} claims to be billed, Marketplace has nothing`);
    if (truth !== undefined && meta?.state !== undefined && truth.quantity !== quantity && !meta.reason?.endsWith('MeteredElsewhere')) {
      found.push(`${id} was billed with ${truth.quantity}, the ledger says ${quantity}`);
    }
    // a zero record that was given up may have been taken: it comes to the same
    const refused = meta?.state === 'REFUSED' && !(quantity === 0 && truth?.quantity === 0);
    if (truth !== undefined && (meta?.state === 'OPEN' || refused || meta?.state === 'DRY_RUN')) {
      found.push(`${id} is ${meta.state}, yet Marketplace billed ${truth.quantity}`);
    }
    for (const line of partition.out) {
      if (line.to === undefined) continue;
      const { toLicense } = line;
      const target = store.partitions.get(bucketId({ ...bucket, ...toLicense !== undefined && { licenseId: toLicense }, hour: line.to }));
      const arrived = target?.carriedIn.get(carriedInKey(bucket.hour, line.n, toLicense === undefined ? undefined : bucket.licenseId));
      if (line.to <= bucket.hour) found.push(`${id} carries back to ${line.to}`);
      if (line.done && !arrived) found.push(`line ${line.n} of ${id} never arrived`);
      if (arrived && !arrived.amount.minus(line.amount).isZero()) found.push(`line ${line.n} of ${id} changed on its way`);
    }
    for (const line of partition.carriedIn.values()) {
      const { source: from, sourceLicense: licenseId = bucket.licenseId } = line;
      const source = store.partitions.get(bucketId({ ...bucket, licenseId, hour: from }))?.out[line.n];
      if (source?.to !== bucket.hour) found.push(`${id} got an amount that ${line.source} does not send there`);
    }
  }
  found.push(...wrongDraws(world));
  for (const [key, quantities] of api.sent) {
    if (quantities.size > 1) found.push(`${key} was sent with different content: ${[...quantities].join(' and ')}`);
  }
  return found;
}

/** Draws decide about records that are there, and an allowance counts exactly the draws whose lines are there, its last one included. */
function wrongDraws({ store }: LedgerFixture): string[] {
  const found: string[] = [];
  const drawn = new Map<string, Big>();
  for (const [id, { draws, records }] of store.partitions) {
    const decided = draws.reduce((sum, { units }) => sum.plus(units), new Big(0));
    const used = [...records.values()].reduce((sum, { units }) => sum.plus(units.amount), new Big(0));
    if (decided.gt(used)) found.push(`${id} drew for ${decided.toFixed()} units and has ${used.toFixed()}`);
    for (const draw of draws) {
      if (draw.covered.total().gt(draw.units)) found.push(`${id} covers more than was used`);
      const key = `${id.slice(0, id.lastIndexOf('#'))}#${draw.term}`;
      drawn.set(key, draw.covered.total().plus(drawn.get(key) ?? 0));
    }
  }
  for (const [id, { drawn: counted, last }] of store.allowances) {
    const isArrived = store.partitions.get(bucketId(last.bucket))?.draws[last.n] !== undefined;
    for (const [term, units] of Object.entries(counted)) {
      const lines = drawn.get(`${id.slice(0, id.lastIndexOf('#'))}#${term}`) ?? new Big(0);
      const all = term === last.term && !isArrived ? lines.plus(last.covered.total()) : lines;
      if (!all.eq(units)) found.push(`${units} units are drawn in ${term} of ${id}, and its draws are ${all.toFixed()}`);
    }
  }
  return found;
}

/** What must hold besides once nothing is left to do. */
export function unfinished(world: LedgerFixture): string[] {
  const found: string[] = [];
  for (const [id, partition] of world.store.partitions) {
    const { meta } = partition;
    // fractions, and what is beyond one record's range, go on from hour to hour: the hour that is open has them
    if (meta?.state === 'OPEN' && meta.dueAt !== undefined && meta.dueAt > world.now) continue;
    if (!meta) found.push(`${id} has lines that nobody knows of`);
    else if (meta.dueAt !== undefined) found.push(`${id} is ${meta.state} and still due`);
    else if (!owed(partition).eq(0)) found.push(`${id} is not due and owes ${owed(partition).toFixed()}`);
    else if (partition.out.some(({ done }) => !done)) found.push(`${id} is not due and has an unfinished line`);
    else if (meta.state === 'OPEN' || meta.state === 'FROZEN') found.push(`${id} is ${meta.state} and not due`);
  }
  return found;
}

/** Sums over all buckets of a license in a dimension; `metered` is what Marketplace has. */
export function balance(world: LedgerFixture, licenseId: string, dimension = 'ApiCalls'): Balance {
  const sums = { accepted: new Big(0), metered: new Big(0), pending: new Big(0), unresolved: new Big(0), rejected: new Big(0), covered: new Big(0) };
  for (const [id, partition] of world.store.partitions) {
    const bucket = parseBucketId(id);
    if (bucket.licenseId !== licenseId || bucket.dimension !== dimension) continue;
    for (const { units } of partition.records.values()) sums.accepted = sums.accepted.plus(units.amount);
    const state = partition.meta?.state;
    const committed = partition.meta ? committedAmount(partition.meta).total() : 0;
    if (state === 'BILLED') sums.metered = sums.metered.plus(world.api.accepted.get(id)?.quantity ?? 0);
    else if (state === 'UNRESOLVED') sums.unresolved = sums.unresolved.plus(committed);
    else if (state === 'FROZEN') sums.pending = sums.pending.plus(committed);
    for (const { covered } of partition.draws) sums.covered = sums.covered.plus(covered.total());
    sums.pending = sums.pending.plus(owed(partition));
    for (const line of partition.out) {
      if (line.reason !== undefined) sums.rejected = sums.rejected.plus(line.amount.total());
      else if (!arrivedAt(world, id, line.to!, line.n)) sums.pending = sums.pending.plus(line.amount.total());
    }
  }
  return {
    accepted: sums.accepted.toFixed(),
    metered: sums.metered.toFixed(),
    pending: sums.pending.toFixed(),
    unresolved: sums.unresolved.toFixed(),
    rejected: sums.rejected.toFixed(),
    covered: sums.covered.toFixed(),
  };
}

export function balances({ accepted, metered, pending, unresolved, rejected, covered }: Balance): boolean {
  return new Big(metered).plus(pending).plus(unresolved).plus(rejected).plus(covered).eq(accepted);
}

function arrivedAt(world: LedgerFixture, id: string, to: string, n: number): boolean {
  const target = world.store.partitions.get(id.replace(/[^#]*$/, to));
  return target?.carriedIn.has(`${parseBucketId(id).hour}#${n}`) ?? false;
}
