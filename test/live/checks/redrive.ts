import { GetQueueAttributesCommand, GetQueueUrlCommand, ListMessageMoveTasksCommand, SendMessageCommand, SQSClient, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { usageRecord, usageStored } from './usage-item';
import { Clock, until } from '../context';
import { asExpected, Check, Observation, otherwise } from '../observation';

const TASK_ENDS_WITHIN = { everyMs: 2_000, forMs: 3 * 60_000 };
const STORED_WITHIN = { everyMs: 2_000, forMs: 2 * 60_000 };

/**
 * What the runbook asks an operator to do. The message is put into the dead-letter queue directly, as Lambda and EventBridge
 * do: SQS then does not know where it came from.
 */
export const redrive: Check = {
  id: 'redrive',
  question: 'Does a message move task bring a dead letter back to work, and does it need a destination where SQS did not move the letter itself?',
  source: 'docs/runbook.md#dead-letters',
  needs: ['EXAMPLE'],
  async run(context): Promise<Observation> {
    const { outputs, clientsOf, region, clock } = context;
    const { sqs } = clientsOf(region);
    const record = usageRecord(context, 'redriven');
    const { usageQueueArn, deadLettersArn, deadLettersUrl } = await queuesOf(sqs, outputs.UsageQueueUrl);
    await sqs.send(new SendMessageCommand({ QueueUrl: deadLettersUrl, MessageBody: JSON.stringify(record) }));
    const without = await move(sqs, clock, { SourceArn: deadLettersArn });
    const withDestination = await move(sqs, clock, { SourceArn: deadLettersArn, DestinationArn: usageQueueArn });
    const stored = await until(clock, STORED_WITHIN, async () => (await usageStored(context, record.id)) || undefined);
    const saw = `without a destination: ${without}; with one: ${withDestination}; the usage record was ${stored ? '' : 'not '}stored`;
    const fact = `StartMessageMoveTask for a message that was sent to the dead-letter queue directly ends as ${without} without a destination, and as `
      + `${withDestination} with one.`;
    const expected = without.startsWith('FAILED') && withDestination === 'COMPLETED' && stored;
    return expected ? asExpected(saw, { fact }) : otherwise(saw, { fact });
  },
};

/** Runs a move task. An error of the call is an answer too: AWS may refuse at once what it could also fail later. */
async function move(sqs: SQSClient, clock: Clock, input: { readonly SourceArn: string; readonly DestinationArn?: string }): Promise<string> {
  try {
    await sqs.send(new StartMessageMoveTaskCommand(input));
  } catch (error) {
    return `FAILED (${(error as Error).name})`;
  }
  const ended = await until(clock, TASK_ENDS_WITHIN, async () => {
    const { Results: [task] = [] } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: input.SourceArn, MaxResults: 1 }));
    return task?.Status === 'RUNNING' ? undefined : task;
  });
  return ended ? [ended.Status, ended.FailureReason && `(${ended.FailureReason})`].filter(Boolean).join(' ') : 'RUNNING for 3 minutes';
}

async function queuesOf(sqs: SQSClient, QueueUrl: string) {
  const { Attributes: attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn', 'RedrivePolicy'] }));
  const deadLettersArn = String(JSON.parse(attributes.RedrivePolicy ?? '{}').deadLetterTargetArn);
  const { QueueUrl: deadLettersUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: deadLettersArn.split(':').at(-1) }));
  return { usageQueueArn: attributes.QueueArn, deadLettersArn, deadLettersUrl };
}
