import type { MessageAttribute } from '../../../src/ports';
import { compileFilterPolicy } from '../../../src/services/sns/filter-policy';
import { modelOfTemplate } from '../../template/assemblies';

const text = (StringValue: string): MessageAttribute => ({ DataType: 'String', StringValue });
const number = (value: number): MessageAttribute => ({ DataType: 'Number', StringValue: String(value) });
const list = (...values: unknown[]): MessageAttribute => ({ DataType: 'String.Array', StringValue: JSON.stringify(values) });

test.each<[object, Record<string, MessageAttribute>, boolean]>([
  [{ kind: ['order'] }, { kind: text('order'), other: text('x') }, true],
  [{ kind: ['order'] }, { kind: text('refund') }, false],
  [{ kind: ['order'] }, {}, false],
  [{ kind: ['order'], price: [{ numeric: ['>=', 100] }] }, { kind: text('order'), price: number(100) }, true],
  [{ kind: ['order'], price: [{ numeric: ['>=', 100] }] }, { kind: text('order'), price: number(99) }, false],
  [{ price: [{ numeric: ['=', 100] }] }, { price: text('100') }, false],
  [{ tags: ['b'] }, { tags: list('a', 'b') }, true],
  [{ tags: ['c'] }, { tags: list('a', 'b') }, false],
  [{ kind: [{ 'anything-but': ['order'] }] }, { kind: text('refund') }, true],
  [{ kind: [{ exists: false }] }, {}, true],
  [{ kind: [{ exists: false }] }, { kind: text('order') }, false],
  [{ $or: [{ kind: ['order'] }, { price: [5] }] }, { price: number(5) }, true],
  [{ data: ['AAAA'] }, { data: { DataType: 'Binary', BinaryValue: 'AAAA' } }, false],
  [{}, {}, true],
])('%j lets the attributes %j pass: %s', (policy, attributes, passes) => {
  expect(compileFilterPolicy({ ...policy }, 'MessageAttributes')({ message: '{}', attributes })).toBe(passes);
});

test.each<[object, string, boolean]>([
  [{ order: { total: [{ numeric: ['>', 10] }] } }, '{"order":{"total":11}}', true],
  [{ order: { total: [{ numeric: ['>', 10] }] } }, '{"order":{"total":10}}', false],
  [{ action: ['subscribe-success'] }, 'no JSON', false],
  [{ action: ['subscribe-success'] }, '["subscribe-success"]', false],
])('%j lets the body %s pass: %s', (policy, message, passes) => {
  expect(compileFilterPolicy({ ...policy }, 'MessageBody')({ message, attributes: { action: text('subscribe-success') } })).toBe(passes);
});

const withSubscription = (properties: object, topic: object = {}) => modelOfTemplate({
  Resources: {
    Topic: { Type: 'AWS::SNS::Topic', Properties: topic },
    Sub: { Type: 'AWS::SNS::Subscription', Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'email', Endpoint: 'a@b.c', ...properties } },
  },
});

test('the dead-letter queue of a subscription is one', () => {
  const arn = 'arn:aws:sqs:us-east-1:000000000000:dead';
  expect(withSubscription({ RedrivePolicy: { deadLetterTargetArn: arn } }).topics[0].subscriptions).toMatchObject([{ deadLetterArn: arn }]);
});

test('a template with a filter policy SNS would not take is refused where it says so', () => {
  expect(() => withSubscription({ FilterPolicy: { order: { total: [1] } } })).toThrow('FilterPolicy: order: a list of conditions is needed');
  expect(() => withSubscription({ FilterPolicy: { kind: [{ like: 'a' }] } })).toThrow('FilterPolicy: kind: {"like":"a"} is not a matcher');
  expect(() => withSubscription({ FilterPolicy: { kind: ['a'] }, FilterPolicyScope: 'Body' })).toThrow('FilterPolicyScope: one of MessageAttributes, MessageBody is needed');
});
