import { SQS } from '@aws-sdk/client-sqs';
import { reportUsage, type UsageQueueClient, type UsageRecord } from '../../client';

const QUEUE = 'https://sqs.us-east-1.amazonaws.com/111122223333/usage';

const record = (id: string, more: Pick<UsageRecord, 'tags'> = {}): UsageRecord =>
  ({ id, license: 'l-9d5ab3c1', dimension: 'ApiCalls', quantity: 1, time: '2026-11-23T09:41:07Z', ...more });

type Call = Parameters<UsageQueueClient['sendMessageBatch']>[0];

/** A queue that remembers each call, and answers it. */
function queue(answer: (call: Call, number: number) => Awaited<ReturnType<UsageQueueClient['sendMessageBatch']>> = () => ({})) {
  const calls: Call[] = [];
  const sqs: UsageQueueClient = {
    sendMessageBatch: async (call) => {
      calls.push(call);
      return answer(call, calls.length);
    },
  };
  return { sqs, calls, bodies: () => calls.flatMap(({ Entries }) => Entries.map(({ MessageBody }) => JSON.parse(MessageBody) as UsageRecord[])) };
}

test('sends a few records as one message', async () => {
  const { sqs, calls, bodies } = queue();
  const records = [record('a'), record('b')];
  expect(await reportUsage(sqs, QUEUE, records)).toEqual({ sent: records, unsent: [] });
  expect(calls).toHaveLength(1);
  expect(calls[0].QueueUrl).toBe(QUEUE);
  expect(bodies()).toEqual([records]);
});

test('calls nothing where there is nothing to send', async () => {
  const { sqs, calls } = queue();
  expect(await reportUsage(sqs, QUEUE, [])).toEqual({ sent: [], unsent: [] });
  expect(calls).toEqual([]);
});

test('never exceeds the ten messages and the 1 MiB that SQS takes in a call, and keeps the order', async () => {
  const { sqs, calls, bodies } = queue();
  const records = Array.from({ length: 3000 }, (_, index) => record(`req-${index}-${'ü'.repeat(200)}`));
  const { sent, unsent } = await reportUsage(sqs, QUEUE, records);
  expect(unsent).toEqual([]);
  expect(sent).toEqual(records);
  expect(bodies().flat()).toEqual(records);
  expect(calls.length).toBeGreaterThan(1);
  for (const { Entries } of calls) {
    expect(Entries.length).toBeLessThanOrEqual(10);
    expect(new Set(Entries.map(({ Id }) => Id)).size).toBe(Entries.length);
    expect(Entries.reduce((sum, { MessageBody }) => sum + Buffer.byteLength(MessageBody), 0)).toBeLessThanOrEqual(1_048_576);
  }
});

test('names each record of a message that SQS refused, and whether another try may help', async () => {
  const records = Array.from({ length: 1200 }, (_, index) => record(`req-${index}`));
  const { sqs, bodies } = queue(({ Entries }) => ({
    Failed: [
      { Id: Entries[0].Id, Code: 'InternalError', SenderFault: false, Message: 'try again' },
      { Id: Entries[1].Id, Code: 'InvalidMessageContents', SenderFault: true },
    ],
  }));
  const { sent, unsent } = await reportUsage(sqs, QUEUE, records);
  const [first, second, ...others] = bodies();
  expect(sent).toEqual(others.flat());
  expect(unsent).toEqual([
    ...first.map((one) => ({ record: one, code: 'InternalError', message: 'try again', retryable: true })),
    ...second.map((one) => ({ record: one, code: 'InvalidMessageContents', message: '', retryable: false })),
  ]);
});

test.each([
  ['the network', Object.assign(new Error('socket hang up'), { name: 'TimeoutError' }), true],
  ['a missing permission', Object.assign(new Error('not allowed'), { name: 'AccessDenied', $fault: 'client' }), false],
])('a call that failed because of %s does not lose the records of other calls', async (_what, error, retryable) => {
  const records = Array.from({ length: 12 }, (_, index) => record(`req-${index}`, { tags: { filler: 'x'.repeat(60_000) } }));
  const { sqs } = queue((_call, number) => {
    if (number === 1) {
      throw error;
    }
    return {};
  });
  const { sent, unsent } = await reportUsage(sqs, QUEUE, records);
  expect(sent).toEqual(records.slice(10));
  expect(unsent).toEqual(records.slice(0, 10).map((one) => ({ record: one, code: error.name, message: error.message, retryable })));
});

test('a record that no message can carry costs its neighbours nothing', async () => {
  const { sqs } = queue();
  const large = record('large', { tags: { filler: 'x'.repeat(200_000) } });
  const { sent, unsent } = await reportUsage(sqs, QUEUE, [record('a'), large, record('b')]);
  expect(sent.map(({ id }) => id)).toEqual(['a', 'b']);
  expect(unsent).toEqual([{ record: large, code: 'RecordTooLarge', message: expect.any(String), retryable: false }]);
});

test('the client of the AWS SDK is one that it takes', () => {
  const sqs: UsageQueueClient = new SQS({ region: 'us-east-1' });
  expect(sqs.sendMessageBatch).toBeInstanceOf(Function);
});
