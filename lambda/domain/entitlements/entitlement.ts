import { isDeepStrictEqual } from 'node:util';
import { defined } from '../defined';

/** What one dimension of a license is entitled to. AWS may leave out every member (docs/marketplace-facts.md#f-5). */
export interface Entitlement {
  /** Which of the four kinds of value AWS sent; absent without a value. */
  readonly valueType?: 'INTEGER' | 'DOUBLE' | 'BOOLEAN' | 'STRING';
  /** As AWS sent it: 0, false and an empty text are values too. */
  readonly value?: number | boolean | string;
  /** ISO 8601: the earliest time through which it is expected to last. Its past alone ends nothing. */
  readonly expiresAt?: string;
}

/** By the API name of the dimension, those that the integration does not declare included. */
export type Entitlements = Readonly<Record<string, Entitlement>>;

export const NO_ENTITLEMENTS: Entitlements = {};

/** How one dimension changed. */
export interface DimensionChange {
  readonly dimension: string;
  /** Absent: there was none. */
  readonly before?: Entitlement;
  /** Absent: there is none any more. */
  readonly after?: Entitlement;
  /** After minus before, where both are numbers; a missing entitlement counts as 0. */
  readonly difference?: number;
}

export function isEmpty(entitlements: Entitlements): boolean {
  return Object.keys(entitlements).length === 0;
}

/** The dimensions whose value or expiration differs, by name. */
export function changesBetween(before: Entitlements, after: Entitlements): readonly DimensionChange[] {
  const dimensions = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return dimensions
    .filter((dimension) => !isDeepStrictEqual(before[dimension], after[dimension]))
    .map((dimension) => defined({
      dimension,
      before: before[dimension],
      after: after[dimension],
      difference: differenceOf(before[dimension], after[dimension]),
    }));
}

function differenceOf(before: Entitlement | undefined, after: Entitlement | undefined): number | undefined {
  const [from, to] = [amountOf(before), amountOf(after)];
  // 15 significant digits: 0.3 minus 0.1 is 0.2.
  return from === undefined || to === undefined ? undefined : Number((to - from).toPrecision(15));
}

function amountOf(entitlement: Entitlement | undefined): number | undefined {
  if (entitlement === undefined) {
    return 0;
  }
  return typeof entitlement.value === 'number' ? entitlement.value : undefined;
}
