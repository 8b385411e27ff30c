import { Logger } from '@aws-lambda-powertools/logger';
import { MetricUnit, Metrics } from '@aws-lambda-powertools/metrics';
import { METRIC_DIMENSION, METRIC_NAMESPACE, type MetricDefinition } from '../../../src/names';

/** What logic needs of a logger. Fields never hold personal data or registration tokens. */
export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** What logic needs of metrics. */
export interface MetricSink {
  /** Writes a value in the metric's own unit, 1 by default. A 0 is worth writing where an alarm or a graph needs a point. */
  add(metric: MetricDefinition, value?: number): void;
  /** Sends what was added since the last flush. */
  flush(): void;
}

/** JSON lines on stdout; level by `POWERTOOLS_LOG_LEVEL` or the function's own setting, INFO by default. */
export function createLogger(serviceName: string): Log {
  const logger = new Logger({ serviceName });
  return {
    debug: (message, fields = {}) => logger.debug(message, fields),
    info: (message, fields = {}) => logger.info(message, fields),
    warn: (message, fields = {}) => logger.warn(message, fields),
    error: (message, fields = {}) => logger.error(message, fields),
  };
}

/** CloudWatch metrics by embedded metric format on stdout, under the namespace and dimension of names.ts. */
export function createMetrics(integrationId: string): MetricSink {
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE });
  // Powertools adds a `service` dimension of its own; the alarms look for exactly one dimension.
  metrics.clearDefaultDimensions();
  metrics.setDefaultDimensions({ [METRIC_DIMENSION]: integrationId });
  return {
    add: ({ name, unit }, value = 1) => {
      metrics.addMetric(name, MetricUnit[unit], value);
    },
    flush: () => {
      // Powertools warns of an empty flush; most runs have nothing to count.
      if (metrics.hasStoredMetrics()) {
        metrics.publishStoredMetrics();
      }
    },
  };
}

/**
 * Name, place, AWS request id and, where it cannot hold what a buyer sent, message of an error: what may go into a log.
 */
export function describeError(error: unknown, options: { readonly message?: boolean } = {}): Record<string, unknown> {
  if (!(error instanceof Error)) {
    return { error: 'not an Error' };
  }
  const requestId = (error as { $metadata?: { requestId?: string } }).$metadata?.requestId;
  return {
    error: error.name,
    // Not `message`: a reserved key of the logger, which drops it.
    ...(options.message === false ? { at: placeOf(error) } : { reason: error.message }),
    ...(requestId === undefined ? {} : { awsRequestId: requestId }),
  };
}

/** The first frame of the stack; the lines above it hold the message. */
function placeOf({ stack = '' }: Error): string | undefined {
  return stack.split('\n').map((line) => line.trim()).find((line) => /^at .*:\d+:\d+\)?$/.test(line));
}
