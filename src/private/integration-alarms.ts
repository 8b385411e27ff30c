import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Alarms } from './alarms';
import { IntegrationMetrics } from '../integration-metrics';
import { MeteringMode } from '../metering-options';
import { hasEntitlements, hasMetering, Product } from './product';
import { AlarmSeverity } from '../alarm-severity';

/** Alarms on the metrics that the handlers write. Each names a section of the runbook. */
export function addIntegrationAlarms(alarms: Alarms, integration: IntegrationMetrics, product: Product, metering: MeteringMode): void {
  if (hasMetering(product)) {
    addMeteringAlarms(alarms, integration);
  }
  alarms.addHeartbeat('ReconciliationStopped', (options) => integration.metricReconciliationRuns(options), 'Reconciliation');
  alarms.add('SubscriptionsStuckPending', integration.metricSubscriptionsStuckPending(), {
    threshold: 1,
    description: `A buyer came from AWS Marketplace over ${hasEntitlements(product) ? '3 days' : 'an hour'} ago, and no event of AWS has activated the subscription.`,
    runbook: 'stuck-subscriptions',
  });
  // The listing sends buyers to the live deployment only, so a second one never sees a registration.
  if (metering === MeteringMode.LIVE) {
    alarms.add('SubscriptionsUnregistered', integration.metricSubscriptionsUnregistered(), {
      threshold: 1,
      description: 'Another buyer has paid for a day and has not registered.',
      runbook: 'unregistered-buyers',
    });
  }
  if (hasEntitlements(product)) {
    alarms.add('EntitlementReadsFailed', integration.metricEntitlementReadsFailed({ period: Duration.minutes(15) }), {
      threshold: 3,
      description: 'AWS Marketplace does not answer what buyers are entitled to.',
      runbook: 'entitlement-reads',
      severity: AlarmSeverity.CRITICAL,
    });
  }
  alarms.add('OutboxBacklog', integration.metricOutboxBacklog(), {
    threshold: 1,
    description: 'Domain events to the app have waited for over 15 minutes.',
    runbook: 'unpublished-events',
    severity: AlarmSeverity.CRITICAL,
  });
  alarms.add('RegistrationFailures', integration.metricRegistrationFailures(), {
    threshold: 1,
    description: 'A registration failed for a reason on our side or on AWS\'s.',
    runbook: 'registration-failures',
    severity: AlarmSeverity.CRITICAL,
  });
  const hour = { period: Duration.hours(1) };
  // Both metrics are written with each token, so that one of them alone has data in no hour.
  alarms.add('RegistrationTokensRefused', new cloudwatch.MathExpression({
    expression: 'IF(started == 0, invalid, 0)',
    usingMetrics: { started: integration.metricRegistrationsStarted(hour), invalid: integration.metricRegistrationTokensInvalid(hour) },
    label: 'Invalid tokens in an hour without a valid one',
    ...hour,
  }), {
    threshold: 3,
    description: 'AWS Marketplace knew none of the tokens of an hour: the seller account may not be the one of the listing.',
    runbook: 'refused-tokens',
  });
  alarms.add('AdvisoriesIssued', integration.metricAdvisoriesIssued(), {
    threshold: 1,
    description: 'AWS suspects fraud, abuse or compromise of a buyer\'s account.',
    runbook: 'advisories',
  });
  alarms.add('UnknownAgreementEvents', integration.metricUnknownAgreementEvents(), {
    threshold: 1,
    description: 'AWS Marketplace sends an event that this release does not know.',
    runbook: 'unknown-events',
  });
}

function addMeteringAlarms(alarms: Alarms, integration: IntegrationMetrics): void {
  alarms.addHeartbeat('MeteringStopped', (options) => integration.metricMeteringRuns(options), 'Metering');
  const age = integration.metricOldestPendingUsageAge({ period: Duration.minutes(15) });
  alarms.add('PendingUsage6Hours', age, {
    threshold: Duration.hours(6).toSeconds(),
    description: 'Usage is over 6 hours old and not billed yet. AWS accepts it for 24 hours.',
    runbook: 'pending-usage',
  });
  alarms.add('PendingUsage20Hours', age, {
    threshold: Duration.hours(20).toSeconds(),
    description: 'Usage is over 20 hours old and not billed yet: in 2 hours it can no longer be billed in its own hour, and is carried.',
    runbook: 'pending-usage',
    severity: AlarmSeverity.CRITICAL,
  });
  alarms.add('UsageWaitingForUnknownLicense', integration.metricUsageWaitingForUnknownLicense(), {
    threshold: 1,
    description: 'The app reports usage of a license that AWS has not named.',
    runbook: 'unknown-licenses',
  });
  alarms.add('MeteringRecordsUnresolved', integration.metricMeteringRecordsUnresolved(), {
    threshold: 1,
    description: 'It is unknown whether AWS took an hour of usage.',
    runbook: 'unresolved-usage',
  });
  alarms.add('MeteringConflicts', integration.metricMeteringConflicts(), {
    threshold: 1,
    description: 'AWS has a quantity for an hour that this ledger did not send, or is not known to have sent: another deployment or tool may meter this product.',
    runbook: 'metering-conflicts',
    severity: AlarmSeverity.CRITICAL,
  });
  alarms.add('MeteringConfigurationErrors', integration.metricMeteringConfigurationErrors(), {
    threshold: 1,
    description: 'AWS Marketplace refuses metering calls because of their configuration.',
    runbook: 'metering-configuration',
    severity: AlarmSeverity.CRITICAL,
  });
  alarms.add('UsageRecordsRejected', integration.metricUsageRecordsRejected(), {
    threshold: 1,
    description: 'Usage was rejected and will not be billed unless it is corrected.',
    runbook: 'rejected-usage',
  });
}
