import { Stack } from 'aws-cdk-lib';
import { integrate, newApp, resources } from './fixtures';
import { Registration } from '../../src';

/** What AWS refuses when a stack is created, or does otherwise than meant, and neither an emulator nor a linter sees. */
const template = integrate().template();
const ofType = (type: string) => resources(template, type);
const json = (value: unknown) => JSON.stringify(value);

test('every function is created after the policy of its role, which event source mappings and destinations need at once', () => {
  const functions = ofType('AWS::Lambda::Function');
  expect(functions.length).toBeGreaterThan(4);
  for (const [id, { Properties, DependsOn }] of functions) {
    const [roleId] = Properties.Role['Fn::GetAtt'];
    const policies = ofType('AWS::IAM::Policy').filter(([, policy]) => json(policy.Properties.Roles).includes(`"${roleId}"`)).map(([policyId]) => policyId);
    expect({ id, missing: policies.filter((policyId) => !(DependsOn as string[]).includes(policyId)) }).toEqual({ id, missing: [] });
  }
});

test('what polls queues and runs on schedule fits into the ten concurrent executions of a new account', () => {
  const mappings = ofType('AWS::Lambda::EventSourceMapping').map(([, { Properties }]) => Properties);
  const limits = mappings.map(({ ScalingConfig }) => ScalingConfig.MaximumConcurrency);
  // AWS takes 2 and more.
  expect(limits.filter((limit) => !(limit >= 2))).toEqual([]);
  const scheduled = ofType('AWS::Events::Rule').filter(([, { Properties }]) => Properties.ScheduleExpression).length;
  expect(limits.reduce((sum, limit) => sum + limit, 0) + scheduled).toBeLessThan(10);
  // Batches of over 10 messages need a window.
  expect(mappings.filter(({ BatchSize, MaximumBatchingWindowInSeconds = 0 }) => BatchSize > 10 && MaximumBatchingWindowInSeconds < 1)).toEqual([]);
  // A new account cannot reserve concurrency.
  expect(ofType('AWS::Lambda::Function').filter(([, { Properties }]) => 'ReservedConcurrentExecutions' in Properties)).toEqual([]);
});

test('tables have one replica, in the region of the stack, no stream, and indexes that AWS takes at creation', () => {
  for (const [, { Properties }] of ofType('AWS::DynamoDB::GlobalTable')) {
    expect(Properties.Replicas.map(({ Region }: any) => Region)).toEqual([{ Ref: 'AWS::Region' }]);
    expect(Properties).not.toHaveProperty('StreamSpecification');
    const names: string[] = Properties.GlobalSecondaryIndexes.map(({ IndexName }: any) => IndexName);
    expect(names.length).toBeLessThanOrEqual(20);
    expect(names.filter((name) => !/^[\w.-]{3,255}$/.test(name))).toEqual([]);
  }
});

test('the web ACL is associated with the stage by references to API and stage, so that it waits for both', () => {
  const [[apiId], [stageId], [, association]] = ['RestApi', 'Stage'].map((type) => ofType(`AWS::ApiGateway::${type}`)[0])
    .concat(ofType('AWS::WAFv2::WebACLAssociation'));
  expect(json(association.Properties.ResourceArn)).toContain(`{"Ref":"${apiId}"}`);
  expect(json(association.Properties.ResourceArn)).toContain(`{"Ref":"${stageId}"}`);
});

test('a change of an error page makes another deployment of the API, as AWS does not serve it without one', () => {
  const deploymentOf = (supportEmail: string) => {
    const [[id, { DependsOn }]] = resources(integrate({ registration: Registration.hostedPage({ supportEmail }) }).template(), 'AWS::ApiGateway::Deployment');
    return { id, after: DependsOn as string[] };
  };
  const [first, second] = [deploymentOf('help@example.com'), deploymentOf('support@example.com')];
  expect(first.id).not.toBe(second.id);
  const needed = ['Method', 'GatewayResponse', 'Resource'].flatMap((type) => ofType(`AWS::ApiGateway::${type}`).map(([id]) => id));
  expect(needed.length).toBeGreaterThanOrEqual(6);
  expect(needed.filter((id) => !first.after.includes(id))).toEqual([]);
});

test('names stay within the limits of AWS, and differ, where construct ids and stack names are long', () => {
  const long = (end: string) => integrate({}, new Stack(newApp(), `${'Long'.repeat(20)}${end}`, { stackName: `${'long-'.repeat(20)}${end}` }));
  const [first, second] = [long('a'), long('b')];
  expect(first.integration.integrationId.length).toBeLessThanOrEqual(64);
  expect(first.integration.integrationId).not.toBe(second.integration.integrationId);
  const rules = resources(first.template(), 'AWS::Events::Rule').flatMap(([, { Properties }]) => Properties.Name ?? []);
  expect(rules.length).toBeGreaterThan(0);
  expect(rules.filter((name: string) => name.length > 64)).toEqual([]);
});

test('every queue that Lambda or EventBridge moves failures to keeps them as long as SQS can', () => {
  const targets = json([...ofType('AWS::Lambda::EventInvokeConfig'), ...ofType('AWS::Events::Rule')]);
  const queues = ofType('AWS::SQS::Queue').filter(([id]) => targets.includes(`"${id}"`));
  expect(queues.length).toBeGreaterThan(2);
  expect(queues.filter(([, { Properties }]) => Properties.MessageRetentionPeriod !== 14 * 86_400)).toEqual([]);
});
