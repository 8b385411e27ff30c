import type { DimensionConfig, OverageConfig } from '../../src/names';
import type { Clock } from '../domain/clock';
import type { EntitlementHistory } from '../domain/entitlements/ports';
import type { MeteredLicense } from '../domain/subscription-directory';
import type { Bucket } from '../domain/usage/ledger/bucket';
import { hourEnd, hourStart } from '../domain/usage/ledger/hour';
import { type BucketMeta, difference, undecidedUnits } from '../domain/usage/ledger/ledger';
import type { Lines } from '../domain/usage/ledger/next-step';
import { type Draw, draw } from '../domain/usage/overage/allowance';
import { entitledIn, isKnown, periodOf } from '../domain/usage/overage/entitled';
import type { AllowanceStore } from '../domain/usage/ports';

export interface DrawsDependencies {
  readonly entitlements: EntitlementHistory;
  readonly allowances: AllowanceStore;
}

/** Hours of one license that are worked on at the same time draw on one allowance. */
const MAX_ATTEMPTS = 10;

/** `STALE`: others drew meanwhile, so the lines have to be read again. */
export type DrawOutcome = Draw | 'EntitlementsUnknown' | 'STALE';

/** Lets usage draw on the entitlement of its hour, each unit once whatever crashes or runs at the same time. */
export class Draws {
  constructor(private readonly deps: DrawsDependencies, private readonly overage: OverageConfig, private readonly clock: Clock) {}

  /** Whether AWS has yet to show what the license is entitled to in the hour. */
  async isUnknown(bucket: Bucket, license: MeteredLicense | undefined): Promise<boolean> {
    return !isKnown(bucket.hour, await this.entitlementsOf(bucket), license);
  }

  /**
   * Decides about the usage that no draw has decided about. The allowance is read before the draws of the bucket: then the line of
   * every draw that it counts is among them, as the last draw's line is put here before another draw takes its place.
   *
   * @param lines of the bucket, with undecided usage
   */
  async draw(meta: BucketMeta, { content, out }: Lines, license: MeteredLicense | undefined): Promise<DrawOutcome> {
    const { allowances } = this.deps;
    const { bucket } = meta;
    const known = await this.entitlementsOf(bucket);
    if (!isKnown(bucket.hour, known, license)) {
      return 'EntitlementsUnknown';
    }
    const key = { licenseId: license?.migratedFrom ?? bucket.licenseId, dimension: bucket.dimension, period: periodOf(this.overage, bucket.hour) };
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const before = await allowances.readAllowance(key);
      if (before !== undefined) {
        await allowances.putDraw(before.last, this.clock.now());
      }
      const decided = await allowances.countDraws(bucket);
      if (decided !== content.decided.length) {
        return 'STALE';
      }
      const undecided = { bucket, n: decided, units: undecidedUnits(content), rest: difference(meta, content, out) };
      const after = draw(undecided, entitledIn(this.overage, bucket.hour, known), before);
      if (await allowances.saveAllowance(key, after, this.clock.now())) {
        await allowances.putDraw(after.last, this.clock.now());
        return after.last;
      }
    }
    return 'STALE';
  }

  private async entitlementsOf({ licenseId, hour }: Bucket) {
    return this.deps.entitlements.during(licenseId, hourStart(hour), hourEnd(hour));
  }
}

/** Undefined: all usage of the dimension is billed. */
export function drawsOf(
  { dimensions, draws, clock }: { dimensions: readonly DimensionConfig[]; draws?: DrawsDependencies | undefined; clock: Clock }, dimension: string,
): Draws | undefined {
  const overage = dimensions.find(({ name }) => name === dimension)?.overage;
  return overage && draws && new Draws(draws, overage, clock);
}
