import { HOUR_MS } from '../time';

/**
 * How a buyer of a legacy product moves to its license. Usage before `cutOver` is metered by customer identifier, usage from an hour after
 * it by license, and the hour between in neither way: AWS bills an hour twice that is metered both ways (docs/marketplace-facts.md#f-2-3).
 */
export interface Migration {
  /** On the subscription of the customer identifier: the license id by which the buyer continues. */
  readonly continuesAs?: string;
  /** Its ARN. */
  readonly licenseArn?: string;
  /** On the subscription of the license: the key that the buyer had before. */
  readonly migratedFrom?: string;
  /** Epoch milliseconds, the start of an hour: that hour is metered in neither way. */
  readonly cutOver: number;
  /** Epoch milliseconds: the latest word counts. */
  readonly recordedAt: number;
}

/** Commutative, associative, idempotent. */
export function mergeMigration(a: Migration | undefined, b: Migration | undefined): Migration | undefined {
  if (a === undefined || b === undefined) {
    return a ?? b;
  }
  return order(a) >= order(b) ? a : b;
}

function order({ recordedAt, cutOver, continuesAs = '', migratedFrom = '', licenseArn = '' }: Migration): string {
  return JSON.stringify([...[recordedAt, cutOver].map((time) => String(time).padStart(16, '0')), continuesAs, migratedFrom, licenseArn]);
}

/** Whether the license has been given the buyer of this former key. */
export function hasMoved({ migration }: { readonly migration?: Migration }, formerId: string): boolean {
  return migration?.migratedFrom === formerId;
}

/** The first time that is metered by license; epoch milliseconds. */
export function meteredByLicenseFrom({ cutOver }: Migration): number {
  return cutOver + HOUR_MS;
}
