/*
 * What the parts of the sandbox offer each other.
 */

/** The virtual present, in epoch milliseconds. */
export interface VirtualClock {
  now(): number;
}

/** Work that falls due at a virtual moment; run in order of time, then of insertion. */
export interface Agenda {
  /** Returns an id by which the entry can be cancelled. `label` is shown when something does not settle. */
  at(time: number, label: string, run: () => void | Promise<void>): number;
  cancel(id: number): void;
}

/** An EventBridge event as a rule's target sees it. */
export interface BridgeEvent {
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
  put(busName: string, event: BridgeEvent): void;
}

/** An AWS JSON protocol request, already authenticated: who calls is the gateway's business. */
export interface WireRequest {
  /** Value of `X-Amz-Target`. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly method: string;
  readonly path: string;
  readonly body: Buffer;
  /** From the SigV4 scope. */
  readonly region: string;
  /** Account of the role that calls. Absent: nobody whose account matters. */
  readonly account?: string;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** A request to the control API that cannot be served: answered as `{"error": {code, message}}` with `status`. */
export class ControlError extends Error {
  constructor(readonly status: number, readonly code: string, message: string) {
    super(message);
    this.name = 'ControlError';
  }
}
