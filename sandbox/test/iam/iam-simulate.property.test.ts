import { runUnsafeSimulation } from '@cloud-copilot/iam-simulate';
import * as fc from 'fast-check';
import { evaluate, type RequestContext } from '../../src/iam';
import type { PolicyDocument, PolicyStatement } from '../../src/model';

const ACCOUNT = '000000000000';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/worker`;
const ACTIONS = ['dynamodb:PutItem', 'dynamodb:Query', 'sqs:SendMessage', 'events:PutEvents', 's3:GetObject'];
const RESOURCES = [
  `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/usage`,
  `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/usage/index/due`,
  `arn:aws:sqs:eu-west-1:${ACCOUNT}:usage.fifo`,
  `arn:aws:events:us-east-1:${ACCOUNT}:event-bus/default`,
  'arn:aws:s3:::bucket/a/b',
];

const oneOrMore = <T>(entry: fc.Arbitrary<T>) => fc.oneof(entry, fc.uniqueArray(entry, { minLength: 1, maxLength: 3 }));

/** IAM forbids wildcards in what comes before: account, region, and the resource's type. */
const nameStart = (arn: string) => /^arn:[^:]*:[^:]*:[^:]*:[^:]*:(?:table\/|event-bus\/)?/.exec(arn)?.[0].length ?? 0;

/** Puts wildcards into a text, but leaves its first `fixed` characters alone. */
const withWildcards = (text: string, fixed: number) => fc.tuple(fc.nat(text.length - fixed - 1), fc.nat(4), fc.constantFrom('', '*', '?'))
  .map(([start, length, wildcard]) => wildcard === '' ? text : text.slice(0, fixed + start) + wildcard + text.slice(fixed + start + length));

const action = fc.constantFrom(...ACTIONS).chain((name) => fc.oneof(fc.constant('*'), fc.constant(`${name.split(':')[0]}:*`), withWildcards(name, name.indexOf(':') + 1)));
const resource = fc.constantFrom(...RESOURCES).chain((arn) => fc.oneof(
  { weight: 1, arbitrary: fc.constant('*') },
  { weight: 4, arbitrary: withWildcards(arn, nameStart(arn)) },
  { weight: 1, arbitrary: fc.constant(arn.replace(ACCOUNT, '${aws:PrincipalAccount}')) },
  { weight: 1, arbitrary: fc.constant(arn.replace(/(?<=\/)us(?=age)|b(?=ucket)/, '${aws:username}')) },
  { weight: 1, arbitrary: fc.constant(arn.replace('us-east-1', '*')) },
));

const CONDITION_VALUES: Readonly<Record<string, readonly string[]>> = {
  StringEquals: ['alpha', 'beta', 'al*', '${aws:username}'],
  StringNotEquals: ['alpha', 'beta'],
  StringEqualsIgnoreCase: ['ALPHA', 'beta'],
  StringLike: ['al*', '?eta', '*', 'alpha', '${aws:username}*'],
  StringNotLike: ['al*', 'gamma'],
  ArnLike: [ROLE, 'arn:aws:iam::*:role/*', 'arn:aws:iam::1*:role/worker'],
  ArnNotEquals: [ROLE, 'arn:aws:iam::*:role/other'],
  Bool: ['true', 'false'],
  NumericLessThan: ['5', '10'],
  NumericGreaterThanEquals: ['5', '7'],
  NumericNotEquals: ['7', '8'],
  DateGreaterThan: ['2026-11-23T05:00:00Z', '2027-01-01T00:00:00Z'],
  DateLessThanEquals: ['2026-11-23T05:00:00Z', '2027-01-01T00:00:00Z'],
  IpAddress: ['127.0.0.0/8', '10.0.0.0/8'],
  NotIpAddress: ['127.0.0.0/8', '10.0.0.0/8'],
};

const CONTEXT_VALUES: Readonly<Record<string, readonly string[]>> = {
  'aws:username': ['alpha', 'beta', 'gamma', 'us', 'b'],
  'aws:PrincipalArn': [ROLE, `arn:aws:iam::${ACCOUNT}:role/other`],
  'aws:SecureTransport': ['true', 'false'],
  's3:max-keys': ['4', '5', '7', '10'],
  'aws:CurrentTime': ['2026-11-23T05:00:00Z', '2026-12-01T00:00:00Z'],
  'aws:SourceIp': ['127.0.0.1', '10.1.2.3', '192.168.0.1'],
};

const condition = fc.tuple(
  fc.constantFrom(...Object.keys(CONDITION_VALUES)),
  fc.constantFrom('', '', 'IfExists'),
  fc.constantFrom(...Object.keys(CONTEXT_VALUES)),
).chain(([operator, suffix, key]) => oneOrMore(fc.constantFrom(...CONDITION_VALUES[operator] ?? []))
  .map((values) => ({ [operator + suffix]: { [key]: values } })));

const setCondition = fc.tuple(
  fc.constantFrom('ForAllValues:', 'ForAnyValue:'),
  fc.constantFrom('StringEquals', 'StringLike', 'StringNotEquals'),
).chain(([quantifier, operator]) => oneOrMore(fc.constantFrom('team', 'stage', 'owner'))
  .map((values) => ({ [quantifier + operator]: { 'aws:TagKeys': values } })));

const nullCondition = fc.tuple(fc.constantFrom(...Object.keys(CONTEXT_VALUES)), fc.constantFrom('true', 'false'))
  .map(([key, value]) => ({ Null: { [key]: value } }));

const statement: fc.Arbitrary<PolicyStatement> = fc.record({
  effect: fc.constantFrom('Allow' as const, 'Allow' as const, 'Deny' as const),
  actionKey: fc.constantFrom('Action', 'Action', 'NotAction'),
  actions: oneOrMore(action),
  resourceKey: fc.constantFrom('Resource', 'Resource', 'NotResource'),
  resources: oneOrMore(resource),
  condition: fc.option(fc.oneof(condition, setCondition, nullCondition), { nil: undefined, freq: 1 }),
}).map((parts) => ({
  Effect: parts.effect,
  [parts.actionKey]: parts.actions,
  [parts.resourceKey]: parts.resources,
  ...(parts.condition !== undefined && { Condition: parts.condition }),
}));

const policies: fc.Arbitrary<PolicyDocument[]> = fc.array(
  fc.array(statement, { minLength: 1, maxLength: 3 }).map((statements) => ({ Version: '2012-10-17', Statement: statements })),
  { minLength: 1, maxLength: 2 },
);

const context: fc.Arbitrary<Record<string, string | string[]>> = fc.tuple(
  fc.record(Object.fromEntries(Object.entries(CONTEXT_VALUES).map(([key, values]) => [key, fc.constantFrom(...values)])), { requiredKeys: [] }),
  fc.record({ 'aws:TagKeys': fc.subarray(['team', 'stage', 'region'], { minLength: 1 }) }, { requiredKeys: [] }),
).map(([single, several]) => ({ ...single, ...several, 'aws:PrincipalAccount': ACCOUNT }));

const DECISIONS: Readonly<Record<string, string>> = { Allowed: 'allowed', ExplicitlyDenied: 'explicitDeny', ImplicitlyDenied: 'implicitDeny' };

type Variables = Record<string, string | string[]>;

function simulated(documents: readonly PolicyDocument[], actionName: string, arn: string, contextVariables: Variables): string | undefined {
  return DECISIONS[runUnsafeSimulation({
    request: { principal: ROLE, action: actionName, resource: { resource: arn, accountId: ACCOUNT }, contextVariables },
    identityPolicies: documents.map((policy, index) => ({ name: `policy${index}`, policy })),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  }, {})];
}

test('decides as an independent simulator of IAM does', () => {
  const seen = new Set<string>();
  fc.assert(fc.property(policies, fc.constantFrom(...ACTIONS), fc.constantFrom(...RESOURCES), context, (documents, actionName, arn, variables) => {
    const ours = evaluate(documents, { action: actionName, resource: arn, context: variables as RequestContext }).decision;
    seen.add(ours);
    expect(ours).toBe(simulated(documents, actionName, arn, variables));
  }), { numRuns: 3000 });
  expect([...seen].sort()).toEqual(['allowed', 'explicitDeny', 'implicitDeny']);
});
