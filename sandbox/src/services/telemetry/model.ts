import type { MetricName } from '../../control/metric-history';
import type { Origin } from '../../model';

declare module '../../model' {
  interface ModelLists {
    alarms: AlarmModel;
  }
}

export type AlarmStatistic = 'Sum' | 'Average' | 'Minimum' | 'Maximum' | 'SampleCount';
export type AlarmComparison = 'GreaterThanOrEqualToThreshold' | 'GreaterThanThreshold' | 'LessThanThreshold' | 'LessThanOrEqualToThreshold';
export type MissingData = 'missing' | 'notBreaching' | 'breaching' | 'ignore';

/** An alarm of CloudWatch. */
export interface AlarmModel extends Origin {
  readonly name: string;
  /** Absent: the sandbox cannot evaluate it, as with an expression, a percentile or a composite alarm. */
  readonly rule?: AlarmRule;
}

export interface AlarmRule {
  readonly metric: MetricName;
  readonly statistic: AlarmStatistic;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly comparison: AlarmComparison;
  readonly missing: MissingData;
}
