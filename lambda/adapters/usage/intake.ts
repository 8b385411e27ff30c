import { attentionAttributes, claimedRecordOf, claimItem, claimKey, expiry, header, padded, recordItem, recordOf, rejectionKey } from './items';
import type { UsageTable } from './table';
import type { DomainEvent } from '../../domain/domain-event';
import { cutText } from '../../domain/text';
import { isoTime } from '../../domain/time';
import type { RejectedRecord } from '../../domain/usage/intake/rejection';
import { isSameContent, type UsageRecord } from '../../domain/usage/intake/usage-record';
import type { Bucket } from '../../domain/usage/ledger/bucket';
import type { ChangedLines, IntakeStore, PutOutcome } from '../../domain/usage/ports';
import { type Outbox, withOutbox } from '../events/outbox';

/** Characters of an original in one item: at most 3 bytes each, so below DynamoDB's 400 KB for an item. */
const MAX_PIECE = 100_000;

/** Writes usage records and rejections into the usage table. */
export class UsageTableIntake implements IntakeStore {
  constructor(private readonly table: UsageTable, private readonly outbox: Pick<Outbox, 'publishAndClear'>) {}

  async claim(record: UsageRecord): Promise<UsageRecord | undefined> {
    const claimed = await this.table.putIfAbsent(claimItem(record));
    return claimed && claimedRecordOf(claimed, record.bucket.licenseId, record.id);
  }

  async readClaim(licenseId: string, id: string): Promise<UsageRecord | undefined> {
    const claimed = await this.table.get(claimKey(licenseId, id));
    return claimed && claimedRecordOf(claimed, licenseId, id);
  }

  async putRecord(record: UsageRecord): Promise<PutOutcome> {
    const existing = await this.table.putIfAbsent(recordItem(record));
    if (!existing) {
      return 'NEW';
    }
    return isSameContent(recordOf(existing), record) ? 'SAME' : 'OTHER';
  }

  async markChanged(bucket: Bucket, dueAt: number, lines?: ChangedLines): Promise<void> {
    await this.table.markChanged(bucket, dueAt, lines);
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
      ...attentionAttributes('REJECTED_RECORD', key, rejection.receivedAt),
      expiresAt,
      ...withOutbox(key.pk, undefined, events, rejection.receivedAt),
    });
    return there === undefined;
  }

  async publishRejection(rejection: RejectedRecord, events: readonly DomainEvent[]): Promise<void> {
    await this.outbox.publishAndClear({ ...rejectionKey(rejection), outbox: events });
  }
}

function pieces(original: string): string[] {
  const cut: string[] = [];
  for (let from = 0; from < original.length || cut.length === 0; from += cut.at(-1)!.length || 1) {
    cut.push(cutText(original.slice(from, from + MAX_PIECE + 1), MAX_PIECE));
  }
  return cut;
}
