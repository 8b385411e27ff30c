import Big from 'big.js';
import { fail, Invalid, isGiven, show } from './invalid';
import { isNumberText, isQuantityText, MAX_DECIMALS } from './quantity-text';
import { type Problem, RejectionReason as R } from './rejection';
import { checkTags } from './tag-rules';
import { parseInstant } from './time-text';
import type { SentRecord } from './usage-record';
import { legacyCustomerOf } from '../../subscription/legacy-customer';
import { licenseIdOf } from '../../subscription/license';
import { isoTime } from '../../time';

const MAX_LICENSE_LENGTH = 64;
const MAX_DIMENSION_LENGTH = 255;
export const MAX_QUANTITY = new Big('1e12');

export type Parsed =
  | { readonly ok: true; readonly record: SentRecord }
  | { readonly ok: false; readonly problem: Problem; readonly id?: string; readonly licenseId?: string };

/** Reads what a sender wrote, and checks its form: all that `schema/usage-record.schema.json` says, and nothing else. */
export function parseRecord(input: unknown): Parsed {
  const known: { id?: string; licenseId?: string } = {};
  try {
    if (typeof input !== 'object' || input === null || Array.isArray(input)) {
      return fail(R.NOT_AN_OBJECT, `A usage record is a JSON object, not ${input === null ? 'null' : Array.isArray(input) ? 'an array' : typeof input}`);
    }
    const fields = input as Readonly<Record<string, unknown>>;
    known.id = checkId(fields.id);
    known.licenseId = checkLicense(fields);
    const record = {
      id: known.id,
      licenseId: known.licenseId,
      ...checkDimension(fields),
      quantity: checkQuantity(fields.quantity),
      tagSet: checkTags(fields.tags),
      time: checkTime(fields.time),
    };
    return { ok: true, record };
  } catch (error) {
    if (error instanceof Invalid) {
      return { ok: false, problem: error.problem, ...known };
    }
    throw error;
  }
}

function checkId(id: unknown): string {
  if (!isGiven(id)) {
    return fail(R.MISSING_ID, 'id is missing: it is the idempotency key of the record');
  }
  if (typeof id !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(id)) {
    return fail(R.INVALID_ID, `id ${show(id)} must be a string of 1 to 200 ASCII characters without spaces`);
  }
  return id;
}

function checkLicense(fields: Readonly<Record<string, unknown>>): string {
  const { license } = fields;
  if (!isGiven(license)) {
    if (fields.customer !== undefined || fields.customerAwsAccountId !== undefined || fields.customerIdentifier !== undefined) {
      fail(R.LEGACY_NOT_SUPPORTED, 'usage by customer is for products in legacy mode, and names the customerIdentifier: send license instead');
    }
    fail(R.MISSING_LICENSE, 'license is missing: the ARN of the license, or its id (l-…)');
  }
  if (typeof license === 'string' && legacyCustomerOf(license) !== undefined) {
    return license;
  }
  const id = typeof license === 'string' ? licenseIdOf(license) : undefined;
  if (id !== undefined && id.length <= MAX_LICENSE_LENGTH) {
    return id;
  }
  return fail(R.INVALID_LICENSE, `license ${show(license)} must be a license ARN or id that ends in l-…`);
}

function checkDimension({ dimension, metric }: Readonly<Record<string, unknown>>): Pick<SentRecord, 'dimension' | 'metric'> {
  if (isGiven(dimension) && isGiven(metric)) {
    fail(R.AMBIGUOUS_DIMENSION, 'dimension and metric are both given: send one of them');
  }
  if (isGiven(dimension)) {
    return isName(dimension) ? { dimension } : fail(R.UNKNOWN_DIMENSION, `dimension ${show(dimension)} must be the API name of a dimension`);
  }
  if (isGiven(metric)) {
    return isName(metric) ? { metric } : fail(R.UNKNOWN_METRIC, `metric ${show(metric)} must be the name of a metric`);
  }
  return fail(R.MISSING_DIMENSION, 'dimension (or metric) is missing');
}

/** Counted in characters, as JSON Schema does. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && [...value.slice(0, 2 * MAX_DIMENSION_LENGTH + 1)].length <= MAX_DIMENSION_LENGTH;
}

function checkQuantity(quantity: unknown): string {
  if (!isGiven(quantity)) {
    return fail(R.MISSING_QUANTITY, 'quantity is missing');
  }
  if (typeof quantity === 'number') {
    return roundNumber(quantity);
  }
  if (typeof quantity !== 'string' || !isNumberText(quantity)) {
    return fail(R.INVALID_QUANTITY, `quantity ${show(quantity)} must be a number, or a decimal as a string`);
  }
  const value = new Big(quantity);
  if (isQuantityText(quantity)) {
    return value.toFixed();
  }
  checkRange(quantity, quantity.startsWith('-'), value.gt(MAX_QUANTITY));
  if (!value.round(MAX_DECIMALS, Big.roundDown).eq(value)) {
    return fail(R.QUANTITY_TOO_PRECISE, `quantity ${show(quantity)} has more than ${MAX_DECIMALS} decimals`);
  }
  return fail(R.INVALID_QUANTITY, `quantity ${show(quantity)} must be written as 12.5, 1.25e1 or 0.125e2, with at most ${MAX_DECIMALS} digits after the point`);
}

/** A JSON number is a double, so 0.1 + 0.2 has 17 decimals: what it means is what it is when rounded. */
function roundNumber(quantity: number): string {
  if (!Number.isFinite(quantity)) {
    return fail(R.INVALID_QUANTITY, `quantity ${show(quantity)} must be a number, or a decimal as a string`);
  }
  checkRange(quantity, quantity < 0, quantity > MAX_QUANTITY.toNumber());
  return new Big(quantity).round(MAX_DECIMALS, Big.roundHalfUp).toFixed();
}

function checkRange(quantity: unknown, isNegative: boolean, isTooLarge: boolean): void {
  if (isNegative) {
    fail(R.NEGATIVE_QUANTITY, `quantity ${show(quantity)} is below 0: usage cannot be lowered`);
  }
  if (isTooLarge) {
    fail(R.QUANTITY_TOO_LARGE, `quantity ${show(quantity)} is more than ${MAX_QUANTITY.toFixed()}`);
  }
}

function checkTime(time: unknown): string {
  if (!isGiven(time)) {
    return fail(R.MISSING_TIME, 'time is missing: when the usage happened');
  }
  const instant = typeof time === 'string' ? parseInstant(time) : undefined;
  if (instant === undefined) {
    return fail(R.INVALID_TIME, `time ${show(time)} must be a date and time with a zone, like 2026-11-23T05:30:00Z or 2026-11-23T06:30:00+01:00`);
  }
  return isoTime(instant);
}
