import { assemblyOf, att, fn, handler, mapping, queue, rule, start } from './app';
import { notes, send } from './clients';

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
  await sandbox.settle();
  expect(await notes(sandbox)).toEqual({
    error1: ['ThrottlingException', 'ThrottlingException (fault of the sandbox)'],
    error2: ['InternalServerError', 'lost'],
    b: 1,
  });
});

test('the calls functions make are logged in order, with the skip that would strike each', async () => {
  const sandbox = await start(appOf());
  await send(sandbox, 'Work', {});
  await sandbox.settle();
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
  await sandbox.settle();
  expect(await notes(sandbox)).toEqual({ doubled: 2, plain: 1 });
  await sandbox.advance('PT1H');
  expect(await notes(sandbox)).toEqual({ doubled: 2, plain: 1, late: 1 });
});

test('a batch can be delivered twice', async () => {
  const sandbox = await start(appOf());
  await sandbox.addFault({ service: 'sqs', operation: 'ReceiveMessage', duplicate: true });
  await send(sandbox, 'Work', {});
  await sandbox.settle();
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
  await sandbox.settle();
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
])('an invocation can fail by %j', async (effect, expected) => {
  const sandbox = await start(appOf());
  await sandbox.addFault({ service: 'lambda', function: 'Worker', ...effect });
  await send(sandbox, 'Work', {});
  await sandbox.advance('PT1M');
  expect(await notes(sandbox)).toMatchObject(expected);
});

test('a fault that makes no sense is refused, and faults can be cleared', async () => {
  const sandbox = await start(appOf());
  for (const fault of [{ service: 'ec2', drop: true }, { service: 'sqs' }, { service: 'sqs', drop: true, duplicate: true },
    { service: 'sqs', crash: 'never' }, { service: 'sqs', drop: true, times: 0 }, { service: 'sqs', drop: true, tims: 1 }]) {
    await expect(sandbox.addFault(fault)).rejects.toMatchObject({ status: 400, code: 'InvalidFault' });
  }
  await sandbox.addFault({ service: 'sqs', drop: true });
  await sandbox.clearFaults();
  expect(await sandbox.faults()).toEqual([]);
});
