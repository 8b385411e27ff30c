import { assemblyOf, fn, handler, mapping, queue, start } from './app';
import { notes, send } from './clients';

const TRY = handler(`
  try { await count('allowed'); } catch (error) { return; }
  try {
    await db.send(new GetItemCommand({ TableName: process.env.TABLE, Key: { pk: { S: 'allowed' } } }));
  } catch (error) { await note('error', { name: error.name, message: error.message }); }`);

test('a call that the role does not allow is denied, listed, and makes the exit code 1', async () => {
  const worker = fn('Worker', { code: TRY, allow: ['dynamodb:UpdateItem', 'dynamodb:PutItem', 'sqs:*'] });
  const sandbox = await start(assemblyOf(queue('Work'), worker, mapping('Work', 'Worker')));
  await send(sandbox, 'Work', {}, {});
  await sandbox.settle();
  expect(await notes(sandbox)).toMatchObject({
    error: { name: 'AccessDeniedException', message: expect.stringContaining('is not authorized to perform: dynamodb:GetItem') },
  });
  const { denials } = await sandbox.state();
  expect(denials).toEqual([{
    function: expect.stringContaining('Worker'),
    action: 'dynamodb:GetItem',
    resource: 'arn:aws:dynamodb:us-east-1:000000000000:table/Table',
  }]);
  expect(await sandbox.stop()).toBe(1);
});

test('without denials the exit code is 0', async () => {
  const worker = fn('Worker', { code: TRY, allow: ['dynamodb:*', 'sqs:*'] });
  const sandbox = await start(assemblyOf(queue('Work'), worker, mapping('Work', 'Worker')));
  await send(sandbox, 'Work', {});
  await sandbox.settle();
  expect((await sandbox.state()).denials).toEqual([]);
  expect(await sandbox.stop()).toBe(0);
});

const ASSUME = handler(`
  const own = await new STSClient({}).send(new GetCallerIdentityCommand({}));
  const { Credentials: c } = await new STSClient({}).send(new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::222222222222:role/Seller', RoleSessionName: 's' }));
  const credentials = { accessKeyId: c.AccessKeyId, secretAccessKey: c.SecretAccessKey, sessionToken: c.SessionToken, expiration: c.Expiration };
  const seller = await new STSClient({ credentials }).send(new GetCallerIdentityCommand({}));
  await note('who', { own: own.Arn, seller: seller.Arn, lasts: c.Expiration - Date.now() });
  await new DynamoDBClient({ credentials, maxAttempts: 1 })
    .send(new GetItemCommand({ TableName: process.env.TABLE, Key: { pk: { S: 'x' } } }))
    .catch((error) => note('refused', error.name));`);

test('a role of another account can be assumed with permission, and may then call Marketplace only', async () => {
  const worker = fn('Worker', { code: ASSUME });
  const sandbox = await start(assemblyOf(queue('Work'), worker, mapping('Work', 'Worker')));
  await send(sandbox, 'Work', {});
  await sandbox.settle();
  const { who, refused } = await notes(sandbox) as { who: { own: string; seller: string; lasts: number }; refused: string };
  expect(who.own).toMatch(/^arn:aws:sts::000000000000:assumed-role\/.*Worker/);
  expect(who.seller).toMatch(/^arn:aws:sts::222222222222:assumed-role\/Seller\//);
  expect(who.lasts).toBeGreaterThan(3_590_000);
  expect(refused).toBe('AccessDeniedException');
});

test('a role cannot be assumed without permission', async () => {
  const sandbox = await start(assemblyOf(queue('Work'), fn('Worker', { code: ASSUME, allow: ['dynamodb:*', 'sqs:*'] }), mapping('Work', 'Worker')));
  await send(sandbox, 'Work', {});
  await sandbox.settle();
  expect((await sandbox.state()).denials).toMatchObject([{ action: 'sts:AssumeRole', resource: 'arn:aws:iam::222222222222:role/Seller' }]);
});

test('a queue feeds a function only in a role that may receive from it', async () => {
  const worker = fn('Worker', { code: TRY, allow: ['dynamodb:*', 'sqs:ReceiveMessage', 'sqs:GetQueueAttributes'] });
  const sandbox = await start(assemblyOf(queue('Work'), worker, mapping('Work', 'Worker')));
  expect((await sandbox.state()).denials).toMatchObject([{ action: 'sqs:DeleteMessage', resource: 'arn:aws:sqs:us-east-1:000000000000:Work' }]);
  expect(await sandbox.stop()).toBe(1);
});
