import {
  BatchGetSecretValueCommand, DescribeSecretCommand, GetSecretValueCommand, ListSecretVersionIdsCommand, paginateListSecrets, SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import {
  DescribeParametersCommand, GetParameterCommand, GetParameterHistoryCommand, GetParametersByPathCommand, GetParametersCommand,
  paginateDescribeParameters, paginateGetParametersByPath, PutParameterCommand, SSMClient,
} from '@aws-sdk/client-ssm';
import { assemblyOf, fn, handler, mapping, queue, ref, start } from './app';
import { awsConfig, notes, send } from './clients';

const APP = {
  Url: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/app/url', Type: 'String', Value: { 'Fn::Sub': 'https://${AWS::Region}.example' } } },
  Deep: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/app/deep/list', Type: 'StringList', Value: 'a,b' } },
  Given: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'given', SecretString: 'hush' } },
  Made: {
    Type: 'AWS::SecretsManager::Secret',
    Properties: { GenerateSecretString: { SecretStringTemplate: '{"user":"me"}', GenerateStringKey: 'password', PasswordLength: 20 } },
  },
};

/** The SDK's clients speak JSON 1.1, as this does. */
const READ = handler(`
  const call = async (service, target, body) => {
    const response = await fetch(process.env.AWS_ENDPOINT_URL, { method: 'POST', body: JSON.stringify(body), headers: {
      'x-amz-target': target,
      'content-type': 'application/x-amz-json-1.1',
      'authorization': 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20261123/us-east-1/' + service + '/aws4_request, SignedHeaders=host, Signature=0',
    } });
    return response.json();
  };
  const ssm = (operation, body) => call('ssm', 'AmazonSSM.' + operation, body);
  const secret = (SecretId) => call('secretsmanager', 'secretsmanager.GetSecretValue', { SecretId });
  await note('one', await ssm('GetParameter', { Name: '/app/url', WithDecryption: true }));
  await note('several', await ssm('GetParameters', { Names: ['/app/deep/list', '/app/none'] }));
  await note('below', (await ssm('GetParametersByPath', { Path: '/app' })).Parameters.map((p) => p.Name));
  await note('all', (await ssm('GetParametersByPath', { Path: '/app/', Recursive: true })).Parameters.map((p) => p.Name));
  await note('unknown', (await ssm('GetParameter', { Name: '/app/none' })).__type);
  await note('byName', (await secret('given')).SecretString);
  await note('byArn', JSON.parse((await secret(process.env.MADE)).SecretString));`);

const EVERYTHING = ['dynamodb:*', 'sqs:*', 'ssm:*', 'secretsmanager:*'];

async function read(allow: readonly string[]) {
  const worker = fn('Worker', { code: READ, allow, environment: { MADE: ref('Made') } });
  const sandbox = await start(assemblyOf(APP, queue('Work'), worker, mapping('Work', 'Worker')));
  await send(sandbox, 'Work', {});
  await sandbox.waitUntilIdle();
  return { kept: await notes(sandbox), denials: (await sandbox.state()).denials };
}

test('parameters and secrets of the template can be read', async () => {
  const { kept, denials } = await read(EVERYTHING);
  const url = { Name: '/app/url', Type: 'String', Value: 'https://us-east-1.example', ARN: 'arn:aws:ssm:us-east-1:000000000000:parameter/app/url' };
  expect(kept).toMatchObject({
    one: { Parameter: { ...url, Version: 1, LastModifiedDate: Date.parse('2026-11-23T05:00:00Z') / 1000 } },
    several: { Parameters: [{ Name: '/app/deep/list', Type: 'StringList', Value: 'a,b' }], InvalidParameters: ['/app/none'] },
    below: ['/app/url'],
    all: ['/app/url', '/app/deep/list'],
    unknown: 'ParameterNotFound',
    byName: 'hush',
    byArn: { user: 'me', password: expect.stringMatching(/^[0-9a-f]{20}$/) },
  });
  expect(denials).toEqual([]);
});

test('a function reads configuration only with permission', async () => {
  const { denials } = await read(['dynamodb:*', 'sqs:*', 'ssm:GetParameter']);
  expect(denials[0]).toMatchObject({ action: 'ssm:GetParameters', resource: 'arn:aws:ssm:us-east-1:000000000000:parameter/app/deep/list' });
});

test('the clients of the SDK read parameters and secrets, one by one and several at once', async () => {
  const sandbox = await start(assemblyOf(APP));
  const ssm = new SSMClient(awsConfig(sandbox));
  expect((await ssm.send(new GetParameterCommand({ Name: '/app/url' }))).Parameter?.LastModifiedDate).toEqual(new Date('2026-11-23T05:00:00Z'));
  const names: unknown[] = [];
  for await (const { Parameters = [] } of paginateGetParametersByPath({ client: ssm }, { Path: '/app', Recursive: true })) names.push(...Parameters.map(({ Name }) => Name));
  expect(names).toEqual(['/app/url', '/app/deep/list']);
  const secrets = new SecretsManagerClient(awsConfig(sandbox));
  expect(await secrets.send(new GetSecretValueCommand({ SecretId: 'given' }))).toMatchObject({ Name: 'given', SecretString: 'hush', VersionStages: ['AWSCURRENT'] });
  expect(await secrets.send(new BatchGetSecretValueCommand({ SecretIdList: ['given', 'none'] }))).toMatchObject({
    SecretValues: [{ Name: 'given', SecretString: 'hush' }], Errors: [{ SecretId: 'none', ErrorCode: 'ResourceNotFoundException' }],
  });
  expect((await secrets.send(new DescribeSecretCommand({ SecretId: 'given' }))).Name).toBe('given');
  await expect(secrets.send(new GetSecretValueCommand({ SecretId: 'none' }))).rejects.toThrow("Secrets Manager can't find the specified secret.");
});

async function namesIn<T>(pages: AsyncIterable<T>, of: (page: T) => readonly { readonly Name?: string }[] | undefined): Promise<unknown[]> {
  const names: unknown[] = [];
  for await (const page of pages) names.push((of(page) ?? []).map(({ Name }) => Name));
  return names;
}

test('parameters are listed page by page, described by filters, and have one version', async () => {
  const sandbox = await start(assemblyOf(APP));
  const client = new SSMClient(awsConfig(sandbox));
  expect(await namesIn(paginateGetParametersByPath({ client, pageSize: 1 }, { Path: '/', Recursive: true }), (page) => page.Parameters)).toEqual([['/app/url'], ['/app/deep/list']]);
  expect(await namesIn(paginateDescribeParameters({ client, pageSize: 1 }, {}), (page) => page.Parameters)).toEqual([['/app/url'], ['/app/deep/list']]);
  const described = async (Key: string, Option: string | undefined, ...Values: string[]) =>
    (await client.send(new DescribeParametersCommand({ ParameterFilters: [{ Key, Option, Values }] }))).Parameters?.map(({ Name }) => Name);
  expect([await described('Name', 'BeginsWith', '/app/d'), await described('Type', undefined, 'String'), await described('Path', 'OneLevel', '/app'), await described('Name', 'Contains', 'none')])
    .toEqual([['/app/deep/list'], ['/app/url'], ['/app/url'], []]);
  await expect(described('Tier', 'Equals', 'Standard')).rejects.toThrow('not by Tier Equals');
  expect((await client.send(new GetParameterHistoryCommand({ Name: '/app/url' }))).Parameters).toMatchObject([{ Version: 1, Value: 'https://us-east-1.example' }]);
  expect((await client.send(new GetParameterCommand({ Name: 'arn:aws:ssm:us-east-1:000000000000:parameter/app/url:1' }))).Parameter?.Name).toBe('/app/url');
  await expect(client.send(new GetParameterCommand({ Name: '/app/url:2' }))).rejects.toThrow('could not find version 2 of /app/url');
  expect((await client.send(new GetParametersCommand({ Names: ['/app/url:2', '/app/url:1'] }))).InvalidParameters).toEqual(['/app/url:2']);
  await expect(client.send(new GetParametersByPathCommand({ Path: '/', NextToken: 'other' }))).rejects.toMatchObject({ name: 'InvalidNextToken' });
  await expect(client.send(new PutParameterCommand({ Name: '/app/url', Value: 'other' }))).rejects.toThrow('the sandbox only reads parameters, and does not know ssm:PutParameter');
});

test('secrets are listed, and read by their name, their ARN, the ARN without its last characters, and in their one version', async () => {
  const sandbox = await start(assemblyOf(APP, { Empty: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'given-later' } } }));
  const client = new SecretsManagerClient(awsConfig(sandbox));
  const list = (...Values: string[]) => namesIn(paginateListSecrets({ client, pageSize: 1 }, Values.length > 0 ? { Filters: [{ Key: 'name', Values }] } : {}), (page) => page.SecretList);
  expect(await list()).toEqual([['given'], [expect.stringMatching(/^App-Made-/)], ['given-later']]);
  expect([await list('given'), await list('!given')]).toEqual([[['given'], ['given-later']], [[expect.stringMatching(/^App-Made-/)]]]);
  const { ARN, VersionId } = await client.send(new GetSecretValueCommand({ SecretId: 'given' }));
  const secret = async (SecretId: string, more: object = {}) => (await client.send(new GetSecretValueCommand({ SecretId, ...more }))).SecretString;
  expect([await secret(ARN!), await secret(ARN!.slice(0, -7)), await secret('given', { VersionId }), await secret('given', { VersionStage: 'AWSCURRENT' })]).toEqual(['hush', 'hush', 'hush', 'hush']);
  await expect(secret('given', { VersionStage: 'AWSPREVIOUS' })).rejects.toThrow("can't find the specified secret value for staging label: AWSPREVIOUS");
  await expect(secret('given-later')).rejects.toThrow("can't find the specified secret value for staging label: AWSCURRENT");
  expect((await client.send(new DescribeSecretCommand({ SecretId: 'given-later' }))).VersionIdsToStages).toBeUndefined();
  expect((await client.send(new ListSecretVersionIdsCommand({ SecretId: 'given' }))).Versions).toMatchObject([{ VersionId, VersionStages: ['AWSCURRENT'] }]);
});
