import { FunctionModel } from '../model';

/** What a fault does. `unprocessed` is the error that BatchMeterUsage's records come back unprocessed. */
export type FaultEffect = 'error' | 'unprocessed' | 'crash' | 'drop' | 'duplicate' | 'delay';

/*
 * What a fault can do at a place. A fault whose effect the place cannot apply passes by it uncounted: a fault that was
 * used up without any effect would let a test pass for nothing.
 */
export const CALL_EFFECTS: readonly FaultEffect[] = ['drop', 'duplicate', 'delay'];
export const INVOCATION_EFFECTS: readonly FaultEffect[] = ['error', 'crash', 'drop', 'duplicate'];
/** Of a batch of messages to a function. */
export const DELIVERY_EFFECTS: readonly FaultEffect[] = ['drop', 'duplicate'];
/** Of an event nobody calls PutEvents for: the Marketplace's own, and raw ones. */
export const EVENT_EFFECTS: readonly FaultEffect[] = ['drop', 'duplicate', 'delay'];

export interface FaultError {
  readonly code: string;
  readonly message: string;
  readonly status: number;
  /** The call is performed all the same: its caller cannot know. */
  readonly after: boolean;
  /** With code `Unprocessed` (metering): how many records come back unprocessed. Default all. */
  readonly count?: number;
}

export interface Fault {
  readonly service: string;
  readonly operation?: string;
  /** Name, ARN or logical id of the calling function (of the invoked one for `lambda`), or the start of its logical id. */
  readonly function?: string;
  readonly effect: FaultEffect;
  readonly error?: FaultError;
  readonly crash?: 'before' | 'after';
  readonly drop?: boolean;
  readonly duplicate?: boolean;
  readonly delayMillis?: number;
  readonly skip: number;
  readonly times: number;
}

/** By name, ARN or logical id, or by the start of the logical id. */
export function isFunction(fn: FunctionModel, reference: string): boolean {
  return fn.name === reference || fn.arn === reference || fn.logicalId.startsWith(reference);
}
