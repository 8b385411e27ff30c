import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { usageRecord, usageStored } from './usage-item';
import { until } from '../context';
import { asExpected, Check, otherwise } from '../observation';

const STORED_WITHIN = { everyMs: 2_000, forMs: 2 * 60_000 };

/** The deployed functions work with their roles, and the page is there. */
export const exampleAnswers: Check = {
  id: 'example-answers',
  question: 'Does the registration page answer, and does intake store a usage record?',
  source: 'docs/registration.md',
  needs: ['EXAMPLE'],
  async run(context) {
    const { outputs, request, clientsOf, region, clock } = context;
    const { status, contentType } = await request({ method: 'GET', url: outputs.FulfillmentUrl, headers: { accept: 'text/html' } });
    if (status !== 200 || !contentType.startsWith('text/html')) {
      return otherwise(`the registration page answered ${status} (${contentType})`);
    }
    const record = usageRecord(context, 'usage');
    await clientsOf(region).sqs.send(new SendMessageCommand({ QueueUrl: outputs.UsageQueueUrl, MessageBody: JSON.stringify(record) }));
    const stored = await until(clock, STORED_WITHIN, async () => (await usageStored(context, record.id)) || undefined);
    return stored ? asExpected('the page answered 200, and the usage record was stored') : otherwise('the usage record was not stored within 2 minutes');
  },
};
