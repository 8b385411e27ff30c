/** How long an SDK client waits. Without limits the SDK writes a warning and keeps waiting, until the function times out. */
export interface ClientLimits {
  readonly maxAttempts?: number;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: true;
  };
}

const ATTEMPTS = 2;

/** Background calls that must succeed: the SDK's own number of attempts, none of which hangs. */
export const BACKGROUND_TABLE_LIMITS: ClientLimits = {
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
};

/**
 * Calls that a buyer waits for: when one hangs, the buyer must get the function's own page, not API Gateway's error. Two
 * attempts are made.
 *
 * @param attemptMs of one attempt
 */
export function timeoutOf(attemptMs: number): ClientLimits {
  return {
    maxAttempts: ATTEMPTS,
    requestHandler: { connectionTimeout: Math.min(attemptMs, 2_000), requestTimeout: attemptMs, throwOnRequestTimeout: true },
  };
}

/** Background calls that may fail: events are stored before they are published, and the sweep publishes them if need be. */
export const BEST_EFFORT_LIMITS: ClientLimits = timeoutOf(2_500);
