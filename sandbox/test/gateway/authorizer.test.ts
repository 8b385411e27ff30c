import { Authorizer } from '../../src/gateway/authorizer';
import type { AwsCall } from '../../src/gateway/aws-call';
import type { FunctionModel, PolicyStatement, RoleModel } from '../../src/model';

const ROLE = 'arn:aws:iam::000000000000:role/Worker';
const NOON = Date.parse('2026-11-23T12:00:00Z');
const HOUR_MS = 3_600_000;

const call = (service: string, operation: string) => ({
  service, operation, region: 'us-east-1', caller: { fn: { name: 'Worker', roleArn: ROLE } as FunctionModel, roleArn: ROLE },
}) as unknown as AwsCall;

function authorizer(...statements: PolicyStatement[]): Authorizer {
  const role = { arn: ROLE, policies: [{ Statement: statements }], managedPolicyArns: [], trust: { Statement: [] } } as unknown as RoleModel;
  return new Authorizer({
    roles: [role],
    apis: [{ name: 'sqs', actions: ({ operation }) => [{ action: `sqs:${operation}`, resource: 'arn:aws:sqs:us-east-1:000000000000:Work' }] }],
    onDenied: () => undefined,
  });
}

test('a call that is allowed until some time is refused afterwards, however often it was allowed before', () => {
  const checked = authorizer({
    Effect: 'Allow', Action: 'sqs:*', Resource: '*', Condition: { DateLessThan: { 'aws:CurrentTime': '2026-11-23T13:00:00Z' } },
  });
  const send = call('sqs', 'SendMessage');
  for (const minute of [0, 1, 2]) {
    checked.check(send, NOON + minute * 60_000);
  }
  expect(() => checked.check(send, NOON + 2 * HOUR_MS)).toThrow('not authorized to perform: sqs:SendMessage');
});

test('a call that is allowed says nothing of another operation', () => {
  const checked = authorizer({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' });
  for (const time of [NOON, NOON + HOUR_MS]) {
    checked.check(call('sqs', 'SendMessage'), time);
    expect(() => checked.check(call('sqs', 'DeleteMessage'), time)).toThrow('not authorized to perform: sqs:DeleteMessage');
  }
  expect(checked.denials()).toHaveLength(1);
});
