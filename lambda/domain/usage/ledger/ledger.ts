import Big from 'big.js';
import { Amounts, TagSet } from './amounts';
import { Bucket } from './bucket';
import { defined } from '../../defined';

/**
 * OPEN: takes usage. FROZEN: its quantity is fixed. BILLED: Marketplace has it. REFUSED: nothing of it was or will be
 * billed in this hour. UNRESOLVED: sent, outcome unknown. DRY_RUN: would have been sent.
 */
export type BucketState = 'OPEN' | 'FROZEN' | 'BILLED' | 'REFUSED' | 'UNRESOLVED' | 'DRY_RUN';

/** Why an amount left the ledger unbilled, or an hour was given up. The catalogue is in docs/metering.md. */
export const UnbilledReason = {
  LATE_USAGE: 'LateUsage',
  LICENSE_ENDED: 'LicenseEnded',
  CUSTOMER_NOT_SUBSCRIBED: 'CustomerNotSubscribed',
  NEVER_ACTIVATED: 'NeverActivated',
  FRACTION_OF_UNIT: 'FractionOfUnit',
  HOUR_TOO_OLD: 'HourTooOld',
  NOTHING_TO_SEND: 'NothingToSend',
  NOT_METERED_HERE: 'NotMeteredHere',
  METERED_ELSEWHERE: 'MeteredElsewhere',
  MAYBE_METERED_ELSEWHERE: 'MaybeMeteredElsewhere',
  SETTLED_AS_REFUSED: 'SettledAsRefused',
} as const;

/** One of these, or the name of an exception of BatchMeterUsage. */
export type UnbilledReason = (typeof UnbilledReason)[keyof typeof UnbilledReason] | (string & {});

/** An intent of several attempts: it belongs to none of them alone. */
export const SHARED_INTENT = '?';

/** What is sent, and never changes once it is written. */
export interface FrozenQuantity {
  /** Whole units, 0 to 2,147,483,647. */
  readonly quantity: number;
  /** Whole units per tag set; sums to `quantity`. Absent when no usage of the hour has tags. */
  readonly allocations?: Readonly<Record<TagSet, number>>;
  /** The tags went beyond what one record takes: part of the quantity is billed without its tags. */
  readonly tagsTruncated?: boolean;
}

export interface BucketMeta {
  readonly bucket: Bucket;
  readonly state: BucketState;
  /** Moves whenever lines may have been added. */
  readonly revision: number;
  /** Moves whenever records may have been added that were stored in time. */
  readonly recordsRevision: number;
  /** Sum of those records; it counts while its revision is `recordsRevision`. */
  readonly sum?: RecordSum;
  readonly frozen?: FrozenQuantity;
  /** Units that records had reported in time when the quantity was fixed or the hour given up: the rest is late. */
  readonly onTimeUnits?: string;
  /** A send may have been accepted whose answer is not stored: the attempt's token, or {@link SHARED_INTENT}. */
  readonly intent?: string;
  /** Region in which what the intent stands for was sent: AWS recognizes a repeated record in that region only. */
  readonly intentRegion?: string;
  /** A call with this quantity is known to have left without an answer: the record that AWS has is ours. */
  readonly callLeft?: boolean;
  /** Last definite refusal, or why the hour was given up. */
  readonly reason?: UnbilledReason;
}

/** An amount carried out of a bucket (`to`) or rejected (`reason`): what is to happen is fixed when it is written. */
export interface OutLine {
  readonly n: number;
  readonly amount: Amounts;
  /** Hour of the oldest usage in it. */
  readonly oldest: string;
  readonly to?: string;
  /** The license to whose hour it goes, where that is another one: the buyer was migrated. */
  readonly toLicense?: string;
  readonly reason?: UnbilledReason;
  /** The tags of this amount were not kept: tags of the bucket no longer balance, its total does. */
  readonly tagsDropped?: boolean;
  readonly done: boolean;
}

/** Sum of a bucket's records that were stored in time, so that they are not read again for each late one. */
export interface RecordSum {
  /** `recordsRevision` as it was before they were read. */
  readonly revision: number;
  readonly amount: Amounts;
  /** Units of those that came in after the bucket should have closed. */
  readonly lateUnits: Big;
}

/** A line of a bucket's content: a usage record, an amount carried in from an earlier hour, or what an entitlement covers of the records. */
export interface ContentLine {
  readonly kind: 'RECORD' | 'CARRIED_IN' | 'COVERED';
  readonly amount: Amounts;
  /** `COVERED` only: the units of records that the draw decided about, and whether its tags were not kept. */
  readonly decides?: { readonly units: Big; readonly tagsDropped?: boolean };
  /** Hour of the oldest usage in it. */
  readonly oldest: string;
  /** When a record came in; epoch milliseconds. */
  readonly receivedAt?: number;
  /** A record that was stored after the close of its hour. */
  readonly storedLate?: boolean;
}

/** Usage that a draw has decided about, see `overage/allowance.ts`. */
export interface Decided {
  readonly units: Big;
  readonly covered: Big;
}

/** What a draw decides about the records of a bucket. */
export interface CoveredUsage {
  readonly units: Big;
  readonly covered: Amounts;
  /** The tags of what is covered were not kept. */
  readonly tagsDropped?: boolean;
}

/** Sum of a bucket's content lines. */
export interface Content {
  /** To be billed: records and what was carried in, without what an entitlement covers. */
  readonly amount: Amounts;
  /** The draws, in order. */
  readonly decided: readonly Decided[];
  /** The tags of what is covered were not kept. */
  readonly tagsDropped?: boolean;
  /** Units of the records alone. */
  readonly records: Big;
  /** Units of those that came in after the bucket should have closed. */
  readonly lateRecords: Big;
  readonly oldest: string;
}

/** The sum of the records that were stored in time, if none was added since it was made. */
export function currentSum({ sum, recordsRevision }: Pick<BucketMeta, 'sum' | 'recordsRevision'>): RecordSum | undefined {
  return sum?.revision === recordsRevision ? sum : undefined;
}

/**
 * @param meta read before the lines
 * @param closes epoch milliseconds: what comes in later is late
 * @param lines without the records that were stored in time if `currentSum` has them
 */
export async function sumContent(
  meta: Pick<BucketMeta, 'bucket' | 'recordsRevision' | 'sum'>, closes: number, lines: AsyncIterable<ContentLine>,
): Promise<{ readonly content: Content; readonly sum: RecordSum }> {
  const known = currentSum(meta);
  const inTime = new Tally(known?.amount, known?.lateUnits);
  const late = new Tally();
  const carriedIn = new Tally();
  const draws: CoveredUsage[] = [];
  let oldest = meta.bucket.hour;
  for await (const line of lines) {
    if (line.oldest < oldest) {
      oldest = line.oldest;
    }
    if (line.decides !== undefined) {
      draws.push({ ...line.decides, covered: line.amount });
    } else if (line.kind === 'CARRIED_IN') {
      carriedIn.add(line.amount, false);
    } else {
      (line.storedLate ? late : inTime).add(line.amount, (line.receivedAt ?? 0) > closes);
    }
  }
  const sum = { revision: meta.recordsRevision, amount: inTime.amount(), lateUnits: inTime.lateUnits };
  const records = sum.amount.plus(late.amount());
  const beforeDraws: Content = {
    amount: records.plus(carriedIn.amount()), decided: [], records: records.total(), lateRecords: sum.lateUnits.plus(late.lateUnits), oldest,
  };
  return { content: draws.reduce(withDecided, beforeDraws), sum };
}

/** A sum that is still being added to. */
class Tally {
  private readonly parts: Map<TagSet, Big>;

  constructor(begin = Amounts.ZERO, public lateUnits = new Big(0)) {
    this.parts = new Map(begin.entries());
  }

  add(amount: Amounts, isLate: boolean): void {
    for (const [tagSet, part] of amount.entries()) {
      this.parts.set(tagSet, (this.parts.get(tagSet) ?? new Big(0)).plus(part));
    }
    if (isLate) {
      this.lateUnits = this.lateUnits.plus(amount.total());
    }
  }

  amount(): Amounts {
    return Amounts.sum(this.parts);
  }
}

/** The content after one more draw. */
export function withDecided(content: Content, { units, covered, tagsDropped }: CoveredUsage): Content {
  return defined({
    ...content,
    amount: content.amount.minus(covered),
    decided: [...content.decided, { units, covered: covered.total() }],
    tagsDropped: content.tagsDropped || tagsDropped || undefined,
  });
}

/** Units of records that no draw has decided about. Records are only added, so it is never below 0 where draws were read first. */
export function undecidedUnits({ records, decided }: Pick<Content, 'records' | 'decided'>): Big {
  return decided.reduce((rest, { units }) => rest.minus(units), records);
}

export const COMMITTED_STATES: readonly BucketState[] = ['FROZEN', 'BILLED', 'UNRESOLVED', 'DRY_RUN'];

/** What the bucket's own hour has billed, or may have. */
export function committedAmount(meta: BucketMeta): Amounts {
  if (!meta.frozen || !COMMITTED_STATES.includes(meta.state)) {
    return Amounts.ZERO;
  }
  const { quantity, allocations } = meta.frozen;
  return allocations ? Amounts.sum(Object.entries(allocations)) : Amounts.of(quantity);
}

/** A quantity of 0 makes no difference to what is billed, so its outcome need not be known. */
export function isZero({ frozen }: BucketMeta): boolean {
  return frozen?.quantity === 0;
}

/** What is still to be carried or rejected. Negative: the reads do not belong together. */
export function difference(meta: BucketMeta, content: Content, out: readonly OutLine[]): Amounts {
  const rest = out.reduce((sum, line) => sum.minus(line.amount), content.amount.minus(committedAmount(meta)));
  const tagsBalance = !meta.frozen?.tagsTruncated && !content.tagsDropped && out.every((line) => !line.tagsDropped);
  return tagsBalance ? rest : rest.untagged();
}
