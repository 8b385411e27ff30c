import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { INDEX_SHARDS, type IndexConfig, Keys } from '../../../src/names';
import type { DomainEvent } from '../../domain/domain-event';
import { type EventPublisher, isRefusalOfEvents, type OutboxKey, type PendingEvents } from '../../domain/ports';
import { begin } from '../../domain/read-ahead';
import { isoTime } from '../../domain/time';
import { isConditionalCheckFailed } from '../aws/conditional-write';
import { countItems, indexQuery, isIndexEmpty, query } from '../aws/query';

/**
 * Attributes of an item that still has domain events to publish. They are written together with the state change that
 * requires them, so neither can exist without the other; after publishing they are removed, and the item leaves the
 * sparse index.
 */
export interface OutboxAttributes {
  readonly outbox: readonly DomainEvent[];
  readonly outboxShard: string;
  /** ISO 8601: since when the oldest of them waits. */
  readonly outboxAt: string;
}

export interface ItemWithOutbox extends Partial<OutboxAttributes> {
  readonly pk: string;
  readonly sk: string;
}

const PAGE = 50;
/** A condition has 4 KB at most. Events are added at the end: it is certain enough that the last ones are still the same, and as many in all. */
const MOST_COMPARED = 50;

/** The bus failed earlier in this invocation, and was not tried again: to wait for it would cost the remaining work its time. */
export class BusDownError extends Error {
  constructor() {
    super('The event bus failed earlier in this invocation: the sweep publishes these events');
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

/** The outbox attributes of an item after `events` were added to those that it had `before`; none without events. */
export function withOutbox(
  pk: string, before: Partial<OutboxAttributes> | undefined, events: readonly DomainEvent[], now: number,
): OutboxAttributes | Record<string, never> {
  const outbox = [...(before?.outbox ?? []), ...events];
  if (outbox.length === 0) {
    return {};
  }
  return { outbox, outboxShard: shardOf(pk), outboxAt: before?.outboxAt ?? isoTime(now) };
}

interface AddedToOutbox {
  readonly sets: readonly string[];
  readonly names: Record<string, string>;
  readonly values: Record<string, unknown>;
}

/** The parts of an update that adds events to those of an item which it has not read. */
export function addedToOutbox(pk: string, events: readonly DomainEvent[], now: number): AddedToOutbox {
  return events.length === 0 ? { sets: [], names: {}, values: {} } : {
    sets: ['#outbox = list_append(if_not_exists(#outbox, :noEvents), :events)', '#outboxShard = :shard', '#outboxAt = if_not_exists(#outboxAt, :since)'],
    names: { '#outbox': 'outbox', '#outboxShard': 'outboxShard', '#outboxAt': 'outboxAt' },
    values: { ':noEvents': [], ':events': events, ':shard': shardOf(pk), ':since': isoTime(now) },
  };
}

/**
 * Publishes the events that wait in items of one table. One per invocation: once the bus has failed, it is not tried
 * again in that invocation, and the next one starts without that knowledge.
 */
export class Outbox implements PendingEvents {
  private busIsDown = false;

  constructor(
    private readonly documentClient: DynamoDBDocumentClient,
    private readonly publisher: EventPublisher,
    private readonly tableName: string,
    private readonly index: IndexConfig,
  ) {}

  /**
   * Publishes the events of an item, then clears them, unless others were added meanwhile (their writer publishes all
   * of them). After a crash between the two they are published again: the app deduplicates by event id.
   *
   * @throws what the publisher throws, or {@link BusDownError}; the events then still wait
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
      this.busIsDown ||= !isRefusalOfEvents(error);
      throw error;
    }
    await this.clear(item);
  }

  /** Reads the item first: the index may lag behind the table. Tries the bus even if it failed before. */
  async publish(key: OutboxKey): Promise<number> {
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

  list(before: number): AsyncIterable<OutboxKey> {
    return this.listUnless(begin(isIndexEmpty(this.documentClient, this.tableName, this.index)), before);
  }

  private async *listUnless(isEmpty: Promise<boolean>, before: number): AsyncIterable<OutboxKey> {
    if (await isEmpty) {
      return;
    }
    for (let shard = 0; shard < INDEX_SHARDS; shard += 1) {
      for await (const { pk, sk } of query<OutboxKey>(this.documentClient, { ...this.shardQuery(shard, before), Limit: PAGE })) {
        yield { pk, sk };
      }
    }
  }

  async count(before: number, hasTime: () => boolean): Promise<number> {
    let total = 0;
    for (let shard = 0; shard < INDEX_SHARDS; shard += 1) {
      const { count } = await countItems(this.documentClient, this.shardQuery(shard, before), hasTime);
      total += count;
    }
    return total;
  }

  /** By the ids of the events: some engines that play DynamoDB cannot compare lists, and the request stays small. */
  private async clear({ pk, sk, outbox }: ItemWithOutbox & Pick<OutboxAttributes, 'outbox'>): Promise<void> {
    const compared = outbox.map(({ detail: { eventId } }, index) => ({ eventId, index })).slice(-MOST_COMPARED);
    try {
      await this.documentClient.send(new UpdateCommand({
        TableName: this.tableName,
        Key: { [Keys.PK]: pk, [Keys.SK]: sk },
        UpdateExpression: 'REMOVE #outbox, #shard, #at',
        ConditionExpression: ['size(#outbox) = :count', ...compared.map(({ index }) => `#outbox[${index}].#detail.#eventId = :id${index}`)].join(' AND '),
        ExpressionAttributeNames: {
          '#outbox': 'outbox', '#shard': this.index.partitionKey, '#at': this.index.sortKey, '#detail': 'detail', '#eventId': 'eventId',
        },
        ExpressionAttributeValues: { ':count': outbox.length, ...Object.fromEntries(compared.map(({ eventId, index }) => [`:id${index}`, eventId])) },
      }));
    } catch (error) {
      if (!isConditionalCheckFailed(error)) {
        throw error;
      }
    }
  }

  private shardQuery(shard: number, before: number) {
    return indexQuery(this.tableName, this.index, String(shard), { until: isoTime(before) });
  }
}

function hasOutbox(item: ItemWithOutbox): item is ItemWithOutbox & OutboxAttributes {
  return item.outbox !== undefined && item.outbox.length > 0;
}
