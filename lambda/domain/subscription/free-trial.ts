import type { AgreementFact, SubscriptionFacts } from './facts';
import { SUCCEEDED_STATUSES } from './succeeded-statuses';
import { defined } from '../defined';
import { HOUR_MS, timesIn } from '../time';

/** An agreement's offer with a free trial, as its terms say. Times are epoch milliseconds. */
export interface FreeTrial {
  readonly agreementId: string;
  readonly startedAt: number;
  readonly endsAt: number;
  /** `CONVERTED`: the buyer stays, and pays. `LAPSED`: the subscription ended with the trial. Absent while it is open. */
  readonly outcome?: 'CONVERTED' | 'LAPSED';
  readonly outcomeAt?: number;
  readonly endStatus?: string;
}

/** The event of an end at the same moment may take so long, or be lost and repaired. */
export const TRIAL_DECIDED_AFTER_MS = HOUR_MS;

/**
 * The free trials of a license, by the terms of its agreements. No event announces a trial or its end
 * (docs/marketplace-facts.md#f-3-4): one that is still running when it ends has become a paid subscription, unless its
 * agreement was made for the trial alone. Then a successor decides.
 */
export function freeTrialsOf({ agreements }: SubscriptionFacts, now: number): readonly FreeTrial[] {
  const all = Object.values(agreements);
  return all.flatMap(({ agreementId, trialEndsAt }) => {
    const about = all.filter((fact) => fact.agreementId === agreementId);
    const activatedAt = earliest(about.filter((fact) => fact.kind === 'LICENSE_UPDATED'));
    if (trialEndsAt === undefined || activatedAt === undefined) {
      return [];
    }
    const endsAt = Date.parse(trialEndsAt);
    return [{ agreementId, startedAt: activatedAt, endsAt, ...outcomeOf(about, endsAt, now) }];
  });
}

function outcomeOf(about: readonly AgreementFact[], endsAt: number, now: number): Pick<FreeTrial, 'outcome' | 'outcomeAt' | 'endStatus'> {
  const ends = about.filter(({ kind }) => kind === 'ENDED' || kind === 'LICENSE_DEPROVISIONED');
  const succeededAt = earliest(ends.filter(({ status }) => SUCCEEDED_STATUSES.has(status)));
  if (succeededAt !== undefined) {
    return { outcome: 'CONVERTED', outcomeAt: Math.min(succeededAt, endsAt) };
  }
  const endedAt = earliest(ends) ?? Infinity;
  if (endedAt < endsAt + TRIAL_DECIDED_AFTER_MS) {
    const endStatus = ends.find(({ status }) => status !== undefined)?.status;
    return defined({ outcome: 'LAPSED', outcomeAt: endedAt, endStatus });
  }
  const agreedEnd = Math.max(...timesIn(about.map(({ endTime }) => endTime)));
  const isForTrialAlone = agreedEnd !== -Infinity && agreedEnd <= endsAt;
  return !isForTrialAlone && now >= endsAt + TRIAL_DECIDED_AFTER_MS ? { outcome: 'CONVERTED', outcomeAt: endsAt } : {};
}

function earliest(facts: readonly AgreementFact[]): number | undefined {
  return facts.length === 0 ? undefined : Math.min(...facts.map(({ time }) => time));
}

/**
 * When a trial ends.
 *
 * @param duration days, weeks or months as ISO 8601 writes them, such as P30D
 * @returns undefined for any other text
 */
export function trialEnd(start: number, duration: string): number | undefined {
  const match = /^P(\d{1,4})([DWM])$/.exec(duration);
  if (match === null) {
    return undefined;
  }
  const [, count, unit] = match;
  const end = new Date(start);
  if (unit === 'M') {
    end.setUTCMonth(end.getUTCMonth() + Number(count));
  } else {
    end.setUTCDate(end.getUTCDate() + Number(count) * (unit === 'W' ? 7 : 1));
  }
  return end.getTime();
}
