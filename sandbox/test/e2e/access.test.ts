import * as fs from 'node:fs';
import * as path from 'node:path';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { assemblyOf, fn, handler, mapping, queue, start } from './app';
import { awsConfig, notes, queueUrl, send } from './clients';
import { temporaryFolder } from '../template/assemblies';

const TRY = handler(`
  try { await count('allowed'); } catch (error) { return; }
  try {
    await db.send(new GetItemCommand({ TableName: process.env.TABLE, Key: { pk: { S: 'allowed' } } }));
  } catch (error) { await note('error', { name: error.name, message: error.message }); }`);

test('a call that the role does not allow is denied, listed, and makes the exit code 1', async () => {
  const worker = fn('Worker', { code: TRY, allow: ['dynamodb:UpdateItem', 'dynamodb:PutItem', 'sqs:*'] });
  const sandbox = await start(assemblyOf(queue('Work'), worker, mapping('Work', 'Worker')));
  await send(sandbox, 'Work', {}, {});
  await sandbox.waitUntilIdle();
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
  await sandbox.waitUntilIdle();
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
  await sandbox.waitUntilIdle();
  const { who, refused } = await notes(sandbox) as { who: { own: string; seller: string; lasts: number }; refused: string };
  expect(who.own).toMatch(/^arn:aws:sts::000000000000:assumed-role\/.*Worker/);
  expect(who.seller).toMatch(/^arn:aws:sts::222222222222:assumed-role\/Seller\//);
  expect(who.lasts).toBeGreaterThan(3_590_000);
  expect(refused).toBe('AccessDeniedException');
});

test('a role cannot be assumed without permission', async () => {
  const sandbox = await start(assemblyOf(queue('Work'), fn('Worker', { code: ASSUME, allow: ['dynamodb:*', 'sqs:*'] }), mapping('Work', 'Worker')));
  await send(sandbox, 'Work', {});
  await sandbox.waitUntilIdle();
  expect((await sandbox.state()).denials).toMatchObject([{ action: 'sts:AssumeRole', resource: 'arn:aws:iam::222222222222:role/Seller' }]);
});

test('a queue feeds a function only in a role that may receive from it', async () => {
  const worker = fn('Worker', { code: TRY, allow: ['dynamodb:*', 'sqs:ReceiveMessage', 'sqs:GetQueueAttributes'] });
  const sandbox = await start(assemblyOf(queue('Work'), worker, mapping('Work', 'Worker')));
  expect((await sandbox.state()).denials).toMatchObject([{ action: 'sqs:DeleteMessage', resource: 'arn:aws:sqs:us-east-1:000000000000:Work' }]);
  expect(await sandbox.stop()).toBe(1);
});

test('what a function sent before it died does not count as sent from outside', async () => {
  const dying = handler('await note("key", process.env.AWS_ACCESS_KEY_ID); if (event.Records) process.exit(1);');
  const sandbox = await start(assemblyOf(queue('Work'), fn('Worker', { code: dying }), mapping('Work', 'Worker')));
  await send(sandbox, 'Work', {});
  await sandbox.waitUntilIdle();
  const { key } = await notes(sandbox) as { key: string };
  const late = new SQSClient({ ...awsConfig(sandbox), maxAttempts: 1, credentials: { accessKeyId: key, secretAccessKey: 'sandbox' } });
  await expect(late.send(new SendMessageCommand({ QueueUrl: queueUrl(sandbox, 'WorkDead'), MessageBody: 'late' }))).rejects.toThrow(/socket hang up|ECONNRESET/);
  expect((await sandbox.state()).deadLetters).toEqual({ WorkDead: 0 });
});

test('the AWS settings of who runs the sandbox are not those of functions', async () => {
  const home = temporaryFolder();
  fs.mkdirSync(path.join(home, '.aws'));
  fs.writeFileSync(path.join(home, '.aws/config'), '[default]\nuse_fips_endpoint = true\n');
  const { HOME } = process.env;
  process.env.HOME = home;
  const code = handler('await note("seen", [await sqs.config.useFipsEndpoint(), process.env.AWS_SHARED_CREDENTIALS_FILE]);');
  const worker = fn('Worker', { code, environment: { AWS_SHARED_CREDENTIALS_FILE: '/mine' } });
  const sandbox = await start(assemblyOf(queue('Work'), worker, mapping('Work', 'Worker'))).finally(() => { process.env.HOME = HOME; });
  await send(sandbox, 'Work', {});
  await sandbox.waitUntilIdle();
  expect(await notes(sandbox)).toEqual({ seen: [false, '/mine'] });
});
