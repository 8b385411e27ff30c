import { DynamoDBClient, ListTablesCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PublishBatchCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  ChangeMessageVisibilityCommand, GetQueueAttributesCommand, GetQueueUrlCommand, ListQueuesCommand, ReceiveMessageCommand, SendMessageBatchCommand,
  SendMessageCommand, SQSClient,
} from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { assemblyOf, att, fn, handler, queue, ref, start } from './app';
import { awsConfig, notes, queueUrl, receive } from './clients';

test('SQS: names, URLs, attributes and visibility are those of the app, in virtual time', async () => {
  const sandbox = await start(assemblyOf(queue('Work', 60)));
  const sqs = new SQSClient(awsConfig(sandbox));
  const QueueUrl = queueUrl(sandbox, 'Work');
  expect((await sqs.send(new GetQueueUrlCommand({ QueueName: 'Work' }))).QueueUrl).toBe(QueueUrl);
  expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls).toEqual([QueueUrl, queueUrl(sandbox, 'WorkDead')]);
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  expect(Attributes).toMatchObject({ QueueArn: 'arn:aws:sqs:us-east-1:000000000000:Work', VisibilityTimeout: '60' });
  expect(JSON.parse(Attributes!.RedrivePolicy!)).toEqual({ deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:WorkDead', maxReceiveCount: 3 });

  await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: 'a', MessageBody: '1' }, { Id: 'b', MessageBody: '2' }] }));
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  expect(Messages.map((message) => message.Body)).toEqual(['1', '2']);
  await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: Messages[0].ReceiptHandle, VisibilityTimeout: 600 }));
  await sandbox.advance('PT60S');
  expect(await receive(sandbox, 'Work')).toEqual(['2']);
  await sandbox.advance('PT540S');
  expect((await receive(sandbox, 'Work')).sort()).toEqual(['1', '2']);
  await expect(sqs.send(new SendMessageCommand({ QueueUrl: queueUrl(sandbox, 'None'), MessageBody: 'x' })))
    .rejects.toMatchObject({ name: 'QueueDoesNotExist' });
});

test('DynamoDB: an empty attribute name is refused, as AWS refuses it', async () => {
  const sandbox = await start(assemblyOf(queue('Work')));
  const dynamodb = new DynamoDBClient(awsConfig(sandbox));
  const put = async (item: Record<string, string>) => dynamodb.send(new PutItemCommand({
    TableName: 'Table', Item: { pk: { S: 'a' }, map: { M: Object.fromEntries(Object.entries(item).map(([key, S]) => [key, { S }])) } },
  }));
  await expect(put({ a: '{"":1}', b: ',' })).resolves.toBeDefined();
  await expect(put({ 'a': 'x', '': 'y' })).rejects.toMatchObject({ name: 'ValidationException' });
});

test('SNS: notifications reach queues and functions that want them', async () => {
  const app = assemblyOf(queue('Raw'), queue('Wrapped'), queue('Picky'), queue('Deep'), fn('Reader', { code: handler('await note("record", event.Records[0].Sns);') }), {
    Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'news' } },
    ...subscription('ToRaw', 'sqs', att('Raw'), true),
    ...subscription('ToWrapped', 'sqs', att('Wrapped'), false),
    ...subscription('ToReader', 'lambda', att('Reader'), false),
    ...subscription('ToPicky', 'sqs', att('Picky'), true, { FilterPolicy: { kind: ['y'] } }),
    ...subscription('ToDeep', 'sqs', att('Deep'), true, { FilterPolicy: { order: { total: [{ numeric: ['>', 5] }] } }, FilterPolicyScope: 'MessageBody' }),
  });
  const sandbox = await start(app);
  const sns = new SNSClient(awsConfig(sandbox));
  const TopicArn = 'arn:aws:sns:us-east-1:000000000000:news';
  await sns.send(new PublishCommand({ TopicArn, Message: 'hello', Subject: 'hi', MessageAttributes: { kind: { DataType: 'String', StringValue: 'x' } } }));
  await sandbox.waitUntilIdle();
  expect(await receive(sandbox, 'Raw')).toEqual(['hello']);
  expect(JSON.parse((await receive(sandbox, 'Wrapped'))[0])).toMatchObject({
    Type: 'Notification', TopicArn, Message: 'hello', Subject: 'hi', Timestamp: '2026-11-23T05:00:00.000Z', MessageAttributes: { kind: { Type: 'String', Value: 'x' } },
  });
  expect(await notes(sandbox)).toMatchObject({ record: { TopicArn, Message: 'hello', Timestamp: '2026-11-23T05:00:00.000Z' } });
  const { Successful } = await sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: [{ Id: 'a', Message: '1' }, { Id: 'b', Message: '2' }] }));
  expect(Successful?.map((entry) => entry.Id)).toEqual(['a', 'b']);
  await sns.send(new PublishCommand({ TopicArn, Message: 'no text of SQS: \u0001' }));
  expect(await receive(sandbox, 'Raw')).toEqual(['1', '2']);
  expect(await receive(sandbox, 'Wrapped')).toContainEqual(expect.stringContaining('no text of SQS'));
  const deep = '{"order":{"total":6}}';
  await sns.send(new PublishCommand({ TopicArn, Message: deep, MessageAttributes: { kind: { DataType: 'String', StringValue: 'y' } } }));
  expect([await receive(sandbox, 'Picky'), await receive(sandbox, 'Deep')]).toEqual([[deep], [deep]]);
  await expect(sns.send(new PublishCommand({ TopicArn: `${TopicArn}x`, Message: 'lost' }))).rejects.toMatchObject({ name: 'NotFoundException' });
});

function subscription(id: string, protocol: string, endpoint: unknown, RawMessageDelivery: boolean, properties: object = {}) {
  return { [id]: { Type: 'AWS::SNS::Subscription', Properties: { TopicArn: ref('Topic'), Protocol: protocol, Endpoint: endpoint, RawMessageDelivery, ...properties } } };
}

test('Lambda: functions can be invoked from outside and by each other', async () => {
  const app = assemblyOf(
    fn('Inner', { code: handler('if (event.fail) throw new RangeError("too far"); return { doubled: event.n * 2 };') }),
    fn('Outer', {
      code: handler(`
        const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: process.env.INNER, Payload: JSON.stringify({ n: event.n }) }));
        return { fromInner: JSON.parse(Buffer.from(Payload).toString()) };`),
      environment: { INNER: ref('Inner') },
    }),
  );
  const sandbox = await start(app);
  const lambda = new LambdaClient(awsConfig(sandbox));
  const invoke = async (name: string, payload: unknown, InvocationType?: 'Event') => {
    const answer = await lambda.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(payload), InvocationType }));
    return { status: answer.StatusCode, error: answer.FunctionError, payload: JSON.parse(Buffer.from(answer.Payload ?? []).toString() || 'null') };
  };
  const [inner, outer] = Object.keys(await sandbox.logs());
  expect(await invoke(outer, { n: 21 })).toEqual({ status: 200, error: undefined, payload: { fromInner: { doubled: 42 } } });
  expect(await invoke(inner, { fail: true })).toMatchObject({ status: 200, error: 'Unhandled', payload: { errorType: 'RangeError', errorMessage: 'too far' } });
  expect(await invoke(inner, { n: 1 }, 'Event')).toEqual({ status: 202, error: undefined, payload: null });
  await expect(invoke('nobody', {})).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('DynamoDB and STS answer; what the sandbox has not is refused', async () => {
  const sandbox = await start(assemblyOf());
  expect((await new DynamoDBClient(awsConfig(sandbox)).send(new ListTablesCommand({}))).TableNames).toEqual(['Table']);
  expect(await new STSClient(awsConfig(sandbox)).send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: '000000000000' });
  const response = await fetch(`${sandbox.endpoint}/_sandbox/nothing`);
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ error: { code: 'NotFound', message: expect.stringContaining('/_sandbox/nothing') } });
  expect((await fetch(`${sandbox.endpoint}/_sandbox/state`, { method: 'PUT' })).status).toBe(405);
  expect((await fetch(`${sandbox.endpoint}/_sandbox/clock`, { method: 'POST', body: '{' })).status).toBe(400);
});
