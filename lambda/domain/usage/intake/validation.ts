import Big from 'big.js';
import { Problem, RejectionReason as R } from './rejection';
import { checkTags } from './tag-rules';
import { parseInstant } from './time-text';
import { UsageRecord } from './usage-record';
import { DimensionConfig } from '../../../../src/names';
import { licenseIdOf } from '../../subscription/license';
import { Amounts, tagSetOf } from '../ledger/amounts';
import { DAY_MS, hourOf, MINUTE_MS } from '../ledger/hour';

/** How far a sender's clock may be ahead. */
export const MAX_AHEAD_MS = 5 * MINUTE_MS;
/** Older usage is not accepted. */
export const MAX_AGE_MS = 31 * DAY_MS;
const MAX_LICENSE_LENGTH = 64;
export const MAX_UNITS = new Big('1e12');
export const MAX_DECIMALS = 12;
/** Characters of a value that a message contains. */
const MAX_SHOWN = 120;
/** Dimensions that a message names: an answer has a message for each of up to 10,000 records. */
const MAX_LISTED = 10;

export type Validation =
  | { readonly ok: true; readonly record: UsageRecord }
  /** `tooOld`: only the age of the record is wrong. It may be a redelivery of a record that was accepted in time. */
  | { readonly ok: false; readonly problem: Problem; readonly id?: string; readonly licenseId?: string; readonly tooOld?: UsageRecord };

class Invalid extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

function fail(reason: Problem['reason'], message: string): never {
  throw new Invalid({ reason, message });
}

/** Checks a record against every rule. `now` is epoch milliseconds. */
export function validate(input: unknown, dimensions: readonly DimensionConfig[], now: number): Validation {
  const known: { id?: string; licenseId?: string } = {};
  try {
    if (typeof input !== 'object' || input === null || Array.isArray(input)) {
      return fail(R.NOT_AN_OBJECT, `A usage record is a JSON object, not ${input === null ? 'null' : Array.isArray(input) ? 'an array' : typeof input}`);
    }
    const fields = input as Readonly<Record<string, unknown>>;
    known.id = checkId(fields.id);
    known.licenseId = checkLicense(fields);
    const { dimension, metric, factor } = checkDimension(fields, dimensions);
    const quantity = checkQuantity(fields.quantity);
    const units = quantity.times(factor);
    if (units.gt(MAX_UNITS)) {
      fail(R.QUANTITY_TOO_LARGE, `quantity ${show(fields.quantity)} is more than ${MAX_UNITS.toFixed()} units of ${dimension}`);
    }
    const tags = checkTags(fields.tags, fail);
    const time = checkTime(fields.time, now);
    const record: UsageRecord = {
      id: known.id,
      bucket: { licenseId: known.licenseId, dimension, hour: hourOf(time) },
      units: Amounts.of(units, tagSetOf(tags)).toStored(),
      quantity: quantity.toFixed(),
      ...(metric !== undefined && { metric }),
      time: new Date(time).toISOString(),
      ...(tags !== undefined && { tags }),
      receivedAt: now,
    };
    if (time >= now - MAX_AGE_MS) {
      return { ok: true, record };
    }
    const problem = { reason: R.TIME_TOO_OLD, message: `time ${show(fields.time)} is more than ${MAX_AGE_MS / DAY_MS} days ago` };
    return { ok: false, problem, ...known, tooOld: record };
  } catch (error) {
    if (error instanceof Invalid) {
      return { ok: false, problem: error.problem, ...known };
    }
    throw error;
  }
}

function checkId(id: unknown): string {
  if (id === undefined || id === null) {
    return fail(R.MISSING_ID, 'id is missing: it is the idempotency key of the record');
  }
  if (typeof id !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(id)) {
    return fail(R.INVALID_ID, `id ${show(id)} must be a string of 1 to 200 ASCII characters without spaces`);
  }
  return id;
}

function checkLicense(fields: Readonly<Record<string, unknown>>): string {
  const { license } = fields;
  if (license === undefined || license === null) {
    if (fields.customer !== undefined || fields.customerAwsAccountId !== undefined || fields.customerIdentifier !== undefined) {
      fail(R.LEGACY_NOT_SUPPORTED, 'usage by customer is for products in legacy mode, which this release does not meter: send license instead');
    }
    fail(R.MISSING_LICENSE, 'license is missing: the ARN of the license, or its id (l-…)');
  }
  const id = typeof license === 'string' ? licenseIdOf(license) : undefined;
  if (id !== undefined && id.length <= MAX_LICENSE_LENGTH) {
    return id;
  }
  return fail(R.INVALID_LICENSE, `license ${show(license)} must be a license ARN or id that ends in l-…`);
}

function checkDimension(
  fields: Readonly<Record<string, unknown>>, dimensions: readonly DimensionConfig[],
): { dimension: string; metric?: string; factor: string } {
  const { dimension, metric } = fields;
  const metered = dimensions.filter(({ kind }) => kind === 'METERED');
  const given = (value: unknown) => value !== undefined && value !== null;
  if (given(dimension) && given(metric)) {
    fail(R.AMBIGUOUS_DIMENSION, 'dimension and metric are both given: send one of them');
  }
  if (!given(dimension) && !given(metric)) {
    fail(R.MISSING_DIMENSION, 'dimension (or metric) is missing');
  }
  if (given(dimension)) {
    const names = metered.map(({ name }) => name);
    if (!names.includes(dimension as string)) {
      fail(R.UNKNOWN_DIMENSION, `dimension ${show(dimension)} is none of ${listed(names, dimension)}`);
    }
    return { dimension: dimension as string, factor: '1' };
  }
  const found = metered.flatMap(({ name, metrics = [] }) => metrics.map((config) => ({ name, config }))).find(({ config }) => config.name === metric);
  if (!found) {
    return fail(R.UNKNOWN_METRIC, `metric ${show(metric)} is not mapped to a dimension`);
  }
  return { dimension: found.name, metric: metric as string, factor: found.config.unitsPerQuantity };
}

function checkQuantity(quantity: unknown): Big {
  if (quantity === undefined || quantity === null) {
    return fail(R.MISSING_QUANTITY, 'quantity is missing');
  }
  const text = typeof quantity === 'number' ? String(quantity) : quantity;
  if (typeof text !== 'string' || text.length > 100 || !/^-?(\d+(\.\d+)?|\.\d+)([eE][-+]?\d{1,3})?$/.test(text)) {
    return fail(R.INVALID_QUANTITY, `quantity ${show(quantity)} must be a number, or a decimal as a string`);
  }
  const value = new Big(text);
  if (value.lt(0)) {
    return fail(R.NEGATIVE_QUANTITY, `quantity ${show(quantity)} is below 0: usage cannot be lowered`);
  }
  if (value.gt(MAX_UNITS)) {
    return fail(R.QUANTITY_TOO_LARGE, `quantity ${show(quantity)} is more than ${MAX_UNITS.toFixed()}`);
  }
  if (!value.round(MAX_DECIMALS, Big.roundDown).eq(value)) {
    return fail(R.QUANTITY_TOO_PRECISE, `quantity ${show(quantity)} has more than ${MAX_DECIMALS} decimals`);
  }
  return value;
}

function checkTime(time: unknown, now: number): number {
  if (time === undefined || time === null) {
    return fail(R.MISSING_TIME, 'time is missing: when the usage happened');
  }
  const instant = typeof time === 'string' ? parseInstant(time) : undefined;
  if (instant === undefined) {
    return fail(R.INVALID_TIME, `time ${show(time)} must be ISO 8601 with a zone, like 2026-11-23T05:30:00Z`);
  }
  if (instant > now + MAX_AHEAD_MS) {
    return fail(R.TIME_IN_FUTURE, `time ${show(time)} is more than ${MAX_AHEAD_MS / MINUTE_MS} minutes ahead`);
  }
  return instant;
}

/** A received value for a message, cut to a length. An object or array may contain anything, so the message says only which of both it is. */
function show(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    return Array.isArray(value) ? '(an array)' : '(an object)';
  }
  return (JSON.stringify(value) ?? String(value)).slice(0, MAX_SHOWN);
}

/** The names, those first that begin like `wanted` (case and punctuation ignored); at most a few of them. */
function listed(names: readonly string[], wanted: unknown): string {
  const nearest = [...names].sort((a, b) => alike(b, String(wanted)) - alike(a, String(wanted))).slice(0, MAX_LISTED);
  return `${nearest.join(', ')}${names.length > MAX_LISTED ? ` and ${names.length - MAX_LISTED} more` : ''}`;
}

function alike(name: string, wanted: string): number {
  const [a, b] = [name, wanted.slice(0, MAX_SHOWN)].map((text) => text.toLowerCase().replace(/[^a-z0-9]/g, ''));
  let count = 0;
  while (count < a.length && a[count] === b[count]) {
    count += 1;
  }
  return count;
}
