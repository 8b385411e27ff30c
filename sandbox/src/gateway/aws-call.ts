import { Caller } from './callers';
import { FaultEffect } from '../faults/fault';

/** An HTTP request with its whole body. */
export interface HttpRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Buffer;
}

/** Set by functions on every request: when they made it, in their own virtual time. */
const INSTANT_HEADER = 'x-sandbox-instant';

/** Virtual epoch milliseconds, with fractions, at which a function made a request; undefined when someone else did. */
export function callerTime(request: HttpRequest): number | undefined {
  const instant = Number(request.headers[INSTANT_HEADER] ?? NaN);
  return Number.isNaN(instant) ? undefined : instant;
}

/** How the answer to a service's clients has to look. */
export type WireFormat = 'json' | 'query' | 'rest-json' | 's3';

/** What a fault does to a call, beside failing it. */
export interface Effect {
  readonly drop?: boolean;
  readonly duplicate?: boolean;
  readonly delayMillis?: number;
}

/** A call of an AWS API. */
export interface AwsCall {
  /** As in faults and the call log: `dynamodb`, `sqs`, `metering`… */
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly format: WireFormat;
  readonly request: HttpRequest;
  /** The parsed JSON body, or the form of the query protocol. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Absent: the operator of the sandbox, or anyone else who is no function. */
  readonly caller?: Caller;
  readonly accessKeyId?: string;
  readonly effect: Effect;
}

/** An error of an AWS API, in no format yet. */
export class AwsError extends Error {
  constructor(readonly code: string, message: string, readonly status = 400) {
    super(message);
    this.name = 'AwsError';
  }
}

export interface AwsService {
  /** What of {@link AwsCall.effect} the service itself applies to such a call. Absent: the gateway applies it to the answer. */
  effects?(call: AwsCall): readonly FaultEffect[];
  handle(call: AwsCall): Promise<HttpAnswer>;
}
