import type { AgreementRecord } from './agreement-source';
import { type AgreementFact, type AgreementFactKind, type AgreementFacts } from './facts';
import { SUCCEEDED_STATUSES } from './succeeded-statuses';
import { defined } from '../defined';
import { HOUR_MS, optionalIsoTime } from '../time';

/** Statuses of an agreement whose end ends the subscription (docs/marketplace-facts.md#f-3-4). */
const ENDED_STATUSES: ReadonlySet<string> = new Set(['CANCELLED', 'EXPIRED', 'TERMINATED']);

/** License Updated follows the start by minutes, once it is certain that the buyer pays: until then the event decides. */
export const EVENT_EXPECTED_FOR_MS = HOUR_MS;

/** Why nothing is recorded about an agreement. */
export type SkipReason =
  /** The product id is not the one that the request names. */
  | 'OtherProduct'
  /** The request names no product id, and the license is not known yet: it may belong to another product. */
  | 'ProductUnknown'
  | 'NoLicense'
  /** More than one license, none of which is known: AWS does not say which of them is the subscription. */
  | 'SeveralLicenses'
  /** AWS's record lacks the status, the buyer's account or the start. */
  | 'IncompleteRecord'
  | 'NotStarted'
  /** It started less than an hour ago: License Updated may be on its way. */
  | 'TooRecent'
  /** It ended before its start or within an hour of it: whether its license was ever in use is not on record. */
  | 'EndedEarly'
  /** AWS calls it active, but an event has ended it: the record may be out of date. */
  | 'EndedByEvent'
  /** Renewed or replaced, and no active agreement has its license: whether that license still works is not on record. */
  | 'Succeeded'
  /** It ended, and another, active agreement has its license. */
  | 'LicenseContinues'
  | 'EndTimeUnknown'
  /** AWS refused to search for the agreements that have the same license. */
  | 'RelatedUnknown'
  /** A status whose meaning for the license is not documented. */
  | 'UnknownStatus';

export type RebuiltFacts = { readonly facts: readonly AgreementFact[] } | { readonly skipped: SkipReason };

export interface RebuildInput {
  readonly agreement: AgreementRecord;
  readonly licenseArn: string;
  /** All agreements that have its license and those of its chain; where not {@link needsRelated}, none. */
  readonly related: readonly AgreementRecord[];
  /** What is known of this agreement already. */
  readonly known: AgreementFacts;
  readonly productCode: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Whether other agreements decide what follows from this one: it has ended, or it succeeds another one. */
export function needsRelated({ agreementId, initialAgreementId, status }: AgreementRecord): boolean {
  return status !== 'ACTIVE' || initialAgreementId !== agreementId;
}

/**
 * The facts that are missing of an agreement, by AWS's own record of it. A fact of a kind that is known is never added
 * again, so a rebuild changes nothing where no event was lost, and repeating it changes nothing either. An event that
 * arrives later adds a fact of its own, with its own time: the merge stays what it is, and so does the status.
 *
 * Nothing here activates or revokes by a guess:
 * - **Active** (ACTIVE, one license, started over an hour ago): Created and License Updated, at the start. Nothing else
 *   activates. An agreement that started within the hour is left to its events, as payment may still fail. An end that
 *   an event reported stands.
 * - **Ended** (CANCELLED, EXPIRED, TERMINATED), and no active agreement has the license: Created and Ended. The license
 *   needs a tenure for the end to count: where License Updated is not known, License Deprovisioned is added at the time
 *   of the end, and not License Updated, which would publish an activation long past. Without any license event,
 *   an agreement that ended within an hour of its start is left out: its license may never have been provisioned.
 * - **Succeeded** (RENEWED, REPLACED, SUPERSEDED): only while an active agreement has the same license, Created, License
 *   Updated and the end that ends nothing, so that the successor is not taken for a license that succeeds another one.
 * - All else is skipped, with a reason.
 *
 * Times: an active tenure begins with the agreement's start, about a minute before the event would have come. An expired
 * agreement ended at its end; another one when it last changed, which is at its end or later, never earlier, so the final
 * hour can only be taken for longer than it is: AWS then refuses the last usage, with a reason.
 */
export function rebuiltFacts(input: RebuildInput): RebuiltFacts {
  const { agreement, known, now } = input;
  const { status = '' } = agreement;
  const start = startOf(agreement);
  if (start === undefined || status === '' || agreement.customerAwsAccountId === undefined) {
    return { skipped: 'IncompleteRecord' };
  }
  const has = (kind: AgreementFactKind) => Object.values(known).some((other) => other.kind === kind);
  const hasEnd = has('LICENSE_DEPROVISIONED') || knownEnd(known) !== undefined;
  if (status === 'ACTIVE') {
    if (hasEnd) {
      return { skipped: 'EndedByEvent' };
    }
    if (has('CREATED') && has('LICENSE_UPDATED')) {
      return { facts: [] };
    }
    if (start > now - EVENT_EXPECTED_FOR_MS) {
      return { skipped: start > now ? 'NotStarted' : 'TooRecent' };
    }
    return { facts: missing(known, created(input, start), licenseUpdated(input, start)) };
  }
  if (SUCCEEDED_STATUSES.has(status)) {
    return succeeded(input, start, status);
  }
  if (ENDED_STATUSES.has(status)) {
    return ended(input, start, status);
  }
  return { skipped: 'UnknownStatus' };
}

function succeeded(input: RebuildInput, start: number, status: string): RebuiltFacts {
  const { agreement, known } = input;
  const kinds = new Set(Object.values(known).map(({ kind }) => kind));
  if (kinds.has('LICENSE_UPDATED') && kinds.has('ENDED')) {
    return { facts: [] };
  }
  if (!hasActiveOther(input)) {
    return { skipped: 'Succeeded' };
  }
  const time = endOf(agreement, input.now);
  if (time === undefined) {
    return { skipped: 'EndTimeUnknown' };
  }
  return { facts: missing(known, created(input, start), licenseUpdated(input, start), fact(input, 'ENDED', time, { status })) };
}

function ended(input: RebuildInput, start: number, status: string): RebuiltFacts {
  const { agreement, known, now } = input;
  const isKnown = (kind: AgreementFactKind) => Object.values(known).some((other) => other.kind === kind);
  const hasTenure = isKnown('LICENSE_UPDATED') || isKnown('LICENSE_DEPROVISIONED');
  if (hasTenure && knownEnd(known) !== undefined) {
    return { facts: [] };
  }
  if (hasActiveOther(input)) {
    return { skipped: 'LicenseContinues' };
  }
  const time = knownEnd(known) ?? endOf(agreement, now);
  if (time === undefined) {
    return { skipped: 'EndTimeUnknown' };
  }
  if (!hasTenure && time < start + EVENT_EXPECTED_FOR_MS) {
    return { skipped: 'EndedEarly' };
  }
  return {
    facts: [
      ...missing(known, created(input, start)),
      ...(knownEnd(known) === undefined ? [fact(input, 'ENDED', time, { status })] : []),
      ...(hasTenure ? [] : [fact(input, 'LICENSE_DEPROVISIONED', time, licensed(input))]),
    ],
  };
}

function created(input: RebuildInput, start: number): AgreementFact {
  const { agreement, related } = input;
  const previous = predecessorOf(agreement, related);
  return fact(input, 'CREATED', agreement.acceptanceTime ?? start, {
    intent: agreement.initialAgreementId === agreement.agreementId ? 'NEW' : intentAfter(previous),
    previousAgreementId: previous?.agreementId,
    acceptanceTime: optionalIsoTime(agreement.acceptanceTime),
    startTime: optionalIsoTime(agreement.startTime),
    endTime: optionalIsoTime(agreement.endTime),
    offerId: agreement.offerId,
  });
}

function licenseUpdated(input: RebuildInput, start: number): AgreementFact {
  return fact(input, 'LICENSE_UPDATED', start, licensed(input));
}

function licensed({ licenseArn, productCode }: RebuildInput): Partial<AgreementFact> {
  return { licenseArn, productCode };
}

function fact(
  { agreement: { agreementId, customerAwsAccountId } }: RebuildInput, kind: AgreementFactKind, time: number,
  more: { readonly [Field in keyof AgreementFact]?: AgreementFact[Field] | undefined },
): AgreementFact {
  return defined({ kind, agreementId, time, customerAwsAccountId, ...more, rebuilt: true }) as AgreementFact;
}

function missing(known: AgreementFacts, ...facts: readonly AgreementFact[]): readonly AgreementFact[] {
  const kinds = new Set(Object.values(known).map(({ kind }) => kind));
  return facts.filter(({ kind }) => !kinds.has(kind));
}

/** When an event ended the subscription under this agreement. */
function knownEnd(known: AgreementFacts): number | undefined {
  const times = Object.values(known)
    .filter(({ kind, status = '' }) => kind === 'ENDED' && !SUCCEEDED_STATUSES.has(status))
    .map(({ time }) => time);
  return times.length === 0 ? undefined : Math.min(...times);
}

function startOf({ startTime, acceptanceTime }: AgreementRecord): number | undefined {
  return startTime === undefined ? undefined : Math.max(startTime, acceptanceTime ?? 0);
}

function endOf({ status, endTime, lastUpdateTime }: AgreementRecord, now: number): number | undefined {
  const times = [status === 'EXPIRED' ? endTime ?? lastUpdateTime : lastUpdateTime, endTime]
    .filter((time): time is number => time !== undefined);
  const end = Math.min(...times);
  return end <= now ? end : undefined;
}

function hasActiveOther({ agreement, licenseArn, related, now }: RebuildInput): boolean {
  return related.some((other) => other.agreementId !== agreement.agreementId && other.status === 'ACTIVE'
    && other.licenseArns.includes(licenseArn) && (startOf(other) ?? 0) <= now);
}

/** The latest one of the chain that started earlier. */
function predecessorOf({ initialAgreementId, startTime = 0 }: AgreementRecord, related: readonly AgreementRecord[]) {
  return related
    .filter((other) => (other.initialAgreementId ?? other.agreementId) === initialAgreementId && (other.startTime ?? startTime) < startTime)
    .sort((a, b) => (a.startTime ?? 0) - (b.startTime ?? 0))
    .at(-1);
}

function intentAfter(previous: AgreementRecord | undefined): string | undefined {
  switch (previous?.status) {
    case 'RENEWED':
      return 'RENEW';
    case 'REPLACED':
      return 'REPLACE';
    default:
      return undefined;
  }
}
