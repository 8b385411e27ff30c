import { readFileSync } from 'fs';
import * as path from 'path';
import { Duration } from 'aws-cdk-lib';
import { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { integrate } from './fixtures';
import { METRICS } from '../../src/names';

const { integration } = integrate();
const source = readFileSync(path.join(__dirname, '../../src/integration-metrics.ts'), 'utf8');

/** The first sentences of a method's docstring, on one line. */
function docstringOf(method: string): string | undefined {
  const [, comment] = new RegExp(`/\\*\\*((?:(?!\\*/)[^])*)\\*/\\s+public ${method}\\(`).exec(source) ?? [];
  return comment?.split('@')[0].replace(/\s*\*\s*/g, ' ').trim();
}

describe.each(Object.values(METRICS))('$name', ({ name, statistic, description }) => {
  test('has a method that returns it with its statistic over 5 minutes', () => {
    const method = (integration as unknown as Record<string, (options?: MetricOptions) => Metric>)[`metric${name}`].bind(integration);
    expect(method()).toMatchObject({
      namespace: 'MarketplaceSaas', metricName: name, statistic, dimensions: { Integration: integration.integrationId },
    });
    expect(method().period.toMinutes()).toBe(5);
  });

  test('has the description of the catalogue as its docstring', () => {
    expect(docstringOf(`metric${name}`)).toBe(description);
  });
});

test('a metric takes other options', () => {
  const metric = integration.metricUsageRecordsAccepted({ period: Duration.hours(1), label: 'Usage' });
  expect(metric).toMatchObject({ namespace: 'MarketplaceSaas', metricName: 'UsageRecordsAccepted', statistic: 'Sum', label: 'Usage' });
  expect(metric.period.toHours()).toBe(1);
});

test('a metric that has no method is found by its name', () => {
  expect(integration.metric('UsageRecordsAccepted').dimensions).toEqual({ Integration: integration.integrationId });
});
