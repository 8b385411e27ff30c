/** Calls of an SDK client that a buyer waits for: what hangs must become the function's own page, not API Gateway's error. */
export interface ClientLimits {
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: true;
  };
}

const ATTEMPTS = 2;

/**
 * Lets a call take so long, twice, and fails then.
 *
 * @param millis of one attempt
 */
export function answerWithin(millis: number): ClientLimits {
  return {
    maxAttempts: ATTEMPTS,
    // Without the last one, the SDK writes a warning and waits on.
    requestHandler: { connectionTimeout: Math.min(millis, 2_000), requestTimeout: millis, throwOnRequestTimeout: true },
  };
}
