import type { DrawsDependencies } from './draws';
import type { DimensionConfig } from '../../src/names';
import type { Clock } from '../domain/clock';
import type { Log, MetricSink } from '../domain/ports';
import type { SubscriptionDirectory } from '../domain/subscription-directory';
import type { MeteringApi } from '../domain/usage/ledger/outcome';
import type { MeteringRules } from '../domain/usage/ledger/rules';
import type { ControlStore, DueStore, LedgerStore } from '../domain/usage/ports';

/** All that metering reaches outside of itself. */
export interface MeteringDependencies {
  readonly ledger: LedgerStore;
  readonly due: DueStore;
  readonly control: ControlStore;
  readonly directory: SubscriptionDirectory;
  readonly api: MeteringApi;
  readonly clock: Clock;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Never the same twice, over all runs. */
  readonly newToken: () => string;
  readonly log: Log;
  readonly metrics: MetricSink;
  readonly rules: MeteringRules;
  readonly mode: 'LIVE' | 'DRY_RUN';
  /** Region in which BatchMeterUsage is called. */
  readonly meteringRegion: string;
  readonly productCode: string;
  readonly dimensions: readonly DimensionConfig[];
  /** Absent: no dimension is an overage. */
  readonly draws?: DrawsDependencies | undefined;
  readonly maxCallsPerSecond: number;
  /** Calls that may be under way, and groups of buckets that may be at work. 1: everything happens in one order. */
  readonly lanes: number;
  /** Table operations that may be under way within a lane. */
  readonly concurrency: number;
}
