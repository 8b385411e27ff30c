import { attentionShard, bucketPk, CONTENT_LINES, contentLineOf, type Item, metaOf } from './items';
import type { UsageTable } from './table';
import { INDEX_SHARDS, type IndexConfig, UsageIndex } from '../../../src/names';
import { defined } from '../../domain/defined';
import { begin } from '../../domain/read-ahead';
import { isoTime } from '../../domain/time';
import type { Bucket } from '../../domain/usage/ledger/bucket';
import type { BucketMeta, ContentLine } from '../../domain/usage/ledger/ledger';
import type { UsageGaugeStore } from '../../domain/usage/ports';
import { indexQuery, isIndexEmpty, query, queryPages } from '../aws/query';

const PAGE = 100;

/** What gauges are computed from; all reads are eventually consistent. */
export class UsageTableGauges implements UsageGaugeStore {
  constructor(private readonly table: UsageTable) {}

  unfinished(now: number): readonly AsyncIterable<readonly BucketMeta[]>[] {
    const isEmpty = this.isEmpty(UsageIndex.DUE);
    return Array.from({ length: INDEX_SHARDS }, (_each, shard) => this.unfinishedInShard(String(shard), now, isEmpty));
  }

  async firstContentLines(bucket: Bucket, limit: number): Promise<readonly ContentLine[]> {
    const lines: ContentLine[] = [];
    const items = this.table.query({
      KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#pk': 'pk', '#sk': 'sk' },
      ExpressionAttributeValues: { ':pk': bucketPk(bucket), ':from': CONTENT_LINES.from, ':to': CONTENT_LINES.to },
    }, limit);
    for await (const item of items) {
      const line = contentLineOf(item);
      if (line && lines.push(line) === limit) {
        break;
      }
    }
    return lines;
  }

  unresolved(): AsyncIterable<{ readonly reason?: string }> {
    return this.unresolvedUnless(this.isEmpty(UsageIndex.ATTENTION));
  }

  /** Read at once, beside other reads. */
  private isEmpty(index: IndexConfig): Promise<boolean> {
    return begin(isIndexEmpty(this.table.client, this.table.tableName, index));
  }

  private async *unresolvedUnless(isEmpty: Promise<boolean>): AsyncIterable<{ readonly reason?: string }> {
    if (await isEmpty) {
      return;
    }
    for (let shard = 0; shard < INDEX_SHARDS; shard += 1) {
      const partition = attentionShard('UNRESOLVED', String(shard));
      for await (const { reason } of query<Item>(this.table.client, indexQuery(this.table.tableName, UsageIndex.ATTENTION, partition))) {
        yield defined({ reason: reason as string | undefined });
      }
    }
  }

  private async *unfinishedInShard(shard: string, now: number, isEmpty: Promise<boolean>): AsyncIterable<readonly BucketMeta[]> {
    if (await isEmpty) {
      return;
    }
    const due = indexQuery(this.table.tableName, UsageIndex.DUE, shard, { until: isoTime(now) });
    for await (const page of queryPages<Item>(this.table.client, {
      ...due,
      FilterExpression: '#state IN (:open, :frozen)',
      ExpressionAttributeNames: { ...due.ExpressionAttributeNames, '#state': 'state' },
      ExpressionAttributeValues: { ...due.ExpressionAttributeValues, ':open': 'OPEN', ':frozen': 'FROZEN' },
      Limit: PAGE,
    })) {
      yield page.map(metaOf);
    }
  }
}
