import { type DynamoDBDocumentClient, GetCommand, QueryCommand, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { EventsNotTakenError } from './event-publisher';
import { INDEX_SHARDS, type IndexConfig, Keys } from '../../../src/names';
import type { DomainEvent, EventPublisher } from '../../domain/domain-event';
import { isConditionalCheckFailed } from '../aws/conditional-write';
import type { Log } from '../aws/logging';
import { describeError } from '../aws/logging';

/**
 * Attributes of an item that owes domain events. They are written in the same write as the state change they tell
 * of, so neither can exist without the other; after sending they are removed, and the item leaves the sparse index.
 */
export interface OutboxAttributes {
  readonly outbox: readonly DomainEvent[];
  readonly outboxShard: string;
  /** ISO 8601: since when the oldest of them is owed. */
  readonly outboxAt: string;
}

export interface ItemWithOutbox extends Partial<OutboxAttributes> {
  readonly pk: string;
  readonly sk: string;
}

export interface SweepResult {
  readonly sent: number;
  readonly failed: number;
  /** Items that went on owing since before `overdueBefore`. */
  readonly overdue: number;
}

export interface SweepOptions {
  /** Epoch milliseconds: what is owed since later than this is left to the handler that is at it. */
  readonly owedBefore: number;
  /** Epoch milliseconds: what is owed since before this, and cannot be sent, counts as overdue. */
  readonly overdueBefore: number;
  /** Asked before each item; false ends the sweep, the next one goes on. */
  readonly mayGoOn: () => boolean;
}

const PAGE = 50;
/** With the bus unreachable, going through the whole backlog helps nobody; events it refuses for good stop no others. */
const OUTAGES_TO_STOP_AT = 3;

/** The bus has just failed, and was not tried again: waiting for it once more would cost the work that is left. */
export class BusDownError extends Error {
  constructor() {
    super('The event bus has just failed: what is owed is left to the sweep');
    this.name = 'BusDownError';
  }
}

/** The partition of the outbox (or another sharded) index that a key belongs to: `0` up to below {@link INDEX_SHARDS}. */
export function shardOf(key: string): string {
  let hash = 7;
  for (const char of key) {
    hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 1_000_003;
  }
  return String(hash % INDEX_SHARDS);
}

/** The outbox attributes of an item that owed `before` and now owes `events` too; nothing when it owes nothing. */
export function withOutbox(
  pk: string, before: Partial<OutboxAttributes> | undefined, events: readonly DomainEvent[], now: number,
): OutboxAttributes | Record<string, never> {
  const outbox = [...(before?.outbox ?? []), ...events];
  if (outbox.length === 0) {
    return {};
  }
  return { outbox, outboxShard: shardOf(pk), outboxAt: before?.outboxAt ?? new Date(now).toISOString() };
}

/**
 * Publishes the events that wait in items of one table. One per invocation: once the bus has failed, it is not tried
 * again in that invocation, and the next one starts without that knowledge.
 */
export class Outbox {
  private busIsDown = false;

  constructor(
    private readonly documentClient: DynamoDBDocumentClient,
    private readonly publisher: EventPublisher,
    private readonly tableName: string,
    private readonly index: IndexConfig,
  ) {}

  /**
   * Sends the events an item owes, then clears them, unless the item has come to owe others meanwhile (who added
   * those sends them). A crash between leads to a second sending: the event ids let the app see it. Once the bus has
   * failed, it is not tried again in this invocation: the sweep does that.
   *
   * @throws what the publisher throws, or {@link BusDownError}; the item then still owes
   */
  async publishAndClear(item: ItemWithOutbox): Promise<void> {
    if (!hasOutbox(item)) {
      return;
    }
    if (this.busIsDown) {
      throw new BusDownError();
    }
    try {
      await this.publisher.publish(item.outbox);
    } catch (error) {
      this.busIsDown ||= !isRefusal(error);
      throw error;
    }
    await this.clear(item);
  }

  /** Sends what a crash or an unavailable bus left owed, oldest first in each shard; one item that fails stops no other. */
  async sweep(options: SweepOptions, log: Log): Promise<SweepResult> {
    let sent = 0;
    let failed = 0;
    let outages = 0;
    let cut = false;
    for await (const key of this.pendingItems(options.owedBefore)) {
      if (!options.mayGoOn() || outages >= OUTAGES_TO_STOP_AT) {
        cut = true;
        break;
      }
      try {
        sent += await this.publishLatest(key);
        outages = 0;
      } catch (error) {
        failed += 1;
        outages += isRefusal(error) ? 0 : 1;
        log.error('Domain events of an item could not be sent', { table: this.tableName, ...key, ...describeError(error) });
      }
    }
    return { sent, failed, overdue: failed > 0 || cut ? await this.countPending(options.overdueBefore) : 0 };
  }

  /** The index lags behind the table: only the item itself tells what is still owed. */
  private async publishLatest(key: { readonly pk: string; readonly sk: string }): Promise<number> {
    const { Item: found } = await this.documentClient.send(new GetCommand({
      TableName: this.tableName, Key: { [Keys.PK]: key.pk, [Keys.SK]: key.sk }, ConsistentRead: true,
    }));
    const item = found as ItemWithOutbox | undefined;
    if (item === undefined || !hasOutbox(item)) {
      return 0;
    }
    await this.publisher.publish(item.outbox);
    await this.clear(item);
    return item.outbox.length;
  }

  private async clear(item: ItemWithOutbox): Promise<void> {
    try {
      await this.documentClient.send(new UpdateCommand({
        TableName: this.tableName,
        Key: { [Keys.PK]: item.pk, [Keys.SK]: item.sk },
        UpdateExpression: 'REMOVE #outbox, #shard, #at',
        ConditionExpression: '#outbox = :sent',
        ExpressionAttributeNames: { '#outbox': 'outbox', '#shard': this.index.partitionKey, '#at': this.index.sortKey },
        ExpressionAttributeValues: { ':sent': item.outbox },
      }));
    } catch (error) {
      if (!isConditionalCheckFailed(error)) {
        throw error;
      }
    }
  }

  private async *pendingItems(before: number): AsyncIterable<{ pk: string; sk: string }> {
    if (await this.isEmpty()) {
      return;
    }
    for (let shard = 0; shard < INDEX_SHARDS; shard += 1) {
      let start: Record<string, unknown> | undefined;
      do {
        const page = await this.documentClient.send(new QueryCommand({ ...this.query(shard, before), Limit: PAGE, ExclusiveStartKey: start }));
        for (const item of page.Items ?? []) {
          yield { pk: String(item[Keys.PK]), sk: String(item[Keys.SK]) };
        }
        start = page.LastEvaluatedKey;
      } while (start !== undefined);
    }
  }

  /** Nearly always nothing is owed: one read tells, instead of one a shard. */
  private async isEmpty(): Promise<boolean> {
    const { Count: count, LastEvaluatedKey: more } = await this.documentClient.send(new ScanCommand({
      TableName: this.tableName, IndexName: this.index.name, Select: 'COUNT', Limit: 1,
    }));
    return count === 0 && more === undefined;
  }

  private async countPending(before: number): Promise<number> {
    let count = 0;
    for (let shard = 0; shard < INDEX_SHARDS; shard += 1) {
      const page = await this.documentClient.send(new QueryCommand({ ...this.query(shard, before), Select: 'COUNT' }));
      count += page.Count ?? 0;
    }
    return count;
  }

  private query(shard: number, before: number) {
    return {
      TableName: this.tableName,
      IndexName: this.index.name,
      KeyConditionExpression: '#shard = :shard AND #at <= :before',
      ExpressionAttributeNames: { '#shard': this.index.partitionKey, '#at': this.index.sortKey },
      ExpressionAttributeValues: { ':shard': String(shard), ':before': new Date(before).toISOString() },
    };
  }
}

function hasOutbox(item: ItemWithOutbox): item is ItemWithOutbox & OutboxAttributes {
  return item.outbox !== undefined && item.outbox.length > 0;
}

function isRefusal(error: unknown): boolean {
  return error instanceof EventsNotTakenError && error.failures.every(({ code }) => code === 'EntryTooLarge');
}
