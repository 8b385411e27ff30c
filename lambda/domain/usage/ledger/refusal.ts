import type { Bucket } from './bucket';

/** What an exception of a record that stood alone in its call tells of others: which of them are refused for the same. */
export type RefusalScope =
  /** Those of the license in the dimension; whether also those of other licenses, their offers decide (docs/marketplace-facts.md#f-10-14). */
  | 'DIMENSION'
  | 'LICENSE'
  | 'RECORD';

export function scopeOf(code: string): RefusalScope {
  if (code === 'InvalidUsageDimensionException') {
    return 'DIMENSION';
  }
  return code === 'InvalidLicenseException' || code === 'InvalidCustomerIdentifierException' ? 'LICENSE' : 'RECORD';
}

/** Whether an hour that is held for this reason sinks every call it is in. */
export function sinksCalls(reason: string | undefined): reason is string {
  return reason !== undefined && reason !== 'CustomerNotSubscribed';
}

/** The same text for records that are refused together. */
export function refusedTogether({ licenseId, dimension, hour }: Bucket, scope: RefusalScope): string {
  return JSON.stringify([licenseId, ...(scope === 'LICENSE' ? [] : [dimension]), ...(scope === 'RECORD' ? [hour] : [])]);
}
