import { integrate, resources, statements } from './fixtures';

const template = integrate().template();

/** Statements in short: actions without their service's prefix where it is DynamoDB, resources by the name of the construct. */
function permissions(part: string): string[] {
  return statements(template, `Marketplace${part}HandlerRole`).map(({ Effect, Action, Resource, Condition }) => {
    expect(Effect).toBe('Allow');
    const condition = Condition === undefined ? '' : ` if ${JSON.stringify(Condition)}`;
    return `${[Action].flat().join(' ')} on ${[Resource].flat().map(named).join(' ')}${condition}`.replace(/dynamodb:/g, '');
  });
}

function named(resource: any): string {
  if (typeof resource === 'string') return resource;
  const [target, path] = resource['Fn::Join'] ? resource['Fn::Join'][1] : [resource, ''];
  return target['Fn::GetAtt'][0].replace(/^Marketplace|.{8}$/g, '') + path;
}

const log = (part: string) => `logs:CreateLogStream logs:PutLogEvents on ${part}HandlerLogs`;
const SEND_EVENTS = 'events:PutEvents on EventBus';
const receive = (queue: string) =>
  `sqs:ReceiveMessage sqs:ChangeMessageVisibility sqs:GetQueueUrl sqs:DeleteMessage sqs:GetQueueAttributes on ${queue}`;
const sendFailures = (queue: string) => `sqs:SendMessage sqs:GetQueueAttributes sqs:GetQueueUrl on ${queue}`;

test('the registration function has these permissions only', () => {
  expect(permissions('Registration')).toEqual([
    log('Registration'),
    SEND_EVENTS,
    'aws-marketplace:ResolveCustomer on *',
    'GetItem PutItem UpdateItem on SubscriptionsTable',
    'Query on SubscriptionsTable/index/byAccount',
    'GetItem PutItem UpdateItem on RegistrationsTable',
    'Query on RegistrationsTable/index/byAccount',
  ]);
});

test('the agreement-events function has these permissions only', () => {
  expect(permissions('Agreements')).toEqual([
    log('Agreements'),
    SEND_EVENTS,
    receive('AgreementsQueue'),
    'GetItem PutItem UpdateItem on SubscriptionsTable',
    'Query on SubscriptionsTable/index/byAccount',
  ]);
});

test('the usage-intake function has these permissions only', () => {
  expect(permissions('UsageIntake')).toEqual([
    log('UsageIntake'),
    sendFailures('UsageIntakeDeadLetters'),
    SEND_EVENTS,
    receive('UsageIntakeQueue'),
    'GetItem PutItem UpdateItem on UsageTable',
    'BatchGetItem on SubscriptionsTable',
  ]);
});

test('the metering function has these permissions only', () => {
  expect(permissions('Metering')).toEqual([
    log('Metering'),
    sendFailures('MeteringDeadLetters'),
    SEND_EVENTS,
    'aws-marketplace:BatchMeterUsage on *',
    'GetItem on SubscriptionsTable',
    'Query on SubscriptionsTable/index/byStatus',
    'GetItem BatchGetItem PutItem UpdateItem Query on UsageTable',
    'Query on UsageTable/index/due UsageTable/index/dueByLicense',
    'Scan on UsageTable/index/due',
  ]);
});

test('the reconciliation function has these permissions only', () => {
  expect(permissions('Reconciliation')).toEqual([
    log('Reconciliation'),
    sendFailures('ReconciliationDeadLetters'),
    SEND_EVENTS,
    'aws-marketplace:SearchAgreements aws-marketplace:DescribeAgreement aws-marketplace:GetAgreementTerms on * if {"StringEquals":{"aws-marketplace:PartyType":"Proposer"},'
      + '"ForAllValues:StringEquals":{"aws-marketplace:AgreementType":["PurchaseAgreement"]}}',
    'GetItem PutItem UpdateItem Query on SubscriptionsTable',
    'Query on SubscriptionsTable/index/outbox SubscriptionsTable/index/byAccount SubscriptionsTable/index/byStatus',
    'Scan on SubscriptionsTable/index/outbox',
    'GetItem UpdateItem Query on UsageTable',
    'Query on UsageTable/index/outbox UsageTable/index/due UsageTable/index/attentionSummary',
    'Scan on UsageTable/index/outbox UsageTable/index/due UsageTable/index/attentionSummary',
  ]);
});

test('the buyer-data function has these permissions only', () => {
  expect(permissions('BuyerData')).toEqual([
    log('BuyerData'),
    'GetItem on SubscriptionsTable',
    'Query on SubscriptionsTable/index/byAccount',
    'DeleteItem on RegistrationsTable',
    'Query on RegistrationsTable/index/byAccount RegistrationsTable/index/byEmail',
  ]);
});

test('no function but the one that forgets buyers may delete items, because they expire', () => {
  const others = ['Registration', 'Agreements', 'UsageIntake', 'Metering', 'Reconciliation'];
  expect(JSON.stringify(others.map((part) => permissions(part)))).not.toContain('DeleteItem');
});

test('no role has managed policies, wildcard actions, or a wildcard resource but for AWS Marketplace', () => {
  template.allResourcesProperties('AWS::IAM::Role', { AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'lambda.amazonaws.com' } }] } });
  for (const [, { Properties }] of resources(template, 'AWS::IAM::Role')) expect(Properties.ManagedPolicyArns).toBeUndefined();
  const all = statements(template, '');
  expect(all.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([]);
  const wild = all.filter(({ Resource }) => JSON.stringify(Resource).includes('*')).flatMap(({ Action }) => Action);
  expect(wild.sort()).toEqual(['BatchMeterUsage', 'DescribeAgreement', 'GetAgreementTerms', 'ResolveCustomer', 'SearchAgreements'].map((action) => `aws-marketplace:${action}`));
});
