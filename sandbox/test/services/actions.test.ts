import type { HttpRequest } from '../../src/gateway/aws-call';
import { parseCall } from '../../src/gateway/parse-call';
import { UnknownRequestError, type AccessRequest } from '../../src/iam';
import { APIS } from '../../src/services';
import { secretArnOf } from '../../src/services/parameters/secret-arn';

const ACCOUNT = '000000000000';

interface SignedRequest {
  readonly service: string;
  readonly request: HttpRequest;
  readonly region: string;
}

interface Parts {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly region?: string;
  readonly body?: unknown;
}

function request(service: string, parts: Parts = {}): SignedRequest {
  const { region = 'us-east-1', headers = {} } = parts;
  const { pathname, searchParams } = new URL(parts.path ?? '/', 'http://sandbox');
  const body = typeof parts.body === 'string' ? parts.body : JSON.stringify(parts.body ?? {});
  const form: Record<string, string> = /^Action=/.test(body) ? { 'content-type': 'application/x-www-form-urlencoded' } : {};
  const authorization = `AWS4-HMAC-SHA256 Credential=AKID/20261123/${region}/${service}/aws4_request`;
  return {
    service,
    region,
    request: {
      method: parts.method ?? 'POST',
      path: pathname,
      query: searchParams,
      headers: { authorization, ...form, ...headers },
      rawHeaders: [],
      body: Buffer.from(body),
    },
  };
}

function targeted(service: string, target: string, body: unknown = {}, region?: string): SignedRequest {
  return request(service, { headers: { 'x-amz-target': target }, body, region });
}

function actionsOf({ request: signed }: SignedRequest): AccessRequest[] {
  const call = parseCall(signed, APIS)!;
  return APIS.find(({ name }) => name === call.service)!.actions!(call, ACCOUNT);
}

const needs = (signed: SignedRequest) => actionsOf(signed).map(({ action, resource }) => `${action} ${resource}`);

describe('dynamodb', () => {
  const dynamodb = (operation: string, body: unknown) => needs(targeted('dynamodb', `DynamoDB_20120810.${operation}`, body));
  const table = (name: string) => `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/${name}`;

  test('single operations need the table, or the index they read', () => {
    expect(dynamodb('PutItem', { TableName: 'usage' })).toEqual([`dynamodb:PutItem ${table('usage')}`]);
    expect(dynamodb('Query', { TableName: table('usage'), IndexName: 'due' })).toEqual([`dynamodb:Query ${table('usage')}/index/due`]);
    expect(dynamodb('ListTables', {})).toEqual(['dynamodb:ListTables *']);
  });

  test('batches need every table', () => {
    expect(dynamodb('BatchWriteItem', { RequestItems: { a: [], b: [] } })).toEqual([`dynamodb:BatchWriteItem ${table('a')}`, `dynamodb:BatchWriteItem ${table('b')}`]);
    expect(dynamodb('BatchGetItem', { RequestItems: { a: {} } })).toEqual([`dynamodb:BatchGetItem ${table('a')}`]);
  });

  test('transactions need what each entry does', () => {
    expect(dynamodb('TransactWriteItems', {
      TransactItems: [
        { Put: { TableName: 'a' } }, { Update: { TableName: 'a' } }, { Delete: { TableName: 'b' } }, { ConditionCheck: { TableName: 'b' } },
      ],
    })).toEqual([
      `dynamodb:PutItem ${table('a')}`, `dynamodb:UpdateItem ${table('a')}`, `dynamodb:DeleteItem ${table('b')}`, `dynamodb:ConditionCheckItem ${table('b')}`,
    ]);
    expect(dynamodb('TransactGetItems', { TransactItems: [{ Get: { TableName: 'a' } }] })).toEqual([`dynamodb:GetItem ${table('a')}`]);
  });

  test('PartiQL is refused', () => {
    expect(() => dynamodb('ExecuteStatement', { Statement: 'SELECT * FROM usage' })).toThrow('does not support PartiQL (dynamodb:ExecuteStatement)');
  });
});

describe('sqs', () => {
  const QUEUE = `http://127.0.0.1:4566/${ACCOUNT}/usage`;
  const ARN = `arn:aws:sqs:us-east-1:${ACCOUNT}:usage`;

  test.each([
    ['SendMessage', 'sqs:SendMessage'],
    ['SendMessageBatch', 'sqs:SendMessage'],
    ['DeleteMessageBatch', 'sqs:DeleteMessage'],
    ['ChangeMessageVisibilityBatch', 'sqs:ChangeMessageVisibility'],
    ['GetQueueAttributes', 'sqs:GetQueueAttributes'],
  ])('%s needs %s on the queue', (operation, action) => {
    expect(needs(targeted('sqs', `AmazonSQS.${operation}`, { QueueUrl: QUEUE }))).toEqual([`${action} ${ARN}`]);
  });

  test('moving messages needs to receive and to send them', () => {
    const move = (operation: string, body: object) => needs(targeted('sqs', `AmazonSQS.${operation}`, body));
    expect(move('StartMessageMoveTask', { SourceArn: `${ARN}-dead`, DestinationArn: ARN })).toEqual([
      `sqs:StartMessageMoveTask ${ARN}-dead`, `sqs:ReceiveMessage ${ARN}-dead`, `sqs:DeleteMessage ${ARN}-dead`, `sqs:GetQueueAttributes ${ARN}-dead`,
      `sqs:SendMessage ${ARN}`,
    ]);
    expect(move('ListMessageMoveTasks', { SourceArn: ARN })).toEqual([`sqs:ListMessageMoveTasks ${ARN}`]);
    const TaskHandle = Buffer.from(JSON.stringify({ sourceArn: ARN })).toString('base64');
    expect(move('CancelMessageMoveTask', { TaskHandle })).toEqual([`sqs:CancelMessageMoveTask ${ARN}`]);
    expect(() => move('CancelMessageMoveTask', { TaskHandle: 'x' })).toThrow('names no queue');
  });

  test('a queue of another account', () => {
    expect(needs(targeted('sqs', 'AmazonSQS.SendMessage', { QueueUrl: QUEUE.replace(ACCOUNT, '111111111111') })))
      .toEqual(['sqs:SendMessage arn:aws:sqs:us-east-1:111111111111:usage']);
  });

  test('a queue is checked by its name', () => {
    expect(needs(targeted('sqs', 'AmazonSQS.GetQueueUrl', { QueueName: 'usage' }))).toEqual([`sqs:GetQueueUrl ${ARN}`]);
  });

  test('the query protocol of older SDKs', () => {
    expect(needs(request('sqs', { path: `/${ACCOUNT}/usage`, body: 'Action=ReceiveMessage&Version=2012-11-05' }))).toEqual([`sqs:ReceiveMessage ${ARN}`]);
    expect(needs(request('sqs', { body: `Action=SendMessage&QueueUrl=${encodeURIComponent(QUEUE)}` }))).toEqual([`sqs:SendMessage ${ARN}`]);
  });
});

describe('other services', () => {
  test('events: the bus of every entry', () => {
    const other = 'arn:aws:events:eu-west-1:111111111111:event-bus/theirs';
    const entries = [{}, { EventBusName: 'mine' }, { EventBusName: other }, { EventBusName: 'mine' }];
    expect(needs(targeted('events', 'AWSEvents.PutEvents', { Entries: entries }))).toEqual([
      `events:PutEvents arn:aws:events:us-east-1:${ACCOUNT}:event-bus/default`,
      `events:PutEvents arn:aws:events:us-east-1:${ACCOUNT}:event-bus/mine`,
      `events:PutEvents ${other}`,
    ]);
  });

  test.each<[string, SignedRequest, string[]]>([
    ['lambda by name', request('lambda', { path: '/2015-03-31/functions/intake/invocations' }), [`lambda:InvokeFunction arn:aws:lambda:us-east-1:${ACCOUNT}:function:intake`]],
    ['lambda by ARN and qualifier', request('lambda', { path: `/2015-03-31/functions/${encodeURIComponent(`arn:aws:lambda:us-east-1:${ACCOUNT}:function:intake`)}/invocations?Qualifier=live` }),
      [`lambda:InvokeFunction arn:aws:lambda:us-east-1:${ACCOUNT}:function:intake:live`]],
    ['lambda by account and name', request('lambda', { path: '/2015-03-31/functions/123456789012:function:intake:live/invocations' }),
      ['lambda:InvokeFunction arn:aws:lambda:us-east-1:123456789012:function:intake:live']],
    ['sns', request('sns', { body: 'Action=PublishBatch&TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3A000000000000%3At' }), ['sns:Publish arn:aws:sns:us-east-1:000000000000:t']],
    ['sts AssumeRole', request('sts', { body: 'Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A111111111111%3Arole%2Fseller' }), ['sts:AssumeRole arn:aws:iam::111111111111:role/seller']],
    ['sts GetCallerIdentity', request('sts', { body: 'Action=GetCallerIdentity' }), []],
    ['metering', targeted('aws-marketplace', 'AWSMPMeteringService.BatchMeterUsage'), ['aws-marketplace:BatchMeterUsage *']],
    ['agreements', targeted('aws-marketplace', 'AWSMPCommerceService_v20200301.DescribeAgreement'), ['aws-marketplace:DescribeAgreement *']],
    ['kms by id', targeted('kms', 'TrentService.Decrypt', { KeyId: 'abc' }), [`kms:Decrypt arn:aws:kms:us-east-1:${ACCOUNT}:key/abc`]],
    ['kms without a key', targeted('kms', 'TrentService.Decrypt'), ['kms:Decrypt *']],
    ['logs', targeted('logs', 'Logs_20140328.PutLogEvents', { logGroupName: '/app', logStreamName: 's' }), [`logs:PutLogEvents arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/app:log-stream:s`]],
    ['cloudwatch as query', request('monitoring', { body: 'Action=PutMetricData' }), ['cloudwatch:PutMetricData *']],
    ['cloudwatch as CBOR', request('monitoring', { path: '/service/GraniteServiceVersion20100801/operation/PutMetricData', body: '' }), ['cloudwatch:PutMetricData *']],
    ['s3 object', request('s3', { method: 'GET', path: '/bucket/a/b%20c?x-id=GetObject' }), ['s3:GetObject arn:aws:s3:::bucket/a/b c']],
    ['s3 upload', request('s3', { method: 'PUT', path: '/bucket/a' }), ['s3:PutObject arn:aws:s3:::bucket/a']],
    ['s3 listing', request('s3', { method: 'GET', path: '/bucket?list-type=2' }), ['s3:ListBucket arn:aws:s3:::bucket']],
    ['s3 buckets', request('s3', { method: 'GET', path: '/?x-id=ListBuckets' }), ['s3:ListAllMyBuckets *']],
    ['s3 deletion of several', request('s3', { path: '/bucket/?delete=', body: '<Delete><Object><Key>a/b</Key></Object><Object><Key>c&amp;d&#x20;e</Key></Object></Delete>' }),
      ['s3:DeleteObject arn:aws:s3:::bucket/a/b', 's3:DeleteObject arn:aws:s3:::bucket/c&d e']],
    ['s3 copy', request('s3', { method: 'PUT', path: '/bucket/a', headers: { 'x-amz-copy-source': '/other/b%20c?versionId=1' } }),
      ['s3:GetObject arn:aws:s3:::other/b c', 's3:PutObject arn:aws:s3:::bucket/a']],
    ['s3 aborted upload', request('s3', { method: 'DELETE', path: '/bucket/a?uploadId=1' }), ['s3:AbortMultipartUpload arn:aws:s3:::bucket/a']],
    ['ssm', targeted('ssm', 'AmazonSSM.GetParameters', { Names: ['/app/url', 'plain:2'] }),
      [`ssm:GetParameters arn:aws:ssm:us-east-1:${ACCOUNT}:parameter/app/url`, `ssm:GetParameters arn:aws:ssm:us-east-1:${ACCOUNT}:parameter/plain`]],
    ['ssm by path', targeted('ssm', 'AmazonSSM.GetParametersByPath', { Path: '/app' }), [`ssm:GetParametersByPath arn:aws:ssm:us-east-1:${ACCOUNT}:parameter/app`]],
    ['descriptions of parameters', targeted('ssm', 'AmazonSSM.DescribeParameters'), [`ssm:DescribeParameters arn:aws:ssm:us-east-1:${ACCOUNT}:*`]],
    ['a list of secrets', targeted('secretsmanager', 'secretsmanager.ListSecrets'), ['secretsmanager:ListSecrets *']],
    ['a secret by an ARN without its last characters', targeted('secretsmanager', 'secretsmanager.GetSecretValue', { SecretId: 'arn:aws:secretsmanager:us-east-1:1:secret:s' }),
      [`secretsmanager:GetSecretValue ${secretArnOf({ account: '1', region: 'us-east-1' }, 's')}`]],
    ['secrets by ARN', targeted('secretsmanager', 'secretsmanager.GetSecretValue', { SecretId: 'arn:aws:secretsmanager:us-east-1:1:secret:s-abcdef' }),
      ['secretsmanager:GetSecretValue arn:aws:secretsmanager:us-east-1:1:secret:s-abcdef']],
    ['several secrets', targeted('secretsmanager', 'secretsmanager.BatchGetSecretValue', { SecretIdList: ['arn:aws:secretsmanager:us-east-1:1:secret:s-abcdef'] }),
      ['secretsmanager:BatchGetSecretValue *', 'secretsmanager:GetSecretValue arn:aws:secretsmanager:us-east-1:1:secret:s-abcdef']],
    ['ses', request('ses', { body: 'Action=SendEmail&Source=A%20%3Ca%40b.example%3E&Destination.ToAddresses.member.1=c%40d.example' }),
      [`ses:SendEmail arn:aws:ses:us-east-1:${ACCOUNT}:identity/a@b.example`]],
    ['ses version 2, a raw message', request('ses', {
      path: '/v2/email/outbound-emails',
      body: { FromEmailAddress: 'a@b.example', ConfigurationSetName: 'c', Content: { Raw: { Data: '' } }, Destination: { ToAddresses: ['x@y.example'] } },
    }), [`ses:SendRawEmail arn:aws:ses:us-east-1:${ACCOUNT}:identity/a@b.example`, `ses:SendRawEmail arn:aws:ses:us-east-1:${ACCOUNT}:configuration-set/c`]],
    ['another partition', targeted('dynamodb', 'DynamoDB_20120810.GetItem', { TableName: 'usage' }, 'cn-northwest-1'),
      [`dynamodb:GetItem arn:aws-cn:dynamodb:cn-northwest-1:${ACCOUNT}:table/usage`]],
    ['stopping a function', request('lambda', { method: 'PUT', path: '/2017-10-31/functions/work/concurrency' }),
      [`lambda:PutFunctionConcurrency arn:aws:lambda:us-east-1:${ACCOUNT}:function:work`]],
    ['stopping a function by account and name', request('lambda', { method: 'PUT', path: '/2017-10-31/functions/123456789012%3Afunction%3Awork/concurrency' }),
      ['lambda:PutFunctionConcurrency arn:aws:lambda:us-east-1:123456789012:function:work']],
    ['switching an event source mapping', request('lambda', { method: 'PUT', path: '/2015-03-31/event-source-mappings/m-1' }),
      [`lambda:UpdateEventSourceMapping arn:aws:lambda:us-east-1:${ACCOUNT}:event-source-mapping:m-1`]],
    ['an export', targeted('dynamodb', 'DynamoDB_20120810.ExportTableToPointInTime', { TableArn: `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/usage` }),
      [`dynamodb:ExportTableToPointInTime arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/usage`]],
    ['an import', targeted('dynamodb', 'DynamoDB_20120810.ImportTable', { TableCreationParameters: { TableName: 'usage' } }),
      [`dynamodb:ImportTable arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/usage`]],
    ['a restore', targeted('dynamodb', 'DynamoDB_20120810.RestoreTableToPointInTime', { SourceTableName: 'usage', TargetTableName: 'copy' }),
      [`dynamodb:RestoreTableToPointInTime arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/usage`]],
    ['the resources of a stack', request('cloudformation', { body: 'Action=ListStackResources&StackName=App' }), ['cloudformation:ListStackResources *']],
    ['s3 of another partition', request('s3', { method: 'GET', path: '/bucket/a', region: 'us-gov-west-1' }), ['s3:GetObject arn:aws-us-gov:s3:::bucket/a']],
  ])('%s', (_, aws, expected) => {
    expect(needs(aws)).toEqual(expected);
  });

  test('an external id is something a trust policy can ask for', () => {
    const [permission] = actionsOf(request('sts', { body: 'Action=AssumeRole&RoleArn=arn&ExternalId=secret' }));
    expect(permission?.context).toEqual({ 'sts:ExternalId': 'secret' });
  });
});

describe('what is not understood', () => {
  test.each<[string, SignedRequest, string]>([
    ['a lambda operation', request('lambda', { method: 'GET', path: '/2015-03-31/functions/' }), 'the sandbox knows no operation of lambda for GET /2015-03-31/functions/'],
    ['an operation that does not exist here', request('lambda', { path: '/2014-11-13/functions/work/invoke-async' }),
      'the sandbox knows no operation of lambda for POST /2014-11-13/functions/work/invoke-async'],
    ['a request without target', request('dynamodb'), 'a request to dynamodb names no operation'],
    ['a body that is no JSON', targeted('dynamodb', 'DynamoDB_20120810.PutItem', 'nope{'), 'the body of a request to dynamodb is not JSON'],
    ['a request without table', targeted('dynamodb', 'DynamoDB_20120810.PutItem'), 'a request for dynamodb:PutItem names no table'],
    ['a request without parameter', targeted('ssm', 'AmazonSSM.GetParameter'), 'a request for ssm:GetParameter names no parameter'],
    ['a request without secret', targeted('secretsmanager', 'secretsmanager.GetSecretValue'), 'a request for secretsmanager:GetSecretValue names no secret'],
    ['another operation of ses', request('ses', { body: 'Action=VerifyEmailIdentity' }), 'only the operations SendEmail, SendRawEmail, SendTemplatedEmail of ses'],
    ['a request without queue', targeted('sqs', 'AmazonSQS.SendMessage'), 'a request to sqs names no queue'],
  ])('%s is an error', (_, aws, message) => {
    expect(() => actionsOf(aws)).toThrow(UnknownRequestError);
    expect(() => actionsOf(aws)).toThrow(message);
  });
});
