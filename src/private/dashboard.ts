import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Alarms } from './alarms';
import { hasEntitlements, hasMetering, Product } from './product';
import { IntegrationMetrics } from '../integration-metrics';
import { MetricDefinition, METRICS } from '../names';

/** One row: titles of graphs and the metrics in each. */
type Graphs = Readonly<Record<string, readonly MetricDefinition[]>>;

const BUYERS: Graphs = {
  'Buyers who register': [
    METRICS.REGISTRATIONS_STARTED, METRICS.BUYERS_REGISTERED, METRICS.REGISTRATION_TOKENS_EXPIRED, METRICS.REGISTRATION_TOKENS_INVALID,
    METRICS.REGISTRATION_FAILURES, METRICS.SUBSCRIPTIONS_UNREGISTERED,
  ],
  'Subscriptions': [METRICS.SUBSCRIPTIONS_STUCK_PENDING, METRICS.SUBSCRIPTIONS_REBUILT, METRICS.SUBSCRIPTIONS_REPAIRED],
  'AWS Marketplace': [METRICS.ADVISORIES_ISSUED, METRICS.UNKNOWN_AGREEMENT_EVENTS, METRICS.AGREEMENT_READS_FAILED],
  'Events to the app': [METRICS.OUTBOX_BACKLOG, METRICS.RECONCILIATION_RUNS],
};

const ENTITLEMENTS: Graphs = { Entitlements: [METRICS.ENTITLEMENTS_REPAIRED, METRICS.ENTITLEMENT_READS_FAILED] };

const USAGE: Graphs = {
  'Usage': [METRICS.USAGE_RECORDS_ACCEPTED, METRICS.USAGE_RECORDS_REJECTED, METRICS.USAGE_CARRIED_FORWARD],
  'Sent to AWS Marketplace': [METRICS.METERING_RECORDS_ACCEPTED, METRICS.METERING_RECORDS_HELD, METRICS.METERING_CONFIGURATION_ERRORS, METRICS.METERING_RUNS],
  'Hours for a person to look at': [METRICS.METERING_RECORDS_UNRESOLVED, METRICS.METERING_CONFLICTS, METRICS.USAGE_WAITING_FOR_UNKNOWN_LICENSE],
};

const GRID_WIDTH = 24;

/** A dashboard of what the metrics catalogue has, by the way of a buyer: registration, subscription, usage, the ledger. */
export function createDashboard(integration: IntegrationMetrics, product: Product, alarms: Alarms): cloudwatch.Dashboard {
  const graph = (title: string, left: cloudwatch.IMetric[]) => ({ title, left });
  const row = (graphs: Graphs) => Object.entries(graphs).map(([title, metrics]) => graph(title, metrics.map((metric) =>
    integration.metric(metric.name, { statistic: metric.statistic, period: Duration.minutes(5), label: metric.name }))));
  const pending = hasMetering(product) ? row({ Ages: [METRICS.OLDEST_PENDING_USAGE_AGE] })[0].left : [];
  const rows = [
    row({ ...BUYERS, ...hasEntitlements(product) && ENTITLEMENTS }),
    ...hasMetering(product) ? [row(USAGE)] : [],
    [graph('Ages in seconds', [...pending, ...alarms.queueAges]), graph('Dead letters', alarms.deadLetters)],
  ];
  return new cloudwatch.Dashboard(integration, 'Dashboard', {
    defaultInterval: Duration.days(3),
    widgets: [
      [new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms: alarms.alarms, width: GRID_WIDTH, height: 4 })],
      ...rows.map((graphs) => graphs.map((props) => new cloudwatch.GraphWidget({ ...props, width: Math.floor(GRID_WIDTH / graphs.length) }))),
    ],
  });
}
