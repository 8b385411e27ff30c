import Big from 'big.js';
import { defined } from '../../defined';
import { Amounts, TagSet } from '../ledger/amounts';
import type { Bucket } from '../ledger/bucket';
import type { CoveredUsage } from '../ledger/ledger';

/** Keeps a line of the ledger, and the allowance that repeats it, well below the 400 KB of a table item. */
const MAX_TAG_BYTES = 100_000;
const DECIMALS = 12;

/** Which allowance: that of a license in a dimension and a period. */
export interface AllowanceKey {
  readonly licenseId: string;
  /** The metered dimension. */
  readonly dimension: string;
  readonly period: string;
}

/**
 * What usage has drawn on an entitlement so far. `last` is the draw that the last write made: its line may not be in its
 * bucket yet.
 */
export interface Allowance {
  /** Grows with each draw. */
  readonly revision: number;
  /** Units drawn, by term. */
  readonly drawn: Readonly<Record<string, string>>;
  readonly last: Draw;
}

/** The decision about usage of a bucket: how much of it an entitlement covers. It is made once and never changes. */
export interface Draw extends CoveredUsage {
  readonly bucket: Bucket;
  /** Number of the draw in its bucket. */
  readonly n: number;
  /** Whose units were drawn: see {@link Entitled}. */
  readonly term: string;
  /** Units that the term had in all. */
  readonly entitled: string;
}

/** What a license is entitled to in the hour of a bucket. */
export interface Entitled {
  readonly term: string;
  readonly amount: Big;
}

export interface UndecidedUsage {
  readonly bucket: Bucket;
  readonly n: number;
  /** Units of records that no draw has decided about. */
  readonly units: Big;
  /** What is still to leave the bucket, the undecided units included. */
  readonly rest: Amounts;
}

/**
 * Draws on what is left. Usage that was covered stays covered and usage that was not stays billed, whatever the entitlement
 * becomes later: a draw looks at the units drawn so far, and changes none.
 */
export function draw({ bucket, n, units, rest }: UndecidedUsage, entitled: Entitled, before: Allowance | undefined): Allowance {
  const drawn = new Big(before?.drawn[entitled.term] ?? 0);
  const left = entitled.amount.minus(drawn);
  const covered = left.lte(0) ? new Big(0) : left.lt(units) ? left : units;
  const tagsDropped = rest.storedBytes() > MAX_TAG_BYTES;
  const last: Draw = defined({
    bucket,
    n,
    units,
    covered: tagsDropped ? Amounts.of(covered) : partOf(rest, covered),
    tagsDropped: tagsDropped || undefined,
    term: entitled.term,
    entitled: entitled.amount.toFixed(),
  });
  return {
    revision: (before?.revision ?? 0) + 1,
    drawn: { ...before?.drawn, [entitled.term]: drawn.plus(covered).toFixed() },
    last,
  };
}

/** A part of some usage, shared over its tag sets in proportion. No tag set gives more than it has. */
export function partOf(usage: Amounts, total: Big): Amounts {
  if (!usage.hasTags()) {
    return Amounts.of(total);
  }
  const positive = usage.entries().filter(([, amount]) => amount.gt(0));
  const sum = positive.reduce((all, [, amount]) => all.plus(amount), new Big(0));
  const shares = positive.map(([tagSet, amount]) => ({ tagSet, amount, share: amount.times(total).div(sum).round(DECIMALS, Big.roundDown) }));
  let left = shares.reduce((rest, { share }) => rest.minus(share), total);
  return Amounts.sum(shares.map(({ tagSet, amount, share }): [TagSet, Big] => {
    const room = amount.minus(share);
    const more = left.lt(room) ? left : room;
    left = left.minus(more);
    return [tagSet, share.plus(more)];
  }));
}
