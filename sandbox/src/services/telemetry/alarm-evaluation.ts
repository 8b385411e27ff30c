import type { AlarmModel, AlarmRule } from './model';
import type { MetricHistory, MetricMinute, MetricName } from '../../control/metric-history';

/** Metrics of AWS services that the sandbox measures. */
const MEASURED = new Set([
  'AWS/ApiGateway 4XXError', 'AWS/ApiGateway 5XXError', 'AWS/ApiGateway Count',
  'AWS/Lambda Errors', 'AWS/Lambda Invocations',
  'AWS/SQS ApproximateNumberOfMessagesVisible',
]);

/** `NOT_EVALUATED`: the sandbox does not measure the metric, or does not know how to evaluate the alarm. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA' | 'NOT_EVALUATED';

export interface AlarmView {
  readonly name: string;
  readonly stack: string;
  readonly logicalId: string;
  readonly state: AlarmState;
  /** ISO 8601: the start of the period that led to the state; null when it has been in no other one. */
  readonly since: string | null;
  /** How often it went into ALARM. */
  readonly timesInAlarm: number;
}

interface Progress {
  readonly state: AlarmState;
  readonly since?: number;
  readonly timesInAlarm: number;
}

/** An alarm of the template over the metrics that the app measured. */
export class AlarmEvaluation {
  private progress: Progress;
  /** Start of the next period to look at. */
  private next: number;

  /** @param start virtual epoch milliseconds at which the app was deployed */
  constructor(private readonly alarm: AlarmModel, private readonly history: MetricHistory, private readonly start: number) {
    const { rule } = alarm;
    this.progress = { state: isEvaluated(rule) ? initialState(rule) : 'NOT_EVALUATED', timesInAlarm: 0 };
    const period = periodOf(rule);
    this.next = Math.floor(start / period) * period;
  }

  /** @param now virtual epoch milliseconds; not before that of an earlier call */
  view(now: number): AlarmView {
    const { alarm: { name, stack, logicalId, rule } } = this;
    if (isEvaluated(rule)) {
      this.continueTo(rule, now);
    }
    const { state, since, timesInAlarm } = isEvaluated(rule) ? this.withPresentPeriod(rule, now) : this.progress;
    return { name, stack, logicalId, state, since: since === undefined ? null : new Date(since).toISOString(), timesInAlarm };
  }

  /** Looks at the periods that are complete. */
  private continueTo(rule: AlarmRule, now: number): void {
    const period = periodOf(rule);
    const isSilent = rule.missing !== 'breaching' && !this.history.isMeasured(rule.metric);
    if (isSilent) {
      this.next = Math.floor(now / period) * period;
    }
    for (; this.next + period <= now; this.next += period) {
      this.progress = after(this.progress, this.evaluate(rule, this.next), this.next);
    }
  }

  /** What the period that still runs has brought already is enough for an alarm on too much of something. */
  private withPresentPeriod(rule: AlarmRule, now: number): Progress {
    if (!rule.comparison.startsWith('Greater') || !this.history.between(rule.metric, this.next, now + 1)) {
      return this.progress;
    }
    const state = this.evaluate(rule, this.next);
    return state === 'ALARM' ? after(this.progress, state, this.next) : this.progress;
  }

  /** The state that the periods up to the one that begins at `last` lead to; undefined: the present one stays. */
  private evaluate(rule: AlarmRule, last: number): AlarmState | undefined {
    const period = periodOf(rule);
    const starts = Array.from({ length: rule.evaluationPeriods }, (_, index) => last - index * period);
    const measured = starts.map((start) => this.history.between(rule.metric, start, start + period));
    if (rule.missing === 'breaching' && starts.at(-1)! < this.start) {
      return undefined;
    }
    const present = measured.filter((minute) => minute !== undefined);
    if (present.length === 0 && (rule.missing === 'missing' || rule.missing === 'ignore')) {
      return rule.missing === 'missing' ? 'INSUFFICIENT_DATA' : undefined;
    }
    const absent = rule.missing === 'breaching' ? measured.length - present.length : 0;
    const breaching = present.filter((minute) => isBreaching(rule, minute)).length + absent;
    return breaching >= rule.datapointsToAlarm ? 'ALARM' : 'OK';
  }
}

function isEvaluated(rule: AlarmRule | undefined): rule is AlarmRule {
  return rule !== undefined && isMeasured(rule.metric);
}

function isMeasured({ namespace, name }: MetricName): boolean {
  return !namespace.startsWith('AWS/') || MEASURED.has(`${namespace} ${name}`);
}

function initialState(rule: AlarmRule): AlarmState {
  return rule.missing === 'notBreaching' ? 'OK' : 'INSUFFICIENT_DATA';
}

function periodOf(rule: AlarmRule | undefined): number {
  return (rule?.periodSeconds ?? 60) * 1000;
}

function after(progress: Progress, state: AlarmState | undefined, since: number): Progress {
  return state === undefined || state === progress.state
    ? progress
    : { state, since, timesInAlarm: progress.timesInAlarm + (state === 'ALARM' ? 1 : 0) };
}

function isBreaching(rule: AlarmRule, measured: MetricMinute): boolean {
  const value = statistic(rule, measured);
  switch (rule.comparison) {
    case 'GreaterThanOrEqualToThreshold': return value >= rule.threshold;
    case 'GreaterThanThreshold': return value > rule.threshold;
    case 'LessThanOrEqualToThreshold': return value <= rule.threshold;
    default: return value < rule.threshold;
  }
}

function statistic({ statistic: kind }: AlarmRule, { sum, count, min, max }: MetricMinute): number {
  switch (kind) {
    case 'Sum': return sum;
    case 'Average': return sum / count;
    case 'Minimum': return min;
    case 'Maximum': return max;
    default: return count;
  }
}
