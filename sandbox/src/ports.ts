/*
 * What the parts of the sandbox offer each other.
 */

/** The virtual present, in epoch milliseconds. */
export interface Clock {
  now(): number;
}

/** Work that falls due at a virtual moment; run in order of time, then of insertion. */
export interface Timers {
  /**
   * Returns an id by which the entry can be cancelled. `label` is shown when the sandbox does not become idle.
   *
   * @param recurs it falls due again and again, so that to fall due is nothing that happens; default false
   */
  at(time: number, label: string, run: () => void | Promise<void>, recurs?: boolean): number;
  cancel(id: number): void;
}

/** An EventBridge event as a rule's target sees it. */
export interface EventBridgeEvent {
  readonly 'version': '0';
  readonly 'id': string;
  readonly 'detail-type': string;
  readonly 'source': string;
  readonly 'account': string;
  readonly 'time': string;
  readonly 'region': string;
  readonly 'resources': readonly string[];
  readonly 'detail': Readonly<Record<string, unknown>>;
}

/** Puts an event onto a bus of the sandbox. */
export interface EventSink {
  put(busName: string, event: EventBridgeEvent): void;
}

/** An attribute of a message or notification. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

/** What is sent to the queue, topic, function or bus that an ARN names. */
export interface Delivery {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, MessageAttribute>>;
  /** For FIFO queues. */
  readonly groupId?: string;
  readonly deduplicationId?: string;
  /** What an event bus gets instead of the body. */
  readonly event?: EventBridgeEvent;
}

/** `throttled`: the function did not run, as its concurrency is used up. */
export type FailureKind = 'handled' | 'timeout' | 'crash' | 'init' | 'throttled';

/** How an invocation of a function ended. */
export interface InvocationResult {
  /** Absent when the function answered. */
  readonly failure?: FailureKind;
  /** JSON: what the function returned, or `{errorType, errorMessage, trace?}`. */
  readonly payload: string;
}

/** Progress and warnings for people: one line each on stderr. */
export interface Log {
  info(text: string): void;
  warn(text: string): void;
}
