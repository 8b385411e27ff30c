import Big from 'big.js';
import { Amounts } from './amounts';
import { freeze } from './freeze';
import { hourStart } from './hour';
import { BucketMeta, Content, difference, FrozenQuantity, isZero, OutLine, UnbilledReason, undecidedUnits } from './ledger';
import { carryTargetOf, freezesAt, isMetered, isPastFinalWindow, isTooOld, MeteringRules, NEVER_ACTIVATED_AFTER_MS } from './rules';
import { defined } from '../../defined';
import { MeteredLicense } from '../../subscription-directory';

/** Keeps an out line, and the line it becomes elsewhere, well below the 400 KB of a table item. */
const MAX_LINE_BYTES = 100_000;

/** Why a bucket stays due without being sent. */
export type WaitReason = 'NotClosed' | 'UnknownLicense' | 'NotActive' | 'NoLicenseArn' | 'NoCustomerAccount' | 'EntitlementsUnknown';

/** What is to be done next about one due bucket. Each is one conditional write, or leads to a call. */
export type Step =
  | { readonly kind: 'WAIT'; readonly reason: WaitReason }
  /** Usage has to draw on an entitlement before any of it moves. */
  | { readonly kind: 'DRAW' }
  | { readonly kind: 'FREEZE'; readonly frozen: FrozenQuantity; readonly onTimeUnits: string }
  | { readonly kind: 'SEND' }
  | { readonly kind: 'REFUSE'; readonly reason: UnbilledReason; readonly onTimeUnits?: string }
  | { readonly kind: 'REFUSE_ZERO'; readonly reason: UnbilledReason }
  | { readonly kind: 'UNRESOLVE'; readonly reason: UnbilledReason }
  | { readonly kind: 'FINISH'; readonly line: OutLine }
  | { readonly kind: 'APPEND'; readonly line: OutLine }
  | { readonly kind: 'CLEAR' }
  | { readonly kind: 'STALE_READ' };

export interface Lines {
  readonly out: readonly OutLine[];
  readonly content: Content;
}

/** Read before the lines, which are not needed while the bucket is FROZEN: a run does not read them then. */
export interface BucketView {
  readonly meta: BucketMeta;
  readonly lines?: Lines;
  /** Only what exceeds an entitlement is billed. */
  readonly isOverage?: boolean;
}

/** Steps 3 to 6 of the ledger's protocol. */
export function nextStep(view: BucketView, license: MeteredLicense | undefined, now: number, rules: MeteringRules): Step {
  const { meta, lines } = view;
  if (meta.state === 'FROZEN') {
    return whileFrozen(meta, license, now);
  }
  if (!lines) {
    throw new Error('The lines of a bucket that is not frozen have to be read');
  }

  const unfinished = lines.out.find((line) => !line.done);
  if (unfinished) {
    return { kind: 'FINISH', line: unfinished };
  }
  if (meta.state === 'OPEN') {
    return whileOpen(view.isOverage ?? false, meta, lines, license, now, rules);
  }
  return hasToDraw(view.isOverage ?? false, lines) ? { kind: 'DRAW' } : afterOutcome(meta, lines, license, now, rules);
}

function hasToDraw(isOverage: boolean, { content }: Lines): boolean {
  return isOverage && undecidedUnits(content).gt(0);
}

function whileFrozen(meta: BucketMeta, license: MeteredLicense | undefined, now: number): Step {
  const { hour } = meta.bucket;
  const over = isPastFinalWindow(hour, license, now);
  if (over || isTooOld(hour, now)) {
    const reason = over ? meta.reason ?? UnbilledReason.LICENSE_ENDED : UnbilledReason.HOUR_TOO_OLD;
    if (meta.intent === undefined) {
      return { kind: 'REFUSE', reason };
    }
    return isZero(meta) ? { kind: 'REFUSE_ZERO', reason } : { kind: 'UNRESOLVE', reason };
  }
  // What may have been sent is sent again, unchanged: it is no second way of metering.
  if (!isMetered(hour, license) && meta.intent === undefined) {
    return { kind: 'REFUSE', reason: UnbilledReason.NOT_METERED_HERE };
  }
  const waitsFor = missingFact(license);
  return waitsFor === undefined ? { kind: 'SEND' } : { kind: 'WAIT', reason: waitsFor };
}

/**
 * Why an open bucket waits, whatever its lines are; undefined: they decide. An hour of a license that is not active stays in its
 * own bucket, so that its usage is given up by its own age.
 */
export function waitWhileOpen(meta: BucketMeta, license: MeteredLicense | undefined, now: number, rules: MeteringRules): WaitReason | undefined {
  const { hour } = meta.bucket;
  if (isPastFinalWindow(hour, license, now)) {
    return undefined;
  }
  if (isInactive(license)) {
    const isOpen = freezesAt(hour, license, rules) > now;
    const isGivenUp = now >= hourStart(hour) + NEVER_ACTIVATED_AFTER_MS;
    return isOpen ? 'NotClosed' : isGivenUp ? undefined : missingFact(license);
  }
  if (isTooOld(hour, now)) {
    return undefined;
  }
  return freezesAt(hour, license, rules) > now ? 'NotClosed' : missingFact(license);
}

/** AWS has not named the license, or the subscription has not begun. */
function isInactive(license: MeteredLicense | undefined): boolean {
  return !license || license.status === 'PENDING';
}

/** What a call needs and is not known. */
function missingFact(license: MeteredLicense | undefined): WaitReason | undefined {
  if (!license) {
    return 'UnknownLicense';
  }
  if (license.status === 'PENDING') {
    return 'NotActive';
  }
  if (license.customerIdentifier !== undefined) {
    return undefined;
  }
  if (!license.licenseArn) {
    return 'NoLicenseArn';
  }
  return license.customerAwsAccountId ? undefined : 'NoCustomerAccount';
}

function whileOpen(
  isOverage: boolean, meta: BucketMeta, lines: Lines, license: MeteredLicense | undefined, now: number, rules: MeteringRules,
): Step {
  const waitsFor = waitWhileOpen(meta, license, now, rules);
  if (waitsFor !== undefined) {
    return { kind: 'WAIT', reason: waitsFor };
  }
  const { hour } = meta.bucket;
  const { amount, records, lateRecords } = lines.content;
  if (isInactive(license)) {
    return { kind: 'REFUSE', reason: UnbilledReason.NEVER_ACTIVATED, onTimeUnits: records.toFixed() };
  }
  if (isPastFinalWindow(hour, license, now)) {
    return { kind: 'REFUSE', reason: UnbilledReason.LICENSE_ENDED, onTimeUnits: records.toFixed() };
  }
  // Also an hour that is too old draws first: while its entitlement is not known it stays open, where the alarm on pending usage sees it.
  if (hasToDraw(isOverage, lines)) {
    return { kind: 'DRAW' };
  }
  if (!isMetered(hour, license)) {
    return { kind: 'REFUSE', reason: UnbilledReason.NOT_METERED_HERE, onTimeUnits: records.toFixed() };
  }
  if (isTooOld(hour, now)) {
    return { kind: 'REFUSE', reason: UnbilledReason.HOUR_TOO_OLD, onTimeUnits: records.minus(lateRecords).toFixed() };
  }
  const frozen = freeze(amount);
  const skipZero = frozen.quantity === 0 && (!rules.reportZeroUsage || license?.status !== 'ACTIVE');
  const onTimeUnits = records.toFixed();
  return skipZero ? { kind: 'REFUSE', reason: UnbilledReason.NOTHING_TO_SEND, onTimeUnits } : { kind: 'FREEZE', frozen, onTimeUnits };
}

/** Step 6: what is left of the bucket leaves it, to a later hour or as a rejection. */
function afterOutcome(
  meta: BucketMeta, lines: Lines, license: MeteredLicense | undefined, now: number, rules: MeteringRules,
): Step {
  const rest = difference(meta, lines.content, lines.out);
  const total = rest.total();
  if (total.lt(0)) {
    return { kind: 'STALE_READ' };
  }
  if (rest.isZero()) {
    return { kind: 'CLEAR' };
  }

  const line = { n: lines.out.length, oldest: lines.content.oldest, done: false };
  const late = rules.lateUsage === 'REJECT' ? lateAmount(meta, lines) : new Big(0);
  if (late.gt(0) && total.gt(0)) {
    const rejected = late.gt(total) ? total : late;
    return { kind: 'APPEND', line: defined({ ...line, amount: Amounts.of(rejected), reason: UnbilledReason.LATE_USAGE, tagsDropped: rest.hasTags() || undefined }) };
  }
  const tagsDropped = rest.storedBytes() > MAX_LINE_BYTES;
  const amount = tagsDropped ? rest.untagged() : rest;
  const moved = defined({ ...line, amount, tagsDropped: tagsDropped || undefined });
  const neverActivated = isInactive(license) && now >= hourStart(meta.bucket.hour) + NEVER_ACTIVATED_AFTER_MS;
  const target = neverActivated ? undefined : carryTargetOf(meta.bucket.hour, license, now, rules);
  if (target !== undefined) {
    return { kind: 'APPEND', line: { ...moved, ...target } };
  }
  if (total.eq(0)) {
    return { kind: 'CLEAR' };
  }
  return { kind: 'APPEND', line: { ...moved, reason: neverActivated ? UnbilledReason.NEVER_ACTIVATED : reasonAtEnd(meta, total) } };
}

/**
 * Units that were sent after the hour's close, are not part of its quantity, and are not rejected yet. What was sent in time
 * is not late, also if it was stored after the quantity was fixed. Amounts carried in are never late.
 */
function lateAmount(meta: BucketMeta, lines: Lines): Big {
  const { records, lateRecords } = lines.content;
  const onTimeUnits = new Big(meta.onTimeUnits ?? 0);
  const notInQuantity = records.minus(onTimeUnits);
  const late = (notInQuantity.lt(lateRecords) ? notInQuantity : lateRecords).minus(coveredBeyond(onTimeUnits, lines.content));
  const rejected = lines.out.filter((line) => line.reason === UnbilledReason.LATE_USAGE);
  return rejected.reduce((rest, line) => rest.minus(line.amount.total()), late);
}

/** What draws have covered of the units after the first `onTimeUnits`. */
function coveredBeyond(onTimeUnits: Big, { decided }: Content): Big {
  let covered = new Big(0);
  let before = new Big(0);
  for (const draw of decided) {
    const ofOnTime = onTimeUnits.gt(before) ? onTimeUnits.minus(before) : new Big(0);
    covered = covered.plus(draw.covered.gt(ofOnTime) ? draw.covered.minus(ofOnTime) : 0);
    before = before.plus(draw.units);
  }
  return covered;
}

function reasonAtEnd(meta: BucketMeta, total: Big): UnbilledReason {
  if (total.lt(1)) {
    return UnbilledReason.FRACTION_OF_UNIT;
  }
  const hourReason = meta.state === 'REFUSED' ? meta.reason : undefined;
  const isAboutTheHour = hourReason === UnbilledReason.NOTHING_TO_SEND || hourReason === UnbilledReason.HOUR_TOO_OLD
    || hourReason === UnbilledReason.NOT_METERED_HERE;
  return hourReason === undefined || isAboutTheHour ? UnbilledReason.LICENSE_ENDED : hourReason;
}
