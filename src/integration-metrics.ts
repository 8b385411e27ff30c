import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { METRIC_DIMENSION, METRIC_NAMESPACE, METRICS, type MetricDefinition } from './names';

/**
 * The metrics of an integration of this app, or of another one.
 *
 * @internal
 */
export interface IIntegrationMetrics {
  /** Value of the CloudWatch dimension `Integration` on all metrics of this integration. */
  readonly integrationId: string;

  /** A metric of this integration, by name. */
  metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Usage records that intake accepted. */
  metricUsageRecordsAccepted(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Usage records, or amounts of usage, that will not be billed; each has a stored reason. */
  metricUsageRecordsRejected(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Metering records that AWS Marketplace accepted. */
  metricMeteringRecordsAccepted(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Metering records that were not accepted and will be sent again: license not subscribed yet, unprocessed, or throttled. */
  metricMeteringRecordsNotAccepted(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Hours whose outcome at AWS is unknown, until a person settles them from CloudTrail. */
  metricMeteringRecordsUnresolved(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Unresolved hours for which AWS has a quantity that this ledger did not send, or is not known to have sent: another deployment or tool may meter this product. */
  metricMeteringConflicts(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Metering calls that AWS refused because of configuration: disabled API, denied access, or wrong product code. */
  metricMeteringConfigurationErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Runs of metering that reached their end, those with nothing to send included. */
  metricMeteringRuns(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Late amounts of usage that were carried into a later hour. */
  metricUsageCarriedForward(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Seconds since the end of the oldest closed hour that has usage without an outcome. AWS accepts usage for 24 hours. */
  metricOldestPendingUsageAge(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Closed hours of usage whose license AWS has not named: the app reports usage of a license that no buyer has. */
  metricUsageWaitingForUnknownLicense(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Runs of reconciliation that reached their end. */
  metricReconciliationRuns(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Buyers who came from AWS Marketplace with a token that it took: so many could register. */
  metricRegistrationsStarted(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Tokens that AWS Marketplace refused as expired: these buyers are asked to start again. */
  metricRegistrationTokensExpired(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Tokens that AWS Marketplace does not know: made up, or of a product of another seller account. */
  metricRegistrationTokensInvalid(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Buyers who completed registration. */
  metricBuyersRegistered(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Welcome e-mails to buyers that Amazon SES took. */
  metricWelcomeEmailsSent(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Welcome e-mails that were not sent: Amazon SES refused the address, or the buyer entered too many. */
  metricWelcomeEmailsRefused(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Buyers who confirmed their e-mail address by the link in the welcome e-mail. */
  metricBuyerEmailsConfirmed(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Registration requests that failed for a reason on our side or on AWS's. */
  metricRegistrationFailures(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Subscriptions that were registered over an hour ago and have no License Updated event. */
  metricSubscriptionsStuckPending(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Subscriptions whose buyer has not registered a day after the activation; each is counted once. */
  metricSubscriptionsUnregistered(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Agreements of which a rebuild recorded what was missing, from AWS's own records. */
  metricSubscriptionsRebuilt(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Agreements of which reconciliation recorded what lost events would have reported, from AWS's own records. */
  metricSubscriptionsRepaired(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Reads of the Agreement API that reconciliation was denied or that failed; until one succeeds, lost events are not repaired. */
  metricAgreementReadsFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Checks of a contract to which GetEntitlements gave no complete answer; what is known stays, and AWS is asked again. */
  metricEntitlementReadsFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Changes of entitlements that reconciliation found, because their event was lost, or came before AWS showed the change. */
  metricEntitlementsRepaired(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Domain events that have waited for over 15 minutes to be published. */
  metricOutboxBacklog(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** AWS Marketplace events with a detail-type that this release does not know. */
  metricUnknownAgreementEvents(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Advisories of AWS about accounts of buyers: suspected fraud, abuse or compromise. */
  metricAdvisoriesIssued(options?: cloudwatch.MetricOptions): cloudwatch.Metric;
}

/**
 * The CloudWatch metrics of an integration. docs/metrics.md lists them.
 *
 * @internal
 */
export abstract class IntegrationMetrics extends Construct implements IIntegrationMetrics {
  /** Value of the CloudWatch dimension `Integration` on all metrics of this integration. */
  public abstract readonly integrationId: string;

  /**
   * A metric of this integration, by name.
   *
   * @param metricName name of the metric
   * @param options overrides, such as period or statistic
   * @example
   * marketplace.metric('UsageRecordsAccepted', { statistic: 'Sum', period: Duration.hours(1) });
   */
  public metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: METRIC_NAMESPACE,
      metricName,
      dimensionsMap: { [METRIC_DIMENSION]: this.integrationId },
      ...options,
    });
  }

  /**
   * Usage records that intake accepted.
   *
   * @default sum over 5 minutes
   */
  public metricUsageRecordsAccepted(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.defined(METRICS.USAGE_RECORDS_ACCEPTED, options);
  }

  /**
   * Usage records, or amounts of usage, that will not be billed; each has a stored reason.
   *
   * @default sum over 5 minutes
   */
  public metricUsageRecordsRejected(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.defined(METRICS.USAGE_RECORDS_REJECTED, options);
  }

  /**
   * Metering records that AWS Marketplace accepted.
   *
   * @default sum over 5 minutes
   */
  public metricMeteringRecordsAccepted(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.defined(METRICS.METERING_RECORDS_ACCEPTED, options);
  }

  /**
   * Metering records that were not accepted and will be sent again: license not subscribed yet, unprocessed, or
   * throttled.
   *
   * @default sum over 5 minutes
   */
  public metricMeteringRecordsNotAccepted(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.defined(METRICS.METERING_RECORDS_NOT_ACCEPTED, options);
  }

  /**
   * Hours whose outcome at AWS is unknown, until a person settles them from CloudTrail.
   *
   * @default maximum over 5 minutes
   */
  public metricMeteringRecordsUnresolved(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.defined(METRICS.METERING_RECORDS_UNRESOLVED, options);
  }

  /**
   * Unresolved hours for which AWS has a quantity that this ledger did not send, or is not known to have sent: another
   * deployment or tool may meter this product.
   *
   * @default maximum over 5 minutes
   */
  public metricMeteringConflicts(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.defined(METRICS.METERING_CONFLICTS, options);
  }

  /**
   * Metering calls that AWS refused because of configuration: disabled API, denied access, or wrong product code.
   *
   * @default sum over 5 minutes
   */
  public metricMeteringConfigurationErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.defined(METRICS.METERING_CONFIGURATION_ERRORS, options);
  }

  /**
   * Runs of metering that reached their end, those with nothing to send included.
   *
   * @default sum over 5 minutes
   */
  public metricMeteringRuns(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.defined(METRICS.METERING_RUNS, options);
  }

  /**
   * Late amounts of usage that were carried into a later hour.
   *
   * @default sum over 5 minutes
   */
  public metricUsageCarriedForward(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.defined(METRICS.USAGE_CARRIED_FORWARD, options);
  }

  /**
   * Seconds since the end of the oldest closed hour that has usage without an outcome. AWS accepts usage for 24 hours.
   *
   * @default maximum over 5 minutes
   */
  public metricOldestPendingUsageAge(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.defined(METRICS.OLDEST_PENDING_USAGE_AGE, options);
  }

  /**
   * Closed hours of usage whose license AWS has not named: the app reports usage of a license that no buyer has.
   *
   * @default maximum over 5 minutes
   */
  public metricUsageWaitingForUnknownLicense(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.defined(METRICS.USAGE_WAITING_FOR_UNKNOWN_LICENSE, options);
  }

  /**
   * Runs of reconciliation that reached their end.
   *
   * @default sum over 5 minutes
   */
  public metricReconciliationRuns(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.defined(METRICS.RECONCILIATION_RUNS, options);
  }

  /**
   * Buyers who came from AWS Marketplace with a token that it took: so many could register.
   *
   * @default sum over 5 minutes
   */
  public metricRegistrationsStarted(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.defined(METRICS.REGISTRATIONS_STARTED, options);
  }

  /**
   * Tokens that AWS Marketplace refused as expired: these buyers are asked to start again.
   *
   * @default sum over 5 minutes
   */
  public metricRegistrationTokensExpired(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.defined(METRICS.REGISTRATION_TOKENS_EXPIRED, options);
  }

  /**
   * Tokens that AWS Marketplace does not know: made up, or of a product of another seller account.
   *
   * @default sum over 5 minutes
   */
  public metricRegistrationTokensInvalid(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.defined(METRICS.REGISTRATION_TOKENS_INVALID, options);
  }

  /**
   * Buyers who completed registration.
   *
   * @default sum over 5 minutes
   */
  public metricBuyersRegistered(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.defined(METRICS.BUYERS_REGISTERED, options);
  }

  /**
   * Welcome e-mails to buyers that Amazon SES took.
   *
   * @default sum over 5 minutes
   */
  public metricWelcomeEmailsSent(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.defined(METRICS.WELCOME_EMAILS_SENT, options);
  }

  /**
   * Welcome e-mails that were not sent: Amazon SES refused the address, or the buyer entered too many.
   *
   * @default sum over 5 minutes
   */
  public metricWelcomeEmailsRefused(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.defined(METRICS.WELCOME_EMAILS_REFUSED, options);
  }

  /**
   * Buyers who confirmed their e-mail address by the link in the welcome e-mail.
   *
   * @default sum over 5 minutes
   */
  public metricBuyerEmailsConfirmed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.defined(METRICS.BUYER_EMAILS_CONFIRMED, options);
  }

  /**
   * Registration requests that failed for a reason on our side or on AWS's.
   *
   * @default sum over 5 minutes
   */
  public metricRegistrationFailures(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.defined(METRICS.REGISTRATION_FAILURES, options);
  }

  /**
   * Subscriptions that were registered over an hour ago and have no License Updated event.
   *
   * @default maximum over 5 minutes
   */
  public metricSubscriptionsStuckPending(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.defined(METRICS.SUBSCRIPTIONS_STUCK_PENDING, options);
  }

  /**
   * Subscriptions whose buyer has not registered a day after the activation; each is counted once.
   *
   * @default sum over 5 minutes
   */
  public metricSubscriptionsUnregistered(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.defined(METRICS.SUBSCRIPTIONS_UNREGISTERED, options);
  }

  /**
   * Agreements of which a rebuild recorded what was missing, from AWS's own records.
   *
   * @default sum over 5 minutes
   */
  public metricSubscriptionsRebuilt(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.defined(METRICS.SUBSCRIPTIONS_REBUILT, options);
  }

  /**
   * Agreements of which reconciliation recorded what lost events would have reported, from AWS's own records.
   *
   * @default sum over 5 minutes
   */
  public metricSubscriptionsRepaired(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.defined(METRICS.SUBSCRIPTIONS_REPAIRED, options);
  }

  /**
   * Reads of the Agreement API that reconciliation was denied or that failed; until one succeeds, lost events are not
   * repaired.
   *
   * @default sum over 5 minutes
   */
  public metricAgreementReadsFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.defined(METRICS.AGREEMENT_READS_FAILED, options);
  }

  /**
   * Checks of a contract to which GetEntitlements gave no complete answer; what is known stays, and AWS is asked again.
   *
   * @default sum over 5 minutes
   */
  public metricEntitlementReadsFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.defined(METRICS.ENTITLEMENT_READS_FAILED, options);
  }

  /**
   * Changes of entitlements that reconciliation found, because their event was lost, or came before AWS showed the change.
   *
   * @default sum over 5 minutes
   */
  public metricEntitlementsRepaired(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.defined(METRICS.ENTITLEMENTS_REPAIRED, options);
  }

  /**
   * Domain events that have waited for over 15 minutes to be published.
   *
   * @default maximum over 5 minutes
   */
  public metricOutboxBacklog(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.defined(METRICS.OUTBOX_BACKLOG, options);
  }

  /**
   * AWS Marketplace events with a detail-type that this release does not know.
   *
   * @default sum over 5 minutes
   */
  public metricUnknownAgreementEvents(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.defined(METRICS.UNKNOWN_AGREEMENT_EVENTS, options);
  }

  /**
   * Advisories of AWS about accounts of buyers: suspected fraud, abuse or compromise.
   *
   * @default sum over 5 minutes
   */
  public metricAdvisoriesIssued(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.defined(METRICS.ADVISORIES_ISSUED, options);
  }

  private defined({ name, statistic }: MetricDefinition, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(name, { statistic, ...options });
  }
}
