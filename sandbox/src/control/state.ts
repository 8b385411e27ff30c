import { setImmediate } from 'node:timers/promises';
import { Denial } from '../gateway/authorizer';
import { Finding, MarketplaceState } from '../marketplace';
import { QueueModel, SandboxModel } from '../model';
import { inKeyOrder } from './key-order';
import { KeptEvent } from '../services/eventbridge/event-history';
import { MetricTotal } from '../services/lambda/metrics';
import type { Sandbox } from '../wiring/sandbox';
import { subscriptions } from '../wiring/subscriptions';

export interface SandboxState extends MarketplaceState {
  /** ISO 8601 */
  readonly clock: string;
  /** From the app's own table, without its internal attributes. */
  readonly subscriptions: readonly { readonly licenseId?: string; readonly status?: string; readonly [attribute: string]: unknown }[];
  /** Messages by queue, for every queue that takes what could not be processed. */
  readonly deadLetters: Readonly<Record<string, number>>;
  readonly denials: readonly Denial[];
  /** The last 10,000 events on custom buses. */
  readonly events: readonly KeptEvent[];
  /** What the Marketplace noticed that a seller should know. */
  readonly findings: readonly Finding[];
  /** What functions measured, from the Embedded Metric Format lines they printed. */
  readonly metrics: readonly MetricTotal[];
  readonly stubs: SandboxModel['stubs'];
}

/** Everything there is to see, in an order that depends on what happened only. */
export async function readState(sandbox: Sandbox): Promise<SandboxState> {
  const { core, work, services } = sandbox;
  return core.loop.exclusive(async () => {
    // What functions printed last may still be on its way through their pipes.
    for (let turn = 0; turn < 3; turn++) {
      await setImmediate();
    }
    return {
      clock: new Date(core.clock.now()).toISOString(),
      ...services.marketplace.state(),
      subscriptions: inKeyOrder(await subscriptions(core.model, core.dynamodb)),
      deadLetters: await deadLetters(sandbox),
      denials: services.authorizer.denials(),
      events: inKeyOrder(work.history.list()),
      findings: services.marketplace.findings(),
      metrics: work.runtime.metrics.list(),
      stubs: core.model.stubs,
    };
  });
}

async function deadLetters({ core, work }: Sandbox): Promise<Record<string, number>> {
  const counts: [string, number][] = [];
  for (const queue of deadLetterQueues(core.model)) {
    const { visible, invisible } = await work.queues.count(queue);
    counts.push([queue.name, visible + invisible]);
  }
  return Object.fromEntries(counts.sort(([a], [b]) => a < b ? -1 : 1));
}

/** Queues that take what something else could not process. */
function deadLetterQueues(model: SandboxModel): QueueModel[] {
  const arns = new Set([
    ...model.queues.map((queue) => queue.redrive?.deadLetterTargetArn),
    ...model.topics.flatMap((topic) => topic.subscriptions.map((subscription) => subscription.deadLetterArn)),
    ...model.functions.map((fn) => fn.deadLetterArn),
    ...model.eventInvokeConfigs.map((config) => config.onFailureArn),
    ...model.rules.flatMap((rule) => rule.targets.map((target) => target.deadLetterArn)),
  ]);
  return model.queues.filter((queue) => arns.has(queue.arn));
}
