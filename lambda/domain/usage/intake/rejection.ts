import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { DetailType } from '../../../../src/names';
import { defined } from '../../defined';
import { DomainEvent } from '../../domain-event';
import { wellFormed } from '../../text';
import { isoTime } from '../../time';
import { bucketId, Bucket } from '../ledger/bucket';
import { hourStart } from '../ledger/hour';
import { BucketMeta, OutLine } from '../ledger/ledger';

/** Why a usage record is not accepted. */
export const RejectionReason = {
  INVALID_JSON: 'InvalidJson',
  NOT_AN_OBJECT: 'NotAnObject',
  EMPTY_BATCH: 'EmptyBatch',
  MISSING_ID: 'MissingId',
  INVALID_ID: 'InvalidId',
  MISSING_LICENSE: 'MissingLicense',
  INVALID_LICENSE: 'InvalidLicense',
  LEGACY_NOT_SUPPORTED: 'LegacyCustomerNotSupported',
  MISSING_DIMENSION: 'MissingDimension',
  AMBIGUOUS_DIMENSION: 'AmbiguousDimension',
  UNKNOWN_DIMENSION: 'UnknownDimension',
  UNKNOWN_METRIC: 'UnknownMetric',
  MISSING_QUANTITY: 'MissingQuantity',
  INVALID_QUANTITY: 'InvalidQuantity',
  NEGATIVE_QUANTITY: 'NegativeQuantity',
  QUANTITY_TOO_LARGE: 'QuantityTooLarge',
  QUANTITY_TOO_PRECISE: 'QuantityTooPrecise',
  MISSING_TIME: 'MissingTime',
  INVALID_TIME: 'InvalidTime',
  TIME_IN_FUTURE: 'TimeInFuture',
  TIME_TOO_OLD: 'TimeTooOld',
  LICENSE_ENDED: 'LicenseEnded',
  INVALID_TAGS: 'InvalidTags',
  TOO_MANY_TAGS: 'TooManyTags',
  INVALID_TAG_KEY: 'InvalidTagKey',
  INVALID_TAG_VALUE: 'InvalidTagValue',
  CONFLICTING_RECORD: 'ConflictingRecord',
} as const;

export type RejectionReason = (typeof RejectionReason)[keyof typeof RejectionReason];

export interface Problem {
  readonly reason: RejectionReason;
  /** What was received and what is right. */
  readonly message: string;
}

/** A record that was not accepted, with what is needed to correct it and send it again. */
export interface RejectedRecord extends Problem {
  /** The same original rejected for the same reason: the same key. */
  readonly key: string;
  /** As far as they could be read. */
  readonly id?: string;
  readonly licenseId?: string;
  /** JSON, or the raw text when it was not JSON; whole. */
  readonly original: string;
  readonly receivedAt: number;
}

export function rejectedRecord(
  original: unknown, problem: Problem, receivedAt: number, known: { readonly id?: string; readonly licenseId?: string },
): RejectedRecord {
  const text = typeof original === 'string' ? wellFormed(original) : jsonOf(original);
  const digest = createHash('sha256').update(`${problem.reason}\n${text}`).digest('hex').slice(0, 32);
  return { ...problem, ...known, key: `${known.id ?? 'unknown'}#${digest}`, original: text, receivedAt };
}

/** JSON of any depth: the parser of JSON has no limit of it, its writer has. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return inspect(value, { depth: 20, maxArrayLength: null, maxStringLength: null });
  }
}

/** An event has these instead of a message that shows a tag; the stored rejection has the message and the original. */
const MESSAGE_WITHOUT_TAGS: { readonly [reason in RejectionReason]?: string } = {
  [RejectionReason.INVALID_TAG_KEY]: 'the key of a tag has characters, or a length, that AWS does not accept',
  [RejectionReason.INVALID_TAG_VALUE]: 'the value of a tag has characters, or a length, that AWS does not accept',
};

/** The event names what was rejected, never its tags or the original: these may contain data that must not reach an event bus. */
export function recordRejectedEvent(rejection: RejectedRecord, productCode: string): DomainEvent {
  return {
    detailType: DetailType.USAGE_REJECTED,
    time: isoTime(rejection.receivedAt),
    detail: defined({
      version: '1',
      eventId: `usage-rejected:${rejection.licenseId ?? 'unknown'}:${rejection.key}`,
      productCode,
      licenseId: rejection.licenseId,
      recordId: rejection.id,
      reason: rejection.reason,
      message: MESSAGE_WITHOUT_TAGS[rejection.reason] ?? rejection.message,
      retryable: true,
    }),
  };
}

/** An accepted amount that left the ledger unbilled. */
export function amountRejectedEvent(bucket: Bucket, line: OutLine, productCode: string, at: number): DomainEvent {
  return {
    detailType: DetailType.USAGE_REJECTED,
    time: isoTime(at),
    detail: {
      version: '1',
      eventId: `usage-rejected:${bucketId(bucket)}:${line.n}`,
      productCode,
      licenseId: bucket.licenseId,
      dimension: bucket.dimension,
      hour: isoTime(hourStart(bucket.hour)),
      quantity: line.amount.total().toFixed(),
      reason: line.reason ?? 'Unknown',
      message: `${line.amount.total().toFixed()} units of ${bucket.dimension} will not be billed`,
      retryable: false,
    },
  };
}

export function unresolvedEvent(meta: BucketMeta, reason: string, productCode: string, at: number): DomainEvent {
  const { bucket, frozen } = meta;
  return {
    detailType: DetailType.USAGE_UNRESOLVED,
    time: isoTime(at),
    detail: {
      version: '1',
      eventId: `usage-unresolved:${bucketId(bucket)}`,
      productCode,
      licenseId: bucket.licenseId,
      dimension: bucket.dimension,
      hour: isoTime(hourStart(bucket.hour)),
      quantity: String(frozen?.quantity ?? 0),
      reason,
    },
  };
}
