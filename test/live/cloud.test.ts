import { Cloud } from './aws/cloud';
import { STACKS } from './stacks';
import { Answers, awsError, Calls, fakeCdk, fakeClients, fakeClock } from './support/fake-aws';

const RETAINED = [
  ['SubscriptionsTable', 'AWS::DynamoDB::GlobalTable', 'subscriptions'],
  ['UsageQueue', 'AWS::SQS::Queue', 'https://sqs/usage'],
  ['Logs', 'AWS::Logs::LogGroup', '/aws/lambda/usage'],
];

/** A stack whose table, queue and log group are retained once it is destroyed. */
function stackWithRetained(calls: Calls, answers: Answers = {}): Answers {
  let isProtected = true;
  return {
    DescribeStacks: ({ StackName }: { readonly StackName: string }) => ({
      Stacks: [{ StackId: `id of ${StackName}`, StackStatus: calls.at(-2)?.endsWith('ExecuteChangeSet') ? 'IMPORT_COMPLETE' : 'DELETE_COMPLETE' }],
    }),
    ListStackResources: () => ({
      StackResourceSummaries: [
        ...RETAINED.map(([LogicalResourceId, ResourceType, PhysicalResourceId]) => ({
          LogicalResourceId, ResourceType, PhysicalResourceId, ResourceStatus: calls.some((call) => call.startsWith('cdk destroy')) ? 'DELETE_SKIPPED' : 'CREATE_COMPLETE',
        })),
        { LogicalResourceId: 'Role', ResourceType: 'AWS::IAM::Role', PhysicalResourceId: 'role', ResourceStatus: 'DELETE_COMPLETE' },
      ],
    }),
    DescribeTable: () => ({ Table: { TableStatus: 'ACTIVE', DeletionProtectionEnabled: isProtected } }),
    UpdateTable: () => {
      isProtected = false;
      return {};
    },
    DescribeChangeSet: { Status: 'CREATE_COMPLETE' },
    ...answers,
  };
}

function cloudOf(calls: Calls, answers: Answers, cdk = fakeCdk(calls)): Cloud {
  return new Cloud({ cdk, clientsOf: fakeClients(calls, answers), clock: fakeClock(), region: 'us-east-1', farRegion: 'eu-west-1', log: () => undefined });
}

test('a stack is listed before and after it is destroyed, then what it retained is deleted, deletion protection first', async () => {
  const calls: Calls = [];
  const cloud = cloudOf(calls, stackWithRetained(calls));
  await cloud.deploy(STACKS.EXAMPLE);
  expect(await cloud.removeRun()).toEqual([]);
  expect(calls).toEqual([
    'cdk deploy mp-live-check-example',
    'us-east-1 DescribeStacks', 'us-east-1 ListStackResources',
    'cdk destroy mp-live-check-example',
    'us-east-1 ListStackResources',
    'us-east-1 DescribeTable', 'us-east-1 UpdateTable', 'us-east-1 DescribeTable', 'us-east-1 DeleteTable',
    'us-east-1 DeleteQueue',
    'us-east-1 CreateChangeSet', 'us-east-1 DescribeChangeSet', 'us-east-1 ExecuteChangeSet', 'us-east-1 DescribeStacks',
    'us-east-1 DeleteStack', 'us-east-1 DescribeStacks',
  ]);
});

test('stacks are removed in the opposite order of their deployment, each in its own region', async () => {
  const calls: Calls = [];
  const cloud = cloudOf(calls, { DescribeStacks: { Stacks: [{ StackId: 'an id' }] }, ListStackResources: {} });
  for (const stack of [STACKS.EXAMPLE, STACKS.ARRIVAL, STACKS.HOPS]) {
    await cloud.deploy(stack);
  }
  await cloud.removeRun();
  expect(calls.filter((call) => /destroy|DescribeStacks/.test(call))).toEqual([
    'us-east-1 DescribeStacks', 'cdk destroy mp-live-check-hops',
    'eu-west-1 DescribeStacks', 'cdk destroy mp-live-check-arrival',
    'us-east-1 DescribeStacks', 'cdk destroy mp-live-check-example',
  ]);
});

test('what cannot be removed is reported, and does not keep the rest', async () => {
  const calls: Calls = [];
  const answers = stackWithRetained(calls, { DeleteTable: awsError('AccessDeniedException', 'no'), CreateChangeSet: awsError('ValidationError', 'no such group') });
  const cloud = cloudOf(calls, answers, fakeCdk(calls, ['destroy mp-live-check-example']));
  await cloud.deploy(STACKS.EXAMPLE);
  expect(await cloud.removeRun()).toEqual([
    'stack mp-live-check-example: destroy failed',
    'table subscriptions: AccessDeniedException: no',
    'log groups /aws/lambda/usage: ValidationError: no such group',
  ]);
  expect(calls).toContain('us-east-1 DeleteQueue');
});

test('what is gone already, or never came, is no failure', async () => {
  const calls: Calls = [];
  const answers = {
    DescribeStacks: awsError('ValidationError', 'Stack with id mp-live-check-example does not exist'),
    DescribeTable: awsError('ResourceNotFoundException'),
  };
  const cloud = cloudOf(calls, answers);
  cloud.willCreate({ type: 'AWS::DynamoDB::Table', physicalId: 'restored' });
  await cloud.deploy(STACKS.EXAMPLE);
  expect(await cloud.removeRun()).toEqual([]);
  expect(calls.filter((call) => call.startsWith('cdk'))).toEqual(['cdk deploy mp-live-check-example']);
});

test('a later run removes all stacks that an earlier one can have left', async () => {
  const calls: Calls = [];
  expect(await cloudOf(calls, { DescribeStacks: { Stacks: [{ StackId: 'an id' }] }, ListStackResources: {}, DescribeTable: awsError('ResourceNotFoundException') })
    .removeAll()).toEqual([]);
  expect(calls.filter((call) => call.startsWith('cdk'))).toEqual([...Object.values(STACKS)].reverse().map((stack) => `cdk destroy ${stack}`));
  expect(calls.at(-1)).toBe('us-east-1 DeleteStack');
});
