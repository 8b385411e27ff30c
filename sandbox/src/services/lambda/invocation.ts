export type FailureKind = 'handled' | 'timeout' | 'crash' | 'init';

export interface InvocationResult {
  /** Absent when the function answered. */
  readonly failure?: FailureKind;
  /** JSON: what the function returned, or `{errorType, errorMessage, trace?}`. */
  readonly payload: string;
}

export function failed(failure: FailureKind, errorType: string, errorMessage: string): InvocationResult {
  return { failure, payload: JSON.stringify({ errorType, errorMessage }) };
}
