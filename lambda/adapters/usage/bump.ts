import { bucketPk, expiry, header, isoTime, type Item, type UsageTable } from './table';
import type { Bucket } from '../../domain/usage/ledger/bucket';
import { hourStart } from '../../domain/usage/ledger/hour';
import { type Outbox, shardOf } from '../events/outbox';

export const META = 'META';

/** Lines may be added to an hour of a month ago, and live as long as others from then on: META must not go before them. */
const OUTLIVES_LINES_SECONDS = 60 * 24 * 3600;

export type UsageOutbox = Pick<Outbox, 'publishAndClear'>;

/** Attributes by which a bucket is found by the two due indexes. */
export function dueAttributes(bucket: Bucket, dueAt: number): Item {
  return { dueAt: isoTime(dueAt), dueShard: shardOf(bucketPk(bucket)), dueLicense: bucket.licenseId };
}

export const DUE_ATTRIBUTES = ['dueAt', 'dueShard', 'dueLicense'];

/** What a bucket's META has from its first write on. */
export function metaAttributes(bucket: Bucket): Item {
  return { ...header('Bucket'), state: 'OPEN', ...bucket, expiresAt: expiry(hourStart(bucket.hour)) + OUTLIVES_LINES_SECONDS };
}

/** Tells metering that lines may have been added: after they are put. */
export async function bump(table: UsageTable, bucket: Bucket, dueAt: number): Promise<void> {
  await table.update({ pk: bucketPk(bucket), sk: META }, {
    setIfAbsent: { ...metaAttributes(bucket), ...dueAttributes(bucket, dueAt) },
    increment: ['gen'],
  });
}
