import { claimKey, expiry, header, isoTime, type ItemKey, padded, recordAttributes, recordKey, recordOf, rejectionKey } from './items';
import type { UsageTable } from './table';
import type { DomainEvent } from '../../domain/domain-event';
import type { RejectedRecord } from '../../domain/usage/intake/rejection';
import { fingerprint, type UsageRecord } from '../../domain/usage/intake/usage-record';
import type { Bucket } from '../../domain/usage/ledger/bucket';
import type { IntakeStore, PutOutcome } from '../../domain/usage/ports';
import { type Outbox, withOutbox } from '../events/outbox';

/** Characters of an original in one item: at most 3 bytes each, so below DynamoDB's 400 KB for an item. */
const MAX_PIECE = 100_000;

/** Writes usage records and rejections into the usage table. */
export class UsageTableIntake implements IntakeStore {
  constructor(private readonly table: UsageTable, private readonly outbox: Pick<Outbox, 'publishAndClear'>) {}

  async claim(record: UsageRecord): Promise<PutOutcome> {
    return this.put(record, claimKey(record.bucket.licenseId, record.id), 'UsageRecordId');
  }

  async readClaim(licenseId: string, id: string): Promise<UsageRecord | undefined> {
    const item = await this.table.get(claimKey(licenseId, id));
    return item && recordOf(item);
  }

  async putRecord(record: UsageRecord): Promise<PutOutcome> {
    return this.put(record, recordKey(record), 'UsageRecord');
  }

  async markChanged(bucket: Bucket, dueAt: number): Promise<void> {
    await this.table.markChanged(bucket, dueAt);
  }

  async reject(rejection: RejectedRecord, events: readonly DomainEvent[]): Promise<boolean> {
    const key = rejectionKey(rejection);
    const receivedAt = isoTime(rejection.receivedAt);
    const expiresAt = expiry(rejection.receivedAt);
    const [original, ...more] = pieces(rejection.original);
    // First, so that a reader who finds the rejection finds all of it.
    for (const [index, piece] of more.entries()) {
      await this.table.putIfAbsent({ pk: key.pk, sk: `${key.sk}#${padded(index + 1)}`, ...header('RejectedUsageRecordPart'), original: piece, expiresAt });
    }
    const there = await this.table.putIfAbsent({
      ...key,
      ...header('RejectedUsageRecord'),
      ...rejection,
      original,
      ...(more.length > 0 && { originalContinues: more.length }),
      receivedAt,
      attention: 'REJECTED_RECORD',
      attentionAt: receivedAt,
      expiresAt,
      ...withOutbox(key.pk, undefined, events, rejection.receivedAt),
    });
    return there === undefined;
  }

  async publishRejection(rejection: RejectedRecord, events: readonly DomainEvent[]): Promise<void> {
    await this.outbox.publishAndClear({ ...rejectionKey(rejection), outbox: events });
  }

  private async put(record: UsageRecord, key: ItemKey, type: string): Promise<PutOutcome> {
    const there = await this.table.putIfAbsent({ ...key, ...header(type), ...recordAttributes(record) });
    if (!there) {
      return 'NEW';
    }
    return fingerprint(recordOf(there)) === fingerprint(record) ? 'SAME' : 'OTHER';
  }
}

/** Cuts between characters, never within one. */
function pieces(original: string): string[] {
  const cut: string[] = [];
  for (let from = 0; from < original.length || cut.length === 0;) {
    const end = from + MAX_PIECE;
    const splits = end < original.length && /[\uD800-\uDBFF]/.test(original[end - 1]);
    cut.push(original.slice(from, splits ? end - 1 : end));
    from += cut.at(-1)!.length || 1;
  }
  return cut;
}
