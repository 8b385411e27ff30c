import { bucketOfPk } from './items';
import type { UsageTable } from './table';
import { INDEX_SHARDS, UsageIndex } from '../../../src/names';
import { isoTime } from '../../domain/time';
import type { Bucket } from '../../domain/usage/ledger/bucket';
import type { DueStore } from '../../domain/usage/ports';
import { isIndexEmpty } from '../aws/query';

const PAGE = 100;
const FEW = 5;

type Order = 'OLDEST_FIRST' | 'NEWEST_FIRST';

interface Found {
  readonly bucket: Bucket;
  readonly dueAt: string;
}

/** Finds due buckets page by page: memory does not grow with the backlog. */
export class UsageTableDue implements DueStore {
  constructor(private readonly table: UsageTable) {}

  due(now: number): AsyncIterable<Bucket> {
    return this.merge(now, 'OLDEST_FIRST');
  }

  newest(now: number): AsyncIterable<Bucket> {
    return this.merge(now, 'NEWEST_FIRST');
  }

  async *dueOfLicense(licenseId: string): AsyncIterable<Bucket> {
    const { name, partitionKey } = UsageIndex.DUE_BY_LICENSE;
    for await (const { bucket } of this.read(name, '#partition = :partition', { '#partition': partitionKey }, { ':partition': licenseId })) {
      yield bucket;
    }
  }

  /** Merges the shards of the index, each of which is in order. */
  private async *merge(now: number, order: Order): AsyncIterable<Bucket> {
    const before = (a: Found, b: Found) => (order === 'OLDEST_FIRST' ? a.dueAt < b.dueAt : a.dueAt > b.dueAt);
    if (await isIndexEmpty(this.table.client, this.table.tableName, UsageIndex.DUE)) {
      return;
    }
    const heads: { readonly shard: AsyncIterator<Found>; head: Found }[] = [];
    for (let shard = 0; shard < INDEX_SHARDS; shard += 1) {
      const found = this.shard(shard, now, order)[Symbol.asyncIterator]();
      const first = await found.next();
      if (!first.done) {
        heads.push({ shard: found, head: first.value });
      }
    }
    while (heads.length > 0) {
      const chosen = heads.reduce((best, candidate) => (before(candidate.head, best.head) ? candidate : best));
      yield chosen.head.bucket;
      const next = await chosen.shard.next();
      if (next.done) {
        heads.splice(heads.indexOf(chosen), 1);
      } else {
        chosen.head = next.value;
      }
    }
  }

  private shard(shard: number, now: number, order: Order): AsyncIterable<Found> {
    const { name, partitionKey, sortKey } = UsageIndex.DUE;
    const names = { '#partition': partitionKey, '#sort': sortKey };
    const values = { ':partition': String(shard), ':now': isoTime(now) };
    return this.read(name, '#partition = :partition AND #sort <= :now', names, values, order);
  }

  private async *read(
    index: string, condition: string, names: Record<string, string>, values: Record<string, string>, order: Order = 'OLDEST_FIRST',
  ): AsyncIterable<Found> {
    const query = {
      IndexName: index,
      KeyConditionExpression: condition,
      ProjectionExpression: '#pk, #dueAt',
      ExpressionAttributeNames: { ...names, '#pk': 'pk', '#dueAt': 'dueAt' },
      ExpressionAttributeValues: values,
      ScanIndexForward: order === 'OLDEST_FIRST',
    };
    for await (const item of this.table.query(query, order === 'OLDEST_FIRST' ? PAGE : FEW)) {
      yield { bucket: bucketOfPk(item.pk as string), dueAt: item.dueAt as string };
    }
  }
}
