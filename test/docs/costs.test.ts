import { Page } from './page';
import { integrate, resources } from '../src/fixtures';

const template = integrate().template();
const ofType = (type: string) => resources(template, type).map(([, { Properties }]) => Properties);

/** AWS counts the metrics of an alarm, not the alarms; a group of managed rules is one rule. */
const rules = ofType('AWS::WAFv2::WebACL').flatMap(({ Rules }) => Rules as unknown[]).length;
const alarmMetrics = ofType('AWS::CloudWatch::Alarm')
  .map(({ Metrics }) => (Metrics as { MetricStat?: unknown }[] | undefined)?.filter(({ MetricStat }) => MetricStat).length ?? 1)
  .reduce((sum, count) => sum + count, 0);
const dollars = (amount: number) => `$${amount.toFixed(2)}`;

test('what the product costs at rest is counted from its template', () => {
  const { text } = new Page('docs/benchmarks.md');
  expect(text).toContain(`${dollars(5 + rules)} a month for a web ACL with ${rules} rules`);
  expect(text).toContain(`${dollars(alarmMetrics * 0.1)} for alarms on ${alarmMetrics} metrics`);
  const [, metrics] = /for (\d+) metrics that have values in any case/.exec(text)!;
  expect(text).toContain(`: ${dollars(5 + rules + alarmMetrics * 0.1 + Number(metrics) * 0.3)}.`);
});

test('the README says what the web ACL and a month at rest cost, as the page with the arithmetic does', () => {
  const { text } = new Page('README.md');
  expect(text).toMatch(new RegExp(`web ACL \\(.*\\| ${5 + rules} \\|`));
  const [, sum] = /: \$(\d+\.\d\d)\. Each further metric/.exec(new Page('docs/benchmarks.md').text)!;
  expect(text).toContain(`| about ${Math.round(Number(sum))} |`);
});
