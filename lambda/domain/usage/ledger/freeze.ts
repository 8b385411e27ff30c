import Big from 'big.js';
import { Amounts, TagSet, tagsOf, UNTAGGED } from './amounts';
import { FrozenQuantity } from './ledger';
import { compare } from '../../compare';
import { defined } from '../../defined';

/** Greatest quantity of one metering record (docs/marketplace-facts.md#f-6-1). */
export const MAX_QUANTITY = 2_147_483_647;
/** Usage allocations of one metering record (docs/marketplace-facts.md#f-6-8). */
export const MAX_ALLOCATIONS = 2500;
/** Distinct tag keys over the allocations of one record (docs/marketplace-facts.md#f-6-8). */
export const MAX_TAG_KEYS = 5;
/** Keeps a frozen bucket below the 400 KB of a table item, and a call of several below 1 MB. */
export const MAX_ALLOCATION_BYTES = 150_000;

/**
 * The whole units that one record can take of `content`. Fractions and what is beyond the API's range stay in
 * the difference of the bucket, to be carried.
 */
export function freeze(content: Amounts): FrozenQuantity {
  const whole = content.total().round(0, Big.roundDown);
  const quantity = Math.max(0, Math.min(whole.toNumber(), MAX_QUANTITY));
  if (!content.hasTags()) {
    return { quantity };
  }

  const { sets, tagsTruncated } = withinLimits(content.entries().filter(([, amount]) => amount.gt(0)));
  return defined({ quantity, allocations: share(quantity, sets), tagsTruncated: tagsTruncated || undefined });
}

/** Keeps the largest tag sets that one record may name; what is left over joins the usage without tags. */
function withinLimits(positive: readonly [TagSet, Big][]): { sets: [TagSet, Big][]; tagsTruncated: boolean } {
  const kept: [TagSet, Big][] = [];
  const keys = new Set<string>();
  let rest = new Big(0);
  let tagsTruncated = false;
  let bytes = 0;
  for (const [tagSet, amount] of [...positive].sort((a, b) => b[1].cmp(a[1]))) {
    if (tagSet === UNTAGGED) {
      rest = rest.plus(amount);
      continue;
    }
    const union = new Set([...keys, ...tagsOf(tagSet).map(([key]) => key)]);
    const size = Buffer.byteLength(tagSet) + 80;
    if (kept.length >= MAX_ALLOCATIONS - 1 || union.size > MAX_TAG_KEYS || bytes + size > MAX_ALLOCATION_BYTES) {
      rest = rest.plus(amount);
      tagsTruncated = true;
      continue;
    }
    union.forEach((key) => keys.add(key));
    bytes += size;
    kept.push([tagSet, amount]);
  }
  if (rest.gt(0)) {
    kept.push([UNTAGGED, rest]);
  }
  return { sets: kept, tagsTruncated };
}

/** Splits whole units over tag sets in proportion to what each used: whole parts first, then the largest fractions. */
function share(quantity: number, sets: readonly [TagSet, Big][]): Record<TagSet, number> {
  const parts = sets.map(([tagSet, amount]) => {
    const units = amount.round(0, Big.roundDown);
    return { tagSet, units, fraction: amount.minus(units) };
  });
  let missing = parts.reduce((left, part) => left.minus(part.units), new Big(quantity));
  for (const part of [...parts].sort((a, b) => b.fraction.cmp(a.fraction) || compare(a.tagSet, b.tagSet))) {
    if (missing.lte(0)) {
      break;
    }
    part.units = part.units.plus(1);
    missing = missing.minus(1);
  }
  for (const part of [...parts].sort((a, b) => b.units.cmp(a.units) || compare(a.tagSet, b.tagSet))) {
    if (missing.gte(0)) {
      break;
    }
    const taken = missing.neg().gt(part.units) ? part.units : missing.neg();
    part.units = part.units.minus(taken);
    missing = missing.plus(taken);
  }
  return Object.fromEntries(parts.filter((part) => part.units.gt(0)).map((part) => [part.tagSet, part.units.toNumber()]));
}
