import type { Bucket } from './bucket';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './hour';

/**
 * Which records a failed call says something about, from wide to narrow. `ALL`: the outcome of a call is unknown. `DIMENSION`:
 * those of the license in the dimension; offers differ between licenses (docs/marketplace-facts.md#f-10-14).
 */
export type CircuitScope = 'ALL' | 'LICENSE' | 'DIMENSION' | 'BUCKET';

/** Where sending failed, and when to try again. While one stands before a bucket, the bucket waits. */
export interface Circuit {
  readonly key: string;
  readonly scope: CircuitScope;
  /** The exception or the status that AWS answered. */
  readonly reason: string;
  /** In a row. */
  readonly failures: number;
  /** Epoch milliseconds. */
  readonly failedAt: number;
  /** Epoch milliseconds. */
  readonly retryAt: number;
  /** Of `ALL`: the only bucket that is sent. */
  readonly probe?: Bucket;
}

export const ALL_KEY = 'ALL';

const FIRST_RETRY_MS = 5 * MINUTE_MS;
const LAST_RETRY_MS = HOUR_MS;
/** Without usage that waits nothing is tried again: after this time a circuit is forgotten, so that a zero record tries. */
const FORGOTTEN_AFTER_MS = DAY_MS;

const LICENSE_REASONS: readonly string[] = ['CustomerNotSubscribed', 'InvalidLicenseException', 'InvalidCustomerIdentifierException'];

/** Which records fail for the same reason as one that was refused alone. */
export function scopeOf(reason: string): CircuitScope {
  if (reason === 'InvalidUsageDimensionException') {
    return 'DIMENSION';
  }
  return LICENSE_REASONS.includes(reason) ? 'LICENSE' : 'BUCKET';
}

/** Whether a record that is refused for this reason makes AWS refuse its whole call. */
export function isPoison(reason: string): boolean {
  return reason !== 'CustomerNotSubscribed';
}

/** The same text for records that fail together. */
export function circuitKey(scope: CircuitScope, { licenseId, dimension, hour }: Bucket): string {
  switch (scope) {
    case 'ALL':
      return ALL_KEY;
    case 'LICENSE':
      return `LICENSE#${licenseId}`;
    case 'DIMENSION':
      return `DIMENSION#${licenseId}#${dimension}`;
    case 'BUCKET':
      return `BUCKET#${licenseId}#${dimension}#${hour}`;
  }
}

/** The circuits that may stand before one bucket, from narrow to wide. */
export function circuitKeys(bucket: Bucket): string[] {
  return (['BUCKET', 'DIMENSION', 'LICENSE', 'ALL'] as const).map((scope) => circuitKey(scope, bucket));
}

/** The circuit after one more failure. An unknown outcome is probed by each run; a refusal is tried again after 5 minutes to an hour. */
export function afterFailure(
  before: Circuit | undefined, failure: { readonly scope: CircuitScope; readonly bucket: Bucket; readonly reason: string; readonly now: number },
): Circuit {
  const { scope, bucket, reason, now } = failure;
  const failures = (before?.failures ?? 0) + 1;
  const delay = scope === 'ALL' ? 0 : Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
  return {
    key: circuitKey(scope, bucket), scope, reason, failures, failedAt: now, retryAt: now + delay, ...(scope === 'ALL' && { probe: before?.probe ?? bucket }),
  };
}

export function isForgotten({ scope, failedAt }: Circuit, now: number): boolean {
  return scope !== 'ALL' && now >= failedAt + FORGOTTEN_AFTER_MS;
}
