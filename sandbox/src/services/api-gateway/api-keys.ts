import type { ApiKeyModel, QuotaModel, RateModel, UsagePlanModel } from './model';
import { TokenBucket } from '../../clock/token-bucket';
import type { Clock } from '../../ports';

const DAY_MILLIS = 86_400_000;
/** 1970-01-01 was a Thursday, and weeks begin on Sunday. */
const EPOCH_WEEKDAY = 4;

export interface ApiKeysInput {
  readonly clock: Clock;
  readonly keys: readonly ApiKeyModel[];
  readonly plans: readonly UsagePlanModel[];
}

interface CalledMethod {
  readonly apiId: string;
  readonly stage: string;
  readonly method: string;
}

/** Which keys are good where, how fast they are used, and how often in a period, all in virtual time. */
export class ApiKeys {
  /** Requests by usage plan, key and start of the period. */
  private readonly used = new Map<string, number>();
  /** By usage plan, key, and the method if it has a rate of its own. */
  private readonly buckets = new Map<string, TokenBucket>();

  constructor(private readonly input: ApiKeysInput) {}

  /**
   * Counts a request with a key: the key, or why it may not pass.
   *
   * @param method path and HTTP method, as usage plans name it: `/items/GET`
   */
  take(value: string | undefined, { apiId, stage, method }: CalledMethod): ApiKeyModel | 'invalidApiKey' | 'throttled' | 'quotaExceeded' {
    const key = this.input.keys.find((candidate) => candidate.enabled && candidate.value === value);
    const planned = (plan: UsagePlanModel) => plan.stages.find((candidate) => candidate.apiId === apiId && candidate.stage === stage);
    const plan = key && this.input.plans.find((candidate) => candidate.keyIds.includes(key.id) && planned(candidate));
    if (!key || !plan) {
      return 'invalidApiKey';
    }
    const ownRate = planned(plan)?.methods[method];
    if (!this.isWithin(ownRate ?? plan.throttle, [plan.id, key.id, ...ownRate ? [apiId, stage, method] : []])) {
      return 'throttled';
    }
    return this.isLeft(plan, key) ? key : 'quotaExceeded';
  }

  clear(): void {
    this.used.clear();
    this.buckets.clear();
  }

  private isWithin(limit: RateModel | undefined, counted: readonly string[]): boolean {
    const id = JSON.stringify(counted);
    const bucket = this.buckets.get(id) ?? new TokenBucket();
    this.buckets.set(id, bucket);
    return limit === undefined || bucket.take(limit.rate, this.input.clock.now(), limit.burst);
  }

  private isLeft({ id, quota }: UsagePlanModel, key: ApiKeyModel): boolean {
    if (!quota) {
      return true;
    }
    const counted = JSON.stringify([id, key.id, periodStart(quota, this.input.clock.now())]);
    const used = this.used.get(counted) ?? 0;
    this.used.set(counted, used + 1);
    return used < quota.limit;
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
