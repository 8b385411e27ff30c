import { Logger } from '@aws-lambda-powertools/logger';
import { MetricUnit, Metrics } from '@aws-lambda-powertools/metrics';
import { METRIC_DIMENSION, METRIC_NAMESPACE } from '../../../src/names';
import type { Log, MetricSink } from '../../domain/ports';

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
