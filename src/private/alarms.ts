import * as fs from 'fs';
import * as path from 'path';
import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { invalidProp } from './validate';
import { AlarmActionOptions } from '../alarm-actions';
import { AlarmSeverity } from '../alarm-severity';

const { repository } = JSON.parse(fs.readFileSync(path.join(__dirname, '..', '..', 'package.json'), 'utf8')) as { repository: { url: string } };

/** A web address, because an alarm is read where no checkout is at hand. The repository's address is set in `.projenrc.ts`. */
const RUNBOOK = `${repository.url.replace(/\.git$/, '')}/blob/main/docs/runbook.md`;

export interface AlarmOptions {
  /** The alarm goes off at this value and above. */
  readonly threshold: number;
  /** One sentence: what has happened. */
  readonly description: string;
  /** Section of docs/runbook.md. */
  readonly runbook: string;
  /** @default WARNING */
  readonly severity?: AlarmSeverity;
}

/** How often metering and reconciliation run: often enough for the final window of a subscription, which is 60 minutes. */
export const RUN_INTERVAL = Duration.minutes(5);

/** The alarms of one integration. CloudFormation names them, so that integrations do not collide. */
export class Alarms extends Construct {
  public readonly alarms: cloudwatch.Alarm[] = [];

  private readonly critical = new Set<cloudwatch.Alarm>();

  /** What the dashboard shows of queues. */
  public readonly deadLetters: cloudwatch.IMetric[] = [];

  public readonly queueAges: cloudwatch.IMetric[] = [];

  public constructor(scope: Construct, id: string, private readonly actions: AlarmActionOptions) {
    super(scope, id);
  }

  /** @param scope of the alarm, where the metric is in another stack */
  public add(id: string, metric: cloudwatch.IMetric, options: AlarmOptions, scope: Construct = this): void {
    this.create(scope, id, options, {
      metric,
      threshold: options.threshold,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }

  /** Goes off when a metric that grows with every scheduled run has not grown for 30 minutes. */
  public addHeartbeat(id: string, runs: (options: cloudwatch.MetricOptions) => cloudwatch.Metric, what: string): void {
    const description = `${what} has not finished a run for 30 minutes.`;
    this.create(this, id, { description, runbook: 'stopped-runs', severity: AlarmSeverity.CRITICAL }, {
      metric: runs({ statistic: 'Sum', period: RUN_INTERVAL }),
      threshold: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: Duration.minutes(30).toSeconds() / RUN_INTERVAL.toSeconds(),
      // A function that no longer runs writes nothing, and every other alarm is OK without data.
      treatMissingData: cloudwatch.TreatMissingData.BREACHING,
    });
  }

  private create(scope: Construct, id: string, { description, runbook, severity }: Omit<AlarmOptions, 'threshold'>, props: cloudwatch.AlarmProps): void {
    const alarm = new cloudwatch.Alarm(scope, id, { ...props, alarmDescription: `${description} Runbook: ${RUNBOOK}#${runbook}` });
    const { alarmActions = [], okActions = [], criticalAlarmActions = alarmActions, criticalOkActions = okActions } = this.actions;
    const critical = severity === AlarmSeverity.CRITICAL;
    alarm.addAlarmAction(...critical ? criticalAlarmActions : alarmActions);
    alarm.addOkAction(...critical ? criticalOkActions : okActions);
    this.alarms.push(alarm);
    if (critical) {
      this.critical.add(alarm);
    }
  }

  /** @throws Error if none, or more than one, has this name */
  public named(name: string): cloudwatch.Alarm {
    const found = this.alarms.filter(({ node }) => node.id === name);
    if (found.length !== 1) {
      const names = [...new Set(this.alarms.map(({ node }) => node.id))].sort().join(', ');
      throw invalidProp('alarm', name, found.length > 1 ? `${found.length} alarms have this name: search alarms by their path` : `the alarms are ${names}`);
    }
    return found[0];
  }

  public ofSeverity(severity: AlarmSeverity): cloudwatch.Alarm[] {
    return this.alarms.filter((alarm) => this.critical.has(alarm) === (severity === AlarmSeverity.CRITICAL));
  }

  public addDeadLetters(id: string, queue: sqs.IQueue, what: string, severity?: AlarmSeverity): void {
    const waiting = queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: Duration.minutes(5) });
    this.deadLetters.push(waiting.with({ label: what }));
    this.add(id, waiting, {
      threshold: 1,
      description: `${what} failed for good, and wait in a dead-letter queue for at most 14 days.`,
      runbook: 'dead-letters',
      severity,
    });
  }

  /** Beside the rule, whose stack refers to that of the queue in any case. */
  public addFailedEvents(rule: Construct, queue: sqs.IQueue): void {
    this.add('FailedEvents', queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: Duration.minutes(5) }), {
      threshold: 1,
      description: 'The app did not receive domain events, or a function of it failed to process them: they wait in a dead-letter queue for at most 14 days.',
      runbook: 'failed-events',
      severity: AlarmSeverity.CRITICAL,
    }, rule);
  }

  public addQueueAge(id: string, queue: sqs.IQueue, what: string): void {
    const age = queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period: Duration.minutes(5) });
    this.queueAges.push(age.with({ label: `${what} in their queue` }));
    this.add(id, age, {
      threshold: Duration.hours(1).toSeconds(),
      description: `${what} have waited in their queue for over an hour.`,
      runbook: 'queue-age',
      severity: AlarmSeverity.CRITICAL,
    });
  }

  public addErrors(id: string, fn: lambda.IFunction, what: string, severity?: AlarmSeverity): void {
    this.add(id, fn.metricErrors({ statistic: 'Sum', period: Duration.minutes(5) }), {
      threshold: 1,
      description: `The ${what} function failed.`,
      runbook: 'function-errors',
      severity,
    });
  }
}
