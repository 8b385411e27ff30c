import type { SandboxClient } from 'cdk-marketplace-saas-sandbox';
import {
  CancelMessageMoveTaskCommand, ListMessageMoveTasksCommand, ReceiveMessageCommand, SQSClient, StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { assemblyOf, fn, handler, mapping, queue, start } from './app';
import { awsConfig, notes, queueUrl, receive, send } from './clients';

const arnOf = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;

/** Fails until `ok` is in the table. */
const WORKER = handler(`
  const { Item } = await db.send(new GetItemCommand({ TableName: process.env.TABLE, Key: { pk: { S: 'ok' } } }));
  if (!Item) throw new Error('not yet');
  for (const record of event.Records) await count(JSON.parse(record.body));`);
const MENDER = handler('await count("ok");');

const app = () => assemblyOf(queue('Work', 60, 2), queue('Fix'), queue('Other'), fn('Worker', { code: WORKER }), fn('Mender', { code: MENDER }),
  mapping('Work', 'Worker'), mapping('Fix', 'Mender'));

async function withDeadLetters(): Promise<{ sandbox: SandboxClient; sqs: SQSClient }> {
  const sandbox = await start(app());
  await send(sandbox, 'Work', 'a', 'b');
  await sandbox.advance('PT10M');
  expect((await sandbox.state()).deadLetters).toMatchObject({ WorkDead: 2 });
  return { sandbox, sqs: new SQSClient(awsConfig(sandbox)) };
}

test.each([{ DestinationArn: arnOf('Work') }, {}])('dead letters go back to their queue with %j, and are worked on', async (destination) => {
  const { sandbox, sqs } = await withDeadLetters();
  await send(sandbox, 'Fix', 'mend');
  const { TaskHandle } = await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arnOf('WorkDead'), ...destination }));
  await sandbox.waitUntilIdle();
  expect(await notes(sandbox)).toEqual({ ok: 1, a: 1, b: 1 });
  expect((await sandbox.state()).deadLetters).toMatchObject({ WorkDead: 0 });
  const { Results } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: arnOf('WorkDead') }));
  expect(Results).toEqual([{
    Status: 'COMPLETED',
    SourceArn: arnOf('WorkDead'),
    ...destination,
    ApproximateNumberOfMessagesMoved: 2,
    ApproximateNumberOfMessagesToMove: 2,
    StartedTimestamp: Date.parse('2026-11-23T05:10:00Z'),
  }]);
  await expect(sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }))).rejects.toMatchObject({ name: 'UnsupportedOperation' });
});

test('dead letters whose cause is still there come back, as new messages with a new count', async () => {
  const { sandbox, sqs } = await withDeadLetters();
  await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arnOf('WorkDead') }));
  await sandbox.waitUntilIdle();
  expect((await sandbox.state()).deadLetters).toMatchObject({ WorkDead: 0 });
  await sandbox.advance('PT10M');
  expect((await sandbox.state()).deadLetters).toMatchObject({ WorkDead: 2 });
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl(sandbox, 'WorkDead'), MessageSystemAttributeNames: ['All'] }));
  expect(Messages[0].Attributes).toMatchObject({ SentTimestamp: String(Date.parse('2026-11-23T05:10:00Z')), DeadLetterQueueSourceArn: arnOf('Work') });
});

test('what came to a dead-letter queue by itself goes back nowhere, but anywhere', async () => {
  const sandbox = await start(app());
  const sqs = new SQSClient(awsConfig(sandbox));
  await send(sandbox, 'WorkDead', 'direct');
  await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arnOf('WorkDead') }));
  const list = () => sqs.send(new ListMessageMoveTasksCommand({ SourceArn: arnOf('WorkDead'), MaxResults: 10 }));
  expect((await list()).Results).toMatchObject([{ Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource', ApproximateNumberOfMessagesMoved: 0 }]);
  await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arnOf('WorkDead'), DestinationArn: arnOf('Other') }));
  expect((await list()).Results?.map(({ Status }) => Status)).toEqual(['COMPLETED', 'FAILED']);
  expect(await receive(sandbox, 'Other')).toEqual(['"direct"']);
  expect(await receive(sandbox, 'WorkDead')).toEqual([]);

  const refused = (input: { SourceArn: string; DestinationArn?: string }) => expect(sqs.send(new StartMessageMoveTaskCommand(input))).rejects;
  await refused({ SourceArn: arnOf('Work') }).toMatchObject({ message: 'Source queue must be configured as a Dead Letter Queue.' });
  await refused({ SourceArn: arnOf('None') }).toMatchObject({ name: 'ResourceNotFoundException' });
  await refused({ SourceArn: arnOf('WorkDead'), DestinationArn: arnOf('None') }).toMatchObject({ name: 'ResourceNotFoundException' });
  await refused({ SourceArn: arnOf('WorkDead'), DestinationArn: arnOf('WorkDead') }).toMatchObject({ name: 'InvalidParameterValue' });
});
