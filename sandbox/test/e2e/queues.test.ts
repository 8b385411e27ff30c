import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { assemblyOf, fn, handler, mapping, queue, start } from './app';
import { awsConfig, notes, queueUrl, receive, send } from './clients';

const WORKER = handler(`
  await count('batches');
  const batchItemFailures = [];
  for (const record of event.Records) {
    const body = JSON.parse(record.body);
    await count(body.name);
    if (body.fail) batchItemFailures.push({ itemIdentifier: record.messageId });
    if (body.throw) throw new Error('whole batch');
    if (body.nonsense) return { batchItemFailures: [{ itemIdentifier: 'unknown' }] };
    if (body.hang) await new Promise((resolve) => setTimeout(resolve, 60_000));
  }
  return { batchItemFailures };`);

function appOf(properties = {}, timeout = 10) {
  return assemblyOf(queue('Work', 60, 3), fn('Worker', { code: WORKER, timeout }), mapping('Work', 'Worker', properties));
}

test('a failed item comes back after the visibility timeout, and is dead after its last receive', async () => {
  const sandbox = await start(appOf());
  await send(sandbox, 'Work', { name: 'good' }, { name: 'bad', fail: true });
  await sandbox.waitUntilIdle();
  expect(await notes(sandbox)).toMatchObject({ good: 1, bad: 1 });

  await sandbox.advance('PT59S');
  expect(await notes(sandbox)).toMatchObject({ good: 1, bad: 1 });
  await sandbox.advance('PT1S');
  expect(await notes(sandbox)).toMatchObject({ good: 1, bad: 2 });
  await sandbox.advance('PT10M');
  expect(await notes(sandbox)).toMatchObject({ good: 1, bad: 3 });
  expect((await sandbox.state()).deadLetters).toEqual({ WorkDead: 1 });
  expect(await receive(sandbox, 'WorkDead')).toEqual([JSON.stringify({ name: 'bad', fail: true })]);
});

test.each(['throw', 'nonsense'])('a batch whose handler answers with %s comes back as a whole', async (kind) => {
  const sandbox = await start(appOf({ MaximumBatchingWindowInSeconds: 5 }));
  await send(sandbox, 'Work', { name: 'first' }, { name: 'second', [kind]: true });
  await sandbox.advance('PT1H');
  expect(await notes(sandbox)).toEqual({ batches: 3, first: 3, second: 3 });
  expect((await sandbox.state()).deadLetters).toEqual({ WorkDead: 2 });
});

test('a partial batch waits for the end of its window, a full one does not', async () => {
  const sandbox = await start(appOf({ BatchSize: 3, MaximumBatchingWindowInSeconds: 30 }));
  await send(sandbox, 'Work', { name: 'a' }, { name: 'b' });
  await sandbox.advance('PT29S');
  expect(await notes(sandbox)).toEqual({});
  await sandbox.advance('PT1S');
  expect(await notes(sandbox)).toEqual({ batches: 1, a: 1, b: 1 });
  await send(sandbox, 'Work', { name: 'c' }, { name: 'd' }, { name: 'e' }, { name: 'f' });
  await sandbox.waitUntilIdle();
  expect(await notes(sandbox)).toMatchObject({ batches: 2, c: 1, d: 1, e: 1 });
  await sandbox.advance('PT30S');
  expect(await notes(sandbox)).toMatchObject({ batches: 3, f: 1 });
});

test('a delayed message is delivered when its virtual delay is over', async () => {
  const sandbox = await start(appOf());
  const sqs = new SQSClient(awsConfig(sandbox));
  await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl(sandbox, 'Work'), MessageBody: '{"name":"later"}', DelaySeconds: 300 }));
  await sandbox.advance('PT299S');
  expect(await notes(sandbox)).toEqual({});
  await sandbox.advance('PT1S');
  expect(await notes(sandbox)).toEqual({ batches: 1, later: 1 });
});

test('a handler that takes too long is killed, and its messages come back', async () => {
  const sandbox = await start(appOf({}, 1));
  await send(sandbox, 'Work', { name: 'slow', hang: true });
  await sandbox.advance('PT1M');
  expect(await notes(sandbox)).toMatchObject({ slow: 2 });
  await send(sandbox, 'Work', { name: 'quick' });
  await sandbox.waitUntilIdle();
  expect(await notes(sandbox)).toMatchObject({ quick: 1 });
});

test('records have the shape Lambda gives them, with virtual times', async () => {
  const code = handler('await note("event", event);');
  const sandbox = await start(assemblyOf(queue('Work'), fn('Worker', { code }), mapping('Work', 'Worker')));
  const sqs = new SQSClient(awsConfig(sandbox));
  await sqs.send(new SendMessageCommand({
    QueueUrl: queueUrl(sandbox, 'Work'),
    MessageBody: 'hello',
    MessageAttributes: { kind: { DataType: 'String', StringValue: 'greeting' } },
  }));
  await sandbox.waitUntilIdle();
  const { event } = await notes(sandbox) as { event: { Records: unknown[] } };
  expect(event.Records).toEqual([{
    messageId: '00000001-0000-4000-8000-000000000001',
    receiptHandle: expect.any(String),
    body: 'hello',
    attributes: {
      ApproximateReceiveCount: '1',
      ApproximateFirstReceiveTimestamp: String(Date.parse('2026-11-23T05:00:00Z')),
      SenderId: expect.any(String),
      SentTimestamp: String(Date.parse('2026-11-23T05:00:00Z')),
    },
    messageAttributes: { kind: { stringValue: 'greeting', stringListValues: [], binaryListValues: [], dataType: 'String' } },
    md5OfBody: '5d41402abc4b2a76b9719d911017c592',
    md5OfMessageAttributes: expect.any(String),
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:Work',
    awsRegion: 'us-east-1',
  }]);
});

test('a queue that feeds itself does not become idle, and is named', async () => {
  const code = handler('await sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE, MessageBody: "again" }));');
  const app = assemblyOf(queue('Loop'), fn('Worker', { code, environment: { QUEUE: { Ref: 'Loop' } } }), mapping('Loop', 'Worker'));
  const sandbox = await start(app, { idleSteps: 25 });
  await send(sandbox, 'Loop', 'start');
  await expect(sandbox.advance('PT1H')).rejects.toMatchObject({
    status: 504,
    code: 'NotIdle',
    message: expect.stringContaining('queue Loop to function'),
  });
});
