import type { ApiKeyModel, QuotaModel, UsagePlanModel } from './model';
import type { Clock } from '../../ports';

const DAY_MILLIS = 86_400_000;
/** 1970-01-01 was a Thursday, and weeks begin on Sunday. */
const EPOCH_WEEKDAY = 4;

export interface ApiKeysInput {
  readonly clock: Clock;
  readonly keys: readonly ApiKeyModel[];
  readonly plans: readonly UsagePlanModel[];
}

/** Which keys are good where, and how often they were used, in periods of virtual time. Rates are not limited. */
export class ApiKeys {
  /** Requests by usage plan, key and start of the period. */
  private readonly used = new Map<string, number>();

  constructor(private readonly input: ApiKeysInput) {}

  /** Counts a request with a key: the key, or why it may not pass. */
  take(value: string | undefined, apiId: string, stage: string): ApiKeyModel | 'invalidApiKey' | 'quotaExceeded' {
    const key = this.input.keys.find((candidate) => candidate.enabled && candidate.value === value);
    const plan = key && this.input.plans.find(({ keyIds, stages }) => keyIds.includes(key.id)
      && stages.some((candidate) => candidate.apiId === apiId && candidate.stage === stage));
    if (!key || !plan) {
      return 'invalidApiKey';
    }
    if (plan.quota) {
      const counted = JSON.stringify([plan.id, key.id, periodStart(plan.quota, this.input.clock.now())]);
      const used = this.used.get(counted) ?? 0;
      if (used >= plan.quota.limit) {
        return 'quotaExceeded';
      }
      this.used.set(counted, used + 1);
    }
    return key;
  }

  clear(): void {
    this.used.clear();
  }
}

/** Epoch milliseconds at which the period of a time began, in UTC. */
export function periodStart({ period, offsetDays }: Pick<QuotaModel, 'period' | 'offsetDays'>, now: number): number {
  const shifted = now - offsetDays * DAY_MILLIS;
  const day = Math.floor(shifted / DAY_MILLIS);
  const start = period === 'DAY' ? day * DAY_MILLIS
    : period === 'WEEK' ? (day - (day + EPOCH_WEEKDAY) % 7) * DAY_MILLIS
      : Date.UTC(new Date(shifted).getUTCFullYear(), new Date(shifted).getUTCMonth());
  return start + offsetDays * DAY_MILLIS;
}
