import type { AlarmComparison, AlarmRule, AlarmStatistic, MissingData } from './model';
import type { Resource, ResourceType } from '../../template';

const STATISTICS: readonly AlarmStatistic[] = ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount'];
const COMPARISONS: readonly AlarmComparison[] = [
  'GreaterThanOrEqualToThreshold', 'GreaterThanThreshold', 'LessThanThreshold', 'LessThanOrEqualToThreshold',
];
const MISSING: readonly MissingData[] = ['missing', 'notBreaching', 'breaching', 'ignore'];

export const alarm: ResourceType = {
  reference: alarmName,
  attributes: { Arn: (resource) => resource.arn('cloudwatch', `alarm:${alarmName(resource)}`) },
  build: (resource, model) => {
    const rule = alarmRule(resource);
    model.alarms.push({ ...resource.origin(), name: alarmName(resource), ...(rule !== undefined && { rule }) });
  },
};

function alarmName(resource: Resource): string {
  return resource.get('AlarmName').string(resource.generatedName(255));
}

/** Undefined: an alarm on an expression, a percentile, an anomaly or other alarms. */
function alarmRule(resource: Resource): AlarmRule | undefined {
  const statistic = STATISTICS.find((name) => name === resource.get('Statistic').data);
  const comparison = COMPARISONS.find((name) => name === resource.get('ComparisonOperator').data);
  if (statistic === undefined || comparison === undefined || !resource.get('Namespace').exists || !resource.get('MetricName').exists) {
    return undefined;
  }
  const evaluationPeriods = resource.get('EvaluationPeriods').number();
  const dimensions = resource.get('Dimensions').list().map((dimension) => [dimension.get('Name').string(), dimension.get('Value').string()] as const);
  return {
    metric: { namespace: resource.get('Namespace').string(), name: resource.get('MetricName').string(), dimensions: Object.fromEntries(dimensions) },
    statistic,
    comparison,
    periodSeconds: Math.max(60, resource.get('Period').number(60)),
    evaluationPeriods,
    datapointsToAlarm: resource.get('DatapointsToAlarm').number(evaluationPeriods),
    threshold: resource.get('Threshold').number(0),
    missing: MISSING.find((name) => name === resource.get('TreatMissingData').data) ?? 'missing',
  };
}
