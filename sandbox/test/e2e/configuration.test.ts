import { BatchGetSecretValueCommand, DescribeSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, paginateGetParametersByPath, SSMClient } from '@aws-sdk/client-ssm';
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
