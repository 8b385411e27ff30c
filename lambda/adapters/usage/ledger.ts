import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { ATTENTION_ATTRIBUTES, attentionAttributes, ALL_CONTENT_LINES, carriedInItem, CONTENT_ATTRIBUTES, contentLineOf, DUE_ATTRIBUTES, dueAttributes, frozenAttributes, INTENT_ATTRIBUTES, type Item, type ItemKey, type LineRange, metaAttributes, metaKey, metaOf, OTHER_CONTENT_LINES, OUT_LINES, outItem, outKey, outLineOf, bucketPk, sumAttributes } from './items';
import type { Change, UsageTable } from './table';
import { defined } from '../../domain/defined';
import type { DomainEvent } from '../../domain/domain-event';
import { isoTime } from '../../domain/time';
import { type Bucket, bucketId } from '../../domain/usage/ledger/bucket';
import {
  type BucketMeta, type ContentLine, type FrozenQuantity, type OutLine, type RecordSum, SHARED_INTENT, UnbilledReason,
} from '../../domain/usage/ledger/ledger';
import type { IntentKind } from '../../domain/usage/ledger/outcome';
import type { BilledBy, ChangedLines, LedgerStore } from '../../domain/usage/ports';
import { type ItemWithOutbox, type Outbox, withOutbox } from '../events/outbox';

const KEYS_PER_BATCH_GET = 100;
/** Reads of which nothing came, in a row, before a batch is given up. */
const MAX_EMPTY_READS = 5;
const FIRST_PAUSE_MS = 50;

/** Metering's side of the usage table. */
export class UsageTableLedger implements LedgerStore {
  /** @param pause waits for milliseconds, when the table is throttled */
  constructor(
    private readonly table: UsageTable, private readonly outbox: Pick<Outbox, 'publishAndClear'>, private readonly pause: (milliseconds: number) => Promise<void>,
  ) {}

  async readMetas(buckets: readonly Bucket[]): Promise<ReadonlyMap<string, BucketMeta>> {
    const metas = new Map<string, BucketMeta>();
    let keys = buckets.map(metaKey);
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
    for await (const item of this.lines(bucket, OUT_LINES)) {
      lines.push(outLineOf(item));
    }
    return lines;
  }

  async *contentLines(bucket: Bucket, lines: 'ALL' | 'OTHERS' = 'ALL'): AsyncIterable<ContentLine> {
    for await (const item of this.lines(bucket, lines === 'ALL' ? ALL_CONTENT_LINES : OTHER_CONTENT_LINES, CONTENT_ATTRIBUTES)) {
      const line = contentLineOf(item);
      if (line) {
        yield line;
      }
    }
  }

  async openEmpty(bucket: Bucket, dueAt: number): Promise<boolean> {
    return this.updateMeta(bucket, {
      set: { ...metaAttributes(bucket), revision: 0, ...dueAttributes(bucket, dueAt) },
      condition: 'attribute_not_exists(#pk)',
    });
  }

  async freeze(bucket: Bucket, frozen: FrozenQuantity, onTimeUnits: string, sum?: RecordSum): Promise<boolean> {
    return this.updateMeta(bucket, {
      set: { state: 'FROZEN', ...frozenAttributes(frozen, onTimeUnits), ...sumAttributes(sum) },
      condition: '#state = :open',
      values: { open: 'OPEN' },
    });
  }

  async refuse(bucket: Bucket, from: 'OPEN' | 'FROZEN', reason: UnbilledReason, onTimeUnits?: string): Promise<boolean> {
    return this.updateMeta(bucket, {
      set: { state: 'REFUSED', reason, onTimeUnits },
      condition: '#state = :from AND attribute_not_exists(#intent)',
      values: { from },
    });
  }

  async refuseZero(bucket: Bucket, reason: UnbilledReason): Promise<boolean> {
    return this.updateMeta(bucket, {
      set: { state: 'REFUSED', reason },
      remove: INTENT_ATTRIBUTES,
      condition: '#state = :frozen AND #quantity = :zero',
      values: { frozen: 'FROZEN', zero: 0 },
    });
  }

  async unresolve(
    bucket: Bucket, intent: string, reason: UnbilledReason, events: readonly DomainEvent[], at: number,
  ): Promise<boolean> {
    return this.updateMeta(bucket, {
      set: {
        state: 'UNRESOLVED', reason, ...attentionAttributes('UNRESOLVED', metaKey(bucket), at), ...withOutbox(bucketPk(bucket), undefined, events, at),
      },
      condition: '#state = :frozen AND #intent = :intent',
      values: { frozen: 'FROZEN', intent },
    });
  }

  async noteIntent(bucket: Bucket, intent: string | undefined, token: string, region: string): Promise<IntentKind | undefined> {
    const written = await this.updateMeta(bucket, {
      set: intent === undefined ? { intent: token, intentRegion: region } : { intent: SHARED_INTENT },
      condition: `#state = :frozen AND ${intent === undefined ? 'attribute_not_exists(#intent)' : '#intent = :before'}`,
      values: defined({ frozen: 'FROZEN', before: intent }),
    });
    if (!written) {
      return undefined;
    }
    return intent === undefined ? 'FIRST' : 'REPEATED';
  }

  async noteCallLeft(bucket: Bucket, intent: string): Promise<void> {
    await this.updateMeta(bucket, { set: { callLeft: true }, condition: '#intent = :intent', values: { intent } });
  }

  async withdrawIntent(bucket: Bucket, token: string, reason?: UnbilledReason): Promise<void> {
    await this.updateMeta(bucket, { set: { reason }, remove: INTENT_ATTRIBUTES, condition: '#intent = :token', values: { token } });
  }

  async bill(bucket: Bucket, by: BilledBy): Promise<{ billed: boolean; due: boolean }> {
    const set = { state: 'BILLED', billedAt: isoTime(by.at), meteringRecordId: by.meteringRecordId };
    const remove = [...INTENT_ATTRIBUTES, 'reason', ...ATTENTION_ATTRIBUTES];
    return this.close(bucket, by, { set, remove }, { condition: '#state IN (:frozen, :unresolved)', values: { frozen: 'FROZEN', unresolved: 'UNRESOLVED' } });
  }

  async recordDryRun(bucket: Bucket, by: BilledBy): Promise<{ billed: boolean; due: boolean }> {
    const set = { state: 'DRY_RUN', dryRunAt: isoTime(by.at) };
    return this.close(bucket, by, { set, remove: ['reason'] }, {
      condition: '#state = :frozen AND attribute_not_exists(#intent)', values: { frozen: 'FROZEN' },
    });
  }

  async appendOut(bucket: Bucket, line: OutLine, events: readonly DomainEvent[], at: number): Promise<boolean> {
    return await this.table.putIfAbsent(outItem(bucket, line, events, at)) === undefined;
  }

  async putCarriedIn(source: Bucket, line: OutLine, at: number): Promise<void> {
    if (line.to === undefined) {
      throw new Error(`Line ${line.n} of ${bucketId(source)} names no hour`);
    }
    await this.table.putIfAbsent(carriedInItem(source, line.to, line, at));
  }

  async markChanged(bucket: Bucket, dueAt: number, lines?: ChangedLines): Promise<void> {
    await this.table.markChanged(bucket, dueAt, lines);
  }

  async publishLineEvents(bucket: Bucket, line: OutLine): Promise<void> {
    await this.publishEvents(outKey(bucket, line.n));
  }

  async publishMetaEvents(bucket: Bucket): Promise<void> {
    await this.publishEvents(metaKey(bucket));
  }

  async markDone(bucket: Bucket, n: number): Promise<void> {
    await this.table.update(outKey(bucket, n), { set: { done: true }, condition: 'attribute_exists(#pk)' });
  }

  async clearDue(bucket: Bucket, revision: number, sum?: RecordSum): Promise<boolean> {
    return this.updateMeta(bucket, { set: sumAttributes(sum), remove: DUE_ATTRIBUTES, condition: '#revision = :revision', values: { revision: revision } });
  }

  async settle(bucket: Bucket, outcome: 'BILLED' | 'REFUSED', at: number, dueAt: number): Promise<boolean> {
    return this.updateMeta(bucket, {
      set: {
        state: outcome, settledAt: isoTime(at), ...(outcome === 'REFUSED' && { reason: UnbilledReason.SETTLED_AS_REFUSED }), ...dueAttributes(bucket, dueAt),
      },
      remove: [...INTENT_ATTRIBUTES, ...ATTENTION_ATTRIBUTES],
      increment: ['revision', 'revisionOfOthers'],
      condition: '#state = :unresolved',
      values: { unresolved: 'UNRESOLVED' },
    });
  }

  /** First with the end of being due in the same write, as nearly always nothing came in between. */
  private async close(bucket: Bucket, by: BilledBy, change: Change, allowed: Change): Promise<{ billed: boolean; due: boolean }> {
    if (by.clearIfRevision !== undefined) {
      const cleared = await this.updateMeta(bucket, {
        ...change,
        ...allowed,
        remove: [...change.remove ?? [], ...DUE_ATTRIBUTES],
        condition: `${allowed.condition} AND #state = :frozen AND #revision = :revision`,
        values: { ...allowed.values, revision: by.clearIfRevision },
      });
      if (cleared) {
        return { billed: true, due: false };
      }
    }
    return { billed: await this.updateMeta(bucket, { ...change, ...allowed }), due: true };
  }

  private async publishEvents(key: ItemKey): Promise<void> {
    const item = await this.table.get(key);
    if (item) {
      await this.outbox.publishAndClear(item as unknown as ItemWithOutbox);
    }
  }

  private async updateMeta(bucket: Bucket, change: Change): Promise<boolean> {
    return this.table.update(metaKey(bucket), change);
  }

  /** @param attributes what is needed of each line: what is not read takes no time to be transferred and parsed */
  private lines(bucket: Bucket, { from, to }: LineRange, attributes: readonly string[] = []): AsyncIterable<Item> {
    const names = Object.fromEntries(attributes.map((name) => [`#${name}`, name]));
    return this.table.query({
      KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
      ...(attributes.length > 0 && { ProjectionExpression: Object.keys(names).join(', ') }),
      ExpressionAttributeNames: { '#pk': 'pk', '#sk': 'sk', ...names },
      ExpressionAttributeValues: { ':pk': bucketPk(bucket), ':from': from, ':to': to },
      ConsistentRead: true,
    });
  }
}
