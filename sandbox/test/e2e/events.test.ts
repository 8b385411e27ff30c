import type { SandboxClient } from 'cdk-marketplace-saas-sandbox';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { assemblyOf, att, fn, handler, queue, rule, start } from './app';
import { awsConfig, notes, queueUrl, receive } from './clients';

const BUS = { Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'shop' } } };
const ORDER = { Source: 'shop', DetailType: 'Ordered', Detail: '{"n":1}', EventBusName: 'shop' };

test('an event reaches the targets whose pattern it matches, and is kept', async () => {
  const app = assemblyOf(
    BUS,
    queue('Audit'),
    fn('Reader', { code: handler('await note(event.id, event);') }),
    rule('ToFunction', { EventBusName: 'shop', EventPattern: { 'detail-type': ['Ordered'] } }, { Arn: att('Reader') }),
    rule('ToQueue', { EventBusName: 'shop', EventPattern: { source: ['shop'] } }, { Arn: att('Audit'), InputPath: '$.detail' }),
    rule('Other', { EventBusName: 'shop', EventPattern: { source: ['other'] } }, { Arn: att('Audit') }),
  );
  const sandbox = await start(app);
  const bus = new EventBridgeClient(awsConfig(sandbox));
  const { Entries } = await bus.send(new PutEventsCommand({ Entries: [ORDER, { ...ORDER, Detail: 'no json' }, { ...ORDER, EventBusName: 'none' }] }));
  expect(Entries).toEqual([
    { EventId: '00000002-0000-4000-8000-000000000001' },
    { ErrorCode: 'MalformedDetail', ErrorMessage: expect.any(String) },
    { ErrorCode: 'ResourceNotFoundException', ErrorMessage: expect.any(String) },
  ]);
  await sandbox.waitUntilIdle();
  const event = {
    'version': '0',
    'id': '00000002-0000-4000-8000-000000000001',
    'detail-type': 'Ordered',
    'source': 'shop',
    'account': '000000000000',
    'time': '2026-11-23T05:00:00Z',
    'region': 'us-east-1',
    'resources': [],
    'detail': { n: 1 },
  };
  expect(await notes(sandbox)).toEqual({ [event.id]: event });
  expect(await receive(sandbox, 'Audit')).toEqual(['{"n":1}']);
  expect((await sandbox.state()).events).toEqual([{ busName: 'shop', ...event }]);
});

test('only AWS sends events of AWS', async () => {
  const sandbox = await start(assemblyOf(BUS));
  const bus = new EventBridgeClient(awsConfig(sandbox));
  const output = await bus.send(new PutEventsCommand({ Entries: [{ ...ORDER, Source: 'aws.agreement-marketplace' }, { ...ORDER, Source: 'awsome.shop' }] }));
  expect(output).toMatchObject({
    FailedEntryCount: 1,
    Entries: [
      {
        ErrorCode: 'NotAuthorizedForSourceException',
        ErrorMessage: "Not authorized for the source. Forward AWS's events by a rule; to play one, POST /_sandbox/events",
      },
      { EventId: expect.any(String) },
    ],
  });
  expect((await sandbox.state()).events).toMatchObject([{ source: 'awsome.shop' }]);
});

test('a failing asynchronous invocation is retried after one and two minutes, then dead', async () => {
  const app = assemblyOf(
    queue('Dead'),
    fn('Failing', { code: handler('await count("tries"); throw new Error("no");'), properties: { DeadLetterConfig: { TargetArn: att('Dead') } } }),
    rule('Rule', { EventPattern: { source: ['shop'] } }, { Arn: att('Failing') }),
  );
  const sandbox = await start(app);
  await sandbox.putEvent({ 'source': 'shop', 'detail-type': 'Ordered', 'detail': { n: 1 } });
  const tries = async () => (await notes(sandbox)).tries;
  await sandbox.advance('PT59S');
  expect(await tries()).toBe(1);
  await sandbox.advance('PT1S');
  expect(await tries()).toBe(2);
  await sandbox.advance('PT119S');
  expect(await tries()).toBe(2);
  await sandbox.advance('PT1S');
  expect(await tries()).toBe(3);
  await sandbox.advance('PT1H');
  expect(await tries()).toBe(3);
  expect((await sandbox.state()).deadLetters).toMatchObject({ Dead: 1 });
  expect(JSON.parse((await receive(sandbox, 'Dead'))[0])).toMatchObject({ source: 'shop', detail: { n: 1 } });
});

test('an event invoke config says how often to retry, and where failures go', async () => {
  const config = (functionId: string) => ({
    Config: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: {
        FunctionName: { Ref: functionId },
        Qualifier: '$LATEST',
        MaximumRetryAttempts: 0,
        DestinationConfig: { OnFailure: { Destination: att('Failures') } },
      },
    },
  });
  const app = assemblyOf(
    queue('Failures'),
    fn('Failing', { code: handler('await count("tries"); throw new TypeError("no");') }),
    config('Failing'),
    rule('Rule', { EventPattern: { source: ['shop'] } }, { Arn: att('Failing') }),
  );
  const sandbox = await start(app);
  await sandbox.putEvent({ 'source': 'shop', 'detail-type': 'Ordered', 'detail': {} });
  await sandbox.advance('PT1H');
  expect(await notes(sandbox)).toEqual({ tries: 1 });
  expect(JSON.parse((await receive(sandbox, 'Failures'))[0])).toMatchObject({
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 1 },
    requestPayload: { source: 'shop' },
    responsePayload: { errorType: 'TypeError', errorMessage: 'no' },
  });
});

test('a bus that is a destination gets an event of Lambda for each asynchronous invocation', async () => {
  const app = assemblyOf(
    BUS,
    queue('Dead'),
    queue('Seen'),
    fn('Worker', {
      code: handler('if (event.detail.n === 1) throw new TypeError("no"); return { done: event.detail.n };'),
      properties: { DeadLetterConfig: { TargetArn: att('Dead') } },
    }),
    {
      Config: {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: {
          FunctionName: { Ref: 'Worker' },
          Qualifier: '$LATEST',
          MaximumRetryAttempts: 0,
          DestinationConfig: { OnFailure: { Destination: att('Bus') }, OnSuccess: { Destination: att('Bus') } },
        },
      },
    },
    rule('Rule', { EventPattern: { source: ['shop'] } }, { Arn: att('Worker') }),
    rule('Results', { EventBusName: 'shop', EventPattern: { 'source': ['lambda'], 'detail-type': [{ prefix: 'Lambda Function Invocation Result - ' }] } },
      { Arn: att('Seen'), InputPath: '$.detail.requestContext.condition' }),
  );
  const sandbox = await start(app);
  for (const n of [1, 2, 1]) await sandbox.putEvent({ 'source': 'shop', 'detail-type': 'Ordered', 'detail': { n } });
  await sandbox.waitUntilIdle();
  const { events } = await sandbox.state();
  expect(events.map((event) => event['detail-type'])).toEqual(['Failure', 'Success', 'Failure'].map((end) => `Lambda Function Invocation Result - ${end}`));
  expect(events[0]).toMatchObject({
    busName: 'shop',
    source: 'lambda',
    resources: ['arn:aws:events:us-east-1:000000000000:event-bus/shop', expect.stringMatching(/:function:.*Worker.*:\$LATEST$/)],
    detail: { requestContext: { condition: 'RetriesExhausted' }, requestPayload: { detail: { n: 1 } }, responsePayload: { errorType: 'TypeError' } },
  });
  expect(await receive(sandbox, 'Seen')).toEqual(['"RetriesExhausted"', '"Success"', '"RetriesExhausted"']);

  const sqs = new SQSClient(awsConfig(sandbox));
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({
    QueueUrl: queueUrl(sandbox, 'Dead'), MaxNumberOfMessages: 10, MessageAttributeNames: ['All'],
  }));
  const requestIds = Messages.map((message) => message.MessageAttributes?.RequestID.StringValue);
  const recorded = events.map(({ detail }) => (detail.requestContext as { requestId: string }).requestId);
  expect(requestIds).toEqual([recorded[0], recorded[2]]);
  expect(new Set(recorded).size).toBe(3);
});

test('a FIFO queue gets events under the message group of the target', async () => {
  const app = assemblyOf(
    { Orders: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'Orders.fifo', FifoQueue: true, ContentBasedDeduplication: true } } },
    rule('Rule', { EventPattern: { source: ['shop'] } }, { Arn: att('Orders'), SqsParameters: { MessageGroupId: 'orders' } }),
  );
  const sandbox = await start(app);
  await sandbox.putEvent({ 'source': 'shop', 'detail-type': 'Ordered', 'detail': {} });
  const { Messages = [] } = await new SQSClient(awsConfig(sandbox)).send(new ReceiveMessageCommand({
    QueueUrl: queueUrl(sandbox, 'Orders.fifo'), MessageSystemAttributeNames: ['MessageGroupId'],
  }));
  expect(Messages.map(({ Attributes }) => Attributes)).toEqual([{ MessageGroupId: 'orders' }]);
});

type EventRequest = Parameters<SandboxClient['putEvent']>[0];

test('a raw event needs a source, a detail-type and a detail', async () => {
  const sandbox = await start(assemblyOf());
  await expect(sandbox.putEvent({ 'source': 'shop', 'detail-type': 'Ordered' } as EventRequest)).rejects.toMatchObject({ status: 400, code: 'InvalidEvent' });
  await expect(sandbox.putEvent({ 'detail-type': 'Ordered', 'detail': {} } as EventRequest)).rejects.toMatchObject({ message: 'source is needed' });
});
