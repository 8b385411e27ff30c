import type { DomainEvent } from './domain-event';
import type { MetricDefinition } from '../../src/names';

/** The logger writes these keys of a line itself, and drops a field of that name. */
type ReservedKey = 'level' | 'message' | 'sampling_rate' | 'service' | 'timestamp';

export type LogFields = Readonly<Record<string, unknown>> & { readonly [key in ReservedKey]?: never };

/** What logic needs of a logger. Fields never have personal data or registration tokens. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** What logic needs of metrics. */
export interface MetricSink {
  /** Writes a value in the metric's own unit, 1 by default. A 0 is worth writing where an alarm or a graph needs a point. */
  add(metric: MetricDefinition, value?: number): void;
  /** Sends what was added since the last flush. */
  flush(): void;
}

/** Sends events to the seller's app. */
export interface EventPublisher {
  /** @throws EventsNotTakenError naming the events that were not taken; any error when the bus cannot be reached */
  publish(events: readonly DomainEvent[]): Promise<void>;
}

/** At least one event was not taken: each may be published again, and the app deduplicates by `eventId`. */
export class EventsNotTakenError extends Error {
  constructor(readonly failures: readonly { readonly eventId: string; readonly code: string }[]) {
    super(`Event bus did not take ${failures.map(({ eventId, code }) => `${eventId} (${code})`).join(', ')}`);
    this.name = 'EventsNotTakenError';
  }
}

/** `code` of an event that is larger than the bus takes: no later attempt can succeed. */
export const ENTRY_TOO_LARGE = 'EntryTooLarge';

/** Whether the bus works and refuses these events for good, rather than being unavailable. */
export function isRefusalOfEvents(error: unknown): boolean {
  return error instanceof EventsNotTakenError && error.failures.every(({ code }) => code === ENTRY_TOO_LARGE);
}

export interface OutboxKey {
  readonly pk: string;
  readonly sk: string;
}

/** The items of one table that still have domain events to publish. */
export interface PendingEvents {
  /** Items with events that wait since `before` (epoch milliseconds) or longer, oldest first in each shard; eventually consistent. Begins to read at once. */
  list(before: number): AsyncIterable<OutboxKey>;
  /**
   * Publishes what the item has now, and clears it.
   *
   * @returns how many events that were
   */
  publish(key: OutboxKey): Promise<number>;
  /** How many items have events that wait since `before` or longer; eventually consistent, a lower bound when time is up. */
  count(before: number, hasTime: () => boolean): Promise<number>;
}
