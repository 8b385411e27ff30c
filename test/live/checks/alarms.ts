import { CloudWatchClient, MetricAlarm, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { DisableRuleCommand } from '@aws-sdk/client-eventbridge';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { METRICS } from '../../../src/names';
import { LiveContext, until } from '../context';
import { asExpected, Check, notTried, otherwise } from '../observation';
import { STACKS } from '../stacks';

/** An alarm on missing runs may fire until the first runs are counted. */
const QUIET_WITHIN = { everyMs: 30_000, forMs: 45 * 60_000 };
const FIRES_WITHIN = { everyMs: 30_000, forMs: 20 * 60_000 };
const HEARTBEAT_WITHIN = { everyMs: 60_000, forMs: 75 * 60_000 };
const RUNS: readonly string[] = [METRICS.METERING_RUNS.name, METRICS.RECONCILIATION_RUNS.name];

export const quietAlarms: Check = {
  id: 'alarms-quiet',
  question: 'Are all alarms of a new deployment OK, and none without data?',
  source: 'docs/runbook.md',
  needs: ['ALARMS', 'EXAMPLE'],
  async run(context) {
    const loud = async () => (await alarmsOf(context)).filter(({ StateValue }) => StateValue !== 'OK');
    const quiet = await until(context.clock, QUIET_WITHIN, async () => (await loud()).length === 0 || undefined);
    return quiet
      ? asExpected('all alarms are OK')
      : otherwise(`after 45 minutes: ${(await loud()).map(({ AlarmName, StateValue }) => `${AlarmName} is ${StateValue}`).join(', ')}`);
  },
};

export const deadLetterAlarm: Check = {
  id: 'alarm-dead-letter',
  question: 'Does the alarm fire when a message is in a dead-letter queue?',
  source: 'docs/runbook.md#dead-letters',
  needs: ['ALARMS', 'EXAMPLE'],
  async run(context) {
    const { stacks, clientsOf, region, clock, runId } = context;
    const queue = (await stacks.resources(STACKS.EXAMPLE)).find(({ type, logicalId }) => type === 'AWS::SQS::Queue' && /DeadLetters/.test(logicalId));
    if (!queue) {
      return notTried('the stack has no dead-letter queue');
    }
    await clientsOf(region).sqs.send(new SendMessageCommand({ QueueUrl: queue.physicalId, MessageBody: `${runId}-dead-letter` }));
    const name = queue.physicalId.split('/').at(-1);
    const fired = await until(clock, FIRES_WITHIN, async () => (await alarmsOf(context))
      .find(({ StateValue, Dimensions = [] }) => StateValue === 'ALARM' && Dimensions.some(({ Value }) => Value === name)));
    return fired ? asExpected(`${fired.AlarmName} fired`) : otherwise('no alarm on the queue fired within 20 minutes');
  },
};

/** Nothing else shows that schedules stopped: no function fails, and no message waits. */
export const heartbeatAlarm: Check = {
  id: 'alarm-heartbeat',
  question: 'Does an alarm fire when metering and reconciliation no longer run?',
  source: 'docs/runbook.md',
  needs: ['ALARMS', 'EXAMPLE', 'LONG'],
  async run(context) {
    const { stacks, clientsOf, region, clock } = context;
    const watching = (alarms: readonly MetricAlarm[]) => alarms.filter((alarm) => metricsOf(alarm).some((metric) => RUNS.includes(metric)));
    if (watching(await alarmsOf(context)).length === 0) {
      return otherwise(`no alarm watches ${RUNS.join(' or ')}`);
    }
    const rules = (await stacks.resources(STACKS.EXAMPLE)).filter(({ type, logicalId }) => type === 'AWS::Events::Rule' && /Schedule/.test(logicalId));
    if (rules.length === 0) {
      return notTried('the stack has no rule whose id contains Schedule');
    }
    for (const { physicalId } of rules) {
      await clientsOf(region).events.send(new DisableRuleCommand({ Name: physicalId.split('|').at(-1) }));
    }
    const started = clock.now();
    const silent = () => alarmsOf(context).then((alarms) => watching(alarms).filter(({ StateValue }) => StateValue !== 'ALARM'));
    const fired = await until(clock, HEARTBEAT_WITHIN, async () => (await silent()).length === 0 || undefined);
    const minutes = Math.ceil((clock.now() - started) / 60_000);
    return fired
      ? asExpected(`all alarms on missing runs fired within ${minutes} minutes`)
      : otherwise(`not fired after ${minutes} minutes: ${(await silent()).map(({ AlarmName }) => AlarmName).join(', ')}`);
  },
};

function metricsOf({ MetricName, Metrics = [] }: MetricAlarm): string[] {
  return [MetricName, ...Metrics.map(({ MetricStat }) => MetricStat?.Metric?.MetricName)].filter((name) => name !== undefined);
}

/** Alarms of the example. */
async function alarmsOf({ stacks, clientsOf, region }: LiveContext): Promise<MetricAlarm[]> {
  const names = (await stacks.resources(STACKS.EXAMPLE)).filter(({ type }) => type === 'AWS::CloudWatch::Alarm').map(({ physicalId }) => physicalId);
  return describe(clientsOf(region).cloudWatch, names);
}

async function describe(client: CloudWatchClient, names: readonly string[]): Promise<MetricAlarm[]> {
  const found: MetricAlarm[] = [];
  // DescribeAlarms takes 100 names.
  for (let from = 0; from < names.length; from += 100) {
    for await (const page of paginateDescribeAlarms({ client }, { AlarmNames: names.slice(from, from + 100) })) {
      found.push(...page.MetricAlarms ?? []);
    }
  }
  return found;
}
