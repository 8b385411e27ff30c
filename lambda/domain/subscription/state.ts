import type { AgreementFact, SubscriptionFacts } from './facts';
import { sendableArn } from './license';
import { registrationsOf } from './registrations';
import { FINAL_WINDOW_SECONDS } from '../../../src/names';
import type { SubscriptionStatus } from '../subscription-directory';

/** Ended with one of these: the subscription goes on under another agreement (docs/marketplace-facts.md#f-2-4). */
export const CONTINUED: ReadonlySet<string> = new Set(['RENEWED', 'REPLACED', 'SUPERSEDED']);

/** Intents of an agreement that goes on from another one (docs/marketplace-facts.md#f-3-4). */
const CONTINUING: ReadonlySet<string> = new Set(['RENEW', 'REPLACE']);

/** What the facts of a license amount to. Times are epoch milliseconds. */
export interface SubscriptionState {
  readonly status: SubscriptionStatus;
  /** When the status next wants a look (end of the final hour) for ENDING, else since when it holds. */
  readonly statusAt: number;
  /** The agreement the license hangs on; absent before the first license event. */
  readonly agreementId?: string;
  /** All agreements known to have held the license, in order. */
  readonly agreementIds: readonly string[];
  readonly activeSince?: number;
  readonly endedAt?: number;
  /** Status of the agreement when it ended, if AWS told: CANCELLED, EXPIRED, TERMINATED, RENEWED, REPLACED. */
  readonly endStatus?: string;
  readonly finalWindowClosesAt?: number;
  readonly registeredAt?: number;
  /** The license goes on from another one, of an agreement that was renewed or replaced: nobody registers it again. */
  readonly continuation?: true;
  /** By id: the first, and the latest 20. */
  readonly registrationIds: readonly string[];
  readonly licenseArn?: string;
  readonly customerAwsAccountId?: string;
  readonly productCode?: string;
}

/** One agreement's hold on the license. */
export interface Hold {
  readonly agreementId: string;
  /** First License Updated. */
  readonly activatedAt?: number;
  readonly deprovisionedAt?: number;
  /** First Purchase Agreement Ended that ends the subscription. */
  readonly endedAt?: number;
  readonly endStatus?: string;
  readonly previousAgreementId?: string;
  /** NEW, RENEW or REPLACE. */
  readonly intent?: string;
}

/**
 * The state of a subscription: a pure function of its facts and of now.
 *
 * A license may outlive an agreement, so exactly one agreement decides: the last that came to hold the license and
 * has no known successor. What ends an earlier agreement is history. An agreement that ended stays ended, even if a
 * late License Updated names it (docs/marketplace-facts.md#f-3-2). Only the end of the final hour depends on `now` (docs/marketplace-facts.md#f-3-7).
 */
export function subscriptionState(facts: SubscriptionFacts, now: number): SubscriptionState {
  const holds = holdsOf(facts);
  const current = holds.at(-1);
  const { resolution } = facts;
  const told = Object.values(facts.agreements);
  const registrations = registrationsOf(facts);
  const registeredAt = least(registrations.map(([, at]) => at));
  const activeSince = least(holds.map((hold) => hold.activatedAt));
  const endedAt = current === undefined ? undefined : least([current.endedAt, current.deprovisionedAt]);
  const closesFrom = endedAt === undefined ? undefined : current?.deprovisionedAt ?? endedAt;
  const finalWindowClosesAt = closesFrom === undefined ? undefined : closesFrom + FINAL_WINDOW_SECONDS * 1000;
  return defined({
    ...statusOf(activeSince, finalWindowClosesAt, now, resolution?.firstAt ?? registeredAt ?? least(told.map((fact) => fact.time)) ?? 0),
    agreementId: current?.agreementId,
    agreementIds: holds.map((hold) => hold.agreementId),
    activeSince,
    endedAt,
    endStatus: endedAt === undefined ? undefined : current?.endStatus,
    finalWindowClosesAt,
    registeredAt,
    continuation: isContinuation(holds),
    registrationIds: registrations.map(([id]) => id),
    licenseArn: sendableArn([resolution?.licenseArn]) ?? sendableArn(told.map((fact) => fact.licenseArn)),
    customerAwsAccountId: resolution?.customerAwsAccountId ?? latest(told, 'customerAwsAccountId'),
    productCode: resolution?.productCode ?? latest(told, 'productCode'),
  });
}

/** The agreements that held the license, the one that decides last. */
export function holdsOf(facts: SubscriptionFacts): readonly Hold[] {
  const byAgreement = new Map<string, AgreementFact[]>();
  for (const fact of Object.values(facts.agreements)) {
    byAgreement.set(fact.agreementId, [...byAgreement.get(fact.agreementId) ?? [], fact]);
  }
  const holds = [...byAgreement].map(([agreementId, about]) => holdOf(agreementId, about))
    .filter((hold) => hold.activatedAt !== undefined || hold.deprovisionedAt !== undefined);
  const succeeded = new Set(holds.filter((hold) => hold.activatedAt !== undefined).map((hold) => hold.previousAgreementId));
  const rank = (hold: Hold) => (succeeded.has(hold.agreementId) ? 0 : 1);
  // Of an agreement whose License Updated is not known, the end alone must not hide a successor that came before it.
  const since = (hold: Hold) => hold.activatedAt ?? (CONTINUED.has(hold.endStatus ?? '') ? 0 : hold.deprovisionedAt ?? 0);
  return holds.sort((a, b) => rank(a) - rank(b) || since(a) - since(b) || (a.agreementId < b.agreementId ? -1 : 1));
}

/** Whether the agreement that held the license first goes on from one that held another license (docs/marketplace-facts.md#f-2-4). */
function isContinuation(holds: readonly Hold[]): true | undefined {
  const since = least(holds.map((hold) => hold.activatedAt));
  const first = holds.find((hold) => hold.activatedAt === since);
  const { previousAgreementId: previous, intent = '' } = first ?? {};
  // The manufacturer's variant of the event says no more than the intent (docs/marketplace-facts.md#f-3-4).
  const goesOn = previous === undefined ? CONTINUING.has(intent) : !holds.some((hold) => hold.agreementId === previous);
  return goesOn || undefined;
}

function holdOf(agreementId: string, about: readonly AgreementFact[]): Hold {
  const of = (kind: AgreementFact['kind']) => about.filter((fact) => fact.kind === kind);
  const ended = of('ENDED').filter((fact) => !CONTINUED.has(fact.status ?? ''));
  return defined({
    agreementId,
    activatedAt: least(of('LICENSE_UPDATED').map((fact) => fact.time)),
    deprovisionedAt: least(of('LICENSE_DEPROVISIONED').map((fact) => fact.time)),
    endedAt: least(ended.map((fact) => fact.time)),
    endStatus: latest(ended, 'status') ?? latest(of('ENDED'), 'status'),
    previousAgreementId: latest(of('CREATED'), 'previousAgreementId'),
    intent: latest(of('CREATED'), 'intent'),
  });
}

function statusOf(activeSince: number | undefined, closesAt: number | undefined, now: number, knownSince: number) {
  if (closesAt !== undefined) {
    return { status: now < closesAt ? 'ENDING' as const : 'ENDED' as const, statusAt: closesAt };
  }
  return activeSince === undefined
    ? { status: 'PENDING' as const, statusAt: knownSince }
    : { status: 'ACTIVE' as const, statusAt: activeSince };
}

function least(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

function latest<F extends 'status' | 'intent' | 'previousAgreementId' | 'customerAwsAccountId' | 'productCode'>(
  facts: readonly AgreementFact[], field: F,
): string | undefined {
  return facts.filter((fact) => fact[field] !== undefined)
    .sort((a, b) => a.time - b.time || (String(a[field]) < String(b[field]) ? -1 : 1)).at(-1)?.[field];
}

function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}
