import { type AgreementScanDependencies, scanAgreements } from './agreement-scan';
import { sweep } from './sweep';
import { countUnresolvedHours, type PendingUsageGauge } from './usage-gauges';
import { METRICS, type MetricDefinition } from '../../src/names';
import type { Clock } from '../domain/clock';
import { describeError } from '../domain/describe-error';
import type { EntitlementStore } from '../domain/entitlements/ports';
import type { Log, MetricSink, PendingEvents } from '../domain/ports';
import { begin, readAhead } from '../domain/read-ahead';
import type { UnlinkedRegistrationStore } from '../domain/registration/ports';
import { hasMoved } from '../domain/subscription/migration';
import type { DueStore, Progress, ReconciliationProgress, SubscriptionStore } from '../domain/subscription/ports';
import { REGISTRATION_EXPECTED_WITHIN_MS } from '../domain/subscription/unregistered';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../domain/time';
import type { UsageGaugeStore } from '../domain/usage/ports';
import type { EntitlementChecks } from '../subscriptions/entitlement-checks';
import type { Subscriptions } from '../subscriptions/subscriptions';

/** A handler publishes its own events; the sweep takes only those that it has left behind. */
const SWEEP_AFTER_MS = 30 * SECOND_MS;
const BACKLOG_AFTER_MS = 15 * MINUTE_MS;
export const STUCK_PENDING_AFTER_MS = HOUR_MS;
/** A contract is activated when it is paid, which takes hours or days. */
export const CONTRACT_STUCK_PENDING_AFTER_MS = 3 * DAY_MS;
/** A purchase that failed leaves only a registration (docs/marketplace-facts.md#f-8), which must not keep an alarm on for ever. */
const FORGOTTEN_AFTER_MS = 7 * DAY_MS;
/** How often subscriptions are checked for a registration: the seller is informed of a case a day after the activation, so an hour matters little. */
const UNREGISTERED_CHECK_INTERVAL_MS = HOUR_MS;
/** Work that would start later than this before the timeout is left to the next run. */
const RESERVE_MS = 10 * SECOND_MS;
/** Reading an agreement takes longer: each of its calls to AWS is tried several times. */
const AGREEMENT_RESERVE_MS = 60 * SECOND_MS;

export interface ReconciliationDependencies {
  readonly store: SubscriptionStore;
  readonly unlinked: UnlinkedRegistrationStore;
  readonly subscriptions: Subscriptions;
  readonly progress: ReconciliationProgress;
  /** Of the subscriptions and of the usage table. */
  readonly outboxes: readonly PendingEvents[];
  /** Absent: the pricing model has no metering. */
  readonly usage?: { readonly gauges: UsageGaugeStore; readonly pending: PendingUsageGauge } | undefined;
  /** Absent: the pricing model has no entitlements. */
  readonly entitlements?: EntitlementStore | undefined;
  readonly entitlementChecks?: EntitlementChecks | undefined;
  /** Absent: the product is of the legacy kind, whose agreements do not name the customer identifier. */
  readonly agreements?: Pick<AgreementScanDependencies, 'source' | 'trials' | 'productCode'> | undefined;
  /** Absent: no buyer is migrated. */
  readonly migrations?: DueStore | undefined;
  /** How long AWS may take to activate a subscription. */
  readonly stuckPendingAfterMs: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: MetricSink;
}

/** What a step found, by metric: a gauge is written once a run, summed over the steps. */
interface Found {
  readonly gauges: readonly (readonly [MetricDefinition, number])[];
  /** False: something was left out, and there may be more. */
  readonly complete: boolean;
}

const NOTHING_FOUND: Found = { gauges: [], complete: true };

/**
 * Makes its first read at once, beside those of the other steps: most runs find nothing, and only wait for answers. What it returns is the rest of
 * its work, which is done in its turn.
 */
type Step = (deps: ReconciliationDependencies, run: Run) => () => Promise<Found>;

interface Run {
  readonly progress: Promise<Progress>;
  /** Asked before each item; `reserveMs` is the longest that it takes. */
  readonly hasTime: (reserveMs?: number) => boolean;
  /**
   * Works on one item; a failure is kept for the end of the run, and stops neither the step nor another item.
   *
   * @returns false: it failed
   */
  readonly attempt: (item: object, work: () => Promise<void>) => Promise<boolean>;
}

/**
 * Does what no event does: ends subscriptions whose final hour is over, publishes pending events, links registrations to
 * licenses, repairs what lost events left out, and reports what is stuck. A step or an item that fails stops no other; the next run does what is left.
 * A gauge is not written when it is 0 and the run did not look everywhere: that would end an alarm with a guess.
 *
 * @param remainingMs how long the run may still take
 * @throws the first failure, after all steps had their turn, so that the function's error alarm sees it
 */
export async function reconcile(deps: ReconciliationDependencies, remainingMs: () => number): Promise<void> {
  const failures: unknown[] = [];
  const gauges = new Map<MetricDefinition, number>();
  const incomplete = new Set<MetricDefinition>();
  const attempt = async (message: string, about: object, work: () => Promise<void>) => {
    try {
      await work();
      return true;
    } catch (error) {
      failures.push(error);
      deps.log.error(message, { ...about, ...describeError(error) });
      return false;
    }
  };
  const progress = begin(deps.progress.read());
  const steps = STEPS.map(([step, ...reported]) => ({
    name: step.name,
    reported,
    work: step(deps, {
      progress,
      hasTime: (reserveMs = RESERVE_MS) => remainingMs() > reserveMs,
      attempt: async (item, work) => attempt('An item could not be reconciled', { step: step.name, ...item }, work),
    }),
  }));
  for (const { name, reported, work } of steps) {
    let complete = false;
    await attempt('A step of the reconciliation failed', { step: name }, async () => {
      const found = await work();
      for (const [metric, value] of found.gauges) {
        gauges.set(metric, (gauges.get(metric) ?? 0) + value);
      }
      complete = found.complete;
    });
    if (!complete) {
      reported.forEach((metric) => incomplete.add(metric));
    }
  }
  // The heartbeat: its absence is an alarm, so it is written even if a step failed.
  deps.metrics.add(METRICS.RECONCILIATION_RUNS);
  write(gauges, incomplete, deps.metrics);
  if (failures.length > 0) {
    throw failures[0];
  }
}

function write(gauges: ReadonlyMap<MetricDefinition, number>, incomplete: ReadonlySet<MetricDefinition>, metrics: MetricSink): void {
  for (const [metric, value] of gauges) {
    if (value === 0 && incomplete.has(metric)) {
      continue;
    }
    metrics.add(metric, value);
  }
  metrics.flush();
}

/** No event closes the final hour (docs/marketplace-facts.md#f-3-7). */
const endSubscriptions: Step = ({ store, subscriptions, clock, log }, { hasTime, attempt }) => {
  const now = clock.now();
  const ending = readAhead(store.licensesByStatus('ENDING', now));
  return async () => {
    for await (const licenseId of ending) {
      if (!hasTime()) {
        break;
      }
      await attempt({ licenseId }, async () => {
        const { state } = await subscriptions.reevaluate(licenseId, now);
        log.info('The final hour is over', { licenseId, status: state.status });
      });
    }
    return NOTHING_FOUND;
  };
};

/** At its cut-over the former key of a migrated buyer ends, which no event reports. */
const endFormerKeys: Step = ({ migrations, store, subscriptions, clock, log }, { hasTime, attempt }) => {
  const now = clock.now();
  const due = migrations && readAhead(migrations.due(now));
  return async () => {
    for await (const licenseId of due ?? []) {
      if (!hasTime()) {
        break;
      }
      await attempt({ licenseId }, async () => {
        const { state } = await subscriptions.reevaluate(licenseId, now);
        if (state.continuesAs !== undefined && !hasMoved((await store.read(state.continuesAs))?.facts ?? {}, licenseId)) {
          // Nothing is metered for this buyer until a person sends the request again.
          throw new Error(`the move to ${state.continuesAs} was interrupted: send the request to migrate again (docs/legacy-migration.md)`);
        }
        await migrations?.forget(licenseId, now);
        log.info('The cut-over of a buyer has begun', { licenseId, status: state.status, continuesAs: state.continuesAs });
      });
    }
    return NOTHING_FOUND;
  };
};

/** Asks AWS about contracts whose entitlements are unknown, may have changed, or were not read for a day. */
const checkEntitlements: Step = ({ entitlements, entitlementChecks, clock, metrics }, { hasTime, attempt }) => {
  const due = entitlementChecks && entitlements && readAhead(entitlements.due(clock.now()));
  return async () => {
    for await (const licenseId of due ?? []) {
      if (!hasTime()) {
        break;
      }
      await attempt({ licenseId }, async () => {
        const checked = await entitlementChecks?.check(licenseId);
        metrics.add(METRICS.ENTITLEMENTS_REPAIRED, checked?.events.length ?? 0);
      });
    }
    return NOTHING_FOUND;
  };
};

const linkRegistrations: Step = ({ unlinked, subscriptions, stuckPendingAfterMs, clock, log }, { hasTime, attempt }) => {
  const now = clock.now();
  const accounts = readAhead(unlinked.accounts());
  return async () => {
    let stuck = 0;
    let complete = true;
    for await (const { waitingSince, ...account } of accounts) {
      if (!hasTime()) {
        complete = false;
        break;
      }
      const linked = await attempt(account, async () => {
        const { waiting } = await subscriptions.linkWaiting(account, now);
        const age = now - waitingSince;
        if (waiting > 0 && age > stuckPendingAfterMs && age < FORGOTTEN_AFTER_MS) {
          stuck += waiting;
          log.warn('Registrations wait for a license that is not certain', { ...account, waiting });
        }
      });
      complete &&= linked;
    }
    return { gauges: [[METRICS.SUBSCRIPTIONS_STUCK_PENDING, stuck]], complete };
  };
};

const reportStuckSubscriptions: Step = ({ store, stuckPendingAfterMs, clock }, { hasTime }) => {
  const now = clock.now();
  const pending = begin(store.countByStatus('PENDING', { after: now - FORGOTTEN_AFTER_MS, until: now - stuckPendingAfterMs, hasTime }));
  return async () => {
    const { count, complete } = await pending;
    return { gauges: [[METRICS.SUBSCRIPTIONS_STUCK_PENDING, count]], complete };
  };
};

/** No event announces that a trial has become a paid subscription (docs/marketplace-facts.md#f-3-4). */
async function endFreeTrials({ agreements, subscriptions, clock, log }: ReconciliationDependencies, { hasTime, attempt }: Run): Promise<void> {
  const now = clock.now();
  for await (const licenseId of agreements?.trials.due(now) ?? []) {
    if (!hasTime()) {
      break;
    }
    await attempt({ licenseId }, async () => {
      const { events } = await subscriptions.reevaluate(licenseId, now);
      await agreements?.trials.forget(licenseId, now);
      log.info('A free trial is over', { licenseId, events: events.map(({ detailType }) => detailType) });
    });
  }
}

/**
 * Once an hour: ends free trials, and counts subscriptions that became a day old without a registration since the last check,
 * each once: so a new case starts the alarm again while an old one is open, and only new ones are read. A crash in between may
 * count a case twice.
 */
const checkEveryHour: Step = (deps, run) => {
  const { store, progress, clock, metrics } = deps;
  const { hasTime } = run;
  const until = clock.now() - REGISTRATION_EXPECTED_WITHIN_MS;
  return async () => {
    const { unregisteredCheckedUntil: after = 0 } = await run.progress;
    if (until - after >= UNREGISTERED_CHECK_INTERVAL_MS) {
      await endFreeTrials(deps, run);
      const { count, complete } = await store.countByStatus('ACTIVE', { after, until, unregistered: true, hasTime });
      metrics.add(METRICS.SUBSCRIPTIONS_UNREGISTERED, count);
      metrics.flush();
      if (complete) {
        await progress.writeUnregisteredCheckedUntil(until);
      }
    }
    return NOTHING_FOUND;
  };
};

/** The only writer of this gauge: it also sees usage that waits while no run of metering completes. */
const reportPendingUsage: Step = ({ usage, clock }, { hasTime }) => {
  const now = clock.now();
  const unfinished = usage?.gauges.unfinished(now);
  return async () => {
    if (usage === undefined || unfinished === undefined) {
      return NOTHING_FOUND;
    }
    const { hourEnd, all: complete } = await usage.pending.oldest(unfinished, now, hasTime);
    return { gauges: [[METRICS.OLDEST_PENDING_USAGE_AGE, hourEnd === undefined ? 0 : Math.max(0, (now - hourEnd) / SECOND_MS)]], complete };
  };
};

/** Metering counts an hour once, when its outcome becomes unresolved; this gauge shows it until a person has settled it. */
const reportUnresolvedHours: Step = ({ usage }, { hasTime }) => {
  const unresolved = usage?.gauges.unresolved();
  return async () => {
    if (unresolved === undefined) {
      return NOTHING_FOUND;
    }
    const { count, conflicts, all: complete } = await countUnresolvedHours(unresolved, hasTime);
    return { gauges: [[METRICS.METERING_RECORDS_UNRESOLVED, count], [METRICS.METERING_CONFLICTS, conflicts]], complete };
  };
};

const sweepOutboxes: Step = ({ outboxes, clock, log }, { hasTime }) => {
  const now = clock.now();
  const waiting = outboxes.map((outbox) => ({ outbox, items: outbox.list(now - SWEEP_AFTER_MS) }));
  return async () => {
    let backlog = 0;
    for (const { outbox, items } of waiting) {
      const swept = await sweep(outbox, { items, overdueBefore: now - BACKLOG_AFTER_MS, hasTime }, log);
      backlog += swept.overdue;
      if (swept.published > 0 || swept.failed > 0) {
        log.info('Swept an outbox', { ...swept });
      }
    }
    return { gauges: [[METRICS.OUTBOX_BACKLOG, backlog]], complete: true };
  };
};

/** Records what lost events would have reported, from AWS's own record of the agreements. */
const repairSubscriptions: Step = ({ agreements, ...deps }, { progress, hasTime, attempt }) => {
  return async () => {
    if (agreements !== undefined) {
      const { agreements: known } = await progress;
      await scanAgreements({ ...deps, ...agreements }, known, { hasTime: () => hasTime(AGREEMENT_RESERVE_MS), attempt });
    }
    return NOTHING_FOUND;
  };
};

/**
 * Each step with the metrics it reports. The sweep and the scan of agreements are last: neither a bus that hangs nor a long
 * scan must cost the reports their time.
 */
const STEPS: readonly (readonly [Step, ...MetricDefinition[]])[] = [
  [endSubscriptions],
  [endFormerKeys],
  [checkEntitlements],
  [linkRegistrations, METRICS.SUBSCRIPTIONS_STUCK_PENDING],
  [reportStuckSubscriptions, METRICS.SUBSCRIPTIONS_STUCK_PENDING],
  [checkEveryHour],
  [reportPendingUsage, METRICS.OLDEST_PENDING_USAGE_AGE],
  [reportUnresolvedHours, METRICS.METERING_RECORDS_UNRESOLVED, METRICS.METERING_CONFLICTS],
  [sweepOutboxes, METRICS.OUTBOX_BACKLOG],
  [repairSubscriptions],
];
