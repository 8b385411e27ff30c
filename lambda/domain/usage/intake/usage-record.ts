import { defined } from '../../defined';
import { type StoredAmounts, type TagSet, UNTAGGED } from '../ledger/amounts';
import type { Bucket } from '../ledger/bucket';

/** A usage record as it was sent, in one spelling. Its form is right, and nothing in it depends on the product or the time. */
export interface SentRecord {
  readonly id: string;
  readonly licenseId: string;
  /** Either this or `metric`. */
  readonly dimension?: string;
  readonly metric?: string;
  /** Exact decimal. */
  readonly quantity: string;
  /** ISO 8601 in UTC. */
  readonly time: string;
  readonly tagSet: TagSet;
}

/** A usage record as it is stored in its bucket. */
export interface UsageRecord {
  readonly id: string;
  /** Where it is billed: its own hour. */
  readonly bucket: Bucket;
  /** Exact dimension units, with the tags. */
  readonly units: StoredAmounts;
  /** As sent: exact decimal. */
  readonly quantity: string;
  /** As sent, when usage was reported in a metric that is billed as a dimension. */
  readonly metric?: string;
  /** ISO 8601 in UTC. */
  readonly time: string;
  /** When the queue received it, or the function was called; epoch milliseconds. Not part of the content: redeliveries arrive later. */
  readonly receivedAt: number;
  /** Its id was claimed after the close of its hour: its line stands apart, so that the others need not be read again. */
  readonly storedLate?: boolean;
}

/** What the sender of a stored record wrote. */
function sentRecordOf(record: UsageRecord): SentRecord {
  const { id, bucket: { licenseId, dimension }, units, quantity, metric, time } = record;
  const [tagSet = UNTAGGED] = Object.keys(units.tags ?? {});
  return defined({ id, licenseId, dimension: metric === undefined ? dimension : undefined, metric, quantity, time, tagSet });
}

/** Whether two records say the same. What a product makes of it (the dimension of a metric, its units) is not compared: it may change. */
export function isSameContent(a: UsageRecord, b: UsageRecord | SentRecord): boolean {
  return contentOf(sentRecordOf(a)) === contentOf('bucket' in b ? sentRecordOf(b) : b);
}

/** Tags of no units split nothing, so they do not count. */
function contentOf({ licenseId, dimension, metric, quantity, time, tagSet }: SentRecord): string {
  return JSON.stringify([licenseId, dimension, metric, quantity, time, quantity === '0' ? UNTAGGED : tagSet].map((part) => part ?? null));
}
