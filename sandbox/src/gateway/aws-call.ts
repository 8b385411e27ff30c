import { Caller } from './callers';
import { Effect, Fault, FaultEffect } from '../faults/fault';

/** An HTTP request with its whole body. */
export interface HttpRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  /** Virtual epoch milliseconds, with fractions, at which a function made the request, in its own time. Absent for others. */
  readonly at?: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Buffer;
}

/** How the answer to a service's clients has to look. */
export type WireFormat = 'json' | 'query' | 'rest-json' | 'cbor' | 's3';

/** A call of an AWS API: parsed once, for everything that looks at it. */
export interface AwsCall {
  /** Name of the API, as in faults and the call log: `dynamodb`, `sqs`, `metering`… */
  readonly service: string;
  /** Empty when the request names none. */
  readonly operation: string;
  readonly region: string;
  readonly format: WireFormat;
  readonly request: HttpRequest;
  /** Path with the query. */
  readonly url: string;
  /** The parsed JSON body, or the form of the query protocol; empty when there is none. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Why the JSON body could not be parsed. */
  readonly malformed?: 'not JSON' | 'not a JSON object';
  /** Virtual epoch milliseconds, with fractions, at which a function made the call, in its own time. Absent for other callers. */
  readonly at?: number;
  /** Absent: the operator of the sandbox, or another caller that is no function. */
  readonly caller?: Caller;
  readonly accessKeyId?: string;
  readonly effect: Effect;
  /** An error that the API itself must answer with: see {@link ApiHandler.answersFaults}. */
  readonly fault?: Fault;
}

/** Serves the calls of an API. */
export interface ApiHandler {
  /** The API answers a fault's error itself, to count the call as failed: its calls carry the fault. */
  readonly answersFaults?: boolean;
  /** What of {@link AwsCall.effect} the API itself applies to such a call. Absent: the gateway applies it to the answer. */
  effects?(call: AwsCall): readonly FaultEffect[];
  /** Whether such a call from outside waits by itself: to wait for its turn would block what it waits for. */
  waitsByItself?(call: AwsCall): boolean;
  handle(call: AwsCall): Promise<HttpAnswer>;
}
