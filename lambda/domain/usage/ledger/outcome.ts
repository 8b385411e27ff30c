import { UnbilledReason } from './ledger';
import { MeteredLicense } from '../../subscription-directory';

/** One record of a call of BatchMeterUsage. */
export type MeteringRecord = LicenseRecord | CustomerRecord;

/** Usage of a license, of a product with Concurrent Agreements. */
export interface LicenseRecord extends MeteredQuantity {
  readonly licenseArn: string;
  readonly customerAwsAccountId: string;
}

/** Usage of a buyer of a legacy product. Its call names the product, and no license (docs/marketplace-facts.md#f-2-3). */
export interface CustomerRecord extends MeteredQuantity {
  readonly productCode: string;
  readonly customerIdentifier: string;
}

interface MeteredQuantity {
  /** The region it has to be sent in; absent: the present one. */
  readonly region?: string;
  readonly dimension: string;
  /** Epoch milliseconds: the start of the bucket's hour. */
  readonly timestamp: number;
  readonly quantity: number;
  readonly allocations?: readonly { readonly quantity: number; readonly tags: readonly (readonly [string, string])[] }[];
}

/** What the records of one call have in common: the product that the call names, and its region. */
export function canShareCall(a: MeteringRecord, b: MeteringRecord): boolean {
  return productOf(a) === productOf(b) && a.region === b.region;
}

/** The product that a record's call has to name; undefined: its license names the product. */
export function productOf(record: MeteringRecord): string | undefined {
  return 'productCode' in record ? record.productCode : undefined;
}

/**
 * The answer to a call. `REFUSED`: certainly nothing of it was taken. `UNKNOWN`: some or all of it may have been.
 *
 * - THROTTLED: later, slower. ACCESS: nothing will be taken until configuration is right. UNAVAILABLE: the call never left.
 * - REQUEST: something in the request is wrong; only smaller calls show which record.
 */
export type CallAnswer =
  | { readonly kind: 'ANSWERED'; readonly records: readonly RecordAnswer[] }
  | { readonly kind: 'REFUSED'; readonly cause: 'THROTTLED' | 'ACCESS' | 'UNAVAILABLE' | 'REQUEST'; readonly code: string; readonly message: string }
  | { readonly kind: 'UNKNOWN'; readonly code: string; readonly message: string };

/** In the order of the call's records. */
export type RecordAnswer =
  | { readonly status: 'Success' | 'DuplicateRecord'; readonly meteringRecordId?: string }
  | { readonly status: 'CustomerNotSubscribed' }
  | { readonly status: 'Unprocessed' }
  /** The answer does not mention the record, or in a word this release does not know. */
  | { readonly status: 'Missing'; readonly word?: string };

/** BatchMeterUsage; never rejects, never tries again by itself. */
export interface MeteringApi {
  submit(records: readonly MeteringRecord[]): Promise<CallAnswer>;
}

/** Whether an intent was written before the present one: an earlier send of the same record may have been taken. */
export type IntentKind = 'FIRST' | 'REPEATED';

/** What is known of earlier attempts to send a record. */
export interface Attempt {
  readonly intent: IntentKind;
  /** An earlier call with this quantity is known to have left. */
  readonly callLeft: boolean;
}

/** What the ledger has to write about one record of an answered call. */
export type Verdict =
  | { readonly kind: 'BILLED'; readonly meteringRecordId?: string }
  /** AWS has a quantity that is not known to be ours. */
  | { readonly kind: 'CONFLICT'; readonly reason: UnbilledReason }
  /** Certainly not taken now. */
  | { readonly kind: 'NOT_ACCEPTED'; readonly reason: string; readonly again: 'NOW' | 'NEXT_RUN' }
  | { readonly kind: 'UNKNOWN' };

export function verdictOf(answer: RecordAnswer, { intent, callLeft }: Attempt): Verdict {
  switch (answer.status) {
    case 'Success':
      return { kind: 'BILLED', meteringRecordId: answer.meteringRecordId };
    case 'DuplicateRecord':
      if (intent === 'REPEATED' && callLeft) {
        return { kind: 'BILLED', meteringRecordId: answer.meteringRecordId };
      }
      return { kind: 'CONFLICT', reason: intent === 'FIRST' ? UnbilledReason.METERED_ELSEWHERE : UnbilledReason.MAYBE_METERED_ELSEWHERE };
    case 'CustomerNotSubscribed':
      return { kind: 'NOT_ACCEPTED', reason: 'CustomerNotSubscribed', again: 'NEXT_RUN' };
    case 'Unprocessed':
      return { kind: 'NOT_ACCEPTED', reason: 'Unprocessed', again: 'NOW' };
    case 'Missing':
      return { kind: 'UNKNOWN' };
  }
}

/** Exceptions of a record that stands alone in its call, after which its hour can never be billed. */
export function isFinalRefusal(code: string, license: MeteredLicense | undefined): boolean {
  return code === 'TimestampOutOfBoundsException' && license?.status !== 'PENDING';
}
