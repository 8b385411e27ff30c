import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { INDEX_SHARDS, UsageIndex } from '../../../src/names';
import { type Bucket, bucketId } from '../../domain/usage/ledger/bucket';
import { hourEnd } from '../../domain/usage/ledger/hour';

/** Three runs of metering. Usage of long ago that has only just come is late, not stuck: the next run deals with it. */
const JUST_COME_MILLIS = 15 * 60_000;
/** Reads in each shard in search of an hour that waits. */
const MAX_READS = 300;
const PAGE = 100;

/** Looks into the ledger from outside of metering, so that usage which waits shows though no run of metering does. */
export class WaitingUsage {
  /** @param isKnown whether AWS has named a license */
  constructor(
    private readonly documentClient: DynamoDBDocumentClient, private readonly tableName: string,
    private readonly isKnown: (licenseId: string) => Promise<boolean>,
  ) {}

  /**
   * The end of the oldest hour, by when it was due, that is closed and not settled; eventually consistent. As with
   * metering's own figure, neither what came late for a settled hour is counted, nor usage of a license that nobody
   * knows: one that was mistyped would hide all others for a month.
   *
   * @returns epoch milliseconds, or undefined when nothing waits; not `all`: the search was given up, and there may be an older one
   */
  async oldest(now: number, mayGoOn: () => boolean): Promise<{ readonly hourEnd?: number; readonly all: boolean }> {
    const known = new Map<string, boolean>();
    const ends: number[] = [];
    let all = true;
    for (let shard = 0; shard < INDEX_SHARDS; shard += 1) {
      const end = await this.oldestOf(String(shard), now, known, mayGoOn);
      if (end === 'GIVEN_UP') {
        all = false;
      } else if (end !== undefined) {
        ends.push(end);
      }
    }
    return { ...(ends.length > 0 && { hourEnd: Math.min(...ends) }), all };
  }

  private async oldestOf(
    shard: string, now: number, known: Map<string, boolean>, mayGoOn: () => boolean,
  ): Promise<number | 'GIVEN_UP' | undefined> {
    let reads = 0;
    for await (const page of this.due(shard, now)) {
      for (const bucket of page) {
        const { licenseId } = bucket;
        if (reads >= MAX_READS || !mayGoOn()) {
          return 'GIVEN_UP';
        }
        if (!known.has(licenseId)) {
          reads += 1;
          known.set(licenseId, await this.isKnown(licenseId));
        }
        if (known.get(licenseId)) {
          reads += 1;
          if (!await this.hasJustCome(bucket, now)) {
            return hourEnd(bucket.hour);
          }
        }
      }
      // a page may be empty, as what is settled is left out of it
      if (!mayGoOn()) {
        return 'GIVEN_UP';
      }
    }
    return undefined;
  }

  private async *due(shard: string, now: number): AsyncIterable<readonly Bucket[]> {
    const { name, partitionKey, sortKey } = UsageIndex.DUE;
    let start: Record<string, unknown> | undefined;
    do {
      const page = await this.documentClient.send(new QueryCommand({
        TableName: this.tableName,
        IndexName: name,
        KeyConditionExpression: '#shard = :shard AND #at <= :now',
        FilterExpression: '#state IN (:open, :frozen)',
        ExpressionAttributeNames: { '#shard': partitionKey, '#at': sortKey, '#state': 'state' },
        ExpressionAttributeValues: { ':shard': shard, ':now': new Date(now).toISOString(), ':open': 'OPEN', ':frozen': 'FROZEN' },
        Limit: PAGE,
        ExclusiveStartKey: start,
      }));
      yield (page.Items ?? []) as unknown as Bucket[];
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
  }

  /** None of its usage, as far as one page shows, was there when the last runs of metering came by. */
  private async hasJustCome(bucket: Bucket, now: number): Promise<boolean> {
    const { Items: records = [] } = await this.documentClient.send(new QueryCommand({
      TableName: this.tableName,
      KeyConditionExpression: '#pk = :pk AND begins_with(#sk, :records)',
      ProjectionExpression: '#receivedAt',
      ExpressionAttributeNames: { '#pk': 'pk', '#sk': 'sk', '#receivedAt': 'receivedAt' },
      ExpressionAttributeValues: { ':pk': `B#${bucketId(bucket)}`, ':records': 'R#' },
      Limit: PAGE,
    }));
    return records.length > 0 && records.every((record) => Date.parse(String(record.receivedAt)) > now - JUST_COME_MILLIS);
  }
}
