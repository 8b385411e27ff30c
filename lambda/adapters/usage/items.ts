import Big from 'big.js';
import { SCHEMA_VERSION } from '../../../src/names';
import { defined } from '../../domain/defined';
import type { DomainEvent } from '../../domain/domain-event';
import { isoTime } from '../../domain/time';
import type { UsageRecord } from '../../domain/usage/intake/usage-record';
import { Amounts, type StoredAmounts, type TagSet } from '../../domain/usage/ledger/amounts';
import { type Bucket, bucketId, parseBucketId } from '../../domain/usage/ledger/bucket';
import { hourOf, hourStart } from '../../domain/usage/ledger/hour';
import type { BucketMeta, ContentLine, FrozenQuantity, OutLine, RecordSum, UnbilledReason } from '../../domain/usage/ledger/ledger';
import { expiresAfter } from '../aws/ttl';
import { shardOf, withOutbox } from '../events/outbox';

/*
 * Keys and shapes of the items of the usage table: here those of buckets, records, claims and rejections; draw-items.ts and
 * control-items.ts have the others. No other file knows them. Attribute names are a contract with the data:
 * `revision` counts the changes of a bucket's lines, `revisionOfOthers` those of lines that are no records stored in time. The others
 * have the names of the domain.
 */

export type Item = Record<string, unknown>;

export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** Usage and rejected records live at least this long: longer than any dispute. */
const RETENTION_SECONDS = 400 * 24 * 3600;
/**
 * The id of a record is known this long. Usage is accepted for 31 days, and a queue keeps a message for 14 more: what arrives
 * later is too old whatever its id is. 15 days of margin.
 */
const CLAIM_RETENTION_SECONDS = 60 * 24 * 3600;
/** Lines may be added to an hour of a month ago, and live as long as others from then on: META must not expire before them. */
const META_OUTLIVES_LINES_SECONDS = 60 * 24 * 3600;

export function expiry(instant: number): number {
  return expiresAfter(instant, RETENTION_SECONDS);
}

/** Attributes every item has. */
export function header(type: string): Item {
  return { v: SCHEMA_VERSION, type };
}

export function padded(n: number): string {
  return String(n).padStart(6, '0');
}

// buckets

const BUCKET_PREFIX = 'B#';
const RECORD_PREFIX = 'R#';
/** Of records that were stored after the close of their hour. As long as the other prefix. */
const LATE_RECORD_PREFIX = 'L#';
/** A larger sum is not kept: it would make each write of META expensive. */
const MAX_SUM_BYTES = 10_000;

export function bucketPk(bucket: Bucket): string {
  return `${BUCKET_PREFIX}${bucketId(bucket)}`;
}

export function bucketOfPk(pk: string): Bucket {
  return parseBucketId(pk.slice(BUCKET_PREFIX.length));
}

export function metaKey(bucket: Bucket): ItemKey {
  return { pk: bucketPk(bucket), sk: 'META' };
}

export function isMeta(item: Item): boolean {
  return item.type === 'Bucket';
}

/** What a bucket's META has from its first write on. */
export function metaAttributes(bucket: Bucket): Item {
  return { ...header('Bucket'), state: 'OPEN', ...bucket, expiresAt: expiry(hourStart(bucket.hour)) + META_OUTLIVES_LINES_SECONDS };
}

/** Attributes by which a bucket is found by the two due indexes. */
export function dueAttributes(bucket: Bucket, dueAt: number): Item {
  return { dueAt: isoTime(dueAt), dueShard: shardOf(bucketPk(bucket)), dueLicense: bucket.licenseId };
}

export const DUE_ATTRIBUTES: readonly string[] = ['dueAt', 'dueShard', 'dueLicense'];

export const INTENT_ATTRIBUTES: readonly string[] = ['intent', 'intentRegion', 'callLeft'];

export function frozenAttributes(frozen: FrozenQuantity, onTimeUnits: string): Item {
  return { quantity: frozen.quantity, allocations: frozen.allocations, tagsTruncated: frozen.tagsTruncated, onTimeUnits };
}

export function metaOf(item: Item): BucketMeta {
  const quantity = item.quantity as number | undefined;
  return {
    bucket: bucketOf(item),
    state: item.state as BucketMeta['state'],
    revision: (item.revision as number | undefined) ?? 0,
    recordsRevision: ((item.revision as number | undefined) ?? 0) - ((item.revisionOfOthers as number | undefined) ?? 0),
    sum: item.sum === undefined ? undefined : sumOf(item.sum as Item),
    frozen: quantity === undefined ? undefined : {
      quantity, allocations: item.allocations as FrozenQuantity['allocations'], tagsTruncated: item.tagsTruncated as boolean | undefined,
    },
    onTimeUnits: item.onTimeUnits as string | undefined,
    intent: item.intent as string | undefined,
    intentRegion: item.intentRegion as string | undefined,
    callLeft: item.callLeft as boolean | undefined,
    reason: item.reason as UnbilledReason | undefined,
  };
}

function bucketOf(item: Item): Bucket {
  return { licenseId: item.licenseId as string, dimension: item.dimension as string, hour: item.hour as string };
}

/** The sum of records, as META has it. */
export function sumAttributes(sum: RecordSum | undefined): Item {
  if (!sum || sum.amount.storedBytes() > MAX_SUM_BYTES) {
    return {};
  }
  const { amount, tags } = sum.amount.toStored();
  return { sum: defined({ revision: sum.revision, amount, amountByTags: tags, late: sum.lateUnits.toFixed() }) };
}

function sumOf({ revision, late, ...amounts }: Item): RecordSum {
  return { revision: revision as number, amount: amountOf(amounts), lateUnits: new Big(late as string) };
}

// lines of a bucket: I# (carried in), L# (records that were stored late), O# (out) and R# (records), in key order

/** From the first key to the last of a kind of lines. */
export interface LineRange {
  readonly from: string;
  readonly to: string;
}

export const OUT_LINES: LineRange = { from: 'O#', to: 'O$' };
/** Draws on an entitlement. */
export const DRAWS: LineRange = { from: 'D#', to: 'D$' };
/** Draws, carried in and records; the lines out lie between them. Draws come first: what they decide about is then read too. */
export const ALL_CONTENT_LINES: LineRange = { from: 'D#', to: 'R$' };
/** Carried in and records; the lines out lie between them. */
export const CONTENT_LINES: LineRange = { from: 'I#', to: 'R$' };
/** The same without the records that were stored in time. */
export const OTHER_CONTENT_LINES: LineRange = { from: 'D#', to: 'L$' };

/** Its key shows what is not among its attributes: a million records are a million items for 400 days. */
export function recordItem(record: UsageRecord): Item & ItemKey {
  const { bucket, id, receivedAt, storedLate } = record;
  const prefix = storedLate ? LATE_RECORD_PREFIX : RECORD_PREFIX;
  return { pk: bucketPk(bucket), sk: `${prefix}${id}`, ...header('UsageRecord'), ...recordAttributes(record), expiresAt: expiry(receivedAt) };
}

export function recordOf(item: Item): UsageRecord {
  const storedLate = isLateRecord(item);
  return defined({
    id: (item.sk as string).slice(RECORD_PREFIX.length),
    bucket: bucketOfPk(item.pk as string),
    ...recordFields(item),
    storedLate: storedLate || undefined,
  });
}

function recordAttributes({ units, quantity, metric, time, receivedAt }: UsageRecord): Item {
  return { ...amountAttributes(units), quantity: quantity === units.amount ? undefined : quantity, metric, time, receivedAt: isoTime(receivedAt) };
}

function recordFields(item: Item): Omit<UsageRecord, 'id' | 'bucket'> {
  const amount = item.amount as string;
  return {
    units: { amount, tags: item.amountByTags as StoredAmounts['tags'] },
    quantity: item.quantity as string | undefined ?? amount,
    metric: item.metric as string | undefined,
    time: item.time as string,
    receivedAt: Date.parse(item.receivedAt as string),
  };
}

/** What {@link contentLineOf} reads of an item. */
export const CONTENT_ATTRIBUTES: readonly string[] = ['pk', 'sk', 'type', 'amount', 'amountByTags', 'oldest', 'receivedAt', 'units', 'tagsDropped'];

function isLateRecord(item: Item): boolean {
  return (item.sk as string).startsWith(LATE_RECORD_PREFIX);
}

/** Undefined for items that are no content: a query of {@link CONTENT_LINES} also reads the lines out. */
export function contentLineOf(item: Item): ContentLine | undefined {
  switch (item.type) {
    case 'UsageRecord':
      return {
        kind: 'RECORD',
        amount: amountOf(item),
        oldest: bucketOfPk(item.pk as string).hour,
        receivedAt: Date.parse(item.receivedAt as string),
        ...(isLateRecord(item) && { storedLate: true }),
      };
    case 'CarriedIn':
      return { kind: 'CARRIED_IN', amount: amountOf(item), oldest: item.oldest as string };
    case 'CoveredUsage': {
      const { hour } = bucketOfPk(item.pk as string);
      return { kind: 'COVERED', amount: amountOf(item), oldest: hour, decides: { units: new Big(item.units as string), ...(item.tagsDropped === true && { tagsDropped: true }) } };
    }
    default:
      return undefined;
  }
}

export function carriedInItem(source: Bucket, to: string, { n, amount, oldest, toLicense }: OutLine, at: number): Item & ItemKey {
  const target = { ...source, licenseId: toLicense ?? source.licenseId, hour: to };
  return {
    pk: bucketPk(target),
    // Lines of one hour of both keys of a migrated buyer may meet.
    sk: `I#${source.hour}#${padded(n)}${toLicense === undefined ? '' : `#${source.licenseId}`}`,
    ...header('CarriedIn'),
    ...target,
    source: source.hour,
    sourceLicense: toLicense === undefined ? undefined : source.licenseId,
    n,
    ...amountAttributes(amount.toStored()),
    oldest,
    at: isoTime(at),
    expiresAt: expiry(at),
  };
}

export function outKey(bucket: Bucket, n: number): ItemKey {
  return { pk: bucketPk(bucket), sk: `O#${padded(n)}` };
}

/** @param events what is published about a rejection */
export function outItem(bucket: Bucket, line: OutLine, events: readonly DomainEvent[], at: number): Item & ItemKey {
  const { n, amount, oldest, to, toLicense, reason, tagsDropped, done } = line;
  const key = outKey(bucket, n);
  return {
    ...key,
    ...header(reason === undefined ? 'CarriedOut' : 'RejectedUsage'),
    ...bucket,
    n,
    ...amountAttributes(amount.toStored()),
    oldest,
    to,
    toLicense,
    reason,
    tagsDropped,
    done,
    at: isoTime(at),
    expiresAt: expiry(at),
    ...(reason !== undefined && attentionAttributes('REJECTED_USAGE', key, at)),
    ...withOutbox(key.pk, undefined, events, at),
  };
}

export function outLineOf(item: Item): OutLine {
  return {
    n: item.n as number,
    amount: amountOf(item),
    oldest: item.oldest as string,
    to: item.to as string | undefined,
    toLicense: item.toLicense as string | undefined,
    reason: item.reason as UnbilledReason | undefined,
    tagsDropped: item.tagsDropped as boolean | undefined,
    done: item.done as boolean,
  };
}

export function amountAttributes(stored: StoredAmounts): Item {
  return { amount: stored.amount, amountByTags: stored.tags };
}

export function amountOf(item: Item): Amounts {
  return Amounts.fromStored({ amount: item.amount as string, tags: item.amountByTags as Record<TagSet, string> | undefined });
}

// beside the buckets

export function claimKey(licenseId: string, id: string): ItemKey {
  return { pk: `ID#${licenseId}#${id}`, sk: 'CLAIM' };
}

/** All of the record, so that a line that a crash left out can be put. */
export function claimItem(record: UsageRecord): Item & ItemKey {
  const { bucket: { licenseId, dimension }, id, receivedAt, storedLate } = record;
  const expiresAt = expiresAfter(receivedAt, CLAIM_RETENTION_SECONDS);
  return { ...claimKey(licenseId, id), ...header('UsageRecordId'), dimension, ...recordAttributes(record), storedLate, expiresAt };
}

export function claimedRecordOf(item: Item, licenseId: string, id: string): UsageRecord {
  const fields = recordFields(item);
  const bucket = { licenseId, dimension: item.dimension as string, hour: hourOf(Date.parse(fields.time)) };
  return { id, bucket, ...fields, ...(item.storedLate === true && { storedLate: true }) };
}

export function rejectionKey({ licenseId, key }: { readonly licenseId?: string; readonly key: string }): ItemKey {
  return { pk: `X#${licenseId ?? 'unknown'}`, sk: key };
}

// the attention index

export type AttentionKind = 'REJECTED_RECORD' | 'REJECTED_USAGE' | 'UNRESOLVED';

/** Attributes by which a person finds an item. @param key of the item: what is rejected in great number spreads over the shards */
export function attentionAttributes(kind: AttentionKind, { pk, sk }: ItemKey, at: number): Item {
  return { attentionShard: attentionShard(kind, shardOf(`${pk}#${sk}`)), attentionAt: isoTime(at) };
}

export function attentionShard(kind: AttentionKind, shard: string): string {
  return `${kind}#${shard}`;
}

export const ATTENTION_ATTRIBUTES: readonly string[] = ['attentionShard', 'attentionAt'];
