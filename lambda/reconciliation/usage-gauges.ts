import type { Clock } from '../domain/clock';
import { defined } from '../domain/defined';
import type { SubscriptionStore } from '../domain/subscription/ports';
import { subscriptionState } from '../domain/subscription/state';
import { MINUTE_MS, hourEnd } from '../domain/usage/ledger/hour';
import { type BucketMeta, isZero, UnbilledReason } from '../domain/usage/ledger/ledger';
import type { UsageGaugeStore } from '../domain/usage/ports';

/** Three runs of metering: younger usage of an old hour is late, not stuck, and the next run handles it. */
const JUST_ARRIVED_MS = 15 * MINUTE_MS;
/** Reads in each shard in search of an hour that waits. */
const MAX_READS = 300;
/** Lines read of one bucket. */
const MAX_LINES = 100;

/** Whether AWS has activated the subscription of a license, by what is stored of it. */
export function activationCheck(store: Pick<SubscriptionStore, 'read'>, clock: Clock): (licenseId: string) => Promise<boolean> {
  return async (licenseId) => {
    const subscription = await store.read(licenseId);
    return subscription !== undefined && subscriptionState(subscription.facts, clock.now()).status !== 'PENDING';
  };
}

/** What a search found; `all`: it looked at everything. */
export interface PendingUsage {
  /** End of the oldest pending hour, epoch milliseconds; absent: none is pending. */
  readonly hourEnd?: number;
  readonly all: boolean;
}

/** Finds the oldest usage that is closed and not billed, also when no run of metering completes. */
export class PendingUsageGauge {
  /** @param wasActivated whether AWS has ever activated the subscription of a license: see {@link activationCheck} */
  constructor(private readonly store: UsageGaugeStore, private readonly wasActivated: (licenseId: string) => Promise<boolean>) {}

  /**
   * An hour without usage does not count, whether AWS accepts its zero record or not. Late usage of a billed hour does not
   * count, nor usage of a license that AWS has not activated: one buyer whose payment is open, or a mistyped id, would otherwise
   * keep the gauge high for a month. `SubscriptionsStuckPending` and `UsageWaitingForUnknownLicense` count those.
   *
   * @param unfinished buckets that are due, by shard
   */
  async oldest(unfinished: readonly AsyncIterable<readonly BucketMeta[]>[], now: number, mayContinue: () => boolean): Promise<PendingUsage> {
    const activated = new Map<string, boolean>();
    const ends: number[] = [];
    let all = true;
    for (const shard of unfinished) {
      const end = await this.oldestOf(shard, now, activated, mayContinue);
      if (end === 'GIVEN_UP') {
        all = false;
      } else if (end !== undefined) {
        ends.push(end);
      }
    }
    return defined({ hourEnd: ends.length > 0 ? Math.min(...ends) : undefined, all });
  }

  private async oldestOf(
    shard: AsyncIterable<readonly BucketMeta[]>, now: number, activated: Map<string, boolean>, mayContinue: () => boolean,
  ): Promise<number | 'GIVEN_UP' | undefined> {
    let reads = 0;
    for await (const page of shard) {
      for (const meta of page) {
        const { licenseId } = meta.bucket;
        if (reads >= MAX_READS || !mayContinue()) {
          return 'GIVEN_UP';
        }
        if (!activated.has(licenseId)) {
          reads += 1;
          activated.set(licenseId, await this.wasActivated(licenseId));
        }
        if (activated.get(licenseId) && !isZero(meta)) {
          reads += 1;
          if (await this.isPending(meta, now)) {
            return hourEnd(meta.bucket.hour);
          }
        }
      }
      // a page may be empty: the index also lists buckets that are billed
      if (!mayContinue()) {
        return 'GIVEN_UP';
      }
    }
    return undefined;
  }

  /** Whether the bucket has usage that was there during the last runs of metering, as far as its first lines show. */
  private async isPending({ bucket }: BucketMeta, now: number): Promise<boolean> {
    const lines = await this.store.firstContentLines(bucket, MAX_LINES);
    return lines.some(({ amount, receivedAt = 0 }) => !amount.isZero() && receivedAt <= now - JUST_ARRIVED_MS);
  }
}

/** `conflicts`: hours that another deployment has metered; `all`: nothing was left out. */
export interface UnresolvedHours {
  readonly count: number;
  readonly conflicts: number;
  readonly all: boolean;
}

/** Counts hours that wait for a person: only CloudTrail shows whether AWS accepted them. */
export async function countUnresolvedHours(
  unresolved: AsyncIterable<{ readonly reason?: string }>, mayContinue: () => boolean,
): Promise<UnresolvedHours> {
  let count = 0;
  let conflicts = 0;
  for await (const { reason } of unresolved) {
    if (!mayContinue()) {
      return { count, conflicts, all: false };
    }
    count += 1;
    if (reason === UnbilledReason.METERED_ELSEWHERE || reason === UnbilledReason.MAYBE_METERED_ELSEWHERE) {
      conflicts += 1;
    }
  }
  return { count, conflicts, all: true };
}
