import { StoredAmounts } from '../ledger/amounts';
import { Bucket } from '../ledger/bucket';

/** A usage record as its sender wrote it, checked. */
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
  readonly tags?: Readonly<Record<string, string>>;
  /** Epoch milliseconds; not part of the content, as a redelivery may arrive at any time. */
  readonly receivedAt: number;
}

/** The same text for two records if, and only if, their content is the same. */
export function fingerprint(record: UsageRecord): string {
  const { licenseId, dimension } = record.bucket;
  const tags = Object.entries(record.tags ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([licenseId, dimension, record.metric ?? null, record.quantity, record.time, tags]);
}
