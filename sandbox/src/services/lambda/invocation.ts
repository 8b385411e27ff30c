import { FailureKind, InvocationResult } from '../../ports';

export function failed(failure: FailureKind, errorType: string, errorMessage: string): InvocationResult {
  return { failure, payload: JSON.stringify({ errorType, errorMessage }) };
}
