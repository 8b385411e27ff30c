import { countUnresolvedHours, type PendingUsageGauge } from './usage-gauges';
import { METRICS, type MetricDefinition } from '../../src/names';
import { describeError, type Log, type MetricSink } from '../adapters/aws/logging';
import type { Outbox } from '../adapters/events/outbox';
import type { UnlinkedRegistrations } from '../adapters/subscriptions/unlinked-registrations';
import type { Clock } from '../domain/clock';
import { NO_FACTS } from '../domain/subscription/facts';
import type { UsageGaugeStore } from '../domain/usage/ports';
import type { RegistrationLinks } from '../subscriptions/registration-links';
import type { SubscriptionStore } from '../subscriptions/subscription-store';

/** A handler that is at it sends its events itself; only what it left is swept. */
const SWEEP_AFTER_MILLIS = 30_000;
const BACKLOG_AFTER_MILLIS = 15 * 60_000;
const STUCK_PENDING_AFTER_MILLIS = 3_600_000;
/** A purchase that failed leaves nothing but a registration (docs/marketplace-facts.md#f-8): it must not keep an alarm on for ever. */
const FORGOTTEN_AFTER_MILLIS = 7 * 24 * 3_600_000;
const UNREGISTERED_AFTER_MILLIS = 24 * 3_600_000;
/** Work that would start later than this before the timeout is left to the next run. */
const RESERVE_MILLIS = 10_000;

export interface ReconciliationDependencies {
  readonly store: SubscriptionStore;
  readonly unlinked: UnlinkedRegistrations;
  readonly links: RegistrationLinks;
  /** Of the subscriptions and of the usage table. */
  readonly outboxes: readonly Outbox[];
  readonly pendingUsage: PendingUsageGauge;
  readonly usageGauges: UsageGaugeStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: MetricSink;
}

/** What a step found, by metric: a gauge is written once a run, summed over the steps. */
interface Found {
  readonly gauges: readonly (readonly [MetricDefinition, number])[];
  /** Nothing was left out: else there may be more. */
  readonly all: boolean;
}

type Step = (on: ReconciliationDependencies, run: Run) => Promise<Found>;

interface Run {
  /** Asked before each item. */
  readonly mayGoOn: () => boolean;
  /**
   * Works on one item; a failure is kept for the end of the run, and stops neither the step nor another item.
   *
   * @returns false: it failed
   */
  readonly attempt: (item: object, work: () => Promise<void>) => Promise<boolean>;
}

/**
 * Does what no event does: ends subscriptions whose final hour is over, sends what outboxes owe, links registrations
 * to licenses, and reports what is stuck. Neither a step nor an item that fails stops another; whatever is left is done
 * by the next run. A gauge is not written when it is 0 as far as somebody looked: that would end an alarm with a guess.
 *
 * @param remainingMillis how long the run may still take
 * @throws the first failure, after all had their turn, so that the function's error alarm sees it
 */
export async function reconcile(on: ReconciliationDependencies, remainingMillis: () => number): Promise<void> {
  const failures: unknown[] = [];
  const gauges = new Map<MetricDefinition, number>();
  const notAll = new Set<MetricDefinition>();
  for (const [step, ...told] of STEPS) {
    const attempt = async (message: string, about: object, work: () => Promise<void>) => {
      try {
        await work();
        return true;
      } catch (error) {
        failures.push(error);
        on.log.error(message, { step: step.name, ...about, ...describeError(error) });
        return false;
      }
    };
    let all = false;
    await attempt('A step of the reconciliation failed', {}, async () => {
      const found = await step(on, {
        mayGoOn: () => remainingMillis() > RESERVE_MILLIS,
        attempt: async (item, work) => attempt('An item could not be reconciled', item, work),
      });
      for (const [metric, value] of found.gauges) {
        gauges.set(metric, (gauges.get(metric) ?? 0) + value);
      }
      all = found.all;
    });
    if (!all) {
      told.forEach((metric) => notAll.add(metric));
    }
  }
  write(gauges, notAll, on.metrics);
  if (failures.length > 0) {
    throw failures[0];
  }
}

function write(gauges: ReadonlyMap<MetricDefinition, number>, notAll: ReadonlySet<MetricDefinition>, metrics: MetricSink): void {
  for (const [metric, value] of gauges) {
    if (value === 0 && notAll.has(metric)) {
      continue;
    }
    metrics.add(metric, value);
  }
  metrics.flush();
}

/** No event closes the final hour (docs/marketplace-facts.md#f-3-7). */
const endSubscriptions: Step = async ({ store, clock, log }, { mayGoOn, attempt }) => {
  const now = clock.now();
  for await (const { licenseId } of store.table.byStatus('ENDING', now)) {
    if (!mayGoOn()) {
      break;
    }
    await attempt({ licenseId }, async () => {
      const { transition } = await store.learn(licenseId, NO_FACTS, now);
      log.info('Final hour is over', { licenseId, status: transition.state.status });
    });
  }
  return { gauges: [], all: true };
};

const linkRegistrations: Step = async ({ unlinked, links, clock, log }, { mayGoOn, attempt }) => {
  const now = clock.now();
  let stuck = 0;
  let all = true;
  for await (const { waitingSince, ...account } of unlinked.accounts()) {
    if (!mayGoOn()) {
      all = false;
      break;
    }
    const linked = await attempt(account, async () => {
      const { waiting } = await links.link(account, now);
      const age = now - waitingSince;
      if (waiting > 0 && age > STUCK_PENDING_AFTER_MILLIS && age < FORGOTTEN_AFTER_MILLIS) {
        stuck += waiting;
        log.warn('Registrations wait for a license that cannot be told', { ...account, waiting });
      }
    });
    all &&= linked;
  }
  return { gauges: [[METRICS.SUBSCRIPTIONS_STUCK_PENDING, stuck]], all };
};

const reportStuckSubscriptions: Step = async ({ store, clock }, { mayGoOn }) => {
  const now = clock.now();
  const pending = await store.table.countByStatus('PENDING', {
    after: now - FORGOTTEN_AFTER_MILLIS, until: now - STUCK_PENDING_AFTER_MILLIS, mayGoOn,
  });
  const active = await store.table.countByStatus('ACTIVE', { after: 0, until: now - UNREGISTERED_AFTER_MILLIS, unregistered: true, mayGoOn });
  return {
    gauges: [[METRICS.SUBSCRIPTIONS_STUCK_PENDING, pending.count], [METRICS.SUBSCRIPTIONS_UNREGISTERED, active.count]],
    all: pending.all && active.all,
  };
};

/** The only writer of this gauge: it also sees usage that waits while no run of metering completes. */
const reportWaitingUsage: Step = async ({ pendingUsage, clock }, { mayGoOn }) => {
  const now = clock.now();
  const { hourEnd, all } = await pendingUsage.oldest(now, mayGoOn);
  return { gauges: [[METRICS.OLDEST_PENDING_USAGE_AGE, hourEnd === undefined ? 0 : Math.max(0, (now - hourEnd) / 1000)]], all };
};

/** Metering counts an hour once, when it gives it up: this tells of it until somebody has settled it. */
const reportUnresolvedHours: Step = async ({ usageGauges }, { mayGoOn }) => {
  const { count, conflicts, all } = await countUnresolvedHours(usageGauges, mayGoOn);
  return { gauges: [[METRICS.METERING_RECORDS_UNRESOLVED, count], [METRICS.METERING_CONFLICTS, conflicts]], all };
};

const sweepOutboxes: Step = async ({ outboxes, clock, log }, { mayGoOn }) => {
  const now = clock.now();
  let backlog = 0;
  for (const outbox of outboxes) {
    const { sent, failed, overdue } = await outbox.sweep({
      owedBefore: now - SWEEP_AFTER_MILLIS, overdueBefore: now - BACKLOG_AFTER_MILLIS, mayGoOn,
    }, log);
    backlog += overdue;
    if (sent > 0 || failed > 0) {
      log.info('Swept an outbox', { sent, failed, overdue });
    }
  }
  return { gauges: [[METRICS.OUTBOX_BACKLOG, backlog]], all: true };
};

/** Each with the metrics it tells. The sweep is last: what hangs in it must not cost the reports their time. */
const STEPS: readonly (readonly [Step, ...MetricDefinition[]])[] = [
  [endSubscriptions],
  [linkRegistrations, METRICS.SUBSCRIPTIONS_STUCK_PENDING],
  [reportStuckSubscriptions, METRICS.SUBSCRIPTIONS_STUCK_PENDING, METRICS.SUBSCRIPTIONS_UNREGISTERED],
  [reportWaitingUsage, METRICS.OLDEST_PENDING_USAGE_AGE],
  [reportUnresolvedHours, METRICS.METERING_RECORDS_UNRESOLVED, METRICS.METERING_CONFLICTS],
  [sweepOutboxes, METRICS.OUTBOX_BACKLOG],
];
