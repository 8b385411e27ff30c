import { assemblyOf, att, fn, handler, ref, rule, start, table } from './app';
import { notes } from './clients';
import { writeAssembly } from '../template/assemblies';

const WAKE = { 'source': 'x', 'detail-type': 'x', 'detail': {} };
const WAKE_RULE = { EventPattern: { source: ['x'] } };

test('a function sees its own environment, Lambda\'s, and nothing of the machine\'s', async () => {
  process.env.MACHINE_SECRET = 'hidden';
  const code = handler('await note("env", { ...process.env, argv: process.argv.length, cwd: process.cwd() === process.env.LAMBDA_TASK_ROOT });');
  const sandbox = await start(assemblyOf(fn('Env', { code, environment: { OWN: 'mine' } }), rule('Rule', WAKE_RULE, { Arn: att('Env') })));
  await sandbox.putEvent(WAKE);
  await sandbox.waitUntilIdle();
  const { env } = await notes(sandbox) as { env: Record<string, unknown> };
  expect(env).toMatchObject({
    OWN: 'mine',
    TABLE: 'Table',
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: sandbox.endpoint,
    AWS_LAMBDA_FUNCTION_NAME: expect.stringContaining('Env'),
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
    _HANDLER: 'index.handler',
    cwd: true,
  });
  expect(env).not.toHaveProperty('MACHINE_SECRET');
  expect(Object.keys(env)).not.toContain('NODE_OPTIONS');
});

test('ES modules run, and find the AWS SDK they do not bring', async () => {
  const code = `
    import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
    const db = await Promise.resolve(new DynamoDBClient({}));
    export const main = (event) => db.send(new PutItemCommand({ TableName: process.env.TABLE, Item: { pk: { S: 'esm' }, n: { N: '1' } } }));`;
  const resources = {
    ...table(),
    ...fn('Esm', { code: '', properties: { Code: { S3Bucket: 'assets', S3Key: 'code' }, Handler: 'src/app.main' } }),
    ...rule('Rule', WAKE_RULE, { Arn: att('Esm') }),
  };
  const app = writeAssembly({ App: { template: { Resources: resources }, assets: { code: 'asset.code' } } }, { 'asset.code/src/app.mjs': code });
  const sandbox = await start(app);
  await sandbox.putEvent(WAKE);
  await sandbox.waitUntilIdle();
  expect(await notes(sandbox)).toEqual({ esm: 1 });
});

test('metrics that functions print are summed up', async () => {
  const line = (value: unknown) => JSON.stringify({
    _aws: { Timestamp: 0, CloudWatchMetrics: [{ Namespace: 'Shop', Dimensions: [['Where']], Metrics: [{ Name: 'Orders', Unit: 'Count' }] }] },
    Where: 'here',
    Orders: value,
  });
  const code = handler(`console.log(${JSON.stringify(line(2))}); console.log(${JSON.stringify(line([3, 4]))}); console.log('hello');`);
  const sandbox = await start(assemblyOf(fn('Shop', { code }), rule('Rule', WAKE_RULE, { Arn: att('Shop') })));
  await sandbox.putEvent(WAKE);
  await sandbox.waitUntilIdle();
  expect((await sandbox.state()).metrics).toEqual([{ namespace: 'Shop', name: 'Orders', dimensions: { Where: 'here' }, sum: 9, count: 3, max: 4 }]);
  expect(Object.values(await sandbox.logs())[0]).toContain('hello');
});

test('a function that cannot be loaded fails with the reason, each time', async () => {
  const sandbox = await start(assemblyOf(fn('Broken', { code: 'require("nowhere")' }), rule('Rule', WAKE_RULE, { Arn: att('Broken') })));
  await sandbox.putEvent(WAKE);
  await sandbox.advance('PT10M');
  const lines = Object.values(await sandbox.logs())[0].filter((line) => line.startsWith("Error: Cannot find module 'nowhere'"));
  expect(lines).toHaveLength(3);
});

test('expired items are gone after the next sweep', async () => {
  const code = handler(`
    const put = (pk, expiresAt) => db.send(new PutItemCommand({ TableName: process.env.TABLE, Item: { pk: { S: pk }, n: { N: '1' }, ...expiresAt } }));
    const seconds = Math.floor(Date.now() / 1000);
    await put('kept');
    await put('later', { expiresAt: { N: String(seconds + 86400) } });
    await put('soon', { expiresAt: { N: String(seconds + 60) } });`);
  const sandbox = await start(assemblyOf(fn('Writer', { code }), rule('Rule', WAKE_RULE, { Arn: att('Writer') })));
  await sandbox.putEvent(WAKE);
  await sandbox.advance('PT50M');
  expect(Object.keys(await notes(sandbox))).toEqual(['kept', 'later', 'soon']);
  await sandbox.advance('PT6H');
  expect(Object.keys(await notes(sandbox))).toEqual(['kept', 'later']);
  await sandbox.advance('P1D');
  expect(Object.keys(await notes(sandbox))).toEqual(['kept']);
});

test('an event can be forwarded from bus to bus', async () => {
  const app = assemblyOf(
    { Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'other' } } },
    fn('Reader', { code: handler('await note("source", event.source);') }),
    rule('Forward', WAKE_RULE, { Arn: att('Bus') }),
    rule('Read', { ...WAKE_RULE, EventBusName: 'other' }, { Arn: att('Reader') }),
  );
  const sandbox = await start(app);
  await sandbox.putEvent(WAKE);
  await sandbox.waitUntilIdle();
  expect(await notes(sandbox)).toEqual({ source: 'x' });
  expect((await sandbox.state()).events).toMatchObject([{ busName: 'other', source: 'x' }]);
});

test('a function runs in an ES module project, and does not find modules that its asset lacks', async () => {
  const code = `
    const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');
    const load = (name) => { try { require(name); return 'found'; } catch (error) { return error.message.split('\\n')[0]; } };
    exports.main = () => new DynamoDBClient({}).send(new PutItemCommand({ TableName: process.env.TABLE, Item: {
      pk: { S: 'modules' }, value: { S: JSON.stringify([load('zod'), load('@aws-sdk/client-ec2')]) } } }));`;
  const resources = {
    ...table(),
    ...fn('Plain', { code: '', properties: { Code: { S3Bucket: 'assets', S3Key: 'code' }, Handler: 'app.main' } }),
    ...rule('Rule', WAKE_RULE, { Arn: att('Plain') }),
  };
  const files = { 'asset.code/app.js': code, 'package.json': '{"type":"module"}', 'node_modules/zod/index.js': '' };
  const sandbox = await start(writeAssembly({ App: { template: { Resources: resources }, assets: { code: 'asset.code' } } }, files));
  await sandbox.putEvent(WAKE);
  await sandbox.waitUntilIdle();
  expect(await notes(sandbox)).toEqual({
    modules: [
      "Cannot find module 'zod'",
      expect.stringContaining("Cannot find module '@aws-sdk/client-ec2': Lambda's runtime has it, and the sandbox does not"),
    ],
  });
});

const ALARM = {
  FailedAlarm: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: 'failed',
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: ref('Broken') }],
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    },
  },
};

test('the state shows which invocations failed, which events were lost with them, and which alarms went off; the exit code is 1', async () => {
  const code = handler('throw new RangeError("too much");');
  const sandbox = await start(assemblyOf(fn('Broken', { code }), rule('Rule', WAKE_RULE, { Arn: att('Broken') }), ALARM));
  expect((await sandbox.state()).alarms).toEqual([{ name: 'failed', stack: 'App', logicalId: 'FailedAlarm', state: 'OK', since: null, timesInAlarm: 0 }]);
  await sandbox.putEvent(WAKE);
  await sandbox.advance('PT5M');
  const { failures, lostEvents } = await sandbox.state();
  expect(failures.map(({ time, logicalId, kind, errorType, errorMessage }) => ({ time, logicalId, kind, errorType, errorMessage }))).toEqual(
    ['05:00', '05:01', '05:03'].map((minute) => ({
      time: `2026-11-23T${minute}:00.000Z`, logicalId: 'Broken', kind: 'handled', errorType: 'RangeError', errorMessage: 'too much',
    })),
  );
  expect(lostEvents).toEqual([{
    time: '2026-11-23T05:03:00.000Z',
    from: failures[0].function,
    reason: 'the function failed 3 times, without destination or dead-letter queue',
  }]);
  expect((await sandbox.state()).alarms).toMatchObject([{ state: 'OK', since: '2026-11-23T05:04:00.000Z', timesInAlarm: 2 }]);
  await sandbox.reset();
  expect(await sandbox.state()).toMatchObject({ failures: [], lostEvents: [], alarms: [{ state: 'OK', timesInAlarm: 0 }] });
  expect(await sandbox.stop()).toBe(1);
});

test('a function that fails by a fault does not count in the exit code, nor any that may fail', async () => {
  const code = handler("await count('n');");
  const broken = assemblyOf(fn('Broken', { code: handler('throw new Error();') }), rule('Rule', WAKE_RULE, { Arn: att('Broken') }));
  const faulty = await start(assemblyOf(fn('Worker', { code }), rule('Rule', WAKE_RULE, { Arn: att('Worker') })));
  const tolerant = await start(broken, { allowFailures: true });
  await faulty.addFault({ service: 'dynamodb', error: 'InternalServerError' });
  for (const sandbox of [faulty, tolerant]) {
    await sandbox.putEvent(WAKE);
    await sandbox.waitUntilIdle();
  }
  expect((await faulty.state()).failures).toMatchObject([{ afterFault: true }]);
  expect([await faulty.stop(), await tolerant.stop()]).toEqual([0, 0]);
});
