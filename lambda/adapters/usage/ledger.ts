import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { bump, DUE_ATTRIBUTES, dueAttributes, META, metaAttributes, type UsageOutbox } from './bump';
import { amountAttributes, amountOf, bucketPk, expiry, header, isoTime, padded, type Change, type Item, type UsageTable } from './table';
import type { DomainEvent } from '../../domain/domain-event';
import { type Bucket, bucketId } from '../../domain/usage/ledger/bucket';
import { type BucketMeta, type ContentLine, type FrozenQuantity, type OutLine, SOMEONES_INTENT, type UnbilledReason } from '../../domain/usage/ledger/ledger';
import type { IntentKind } from '../../domain/usage/ledger/outcome';
import type { BilledBy, LedgerStore } from '../../domain/usage/ports';
import { withOutbox, type ItemWithOutbox } from '../events/outbox';

const KEYS_PER_BATCH_GET = 100;
/** Reads of which nothing came, in a row, before a batch is given up. */
const MAX_EMPTY_READS = 5;
const FIRST_PAUSE_MS = 50;

/** Metering's side of the usage table. */
export class UsageTableLedger implements LedgerStore {
  /** @param pause waits for milliseconds, when the table is throttled */
  constructor(
    private readonly table: UsageTable, private readonly outbox: UsageOutbox, private readonly pause: (milliseconds: number) => Promise<void>,
  ) {}

  async readMetas(buckets: readonly Bucket[]): Promise<ReadonlyMap<string, BucketMeta>> {
    const metas = new Map<string, BucketMeta>();
    let keys = buckets.map((bucket) => ({ pk: bucketPk(bucket), sk: META }));
    let empty = 0;
    while (keys.length > 0) {
      const page = keys.slice(0, KEYS_PER_BATCH_GET);
      const answer = await this.table.client.send(new BatchGetCommand({
        RequestItems: { [this.table.tableName]: { Keys: page, ConsistentRead: true } },
      }));
      for (const item of answer.Responses?.[this.table.tableName] ?? []) {
        const meta = metaOf(item);
        metas.set(bucketId(meta.bucket), meta);
      }
      const unread = (answer.UnprocessedKeys?.[this.table.tableName]?.Keys ?? []) as typeof keys;
      empty = unread.length === page.length ? empty + 1 : 0;
      if (empty === MAX_EMPTY_READS) {
        throw new Error('DynamoDB read none of the buckets asked for: it is throttling');
      }
      if (unread.length > 0) {
        await this.pause(FIRST_PAUSE_MS * 2 ** empty);
      }
      keys = [...unread, ...keys.slice(KEYS_PER_BATCH_GET)];
    }
    return metas;
  }

  async readOutLines(bucket: Bucket): Promise<OutLine[]> {
    const lines: OutLine[] = [];
    for await (const item of this.lines(bucket, 'O#', 'O$')) {
      lines.push({
        n: item.n as number,
        amount: amountOf(item),
        oldest: item.oldest as string,
        to: item.to as string | undefined,
        reason: item.reason as UnbilledReason | undefined,
        collapsed: item.collapsed as boolean | undefined,
        done: item.done as boolean,
      });
    }
    return lines;
  }

  async *contentLines(bucket: Bucket): AsyncIterable<ContentLine> {
    // one query in key order: I# comes before R#; what lies between them is skipped
    for await (const item of this.lines(bucket, 'I#', 'R$')) {
      if (item.type === 'UsageRecord') {
        yield { kind: 'RECORD', amount: amountOf(item), oldest: bucket.hour, receivedAt: Date.parse(item.receivedAt as string) };
      } else if (item.type === 'CarriedIn') {
        yield { kind: 'CARRIED_IN', amount: amountOf(item), oldest: item.oldest as string };
      }
    }
  }

  async openEmpty(bucket: Bucket, dueAt: number): Promise<boolean> {
    return this.updateMeta(bucket, {
      set: { ...metaAttributes(bucket), gen: 0, ...dueAttributes(bucket, dueAt) },
      condition: 'attribute_not_exists(#pk)',
    });
  }

  async freeze(bucket: Bucket, frozen: FrozenQuantity, onTime: string, token?: string): Promise<boolean> {
    return this.updateMeta(bucket, {
      set: { state: 'FROZEN', quantity: frozen.quantity, allocations: frozen.allocations, folded: frozen.folded, onTime, maybe: token },
      condition: '#state = :open',
      values: { open: 'OPEN' },
    });
  }

  async refuse(bucket: Bucket, from: 'OPEN' | 'FROZEN', reason: UnbilledReason, onTime?: string): Promise<boolean> {
    return this.updateMeta(bucket, {
      set: { state: 'REFUSED', reason, onTime },
      condition: '#state = :from AND attribute_not_exists(#maybe)',
      values: { from },
    });
  }

  async refuseZero(bucket: Bucket, reason: UnbilledReason): Promise<boolean> {
    return this.updateMeta(bucket, {
      set: { state: 'REFUSED', reason },
      remove: ['maybe'],
      condition: '#state = :frozen AND #quantity = :zero',
      values: { frozen: 'FROZEN', zero: 0 },
    });
  }

  async unresolve(
    bucket: Bucket, maybe: string, reason: UnbilledReason, events: readonly DomainEvent[], at: number,
  ): Promise<boolean> {
    return this.updateMeta(bucket, {
      set: {
        state: 'UNRESOLVED', reason, attention: 'UNRESOLVED', attentionAt: isoTime(at), ...withOutbox(bucketPk(bucket), undefined, events, at),
      },
      condition: '#state = :frozen AND #maybe = :maybe',
      values: { frozen: 'FROZEN', maybe },
    });
  }

  async noteIntent(bucket: Bucket, maybe: string | undefined, token: string): Promise<IntentKind | undefined> {
    const noted = await this.updateMeta(bucket, {
      set: { maybe: maybe === undefined ? token : SOMEONES_INTENT },
      condition: `#state = :frozen AND ${maybe === undefined ? 'attribute_not_exists(#maybe)' : '#maybe = :before'}`,
      values: { frozen: 'FROZEN', ...(maybe !== undefined && { before: maybe }) },
    });
    if (!noted) {
      return undefined;
    }
    return maybe === undefined ? 'FIRST' : 'REPEATED';
  }

  async withdrawIntent(bucket: Bucket, token: string, reason?: UnbilledReason): Promise<void> {
    await this.updateMeta(bucket, { set: { reason }, remove: ['maybe'], condition: '#maybe = :token', values: { token } });
  }

  async bill(bucket: Bucket, by: BilledBy): Promise<{ billed: boolean; due: boolean }> {
    const set = { state: 'BILLED', billedAt: isoTime(by.at), meteringRecordId: by.meteringRecordId };
    const remove = ['maybe', 'reason', 'attention', 'attentionAt'];
    return this.close(bucket, by, { set, remove }, { condition: '#state IN (:frozen, :unresolved)', values: { frozen: 'FROZEN', unresolved: 'UNRESOLVED' } });
  }

  async markDryRun(bucket: Bucket, by: BilledBy): Promise<{ billed: boolean; due: boolean }> {
    const set = { state: 'DRY_RUN', dryRunAt: isoTime(by.at) };
    return this.close(bucket, by, { set, remove: ['reason'] }, {
      condition: '#state = :frozen AND attribute_not_exists(#maybe)', values: { frozen: 'FROZEN' },
    });
  }

  async appendOut(bucket: Bucket, line: OutLine, events: readonly DomainEvent[], at: number): Promise<boolean> {
    const { n, amount, oldest, to, reason, collapsed, done } = line;
    const key = outKey(bucket, n);
    const there = await this.table.putIfAbsent({
      ...key,
      ...header(reason === undefined ? 'CarriedOut' : 'RejectedUsage'),
      ...bucket,
      n,
      ...amountAttributes(amount.toStored()),
      oldest,
      to,
      reason,
      collapsed,
      done,
      at: isoTime(at),
      expiresAt: expiry(at),
      ...(reason !== undefined && { attention: 'REJECTED_USAGE', attentionAt: isoTime(at) }),
      ...withOutbox(key.pk, undefined, events, at),
    });
    return there === undefined;
  }

  async putCarriedIn(source: Bucket, line: OutLine, at: number): Promise<void> {
    if (line.to === undefined) {
      throw new Error(`Line ${line.n} of ${bucketId(source)} goes nowhere`);
    }
    const target = { ...source, hour: line.to };
    await this.table.putIfAbsent({
      pk: bucketPk(target),
      sk: `I#${source.hour}#${padded(line.n)}`,
      ...header('CarriedIn'),
      ...target,
      source: source.hour,
      n: line.n,
      ...amountAttributes(line.amount.toStored()),
      oldest: line.oldest,
      at: isoTime(at),
      expiresAt: expiry(at),
    });
  }

  async bump(bucket: Bucket, dueAt: number): Promise<void> {
    await bump(this.table, bucket, dueAt);
  }

  async announceLine(bucket: Bucket, line: OutLine): Promise<void> {
    await this.announce(outKey(bucket, line.n));
  }

  async announceMeta(bucket: Bucket): Promise<void> {
    await this.announce({ pk: bucketPk(bucket), sk: META });
  }

  async markDone(bucket: Bucket, n: number): Promise<void> {
    await this.table.update(outKey(bucket, n), { set: { done: true }, condition: 'attribute_exists(#pk)' });
  }

  async clearDue(bucket: Bucket, gen: number): Promise<boolean> {
    return this.updateMeta(bucket, { remove: DUE_ATTRIBUTES, condition: '#gen = :gen', values: { gen } });
  }

  async settle(bucket: Bucket, outcome: 'BILLED' | 'REFUSED', at: number, dueAt: number): Promise<boolean> {
    return this.updateMeta(bucket, {
      set: {
        state: outcome, settledAt: isoTime(at), ...(outcome === 'REFUSED' && { reason: 'SettledAsRefused' }), ...dueAttributes(bucket, dueAt),
      },
      remove: ['maybe', 'attention', 'attentionAt'],
      increment: ['gen'],
      condition: '#state = :unresolved',
      values: { unresolved: 'UNRESOLVED' },
    });
  }

  /** First with the end of being due in the same write, as nearly always nothing came in between. */
  private async close(bucket: Bucket, by: BilledBy, change: Change, allowed: Change): Promise<{ billed: boolean; due: boolean }> {
    if (by.clearIfGen !== undefined) {
      const cleared = await this.updateMeta(bucket, {
        ...change,
        ...allowed,
        remove: [...change.remove ?? [], ...DUE_ATTRIBUTES],
        condition: `${allowed.condition} AND #state = :frozen AND #gen = :gen`,
        values: { ...allowed.values, gen: by.clearIfGen },
      });
      if (cleared) {
        return { billed: true, due: false };
      }
    }
    return { billed: await this.updateMeta(bucket, { ...change, ...allowed }), due: true };
  }

  private async announce(key: { readonly pk: string; readonly sk: string }): Promise<void> {
    const item = await this.table.get(key);
    if (item) {
      await this.outbox.publishAndClear(item as unknown as ItemWithOutbox);
    }
  }

  private async updateMeta(bucket: Bucket, change: Change): Promise<boolean> {
    return this.table.update({ pk: bucketPk(bucket), sk: META }, change);
  }

  private lines(bucket: Bucket, from: string, to: string): AsyncIterable<Item> {
    return this.table.query({
      KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#pk': 'pk', '#sk': 'sk' },
      ExpressionAttributeValues: { ':pk': bucketPk(bucket), ':from': from, ':to': to },
      ConsistentRead: true,
    });
  }
}

function outKey(bucket: Bucket, n: number) {
  return { pk: bucketPk(bucket), sk: `O#${padded(n)}` };
}

export function metaOf(item: Item): BucketMeta {
  const quantity = item.quantity as number | undefined;
  return {
    bucket: { licenseId: item.licenseId as string, dimension: item.dimension as string, hour: item.hour as string },
    state: item.state as BucketMeta['state'],
    gen: (item.gen as number | undefined) ?? 0,
    frozen: quantity === undefined ? undefined : {
      quantity, allocations: item.allocations as FrozenQuantity['allocations'], folded: item.folded as boolean | undefined,
    },
    onTime: item.onTime as string | undefined,
    maybe: item.maybe as string | undefined,
    reason: item.reason as UnbilledReason | undefined,
  };
}
