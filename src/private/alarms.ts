import * as fs from 'fs';
import * as path from 'path';
import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

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
}

/** The alarms of one integration. CloudFormation names them, so that integrations do not collide. */
export class Alarms extends Construct {
  public readonly alarms: cloudwatch.Alarm[] = [];

  public constructor(scope: Construct, id: string, private readonly actions: readonly cloudwatch.IAlarmAction[]) {
    super(scope, id);
  }

  public add(id: string, metric: cloudwatch.IMetric, options: AlarmOptions): void {
    const alarm = new cloudwatch.Alarm(this, id, {
      metric,
      threshold: options.threshold,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      alarmDescription: `${options.description} Runbook: ${RUNBOOK}#${options.runbook}`,
    });
    alarm.addAlarmAction(...this.actions);
    this.alarms.push(alarm);
  }

  public addDeadLetters(id: string, queue: sqs.IQueue, what: string): void {
    this.add(id, queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: Duration.minutes(5) }), {
      threshold: 1,
      description: `${what} failed for good, and wait in a dead-letter queue for at most 14 days.`,
      runbook: 'dead-letters',
    });
  }

  public addQueueAge(id: string, queue: sqs.IQueue, what: string): void {
    this.add(id, queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period: Duration.minutes(5) }), {
      threshold: Duration.hours(1).toSeconds(),
      description: `${what} have waited in their queue for over an hour.`,
      runbook: 'queue-age',
    });
  }

  public addErrors(id: string, fn: lambda.IFunction, what: string): void {
    this.add(id, fn.metricErrors({ statistic: 'Sum', period: Duration.minutes(5) }), {
      threshold: 1,
      description: `The ${what} function failed.`,
      runbook: 'function-errors',
    });
  }
}
