import { isoTime, type UsageTable } from './usage-table';
import { INDEX_SHARDS, UsageIndex } from '../../src/contract';
import { type Bucket, parseBucketId } from '../domain/usage/bucket';
import type { DueStore } from '../domain/usage/store';

const PAGE = 100;

interface Found {
  readonly bucket: Bucket;
  readonly dueAt: string;
}

/** Finds due buckets page by page: what is held in memory does not grow with the backlog. */
export class UsageTableDue implements DueStore {
  constructor(private readonly table: UsageTable) {}

  /** Merges the shards of the index, each of which is in order. */
  async *due(now: number): AsyncIterable<Bucket> {
    const heads: { readonly shard: AsyncIterator<Found>; head: Found }[] = [];
    for (let shard = 0; shard < INDEX_SHARDS; shard += 1) {
      const found = this.shard(shard, now)[Symbol.asyncIterator]();
      const first = await found.next();
      if (!first.done) heads.push({ shard: found, head: first.value });
    }
    while (heads.length > 0) {
      const oldest = heads.reduce((best, candidate) => (candidate.head.dueAt < best.head.dueAt ? candidate : best));
      yield oldest.head.bucket;
      const next = await oldest.shard.next();
      if (next.done) heads.splice(heads.indexOf(oldest), 1);
      else oldest.head = next.value;
    }
  }

  async *dueOfLicense(licenseId: string): AsyncIterable<Bucket> {
    const { name, partitionKey } = UsageIndex.DUE_BY_LICENSE;
    for await (const { bucket } of this.read(name, '#partition = :partition', { '#partition': partitionKey }, { ':partition': licenseId })) {
      yield bucket;
    }
  }

  private shard(shard: number, now: number): AsyncIterable<Found> {
    const { name, partitionKey, sortKey } = UsageIndex.DUE;
    return this.read(
      name, '#partition = :partition AND #sort <= :now', { '#partition': partitionKey, '#sort': sortKey }, { ':partition': String(shard), ':now': isoTime(now) },
    );
  }

  private async *read(
    index: string, condition: string, names: Record<string, string>, values: Record<string, string>,
  ): AsyncIterable<Found> {
    const query = {
      IndexName: index,
      KeyConditionExpression: condition,
      ProjectionExpression: '#pk, #dueAt',
      ExpressionAttributeNames: { ...names, '#pk': 'pk', '#dueAt': 'dueAt' },
      ExpressionAttributeValues: values,
    };
    for await (const item of this.table.query(query, PAGE)) {
      yield { bucket: parseBucketId((item.pk as string).slice('B#'.length)), dueAt: item.dueAt as string };
    }
  }
}
