import { evaluate, type RequestContext } from '../../src/iam';
import type { PolicyStatement } from '../../src/model';

const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/usage';

function decide(statements: PolicyStatement[], action: string, resource: string, context?: RequestContext): string {
  return evaluate([{ Version: '2012-10-17', Statement: statements }], { action, resource, context }).decision;
}

const allow = (statement: Partial<PolicyStatement>): PolicyStatement => ({ Effect: 'Allow', Action: '*', Resource: '*', ...statement });
const deny = (statement: Partial<PolicyStatement>): PolicyStatement => ({ ...allow(statement), Effect: 'Deny' });

describe('effects', () => {
  test('nothing is allowed unless said so', () => {
    expect(decide([], 'sqs:SendMessage', '*')).toBe('implicitDeny');
  });

  test('a Deny wins over an Allow, in any order', () => {
    const statements = [allow({}), deny({ Action: 'sqs:DeleteQueue' })];
    expect(decide(statements, 'sqs:DeleteQueue', '*')).toBe('explicitDeny');
    expect(decide([...statements].reverse(), 'sqs:DeleteQueue', '*')).toBe('explicitDeny');
    expect(decide(statements, 'sqs:SendMessage', '*')).toBe('allowed');
  });

  test('the decision names its statement', () => {
    const statement = allow({ Sid: 'Mine', Action: 'sqs:SendMessage' });
    expect(evaluate([{ Statement: [deny({ Action: 's3:*' }), statement] }], { action: 'sqs:SendMessage', resource: '*' }).statement).toBe(statement);
  });
});

describe('actions', () => {
  test.each<[string | string[], string, boolean]>([
    ['dynamodb:PutItem', 'dynamodb:PutItem', true],
    ['DynamoDB:putitem', 'dynamodb:PutItem', true],
    ['dynamodb:*', 'dynamodb:PutItem', true],
    ['dynamodb:Put*', 'dynamodb:PutItem', true],
    ['dynamodb:?utItem', 'dynamodb:PutItem', true],
    ['dynamodb:Get*', 'dynamodb:PutItem', false],
    [['sqs:*', '*'], 'dynamodb:PutItem', true],
    ['dynamodb:Put', 'dynamodb:PutItem', false],
    ['dynamodb.PutItem', 'dynamodb:PutItem', false],
  ])('%s for %s: %s', (pattern, action, allowed) => {
    expect(decide([allow({ Action: pattern })], action, TABLE)).toBe(allowed ? 'allowed' : 'implicitDeny');
  });

  test('NotAction is everything else', () => {
    const statement = allow({ Action: undefined, NotAction: ['iam:*'] });
    expect(decide([statement], 'iam:PassRole', '*')).toBe('implicitDeny');
    expect(decide([statement], 'sqs:SendMessage', '*')).toBe('allowed');
  });
});

describe('resources', () => {
  test.each<[string | string[], string, boolean]>([
    [TABLE, TABLE, true],
    [`${TABLE}/index/*`, `${TABLE}/index/due`, true],
    [TABLE, `${TABLE}/index/due`, false],
    [['arn:aws:sqs:*', TABLE], TABLE, true],
    ['arn:aws:dynamodb:*:*:table/us?ge', TABLE, true],
    ['arn:aws:dynamodb:*', TABLE, true],
    ['arn:aws:dynamodb:*:table/usage', TABLE, false],
    ['arn:aws:dynamodb:us-east-1:000000000000:table/Usage', TABLE, false],
    ['arn:aws:s3:::bucket/*', 'arn:aws:s3:::bucket/a/b:c', true],
    ['*', '*', true],
    ['arn:aws:sqs:*', '*', false],
  ])('%s for %s: %s', (pattern, resource, allowed) => {
    expect(decide([allow({ Resource: pattern })], 'dynamodb:Query', resource)).toBe(allowed ? 'allowed' : 'implicitDeny');
  });

  test('NotResource is everything else', () => {
    const statement = deny({ Resource: undefined, NotResource: `${TABLE}*` });
    expect(decide([allow({}), statement], 'dynamodb:Query', TABLE)).toBe('allowed');
    expect(decide([allow({}), statement], 'dynamodb:Query', 'arn:aws:sqs:us-east-1:000000000000:q')).toBe('explicitDeny');
  });

  test('variables stand for what the request says', () => {
    const statement = allow({ Resource: 'arn:aws:s3:::home/${aws:PrincipalAccount}/${*}/*' });
    const context = { 'aws:principalaccount': '111111111111' };
    expect(decide([statement], 's3:GetObject', 'arn:aws:s3:::home/111111111111/*/x', context)).toBe('allowed');
    expect(decide([statement], 's3:GetObject', 'arn:aws:s3:::home/111111111111/a/x', context)).toBe('implicitDeny');
    expect(decide([statement], 's3:GetObject', 'arn:aws:s3:::home/222222222222/*/x', context)).toBe('implicitDeny');
    expect(decide([statement], 's3:GetObject', 'arn:aws:s3:::home//*/x')).toBe('implicitDeny');
  });

  test('variables stand after the fifth colon only', () => {
    const statement = allow({ Resource: 'arn:aws:dynamodb:us-east-1:${aws:PrincipalAccount}:table/usage' });
    expect(decide([statement], 'dynamodb:Query', TABLE, { 'aws:PrincipalAccount': '000000000000' })).toBe('implicitDeny');
  });

  test('a variable may have a default', () => {
    const statement = allow({ Resource: "arn:aws:s3:::home/${aws:PrincipalTag/team, 'nobody'}" });
    expect(decide([statement], 's3:GetObject', 'arn:aws:s3:::home/nobody')).toBe('allowed');
  });
});
