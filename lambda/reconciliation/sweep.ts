import { describeError } from '../domain/describe-error';
import { isRefusalOfEvents, type Log, type OutboxKey, type PendingEvents } from '../domain/ports';

export interface SweepOptions {
  /** Those whose events are published. */
  readonly items: AsyncIterable<OutboxKey>;
  /** Epoch milliseconds: events that wait since before this, and cannot be published, count as overdue. */
  readonly overdueBefore: number;
  /** Asked before each item; false ends the sweep, and the next one continues. */
  readonly hasTime: () => boolean;
}

export interface SweepResult {
  readonly published: number;
  readonly failed: number;
  /** Items with events that wait since before `overdueBefore`. */
  readonly overdue: number;
}

/** With the bus unreachable, trying the whole backlog is useless. Events that the bus refuses for good do not count. */
const OUTAGES_TO_STOP_AT = 3;

/** Publishes events that a crash, or an outage of the bus, left in an outbox; an item that fails stops no other. */
export async function sweep(pending: PendingEvents, { items, overdueBefore, hasTime }: SweepOptions, log: Log): Promise<SweepResult> {
  let published = 0;
  let failed = 0;
  let outages = 0;
  let stopped = false;
  for await (const item of items) {
    if (!hasTime() || outages >= OUTAGES_TO_STOP_AT) {
      stopped = true;
      break;
    }
    try {
      published += await pending.publish(item);
      outages = 0;
    } catch (error) {
      failed += 1;
      outages += isRefusalOfEvents(error) ? 0 : 1;
      log.error('Domain events of an item could not be published', { ...item, ...describeError(error) });
    }
  }
  return { published, failed, overdue: failed > 0 || stopped ? await pending.count(overdueBefore, hasTime) : 0 };
}
