import { evaluate, type RequestContext } from '../../src/iam';

type Conditions = Record<string, Record<string, string | string[]>>;

function met(condition: Conditions, context: RequestContext): boolean {
  const policy = { Statement: [{ Effect: 'Allow' as const, Action: '*', Resource: '*', Condition: condition }] };
  return evaluate([policy], { action: 'sqs:SendMessage', resource: '*', context }).decision === 'allowed';
}

const ROLE = 'arn:aws:iam::000000000000:role/app/worker';

describe('operators', () => {
  test.each<[string, string | string[], string, boolean]>([
    ['StringEquals', ['a', 'b'], 'b', true],
    ['StringEquals', 'a*', 'ab', false],
    ['StringNotEquals', ['a', 'b'], 'b', false],
    ['StringNotEquals', ['a', 'b'], 'c', true],
    ['StringEqualsIgnoreCase', 'ABC', 'abc', true],
    ['StringNotEqualsIgnoreCase', 'ABC', 'abc', false],
    ['StringLike', 'a*c?', 'abbcd', true],
    ['StringNotLike', 'a*', 'abc', false],
    ['ArnLike', 'arn:aws:iam::*:role/app/*', ROLE, true],
    ['ArnEquals', 'arn:aws:iam::000000000000:role/*', ROLE, true],
    ['ArnNotLike', 'arn:aws:iam::*:role/app/*', ROLE, false],
    ['Bool', 'true', 'TRUE', true],
    ['Bool', 'true', 'false', false],
    ['Bool', 'yes', 'yes', false],
    ['NumericLessThan', '10', '9.5', true],
    ['NumericLessThan', '10', '10', false],
    ['NumericGreaterThanEquals', '10', '10', true],
    ['NumericEquals', '10', '10.0', true],
    ['NumericEquals', '10', 'ten', false],
    ['NumericNotEquals', '10', '11', true],
    ['DateLessThan', '2026-11-23T06:00:00Z', '2026-11-23T05:59:59Z', true],
    ['DateGreaterThan', '1795413600', '2026-11-23T06:00:01Z', true],
    ['IpAddress', '127.0.0.0/8', '127.0.0.1', true],
    ['IpAddress', '10.0.0.1', '127.0.0.1', false],
    ['IpAddress', '2001:db8::/32', '2001:db8:1::1', true],
    ['NotIpAddress', '10.0.0.0/8', '127.0.0.1', true],
    ['BinaryEquals', 'AAE=', 'AAE=', true],
    ['stringequals', 'a', 'a', true],
  ])('%s %s for %s: %s', (operator, wanted, value, expected) => {
    expect(met({ [operator]: { 'some:Key': wanted } }, { 'some:key': value })).toBe(expected);
  });

  test('an operator that does not exist is an error', () => {
    expect(() => met({ StringStartsWith: { 'some:Key': 'a' } }, {})).toThrow('"StringStartsWith" is not a condition operator of IAM');
  });
});

describe('keys the request does not have', () => {
  test.each<[string, string, boolean]>([
    ['StringEquals', 'a', false],
    ['StringEqualsIfExists', 'a', true],
    ['StringNotEquals', 'a', true],
    ['Null', 'true', true],
    ['Null', 'false', false],
    ['ForAllValues:StringEquals', 'a', true],
    ['ForAnyValue:StringEquals', 'a', false],
  ])('%s %s: %s', (operator, wanted, expected) => {
    expect(met({ [operator]: { 'some:Key': wanted } }, {})).toBe(expected);
  });

  test('IfExists looks at what exists', () => {
    expect(met({ BoolIfExists: { 'aws:SecureTransport': 'true' } }, { 'aws:SecureTransport': 'false' })).toBe(false);
  });
});

describe('keys with several values', () => {
  const context = { 'aws:TagKeys': ['team', 'stage'] };

  test.each<[string, string[], boolean]>([
    ['ForAllValues:StringEquals', ['team', 'stage', 'owner'], true],
    ['ForAllValues:StringEquals', ['team'], false],
    ['ForAnyValue:StringEquals', ['stage'], true],
    ['ForAnyValue:StringEquals', ['owner'], false],
    ['ForAllValues:StringNotEquals', ['owner'], true],
    ['ForAllValues:StringNotEquals', ['team'], false],
    ['ForAnyValue:StringNotEquals', ['team'], true],
  ])('%s %s: %s', (operator, wanted, expected) => {
    expect(met({ [operator]: { 'aws:TagKeys': wanted } }, context)).toBe(expected);
  });
});

test('all operators and keys have to be met', () => {
  const condition = { StringEquals: { 'a:One': '1', 'a:Two': '2' }, Bool: { 'a:Three': 'true' } };
  expect(met(condition, { 'a:One': '1', 'a:Two': '2', 'a:Three': 'true' })).toBe(true);
  expect(met(condition, { 'a:One': '1', 'a:Two': '3', 'a:Three': 'true' })).toBe(false);
  expect(met(condition, { 'a:One': '1', 'a:Two': '2', 'a:Three': 'false' })).toBe(false);
});

test('the last hour of 2026 starts where epoch seconds say', () => {
  expect(met({ DateEquals: { 'aws:CurrentTime': '2026-12-31T23:00:00Z' } }, { 'aws:CurrentTime': '1798758000' })).toBe(true);
});
