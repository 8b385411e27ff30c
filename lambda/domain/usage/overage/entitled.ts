import Big from 'big.js';
import type { Entitled } from './allowance';
import type { OverageConfig } from '../../../../src/names';
import type { Entitlement } from '../../entitlements/entitlement';
import { NOT_YET_FOR_MS } from '../../entitlements/license-entitlements';
import type { EntitlementPeriod, KnownEntitlements } from '../../entitlements/ports';
import type { MeteredLicense } from '../../subscription-directory';
import { hourEnd } from '../ledger/hour';

/** All terms of a license share one allowance, which counts each of them: a draw of the one may not be hidden from the other. */
const ALL_TERMS = 'CONTRACT';
/** The term of entitlements whose agreement is not known, or of none. */
const NO_AGREEMENT = 'NONE';

/** The period whose allowance the usage of an hour draws on. Months and hours are those of UTC. */
export function periodOf({ per }: OverageConfig, hour: string): string {
  switch (per) {
    case 'HOUR':
      return hour;
    case 'MONTH':
      return hour.slice(0, 7);
    case 'CONTRACT':
      return ALL_TERMS;
  }
}

/**
 * What usage of an hour may draw on: the most that was in force at any time of that hour, so that neither an upgrade nor the end of
 * the contract within the hour is to the buyer's disadvantage. `known` are the periods that overlap the hour; of an hour
 * before the first one, the first: AWS may show an entitlement days after the purchase.
 */
export function entitledIn({ of, per }: OverageConfig, hour: string, { periods }: Pick<KnownEntitlements, 'periods'>): Entitled {
  if (per !== 'CONTRACT') {
    return { term: periodOf({ of, per }, hour), amount: most(of, periods) };
  }
  const last = periods.filter(({ entitlements }) => entitlements[of] !== undefined).at(-1);
  const term = last?.agreementId ?? NO_AGREEMENT;
  return { term, amount: most(of, periods.filter(({ agreementId }) => agreementId === last?.agreementId)) };
}

/**
 * Whether it is known what covered an hour. It is not while AWS has not been asked since the last License Updated, or has not shown the
 * entitlements of a recent purchase. Where nothing can be billed any more, what is known is enough.
 */
export function isKnown(hour: string, { periods, askedAt = -Infinity }: KnownEntitlements, license: MeteredLicense | undefined): boolean {
  if (license === undefined || license.status === 'PENDING' || license.status === 'ENDED') {
    return true;
  }
  const { updatedAt, activeSince } = license;
  if (updatedAt !== undefined && updatedAt < hourEnd(hour) && askedAt < updatedAt) {
    return false;
  }
  return periods.length > 0 || askedAt >= (activeSince ?? 0) + NOT_YET_FOR_MS;
}

function most(dimension: string, periods: readonly EntitlementPeriod[]): Big {
  const amounts = periods.map(({ entitlements }) => amountOf(entitlements[dimension]));
  return amounts.reduce((highest, amount) => (amount.gt(highest) ? amount : highest), new Big(0));
}

/** A value that is no number covers nothing. */
function amountOf(entitlement: Entitlement | undefined): Big {
  return typeof entitlement?.value === 'number' ? new Big(String(entitlement.value)) : new Big(0);
}
