import { UsageRecord } from './intake/usage-record';
import { Bucket } from './ledger/bucket';

/** A bucket with all that went into and out of it, as stored; for people. */
export type BucketAudit = Readonly<Record<string, unknown>>;

export interface AuditStore {
  /** The record that has this id, and with it its bucket. */
  findRecord(licenseId: string, id: string): Promise<UsageRecord | undefined>;
  readBucket(bucket: Bucket): Promise<BucketAudit | undefined>;
}
