import type { SandboxClient } from 'cdk-marketplace-saas-sandbox';
import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { att, fn, handler, mapping, queue, start, table } from './app';
import { awsConfig, notes, receive, send } from './clients';
import { writeAssembly } from '../template/assemblies';

const ORDERS = table('Orders');
Object.assign((ORDERS.Orders as { Properties: object }).Properties, { StreamSpecification: { StreamViewType: 'NEW_IMAGE' } });

const streamTo = (functionId: string, properties: object) => ({
  [`To${functionId}`]: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { EventSourceArn: att('Orders', 'StreamArn'), FunctionName: att(functionId), ...properties } },
});
const patterns = (...entries: object[]) => ({ FilterCriteria: { Filters: entries.map((entry) => ({ Pattern: JSON.stringify(entry) })) } });

const READER = handler('await note("batch-" + event.Records[0].dynamodb.Keys.pk.S, event.Records);');
const PICKY = handler('for (const { dynamodb } of event.Records) await note("picked-" + dynamodb.Keys.pk.S, 1);');
const BROKEN = handler('await count("tries"); throw new Error("no");');
const LAYERED = `const shared = require('shared');\n${handler('await note("layer", shared);')}`;
const QUEUED = handler('for (const { body } of event.Records) await note(JSON.parse(body).id, 1);');

const RESOURCES = {
  ...table(),
  ...ORDERS,
  ...queue('Work'),
  ...queue('Failed'),
  ...fn('Reader', { code: READER }),
  ...streamTo('Reader', { BatchSize: 2 }),
  ...fn('Picky', { code: PICKY }),
  ...streamTo('Picky', patterns({ eventName: ['INSERT'], dynamodb: { NewImage: { kind: { S: ['x'] } } } })),
  ...fn('Broken', { code: BROKEN }),
  ...streamTo('Broken', {
    ...patterns({ dynamodb: { Keys: { pk: { S: ['c'] } } } }), MaximumRetryAttempts: 2, DestinationConfig: { OnFailure: { Destination: att('Failed') } },
  }),
  ...fn('Queued', { code: QUEUED }),
  ...mapping('Work', 'Queued', patterns({ body: { kind: ['x'] } })),
  Base: { Type: 'AWS::Lambda::LayerVersion', Properties: { Content: { S3Bucket: 'assets', S3Key: 'base' } } },
  Over: { Type: 'AWS::Lambda::LayerVersion', Properties: { Content: { S3Bucket: 'assets', S3Key: 'over' } } },
  ...fn('Layered', { code: LAYERED, properties: { Layers: [{ Ref: 'Base' }, { Ref: 'Over' }] } }),
  Rule: { Type: 'AWS::Events::Rule', Properties: { EventPattern: { source: ['x'] }, Targets: [{ Id: 'T', Arn: att('Layered') }] } },
};
const FILES = {
  'asset.base/nodejs/node_modules/shared/index.js': 'module.exports = ["base", require("./more")];',
  'asset.base/nodejs/node_modules/shared/more.js': 'module.exports = "base";',
  'asset.over/nodejs/node_modules/shared/more.js': 'module.exports = "over";',
};

const startApp = () => start(writeAssembly({ App: { template: { Resources: RESOURCES }, assets: { base: 'asset.base', over: 'asset.over' } } }, FILES), { allowFailures: true });
const put = (sandbox: SandboxClient, pk: string, kind: string) => new DynamoDBClient(awsConfig(sandbox))
  .send(new PutItemCommand({ TableName: 'Orders', Item: { pk: { S: pk }, kind: { S: kind } } }));

test('changes of a table reach functions in order, as its stream shows them and filters let them through', async () => {
  const sandbox = await startApp();
  await put(sandbox, 'a', 'x');
  await put(sandbox, 'a', 'x');
  await put(sandbox, 'a', 'y');
  await put(sandbox, 'b', 'x');
  await new DynamoDBClient(awsConfig(sandbox)).send(new DeleteItemCommand({ TableName: 'Orders', Key: { pk: { S: 'b' } } }));
  await sandbox.waitUntilIdle();
  const { ...kept } = await notes(sandbox);
  const batches = Object.entries(kept).filter(([key]) => key.startsWith('batch-')).flatMap(([, records]) => records as { eventName: string; dynamodb: object }[]);
  expect(batches.map(({ eventName }) => eventName).sort()).toEqual(expect.arrayContaining(['MODIFY', 'REMOVE']));
  expect(batches.find(({ eventName }) => eventName === 'MODIFY')).toEqual({
    eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
    eventName: 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    eventSourceARN: 'arn:aws:dynamodb:us-east-1:000000000000:table/Orders/stream/2000-01-01T00:00:00.000',
    dynamodb: {
      ApproximateCreationDateTime: Date.parse('2026-11-23T05:00:00Z') / 1000,
      Keys: { pk: { S: 'a' } },
      NewImage: { pk: { S: 'a' }, kind: { S: 'y' } },
      SequenceNumber: expect.stringMatching(/^\d{21}$/),
      SizeBytes: expect.any(Number),
      StreamViewType: 'NEW_IMAGE',
    },
  });
  expect(Object.keys(kept).filter((key) => key.startsWith('picked-'))).toEqual(['picked-a', 'picked-b']);
});

test('a batch that fails is tried again in virtual time, and then given up', async () => {
  const sandbox = await startApp();
  await put(sandbox, 'c', 'z');
  await sandbox.waitUntilIdle();
  expect(await notes(sandbox)).toMatchObject({ tries: 1 });
  await sandbox.advance('PT3S');
  expect(await notes(sandbox)).toMatchObject({ tries: 3 });
  const [failed] = await receive(sandbox, 'Failed');
  expect(JSON.parse(failed)).toMatchObject({ requestContext: { condition: 'RetryAttemptsExhausted' }, DDBStreamBatchInfo: { batchSize: 1 } });
  await sandbox.reset();
  await sandbox.advance('PT1H');
  expect(await notes(sandbox)).toEqual({});
});

test('a function gets only the messages that its filter matches, and modules of its layers', async () => {
  const sandbox = await startApp();
  await send(sandbox, 'Work', { id: 'm1', kind: 'x' }, { id: 'm2', kind: 'y' });
  await sandbox.putEvent({ 'source': 'x', 'detail-type': 'x', 'detail': {} });
  await sandbox.advance('PT10M');
  expect(await notes(sandbox)).toEqual({ m1: 1, layer: ['base', 'over'] });
  expect((await sandbox.state()).deadLetters.WorkDead).toBe(0);
});
