import type { SandboxClient } from 'cdk-marketplace-saas-sandbox';
import {
  ChangeMessageVisibilityCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageBatchCommand, SendMessageCommand, SQSClient,
  type SendMessageCommandInput,
} from '@aws-sdk/client-sqs';
import { assemblyOf, fn, handler, mapping, queue, start } from './app';
import { awsConfig, notes, queueUrl, receive, send } from './clients';

const fifo = (id: string, properties: object = {}) => ({ [id]: { Type: 'AWS::SQS::Queue', Properties: { QueueName: `${id}.fifo`, FifoQueue: true, ...properties } } });

function clientOf(sandbox: SandboxClient, name: string) {
  const sqs = new SQSClient(awsConfig(sandbox));
  const QueueUrl = queueUrl(sandbox, name);
  return {
    sqs,
    QueueUrl,
    send: (input: Partial<SendMessageCommandInput>) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', ...input })),
    visible: async () => (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }))).Attributes,
  };
}

test('delays and batches have the limits of SQS', async () => {
  const sandbox = await start(assemblyOf(queue('Work'), fifo('Orders', { ContentBasedDeduplication: true })));
  const { sqs, QueueUrl, send: sendTo } = clientOf(sandbox, 'Work');
  for (const DelaySeconds of [901, -1, 1.5]) {
    await expect(sendTo({ DelaySeconds })).rejects.toMatchObject({ name: 'InvalidParameterValue', message: expect.stringContaining('DelaySeconds must be >= 0 and <= 900') });
  }
  await expect(clientOf(sandbox, 'Orders.fifo').send({ MessageGroupId: 'g', DelaySeconds: 5 })).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  const batch = (...entries: object[]) => sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: entries.map((entry, n) => ({ Id: `e${n}`, MessageBody: 'x', ...entry })) }));
  expect(await batch({}, { DelaySeconds: 901 })).toMatchObject({ Successful: [{ Id: 'e0' }], Failed: [{ Id: 'e1', Code: 'InvalidParameterValue', SenderFault: true }] });
  const half = { MessageBody: 'x'.repeat(524_289) };
  await expect(batch(half, half)).rejects.toMatchObject({ name: 'BatchRequestTooLong' });
  await expect(batch({ Id: 'with space' })).rejects.toMatchObject({ name: 'InvalidBatchEntryId' });
  await expect(batch({ Id: 'a' }, { Id: 'a' })).rejects.toMatchObject({ name: 'BatchEntryIdsNotDistinct' });
  await expect(sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 43_201 }))).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  expect(await receive(sandbox, 'Work')).toEqual(['x']);
});

test('a FIFO queue knows a message again for five minutes of virtual time', async () => {
  const sandbox = await start(assemblyOf(fifo('Orders'), fifo('Contents', { ContentBasedDeduplication: true })));
  const { sqs, QueueUrl, send: order } = clientOf(sandbox, 'Orders.fifo');
  const content = clientOf(sandbox, 'Contents.fifo');
  await expect(order({ MessageGroupId: 'g' })).rejects.toMatchObject({ name: 'InvalidParameterValue', message: expect.stringContaining('ContentBasedDeduplication') });

  const first = await order({ MessageBody: '1', MessageGroupId: 'a', MessageDeduplicationId: 'id' });
  await content.send({ MessageBody: '1', MessageGroupId: 'a' });
  await sandbox.advance('PT299S');
  const again = await order({ MessageBody: '2', MessageGroupId: 'b', MessageDeduplicationId: 'id' });
  expect(again).toMatchObject({ MessageId: first.MessageId, SequenceNumber: first.SequenceNumber });
  await content.send({ MessageBody: '1', MessageGroupId: 'b' });
  await sandbox.advance('PT1S');
  await order({ MessageBody: '3', MessageGroupId: 'c', MessageDeduplicationId: 'id' });
  await content.send({ MessageBody: '1', MessageGroupId: 'c' });

  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] }));
  expect(Messages.map(({ Body, Attributes }) => [Body, Attributes?.MessageGroupId, Attributes?.MessageDeduplicationId])).toEqual([['1', 'a', 'id'], ['3', 'c', 'id']]);
  expect(await receive(sandbox, 'Contents.fifo')).toEqual(['1', '1']);
});

test('a message received or released with a visibility timeout of 0 is back at once', async () => {
  const sandbox = await start(assemblyOf(queue('Work')));
  const { sqs, QueueUrl, visible } = clientOf(sandbox, 'Work');
  await send(sandbox, 'Work', 'here');
  for (let look = 0; look < 2; look++) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0 }));
    expect(Messages).toHaveLength(1);
    expect(await visible()).toEqual({ ApproximateNumberOfMessages: '1' });
  }
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  expect(await visible()).toEqual({ ApproximateNumberOfMessages: '0' });
  await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: Messages[0].ReceiptHandle, VisibilityTimeout: 0 }));
  expect(await visible()).toEqual({ ApproximateNumberOfMessages: '1' });
});

test('a dead letter is gone when its retention is over, whether anybody looked or not', async () => {
  const code = handler('await count("tries"); throw new Error("no");');
  const app = assemblyOf(
    queue('Work', 60, 1),
    { WorkDead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'WorkDead', MessageRetentionPeriod: 1_209_600 } } },
    fn('Worker', { code }),
    mapping('Work', 'Worker'),
  );
  const sandbox = await start(app);
  await send(sandbox, 'Work', {});
  await sandbox.advance('P13DT23H');
  expect((await sandbox.state()).deadLetters).toEqual({ WorkDead: 1 });
  await sandbox.advance('PT1H');
  expect((await sandbox.state()).deadLetters).toEqual({ WorkDead: 0 });
  expect(await clientOf(sandbox, 'WorkDead').visible()).toEqual({ ApproximateNumberOfMessages: '0' });
  expect(await notes(sandbox)).toEqual({ tries: 1 });
});

test('a client that speaks the query protocol gets a message with what to do', async () => {
  const sandbox = await start(assemblyOf(queue('Work')));
  const answer = await fetch(sandbox.endpoint, {
    method: 'POST',
    headers: { authorization: 'AWS4-HMAC-SHA256 Credential=test/20261123/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0' },
    body: new URLSearchParams({ Action: 'SendMessage', QueueUrl: queueUrl(sandbox, 'Work'), MessageBody: 'x' }),
  });
  expect(answer.status).toBe(400);
  expect(answer.headers.get('content-type')).toBe('text/xml');
  expect(await answer.text()).toMatch(/<Code>UnsupportedProtocol<\/Code><Message>SendMessage came in the query protocol.*update the AWS SDK or CLI/);
});
