import { AwsError } from '../../src/errors';
import { errorAnswer } from '../../src/gateway/answers';
import { parseCall } from '../../src/gateway/parse-call';
import { APIS } from '../../src/services';

const signed = (service: string, headers: Record<string, string>, body: string) => parseCall({
  method: 'POST',
  path: '/',
  query: new URLSearchParams(),
  rawHeaders: [],
  headers: { authorization: `AWS4-HMAC-SHA256 Credential=key/20261123/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`, ...headers },
  body: Buffer.from(body),
}, APIS)!;

test('calls of services that the sandbox does not have are named, and their clients can read the error', () => {
  const iam = signed('iam', { 'content-type': 'application/x-www-form-urlencoded' }, 'Action=CreateRole&Version=2010-05-08');
  expect(iam).toMatchObject({ service: 'iam', operation: 'CreateRole', format: 'query' });
  expect(errorAnswer(iam.format, new AwsError('UnknownService', 'the sandbox has no iam', 400)).body).toMatch(/^<ErrorResponse><Error>.*<Code>UnknownService<\/Code><Message>the sandbox has no iam</);
  const states = signed('states', { 'x-amz-target': 'AWSStepFunctions.StartExecution' }, '{}');
  expect(states).toMatchObject({ service: 'states', operation: 'StartExecution', format: 'json' });
});
