import { canShareCall, MeteringRecord } from './outcome';

/** Records of one call of BatchMeterUsage (docs/marketplace-facts.md#f-6-1). */
export const MAX_RECORDS = 25;
/** A call stays below 1 MB (docs/marketplace-facts.md#f-6-1). */
export const MAX_CALL_BYTES = 1_000_000;

/** Generous estimate of what a record takes in a request. */
export function recordBytes(record: MeteringRecord): number {
  const buyer = 'licenseArn' in record ? record.licenseArn : record.customerIdentifier;
  const fixed = 260 + buyer.length + Buffer.byteLength(record.dimension);
  const allocations = record.allocations ?? [];
  return fixed + allocations.reduce((bytes, { tags }) =>
    bytes + 60 + tags.reduce((sum, [key, value]) => sum + 30 + JSON.stringify(key).length + JSON.stringify(value).length, 0), 0);
}

/** How many of the first of `records` may share one call; at least one, if there is one. */
export function fittingCount(records: readonly MeteringRecord[]): number {
  let bytes = 100;
  let count = 0;
  for (const record of records.slice(0, MAX_RECORDS)) {
    bytes += recordBytes(record);
    if (count > 0 && (bytes > MAX_CALL_BYTES || !canShareCall(record, records[0]))) {
      break;
    }
    count += 1;
  }
  return count;
}

/**
 * How many licenses of which AWS has taken nothing yet may share a call, when one that it refuses makes it refuse the whole call: as many as
 * make either answer about as likely, as each call then shows most about them.
 *
 * @param taken licenses of which AWS took a record
 * @param refused licenses for which it refused a call
 */
export function newLicensesPerCall(taken: number, refused: number): number {
  if (refused === 0) {
    return MAX_RECORDS;
  }
  const share = refused / (taken + refused);
  return Math.min(MAX_RECORDS, Math.max(1, Math.floor(Math.log(0.5) / Math.log(1 - share))));
}

/** Both halves of a call that was refused for one of its records. */
export function bisect<T>(items: readonly T[]): [T[], T[]] {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)];
}
