import { FunctionModel } from '../model';

/** What a fault does. `unprocessed` is the error that records come back unprocessed. */
export type FaultEffect = 'error' | 'unprocessed' | 'crash' | 'drop' | 'duplicate' | 'delay';

/*
 * What a fault can do at a place. A fault whose effect the place cannot apply does not count as a hit there: a test whose fault
 * is used up without any effect would pass and prove nothing.
 */
export const CALL_EFFECTS: readonly FaultEffect[] = ['drop', 'duplicate', 'delay'];
export const INVOCATION_EFFECTS: readonly FaultEffect[] = ['error', 'crash', 'drop', 'duplicate'];
/** Of a batch of messages to a function. */
export const DELIVERY_EFFECTS: readonly FaultEffect[] = ['drop', 'duplicate'];
/** Of an event that comes without a call of PutEvents: the Marketplace's own, and raw ones. */
export const EVENT_EFFECTS: readonly FaultEffect[] = ['drop', 'duplicate', 'delay'];

export interface FaultError {
  readonly code: string;
  readonly message: string;
  readonly status: number;
  /** The call is performed, and fails: its caller cannot know the outcome. */
  readonly after: boolean;
  /** With code `Unprocessed`: how many records come back unprocessed. Default all. */
  readonly count?: number;
}

/** What a fault does to a call, beside failing it. */
export interface Effect {
  readonly drop?: boolean;
  readonly duplicate?: boolean;
  readonly delayMillis?: number;
}

export interface Fault extends Effect {
  readonly service: string;
  readonly operation?: string;
  /** Name, ARN or logical id of the calling function (of the invoked one for `lambda`), or the start of its logical id. */
  readonly function?: string;
  readonly effect: FaultEffect;
  readonly error?: FaultError;
  readonly crash?: 'before' | 'after';
  readonly skip: number;
  readonly times: number;
}

/** What faults can do to the calls of an API. */
export interface FaultSupport {
  /** All operations of the API in the sandbox, where they are known: a fault for another one is refused. */
  readonly operations?: readonly string[];
  /** The operations to which an effect applies, where these are not all. */
  readonly applicable?: Readonly<Partial<Record<FaultEffect, readonly string[]>>>;
  /** The operation whose records can come back unprocessed. */
  readonly unprocessed?: string;
}

/** By name, ARN or logical id, or by the start of the logical id. */
export function isFunction(fn: FunctionModel, reference: string): boolean {
  return fn.name === reference || fn.arn === reference || fn.logicalId.startsWith(reference);
}
