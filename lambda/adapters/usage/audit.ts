import { bucketPk, claimedRecordOf, claimKey, isMeta, type Item, recordOf } from './items';
import type { UsageTable } from './table';
import { defined } from '../../domain/defined';
import type { AuditStore, BucketAudit } from '../../domain/usage/audit';
import type { UsageRecord } from '../../domain/usage/intake/usage-record';
import { tagsOf } from '../../domain/usage/ledger/amounts';
import { type Bucket, bucketId } from '../../domain/usage/ledger/bucket';

/** Lines shown of one bucket; what is beyond is counted only. */
const MAX_LINES = 2000;

/** Shows what is in the ledger, as it is stored. */
export class UsageTableAudit implements AuditStore {
  constructor(private readonly table: UsageTable) {}

  async findRecord(licenseId: string, id: string): Promise<UsageRecord | undefined> {
    const item = await this.table.get(claimKey(licenseId, id));
    return item && claimedRecordOf(item, licenseId, id);
  }

  async readBucket(bucket: Bucket): Promise<BucketAudit | undefined> {
    const audit = { records: [] as Item[], carriedIn: [] as Item[], carriedOut: [] as Item[], rejected: [] as Item[], covered: [] as Item[] };
    let meta: Item | undefined;
    let lines = 0;
    const query = { KeyConditionExpression: '#pk = :pk', ExpressionAttributeNames: { '#pk': 'pk' }, ExpressionAttributeValues: { ':pk': bucketPk(bucket) } };
    for await (const item of this.table.query({ ...query, ConsistentRead: true })) {
      if (isMeta(item)) {
        meta = item;
        continue;
      }
      lines += 1;
      if (lines <= MAX_LINES) {
        audit[LISTS[item.type as keyof typeof LISTS]]?.push({ ...pick(item, LINE_FIELDS), ...(item.type === 'UsageRecord' && asReported(item)) });
      }
    }
    return meta && { bucket: bucketId(bucket), ...pick(meta, META_FIELDS), lines, ...audit };
  }
}

const LISTS = { UsageRecord: 'records', CarriedIn: 'carriedIn', CarriedOut: 'carriedOut', RejectedUsage: 'rejected', CoveredUsage: 'covered' } as const;
const LINE_FIELDS = [
  'amount', 'amountByTags', 'quantity', 'metric', 'time', 'receivedAt', 'source', 'n', 'oldest', 'to', 'reason', 'done', 'units', 'entitled', 'term', 'at', 'toLicense',
  'sourceLicense', 'tagsDropped',
];
const META_FIELDS = [
  'state', 'quantity', 'allocations', 'reason', 'intent', 'intentRegion', 'callLeft', 'revision', 'dueAt', 'billedAt', 'meteringRecordId', 'dryRunAt', 'settledAt',
];

/** What the line of a record has in its key, or does not repeat. */
function asReported(item: Item): Item {
  const { id, units, quantity } = recordOf(item);
  const [tagSet] = Object.keys(units.tags ?? {});
  return defined({ id, quantity, tags: tagSet === undefined ? undefined : Object.fromEntries(tagsOf(tagSet)) });
}

function pick(item: Item, fields: readonly string[]): Item {
  return Object.fromEntries(fields.filter((field) => item[field] !== undefined).map((field) => [field, item[field]]));
}
