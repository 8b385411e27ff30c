import Big from 'big.js';
import { fail, Invalid, show } from './invalid';
import { MAX_QUANTITY } from './parse-record';
import { type Problem, RejectionReason as R } from './rejection';
import type { SentRecord, UsageRecord } from './usage-record';
import type { DimensionConfig } from '../../../../src/names';
import { defined } from '../../defined';
import { isoTime } from '../../time';
import { Amounts } from '../ledger/amounts';
import { DAY_MS, hourOf, MINUTE_MS } from '../ledger/hour';

/** How far a sender's clock may be ahead. */
export const MAX_AHEAD_MS = 5 * MINUTE_MS;
/** Older usage is not accepted. */
export const MAX_AGE_MS = 31 * DAY_MS;
/** Dimensions that a message names: an answer has a message for each of up to 10,000 records. */
const MAX_LISTED = 10;

export interface Circumstances {
  readonly dimensions: readonly DimensionConfig[];
  /** When the record was sent; epoch milliseconds. */
  readonly sentAt: number;
  /** AWS accepts no more usage of the license. */
  readonly hasEnded: boolean;
}

export type Judgement =
  | { readonly ok: true; readonly record: UsageRecord }
  | { readonly ok: false; readonly problem: Problem };

/** Checks what the form of a record does not show: whether the product has its dimension, its age when it was sent, and whether its license has ended. */
export function judgeRecord(sent: SentRecord, { dimensions, sentAt, hasEnded }: Circumstances): Judgement {
  try {
    const { dimension, factor } = findDimension(sent, dimensions);
    const units = new Big(sent.quantity).times(factor);
    if (units.gt(MAX_QUANTITY)) {
      fail(R.QUANTITY_TOO_LARGE, `quantity ${show(sent.quantity)} is more than ${MAX_QUANTITY.toFixed()} units of ${dimension}`);
    }
    const time = Date.parse(sent.time);
    checkAge(time, sentAt);
    if (hasEnded) {
      fail(R.LICENSE_ENDED, `AWS accepts no more usage of ${sent.licenseId}: its subscription has ended, and its final window is over`);
    }
    const record: UsageRecord = defined({
      id: sent.id,
      bucket: { licenseId: sent.licenseId, dimension, hour: hourOf(time) },
      units: Amounts.of(units, sent.tagSet).toStored(),
      quantity: sent.quantity,
      metric: sent.metric,
      time: sent.time,
      receivedAt: sentAt,
    });
    return { ok: true, record };
  } catch (error) {
    if (error instanceof Invalid) {
      return { ok: false, problem: error.problem };
    }
    throw error;
  }
}

function findDimension({ dimension, metric }: SentRecord, dimensions: readonly DimensionConfig[]): { dimension: string; factor: string } {
  const metered = dimensions.filter(({ kind }) => kind === 'METERED');
  if (dimension !== undefined) {
    const names = metered.map(({ name }) => name);
    if (names.includes(dimension)) {
      return { dimension, factor: '1' };
    }
    if (dimensions.some(({ name }) => name === dimension)) {
      fail(R.UNKNOWN_DIMENSION, `dimension ${show(dimension)} is paid for up front, its usage is not metered: metered are ${listed(names, dimension)}`);
    }
    return fail(R.UNKNOWN_DIMENSION, `dimension ${show(dimension)} is none of ${listed(names, dimension)}`);
  }
  for (const { name, metrics } of metered) {
    const found = metrics?.find((config) => config.name === metric);
    if (found) {
      return { dimension: name, factor: found.unitsPerQuantity };
    }
  }
  return fail(R.UNKNOWN_METRIC, `metric ${show(metric)} is not mapped to a dimension`);
}

function checkAge(time: number, sentAt: number): void {
  if (time > sentAt + MAX_AHEAD_MS) {
    fail(R.TIME_IN_FUTURE, `time ${isoTime(time)} was more than ${MAX_AHEAD_MS / MINUTE_MS} minutes ahead when the record was sent`);
  }
  if (time < sentAt - MAX_AGE_MS) {
    fail(R.TIME_TOO_OLD, `time ${isoTime(time)} was more than ${MAX_AGE_MS / DAY_MS} days ago when the record was sent`);
  }
}

/** The names, those first that begin like `wanted` (case and punctuation ignored); at most a few of them. */
function listed(names: readonly string[], wanted: string): string {
  const nearest = [...names].sort((a, b) => commonStart(b, wanted) - commonStart(a, wanted)).slice(0, MAX_LISTED);
  return `${nearest.join(', ')}${names.length > MAX_LISTED ? ` and ${names.length - MAX_LISTED} more` : ''}`;
}

function commonStart(name: string, wanted: string): number {
  const [a, b] = [name, wanted].map((text) => text.toLowerCase().replace(/[^a-z0-9]/g, ''));
  let count = 0;
  while (count < a.length && a[count] === b[count]) {
    count += 1;
  }
  return count;
}
