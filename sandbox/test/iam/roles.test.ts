import { baseContext, evaluate, policiesOf, trusts, unknownPoliciesOf } from '../../src/iam';
import type { PolicyDocument, PolicyStatement, RoleModel } from '../../src/model';

const ROLE = 'arn:aws:iam::111111111111:role/worker';

function trusting(...statements: Partial<PolicyStatement>[]): PolicyDocument {
  return { Statement: statements.map((statement) => ({ Effect: 'Allow', Action: 'sts:AssumeRole', ...statement })) };
}

describe('trust', () => {
  test.each<[string, unknown, boolean]>([
    ['the role itself', { AWS: ROLE }, true],
    ['one of several', { AWS: ['arn:aws:iam::111111111111:role/other', ROLE] }, true],
    ['its account', { AWS: 'arn:aws:iam::111111111111:root' }, true],
    ['its account by number', { AWS: '111111111111' }, true],
    ['everybody', '*', true],
    ['everybody with an account', { AWS: '*' }, true],
    ['another role', { AWS: 'arn:aws:iam::111111111111:role/other' }, false],
    ['another account', { AWS: 'arn:aws:iam::222222222222:root' }, false],
    ['a service', { Service: 'lambda.amazonaws.com' }, false],
  ])('trust in %s', (_, principal, expected) => {
    expect(trusts(trusting({ Principal: principal }), { arn: ROLE })).toBe(expected);
  });

  test('trust in one service is no trust in another', () => {
    const trust = trusting({ Principal: { Service: ['lambda.amazonaws.com', 'events.amazonaws.com'] } });
    expect(trusts(trust, { service: 'lambda.amazonaws.com' })).toBe(true);
    expect(trusts(trust, { service: 'scheduler.amazonaws.com' })).toBe(false);
  });

  test('trust may ask for an external id', () => {
    const trust = trusting({ Principal: { AWS: ROLE }, Condition: { StringEquals: { 'sts:ExternalId': 'secret' } } });
    expect(trusts(trust, { arn: ROLE }, { 'sts:ExternalId': 'secret' })).toBe(true);
    expect(trusts(trust, { arn: ROLE }, { 'sts:ExternalId': 'wrong' })).toBe(false);
    expect(trusts(trust, { arn: ROLE })).toBe(false);
  });

  test('ends where a Deny begins', () => {
    expect(trusts(trusting({ Principal: '*' }, { Effect: 'Deny', Principal: { AWS: ROLE } }), { arn: ROLE })).toBe(false);
  });

  test('trust is about assuming the role', () => {
    expect(trusts(trusting({ Principal: '*', Action: 'sts:TagSession' }), { arn: ROLE })).toBe(false);
  });
});

describe('managed policies', () => {
  const role = (...managedPolicyArns: string[]): RoleModel => ({
    stack: 'Demo', logicalId: 'Role', name: 'worker', arn: ROLE, policies: [], managedPolicyArns, trust: trusting(),
  });

  test('managed policies of Lambda are known', () => {
    const policies = policiesOf(role('arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'));
    expect(evaluate(policies, { action: 'logs:PutLogEvents', resource: '*' }).decision).toBe('allowed');
    expect(evaluate(policies, { action: 'sqs:ReceiveMessage', resource: '*' }).decision).toBe('implicitDeny');
  });

  test('managed policies that are not known are named, and allow nothing', () => {
    const powerful = role('arn:aws:iam::aws:policy/AdministratorAccess', 'arn:aws:iam::aws:policy/service-role/AWSLambdaRole');
    expect(unknownPoliciesOf(powerful)).toEqual(['arn:aws:iam::aws:policy/AdministratorAccess']);
    expect(evaluate(policiesOf(powerful), { action: 'sqs:SendMessage', resource: '*' }).decision).toBe('implicitDeny');
    expect(evaluate(policiesOf(powerful), { action: 'lambda:InvokeFunction', resource: '*' }).decision).toBe('allowed');
  });
});

test('every request has the global condition keys', () => {
  const context = baseContext({ roleArn: ROLE, account: '111111111111', region: 'eu-west-1', now: Date.UTC(2026, 10, 23, 5) });
  const condition = {
    Bool: { 'aws:SecureTransport': 'true' },
    StringEquals: { 'aws:SourceAccount': '111111111111', 'aws:RequestedRegion': 'eu-west-1', 'aws:PrincipalAccount': '111111111111' },
    ArnEquals: { 'aws:PrincipalArn': ROLE },
    DateEquals: { 'aws:CurrentTime': '2026-11-23T05:00:00Z' },
  };
  const policy = { Statement: [{ Effect: 'Allow' as const, Action: '*', Resource: '*', Condition: condition }] };
  expect(evaluate([policy], { action: 'sqs:SendMessage', resource: '*', context }).decision).toBe('allowed');
});
