/** How long an SDK client waits. Without them the SDK writes a warning and waits on, until the function is ended. */
export interface ClientLimits {
  readonly maxAttempts?: number;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: true;
  };
}

const ATTEMPTS = 2;

/** Calls that nobody waits for, and without which nothing goes on: the SDK's own attempts, none of which hangs. */
export const BACKGROUND_TABLE_LIMITS: ClientLimits = {
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
};

/**
 * Calls that a buyer waits for: what hangs must become the function's own page, not API Gateway's error. Lets a call take
 * so long, twice, and fails then.
 *
 * @param millis of one attempt
 */
export function timeoutOf(millis: number): ClientLimits {
  return {
    maxAttempts: ATTEMPTS,
    requestHandler: { connectionTimeout: Math.min(millis, 2_000), requestTimeout: millis, throwOnRequestTimeout: true },
  };
}

/** Calls that nobody waits for, and that may fail: events are stored before they are sent, and sent by a sweep if need be. */
export const BEST_EFFORT_LIMITS: ClientLimits = timeoutOf(2_500);
