import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Alarms } from './alarms';
import { hasEntitlements, hasMetering, Product } from './product';
import { IntegrationMetrics } from '../integration-metrics';
import { MetricDefinition, MetricGraph, METRICS } from '../names';

/** A row of the dashboard each: for every product, and for those with metering. */
const BUYERS: readonly MetricGraph[] = ['Buyers who register', 'Subscriptions', 'AWS Marketplace', 'Events to the app'];
const USAGE: readonly MetricGraph[] = ['Usage', 'Sent to AWS Marketplace', 'Hours for a person to look at'];

const CATALOGUE: readonly MetricDefinition[] = Object.values(METRICS);

const GRID_WIDTH = 24;

/** A dashboard of what the metrics catalogue has, by the way of a buyer: registration, subscription, usage, the ledger. */
export function createDashboard(integration: IntegrationMetrics, product: Product, alarms: Alarms): cloudwatch.Dashboard {
  const metricsOf = (title: MetricGraph): cloudwatch.IMetric[] => CATALOGUE.filter(({ graph }) => graph === title).map(({ name, statistic }) =>
    integration.metric(name, { statistic, period: Duration.minutes(5), label: name }));
  const row = (titles: readonly MetricGraph[]) => titles.map((title) => ({ title, left: metricsOf(title) }));
  const rows = [
    row(hasEntitlements(product) ? [...BUYERS, 'Entitlements'] : BUYERS),
    ...hasMetering(product) ? [row(USAGE)] : [],
    [
      { title: 'Ages in seconds', left: [...hasMetering(product) ? metricsOf('Ages in seconds') : [], ...alarms.queueAges] },
      { title: 'Dead letters', left: alarms.deadLetters },
    ],
  ];
  return new cloudwatch.Dashboard(integration, 'Dashboard', {
    defaultInterval: Duration.days(3),
    widgets: [
      [new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms: alarms.alarms, width: GRID_WIDTH, height: 4 })],
      ...rows.map((graphs) => graphs.map((props) => new cloudwatch.GraphWidget({ ...props, width: Math.floor(GRID_WIDTH / graphs.length) }))),
    ],
  });
}
