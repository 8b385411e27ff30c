import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Page } from './page';
import { AlarmSeverity, Dimension, RegistrationNotice, SaasPricingModel } from '../../src';
import { integrate } from '../src/fixtures';

/** Rows of the page: name, severity and section of the runbook. */
function expectedRows(): string[][] {
  const { integration, stack } = integrate({
    registrationNotices: [
      RegistrationNotice.email('sales@example.com'), RegistrationNotice.email('ceo@example.com', { includeContact: true }),
    ],
  });
  const code = Code.fromInline('//');
  const target = new LambdaFunction(new Function(stack, 'Provision', { runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code }));
  integration.onSubscriptionActivated('OnActivated', { target });
  const contract = integrate({ pricingModel: SaasPricingModel.CONTRACT, dimensions: [Dimension.entitled('Users')] }).integration;
  const bySeverity = Object.values(AlarmSeverity).flatMap((severity) =>
    [integration, contract].flatMap((one) => one.alarmsOfSeverity(severity).map((alarm) => ({ alarm, severity }))));
  const rows = bySeverity.map(({ alarm, severity }) => {
    const section = /runbook\.md#([a-z-]+)$/.exec((alarm.node.defaultChild as any).alarmDescription)![1];
    return [`\`${alarm.node.id}\``, severity, `[${section}](runbook.md#${section})`];
  });
  return [...new Map(rows.map((row) => [row[0], row])).values()].sort(([a], [b]) => a.localeCompare(b, 'en'));
}

test('the page lists every alarm with its severity and its section of the runbook', () => {
  const rows = new Page('docs/alarms.md').text.split('\n').filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
  expect(rows).toEqual(expectedRows());
});
