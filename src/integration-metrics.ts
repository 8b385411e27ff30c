import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { Metric } from './contract';

/**
 * The CloudWatch metrics of an integration.
 *
 * @internal
 */
export abstract class IntegrationMetrics extends Construct {
  /** Value of the CloudWatch dimension `Integration` on all metrics of this integration. */
  public abstract readonly integrationId: string;

  /**
   * A metric of this integration, by name.
   *
   * @param metricName name of the metric
   * @param options overrides, such as period or statistic
   */
  public metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: Metric.NAMESPACE,
      metricName,
      dimensionsMap: { [Metric.DIMENSION]: this.integrationId },
      ...options,
    });
  }

  /**
   * Usage records accepted by intake.
   *
   * @default sum over 5 minutes
   */
  public metricUsageRecordsAccepted(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(Metric.USAGE_RECORDS_ACCEPTED, { statistic: cloudwatch.Stats.SUM, ...options });
  }

  /**
   * Usage records, or amounts of usage, that will not be billed; each has a stored reason.
   *
   * @default sum over 5 minutes
   */
  public metricUsageRecordsRejected(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(Metric.USAGE_RECORDS_REJECTED, { statistic: cloudwatch.Stats.SUM, ...options });
  }

  /**
   * Metering records that AWS Marketplace accepted.
   *
   * @default sum over 5 minutes
   */
  public metricMeteringRecordsAccepted(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(Metric.METERING_RECORDS_ACCEPTED, { statistic: cloudwatch.Stats.SUM, ...options });
  }

  /**
   * Metering records held back, to be sent again: not subscribed yet, unprocessed or throttled.
   *
   * @default sum over 5 minutes
   */
  public metricMeteringRecordsHeld(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(Metric.METERING_RECORDS_HELD, { statistic: cloudwatch.Stats.SUM, ...options });
  }

  /**
   * Hours whose outcome at AWS is unknown and has to be settled from CloudTrail: told until they are.
   *
   * @default maximum over 5 minutes
   */
  public metricMeteringRecordsUnresolved(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(Metric.METERING_RECORDS_UNRESOLVED, { statistic: cloudwatch.Stats.MAXIMUM, ...options });
  }

  /**
   * Hours among the unresolved ones that somebody else metered: another deployment or tool meters this product.
   *
   * @default maximum over 5 minutes
   */
  public metricMeteringConflicts(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(Metric.METERING_CONFLICTS, { statistic: cloudwatch.Stats.MAXIMUM, ...options });
  }

  /**
   * Metering calls refused because of configuration: disabled API, denied access, wrong product.
   *
   * @default sum over 5 minutes
   */
  public metricMeteringConfigurationErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(Metric.METERING_CONFIGURATION_ERRORS, { statistic: cloudwatch.Stats.SUM, ...options });
  }

  /**
   * Late amounts of usage carried into a later hour.
   *
   * @default sum over 5 minutes
   */
  public metricUsageCarriedForward(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(Metric.USAGE_CARRIED_FORWARD, { statistic: cloudwatch.Stats.SUM, ...options });
  }

  /**
   * Seconds since the end of the oldest hour that is not settled, without hours of licenses that AWS has not named. AWS
   * accepts usage for 24 hours.
   *
   * @default maximum over 5 minutes
   */
  public metricOldestPendingUsageAge(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(Metric.OLDEST_PENDING_USAGE_AGE, { statistic: cloudwatch.Stats.MAXIMUM, ...options });
  }

  /**
   * Closed hours of usage that wait for AWS to name their license: the app reports a license that nobody has bought.
   *
   * @default maximum over 5 minutes
   */
  public metricUsageWaitingForUnknownLicense(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(Metric.USAGE_WAITING_FOR_UNKNOWN_LICENSE, { statistic: cloudwatch.Stats.MAXIMUM, ...options });
  }

  /**
   * Buyers who completed registration.
   *
   * @default sum over 5 minutes
   */
  public metricBuyersRegistered(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(Metric.BUYERS_REGISTERED, { statistic: cloudwatch.Stats.SUM, ...options });
  }

  /**
   * Registration requests that failed for a reason on our side or on AWS's.
   *
   * @default sum over 5 minutes
   */
  public metricRegistrationFailures(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(Metric.REGISTRATION_FAILURES, { statistic: cloudwatch.Stats.SUM, ...options });
  }

  /**
   * Subscriptions registered for over an hour without their License Updated event.
   *
   * @default maximum over 5 minutes
   */
  public metricSubscriptionsStuckPending(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(Metric.SUBSCRIPTIONS_STUCK_PENDING, { statistic: cloudwatch.Stats.MAXIMUM, ...options });
  }

  /**
   * Active subscriptions whose buyer has not registered after a day.
   *
   * @default maximum over 5 minutes
   */
  public metricSubscriptionsUnregistered(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(Metric.SUBSCRIPTIONS_UNREGISTERED, { statistic: cloudwatch.Stats.MAXIMUM, ...options });
  }

  /**
   * Domain events owed to the app for over 15 minutes.
   *
   * @default maximum over 5 minutes
   */
  public metricOutboxBacklog(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(Metric.OUTBOX_BACKLOG, { statistic: cloudwatch.Stats.MAXIMUM, ...options });
  }

  /**
   * AWS Marketplace events of a detail-type that this release does not know.
   *
   * @default sum over 5 minutes
   */
  public metricUnknownAgreementEvents(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(Metric.UNKNOWN_AGREEMENT_EVENTS, { statistic: cloudwatch.Stats.SUM, ...options });
  }

  /**
   * Advisories of AWS about buyers' accounts: suspected fraud, abuse or compromise.
   *
   * @default sum over 5 minutes
   */
  public metricAdvisoriesIssued(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(Metric.ADVISORIES_ISSUED, { statistic: cloudwatch.Stats.SUM, ...options });
  }
}
