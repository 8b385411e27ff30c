import { MarketplaceMeteringClient, ResolveCustomerCommand } from '@aws-sdk/client-marketplace-metering';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { assemblyOf, att, fn, handler, mapping, queue, ref, rule, start } from './app';
import { awsConfig, notes, receive, send } from './clients';

const WORKER = handler(`
  await count('first');
  await count('second');
  await count('third');`);

function appOf(code = WORKER) {
  return assemblyOf(queue('Work', 60, 5), fn('Worker', { code }), mapping('Work', 'Worker'));
}

const STRIKE_SECOND = { service: 'dynamodb', operation: 'UpdateItem', function: 'Worker', skip: 1, times: 1 };

test.each([
  ['before', { first: 2, second: 1, third: 1 }],
  ['after', { first: 2, second: 2, third: 1 }],
] as const)('a crash %s a call kills the handler there, and its message comes back', async (crash, expected) => {
  const sandbox = await start(appOf());
  await sandbox.addFault({ ...STRIKE_SECOND, crash });
  await send(sandbox, 'Work', {});
  await sandbox.advance('PT1M');
  expect(await notes(sandbox)).toEqual(expected);
  expect(await sandbox.faults()).toEqual([{ id: 1, ...STRIKE_SECOND, crash, hits: 1, remaining: 0 }]);
});

test('an error of a call is what the handler gets, with or without the call being performed', async () => {
  const code = handler(`
    await count('a').catch((error) => note('error1', [error.name, error.message]));
    await count('b').catch((error) => note('error2', [error.name, error.message]));`);
  const sandbox = await start(appOf(code));
  await sandbox.addFault({ service: 'dynamodb', operation: 'UpdateItem', error: 'ThrottlingException', times: 1 });
  await sandbox.addFault({ service: 'dynamodb', operation: 'UpdateItem', error: { code: 'InternalServerError', message: 'lost', after: true } });
  await send(sandbox, 'Work', {});
  await sandbox.waitUntilIdle();
  expect(await notes(sandbox)).toEqual({
    error1: ['ThrottlingException', 'ThrottlingException (fault of the sandbox)'],
    error2: ['InternalServerError', 'lost'],
    b: 1,
  });
});

test('the calls of functions are logged in order, each with the skip of a fault for it', async () => {
  const sandbox = await start(appOf());
  await send(sandbox, 'Work', {});
  await sandbox.waitUntilIdle();
  const worker = { function: expect.stringContaining('Worker'), logicalId: 'Worker', service: 'dynamodb', operation: 'UpdateItem' };
  expect(await sandbox.calls()).toEqual([1, 2, 3].map((n) => ({ ...worker, n, skip: n - 1 })));
  await sandbox.clearCalls();
  expect(await sandbox.calls()).toEqual([]);
});

test('messages can be lost, doubled and delayed', async () => {
  const sandbox = await start(appOf(handler('for (const { body } of event.Records) await count(JSON.parse(body));')));
  for (const fault of [{ drop: true }, { duplicate: true }, { delay: 'PT1H' }]) {
    await sandbox.addFault({ service: 'sqs', operation: 'SendMessage', times: 1, ...fault });
  }
  await send(sandbox, 'Work', 'lost', 'doubled', 'late', 'plain');
  await sandbox.waitUntilIdle();
  expect(await notes(sandbox)).toEqual({ doubled: 2, plain: 1 });
  await sandbox.advance('PT1H');
  expect(await notes(sandbox)).toEqual({ doubled: 2, plain: 1, late: 1 });
});

test('a batch can be delivered twice', async () => {
  const sandbox = await start(appOf());
  await sandbox.addFault({ service: 'sqs', operation: 'ReceiveMessage', duplicate: true });
  await send(sandbox, 'Work', {});
  await sandbox.waitUntilIdle();
  expect(await notes(sandbox)).toMatchObject({ third: 2 });
});

test('events can be lost, doubled and delayed', async () => {
  const app = assemblyOf(
    fn('Reader', { code: handler('await count(event.detail.name);') }),
    rule('Rule', { EventPattern: { source: ['shop'] } }, { Arn: att('Reader') }),
  );
  const sandbox = await start(app);
  for (const fault of [{ drop: true }, { duplicate: true }, { delay: 600 }]) await sandbox.addFault({ service: 'events', times: 1, ...fault });
  for (const name of ['lost', 'doubled', 'late']) await sandbox.putEvent({ 'source': 'shop', 'detail-type': 'x', 'detail': { name } });
  await sandbox.waitUntilIdle();
  expect(await notes(sandbox)).toEqual({ doubled: 2 });
  await sandbox.advance('PT10M');
  expect(await notes(sandbox)).toEqual({ doubled: 2, late: 1 });
});

test.each([
  [{ crash: 'before' }, { third: 1 }],
  [{ crash: 'after' }, { third: 2 }],
  [{ error: 'Boom' }, { third: 1 }],
  [{ duplicate: true }, { third: 2 }],
  [{ drop: true }, {}],
] as const)('an invocation can fail by %j', async (effect, expected) => {
  const sandbox = await start(appOf());
  await sandbox.addFault({ service: 'lambda', function: 'Worker', ...effect });
  await send(sandbox, 'Work', {});
  await sandbox.advance('PT1M');
  expect(await notes(sandbox)).toMatchObject(expected);
});

test('an error of PutEvents waits for a function that calls it; the Marketplace\'s and raw events pass', async () => {
  const code = handler(`
    const entry = { Source: 'app', DetailType: 'Done', Detail: '{}' };
    await bus.send(new PutEventsCommand({ Entries: [entry] })).then(() => note('put', 'done'), (error) => note('put', error.name));`);
  const sandbox = await start(assemblyOf(fn('Reader', { code }), rule('Rule', { EventPattern: { source: ['shop'] } }, { Arn: att('Reader') })));
  await sandbox.addFault({ service: 'events', error: 'InternalException', times: 1 });
  await sandbox.putEvent({ 'source': 'shop', 'detail-type': 'x', 'detail': {} });
  await sandbox.waitUntilIdle();
  expect(await notes(sandbox)).toEqual({ put: 'InternalException' });
});

test('error, crash and delay of sqs wait for a call, as the delivery of a batch is none', async () => {
  const code = handler(`
    if (event.Records[0].body !== '"begin"') return;
    await sqs.send(new SendMessageCommand({ QueueUrl: process.env.OUT, MessageBody: 'x' })).catch((error) => note('error', error.name));
    await count('sent');`);
  const sandbox = await start(assemblyOf(queue('Work', 60, 5), queue('Out'), fn('Worker', { code, environment: { OUT: ref('Out') } }), mapping('Work', 'Worker')));
  for (const [effect, left] of [[{ error: 'Boom' }, { error: 'Boom', sent: 1 }], [{ crash: 'before' }, {}], [{ delay: 'PT1H' }, { sent: 1 }]] as const) {
    await sandbox.reset({ keepProcesses: true });
    await sandbox.addFault({ service: 'sqs', function: 'Worker', times: 1, ...effect });
    await send(sandbox, 'Work', 'begin');
    await sandbox.waitUntilIdle();
    expect(await sandbox.faults()).toMatchObject([{ hits: 1 }]);
    expect([await notes(sandbox), await receive(sandbox, 'Out')]).toEqual([left, []]);
  }
});

test('notifications can be lost, doubled and delayed', async () => {
  const app = assemblyOf(queue('Inbox'), {
    Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'news' } },
    Sub: { Type: 'AWS::SNS::Subscription', Properties: { TopicArn: ref('Topic'), Protocol: 'sqs', Endpoint: att('Inbox'), RawMessageDelivery: true } },
  });
  const sandbox = await start(app);
  const sns = new SNSClient(awsConfig(sandbox));
  for (const fault of [{ drop: true }, { duplicate: true }, { delay: 'PT1H' }]) await sandbox.addFault({ service: 'sns', times: 1, ...fault });
  for (const Message of ['lost', 'doubled', 'late']) await sns.send(new PublishCommand({ TopicArn: 'arn:aws:sns:us-east-1:000000000000:news', Message }));
  expect(await receive(sandbox, 'Inbox')).toEqual(['doubled', 'doubled']);
  await sandbox.advance('PT59M');
  expect(await receive(sandbox, 'Inbox')).not.toContain('late');
  await sandbox.advance('PT1M');
  expect(await receive(sandbox, 'Inbox')).toContain('late');
});

test('an error of Marketplace has the words and the status of the fault', async () => {
  const sandbox = await start(assemblyOf());
  const metering = new MarketplaceMeteringClient(awsConfig(sandbox));
  await sandbox.addFault({ service: 'metering', error: { code: 'ThrottlingException', message: 'not so fast', status: 429 } });
  await expect(metering.send(new ResolveCustomerCommand({ RegistrationToken: 'x' })))
    .rejects.toMatchObject({ name: 'ThrottlingException', message: 'not so fast', $metadata: { httpStatusCode: 429 } });
});

test('faults that could never apply are refused, callers that are no process are not killed, and faults can be cleared', async () => {
  const sandbox = await start(appOf());
  for (const fault of [{ service: 'sqs', operation: 'DeleteMessage', drop: true }, { service: 'sqs', drop: true, function: 'Nobody' }]) {
    await expect(sandbox.addFault(fault)).rejects.toMatchObject({ status: 400, code: 'InvalidFault' });
  }
  await sandbox.addFault({ service: 'sqs', crash: 'before' });
  await expect(receive(sandbox, 'WorkDead')).resolves.toEqual([]);
  expect(await sandbox.faults()).toMatchObject([{ hits: 0 }]);
  await sandbox.clearFaults();
  expect(await sandbox.faults()).toEqual([]);
});
