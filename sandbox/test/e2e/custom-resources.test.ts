import { startSandbox, type SandboxClient } from 'cdk-marketplace-saas-sandbox';
import { att, fn, handler, ref, rule, START, table } from './app';
import { notes } from './clients';
import { writeAssembly } from '../template/assemblies';

jest.setTimeout(60_000);

/** Answers as CloudFormation's own helper for functions does. */
const ANSWERS = handler(`
  const put = (body) => new Promise((resolve, reject) => {
    const url = new URL(event.ResponseURL);
    const headers = { 'content-length': Buffer.byteLength(body) };
    require('https').request({ hostname: url.hostname, path: url.pathname, method: 'PUT', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject).end(body);
  });
  await note('seed', event.ResourceProperties);
  const { Fail } = event.ResourceProperties;
  const Data = { Url: 'https://' + event.ResourceProperties.Host };
  await put(JSON.stringify({ Status: Fail ? 'FAILED' : 'SUCCESS', Reason: Fail, PhysicalResourceId: 'one', Data }));`);

const PROVIDER = handler("return { PhysicalResourceId: 'two', Data: { Id: event.ResourceProperties.Name + '-id' } };");
const COMPLETE = handler(`
  await count('asked');
  const asked = await db.send(new GetItemCommand({ TableName: process.env.TABLE, Key: { pk: { S: 'asked' } } }));
  return { IsComplete: asked.Item.n.N === '3' };`);

function assembly(more: object = {}): string {
  const custom = (Type: string, functionId: string, properties: object) => ({ Type, Properties: { ServiceToken: att(functionId), ...properties } });
  return writeAssembly({
    App: {
      assets: { 'site.zip': 'site' },
      template: {
        Resources: {
          ...table(),
          ...fn('Seeder', { code: ANSWERS }),
          ...fn('OnEvent', { code: PROVIDER }),
          ...fn('IsComplete', { code: COMPLETE }),
          ...fn('Framework', { code: '', environment: { USER_ON_EVENT_FUNCTION_ARN: att('OnEvent'), USER_IS_COMPLETE_FUNCTION_ARN: att('IsComplete') } }),
          ...fn('Reader', { code: handler("await note('env', process.env.ID);"), environment: { ID: att('Second', 'Id'), PHYSICAL: ref('First') } }),
          ...rule('OnRead', { EventPattern: { source: ['read'] } }, { Arn: att('Reader') }),
          Second: custom('Custom::Thing', 'Framework', { Name: att('First', 'Url') }),
          First: custom('AWS::CloudFormation::CustomResource', 'Seeder', { Host: 'example.com', Count: 3, Deep: { Yes: true } }),
          Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'site' } },
          Site: custom('Custom::CDKBucketDeployment', 'Seeder', {
            SourceBucketNames: ['assets'],
            SourceObjectKeys: ['site.zip'],
            SourceMarkers: [{ '<<id>>': att('Second', 'Id') }],
            DestinationBucketName: ref('Bucket'),
            DestinationBucketKeyPrefix: 'web/',
          }),
          ...more,
        },
        Outputs: { Physical: { Value: ref('Second') } },
      },
    },
  }, { 'site/index.html': 'Hello <<id>>' });
}

let sandbox: SandboxClient;

beforeAll(async () => {
  sandbox = await startSandbox({ app: assembly(), time: START });
});

afterAll(async () => {
  expect(await sandbox.stop()).toBe(0);
});

async function whatIsThere(): Promise<unknown> {
  await sandbox.putEvent({ 'source': 'read', 'detail-type': 'x', 'detail': {} });
  await sandbox.waitUntilIdle();
  const { asked, env, seed } = await notes(sandbox) as Record<string, unknown>;
  const authorization = 'AWS4-HMAC-SHA256 Credential=x/20261123/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0';
  const page = await fetch(`${sandbox.endpoint}/site/web/index.html`, { headers: { authorization } });
  return { asked, env, seed, html: await page.text() };
}

const THERE = {
  seed: expect.objectContaining({ Host: 'example.com', Count: '3', Deep: { Yes: 'true' } }),
  env: 'https://example.com-id',
  html: 'Hello https://example.com-id',
};

test('functions of custom resources run, and others get what they answer', async () => {
  expect(sandbox.outputs.Physical).toBe('two');
  expect(await whatIsThere()).toMatchObject(THERE);
});

test('a reset creates them again', async () => {
  await sandbox.reset({ keepProcesses: true });
  expect(await whatIsThere()).toMatchObject(THERE);
});

test('one that fails ends the start with its reason', async () => {
  const failing = { Third: { Type: 'Custom::Third', Properties: { ServiceToken: att('Seeder'), Fail: 'no such zone' } } };
  await expect(startSandbox({ app: assembly(failing), time: START })).rejects
    .toThrow(/the custom resource Custom::Third Third in stack App could not be created: no such zone\n\(--stub 'Custom::Third' lets it do nothing\)/);
});
