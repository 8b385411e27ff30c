import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { integrate, newStack, PRODUCT_CODE, resources, statements } from './fixtures';
import { Dimension, ExistingTables } from '../../src';

/** Another logical id of one of these is another, empty, resource; that of the API is in the fulfillment URL of the listing. */
const STATEFUL = ['AWS::DynamoDB::GlobalTable', 'AWS::SQS::Queue', 'AWS::Events::EventBus', 'AWS::Logs::LogGroup', 'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Stage'];

const template = integrate().template();

test('logical ids of resources with state never change', () => {
  const ids = resources(template).filter(([, { Type }]) => STATEFUL.includes(Type)).map(([id, { Type }]) => `${Type} ${id}`);
  expect(ids.sort()).toMatchSnapshot();
});

test('tables have point-in-time recovery, encryption and protection from deletion', () => {
  const tables = resources(template, 'AWS::DynamoDB::GlobalTable');
  expect(tables).toHaveLength(3);
  template.allResourcesProperties('AWS::DynamoDB::GlobalTable', {
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }],
    SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    Replicas: [Match.objectLike({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true }, DeletionProtectionEnabled: true })],
  });
});

test('the tables have these indexes', () => {
  const indexes = Object.fromEntries(resources(template, 'AWS::DynamoDB::GlobalTable').map(([id, { Properties }]) => [
    id.replace(/.{8}$/, ''),
    (Properties.GlobalSecondaryIndexes ?? []).map((index: any) =>
      [index.IndexName, ...index.KeySchema.map((key: any) => key.AttributeName), index.Projection.ProjectionType].join(' ')),
  ]));
  expect(indexes).toEqual({
    MarketplaceSubscriptionsTable: ['outbox outboxShard outboxAt ALL', 'byAccount customerAwsAccountId pk ALL', 'byStatus status statusAt ALL'],
    MarketplaceRegistrationsTable: ['outbox outboxShard outboxAt ALL', 'byAccount customerAwsAccountId pk ALL', 'byEmail emailHash pk ALL'],
    MarketplaceUsageTable: ['outbox outboxShard outboxAt ALL', 'due dueShard dueAt ALL', 'dueByLicense dueLicense dueAt ALL', 'attentionSummary attentionShard attentionAt INCLUDE'],
  });
});

const POLICY_TYPES = ['AWS::DynamoDB::GlobalTable', 'AWS::SQS::Queue', 'AWS::Logs::LogGroup'];

test('tables, queues and logs remain when the stack is deleted; only tables remain when their creation is rolled back', () => {
  for (const type of POLICY_TYPES) {
    const DeletionPolicy = type === 'AWS::DynamoDB::GlobalTable' ? 'Retain' : 'RetainExceptOnCreate';
    for (const [, resource] of resources(template, type)) expect(resource).toMatchObject({ DeletionPolicy, UpdateReplacePolicy: 'Retain' });
  }
});

test('with DESTROY nothing remains, and nothing has deletion protection', () => {
  const destroyed = integrate({ removalPolicy: RemovalPolicy.DESTROY }).template();
  for (const type of POLICY_TYPES) {
    for (const [, resource] of resources(destroyed, type)) expect(resource.DeletionPolicy).toBe('Delete');
  }
  destroyed.allResourcesProperties('AWS::DynamoDB::GlobalTable', { Replicas: [Match.objectLike({ DeletionProtectionEnabled: false })] });
});

test('logRetention decides how long logs are kept', () => {
  integrate({ logRetention: logs.RetentionDays.FIVE_YEARS }).template().allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 1827 });
});

test.each([
  ['a known region', { region: 'eu-west-1', account: '111122223333' }],
  ['any region', {}],
])('in %s a customer key encrypts tables and queues, and EventBridge may use it', (_where, env) => {
  const stack = newStack({ env });
  const key = new kms.Key(stack, 'Key');
  const encrypted = integrate({ encryptionKey: key }, stack).template();
  const arn = stack.resolve(key.keyArn);
  encrypted.allResourcesProperties('AWS::DynamoDB::GlobalTable', {
    SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    Replicas: [Match.objectLike({ SSESpecification: { KMSMasterKeyId: arn } })],
  });
  encrypted.allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: arn });
  const open = resources(encrypted, 'AWS::SQS::QueuePolicy').flatMap(([id, { Properties }]) => Properties.PolicyDocument.Statement
    .filter(({ Effect, Principal, Condition }: any) => Effect === 'Allow' && Principal.Service === 'events.amazonaws.com' && !(Condition?.ArnEquals ?? Condition?.ArnLike)?.['aws:SourceArn'])
    .map(() => id));
  expect(open).toEqual([]);
  encrypted.hasResourceProperties('AWS::KMS::Key', {
    KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Principal: { Service: 'events.amazonaws.com' }, Action: ['kms:Decrypt', 'kms:GenerateDataKey'] })]) },
  });
});

test('without a customer key, SQS encrypts queues, and queues refuse plain HTTP', () => {
  template.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
  expect(resources(template, 'AWS::SQS::QueuePolicy')).toHaveLength(resources(template, 'AWS::SQS::Queue').length);
  template.allResourcesProperties('AWS::SQS::QueuePolicy', {
    PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]) },
  });
});

test('metadata names the part of each resource for the sandbox', () => {
  const described = integrate({ dimensions: [Dimension.metered('A'), Dimension.metered('B')] }).template();
  const roles = Object.fromEntries(resources(described).flatMap(([, { Type, Metadata }]) => {
    const mark = Metadata?.['cdk-marketplace-saas'];
    return mark ? [[mark.role, { Type, product: mark.product }]] : [];
  }));
  expect(roles).toEqual({
    'subscriptions-table': {
      Type: 'AWS::DynamoDB::GlobalTable',
      product: {
        productCode: PRODUCT_CODE, pricingModel: 'SUBSCRIPTION', agreementMode: 'CONCURRENT', dimensions: ['A', 'B'], entitledDimensions: [],
      },
    },
    'registrations-table': { Type: 'AWS::DynamoDB::GlobalTable' },
    'usage-table': { Type: 'AWS::DynamoDB::GlobalTable' },
    'registration-api': { Type: 'AWS::ApiGateway::RestApi' },
    'event-bus': { Type: 'AWS::Events::EventBus' },
    'usage-queue': { Type: 'AWS::SQS::Queue' },
  });
});

describe('existing tables', () => {
  const named = (stack: Stack, names = ['subscriptions', 'registrations', 'usage']): ExistingTables => {
    const [subscriptionsTable, registrationsTable, usageTable] = names.map((name, i) =>
      dynamodb.TableV2.fromTableName(stack, `Existing${i}`, `acme-${name}`));
    return { subscriptionsTable, registrationsTable, usageTable };
  };

  test('existing tables are used in place of new ones, in every function', () => {
    const stack = newStack();
    const existingTables = named(stack);
    const { integration, template: synth } = integrate({ existingTables }, stack);
    const existing = synth();
    existing.resourceCountIs('AWS::DynamoDB::GlobalTable', 0);
    expect(integration.usageTable).toBe(existingTables.usageTable);
    const variables = (of: typeof template, name: string) => resources(of, 'AWS::Lambda::Function').flatMap(([, { Properties }]) => {
      const { [name]: value } = Properties.Environment.Variables;
      return value === undefined ? [] : [value];
    });
    for (const [name, table] of [['SUBSCRIPTIONS_TABLE', 'acme-subscriptions'], ['REGISTRATIONS_TABLE', 'acme-registrations'], ['USAGE_TABLE', 'acme-usage']]) {
      expect(variables(existing, name)).toEqual(variables(template, name).map(() => table));
    }
  });

  test('existing tables give functions and the app the same permissions as new ones', () => {
    /** DynamoDB statements, each resource as the part of the ARN that begins with the table. */
    const rights = (existingTables: boolean) => {
      const stack = newStack();
      const { integration, template: synth } = integrate(existingTables ? { existingTables: named(stack) } : {}, stack);
      integration.grantReadSubscriptions(new iam.Role(stack, 'App', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') }));
      return statements(synth(), '').filter(({ Action }) => JSON.stringify(Action).includes('dynamodb:')).map(({ Action, Resource }) => [
        Action,
        [Resource].flat().map((resource) => JSON.stringify(resource)
          .replace(/.*(?:acme-|Marketplace)(subscriptions|registrations|usage)(?:Table.{8})?/i, (_all, table: string) => table.toLowerCase())
          .replace(/[^\w/]|Arn/g, '')),
      ]);
    };
    expect(rights(true)).toEqual(rights(false));
  });

  test('existing tables with a key of their own can be read and written', () => {
    const stack = newStack();
    const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111122223333:key/tables');
    const { template: synth } = integrate({ existingTables: named(stack), encryptionKey }, stack);
    const granted = statements(synth(), 'MarketplaceAgreementsHandler').filter(({ Action }) => [Action].flat().includes('kms:Encrypt'));
    expect(granted).toEqual([expect.objectContaining({ Resource: 'arn:aws:kms:us-east-1:111122223333:key/tables' })]);
  });

  test.each<[string, (stack: Stack) => ExistingTables, string]>([
    ['one of another region', (stack) => ({
      ...named(stack), usageTable: dynamodb.TableV2.fromTableArn(stack, 'Far', 'arn:aws:dynamodb:eu-west-1:111122223333:table/usage'),
    }), 'existingTables.usageTable: received "a table in eu-west-1"; this stack is in us-east-1'],
    ['one of another account', (stack) => ({
      ...named(stack), usageTable: dynamodb.TableV2.fromTableArn(stack, 'Far', 'arn:aws:dynamodb:us-east-1:444455556666:table/usage'),
    }), 'existingTables.usageTable: received "a table of account 444455556666"'],
    ['the same one twice', (stack) => named(stack, ['data', 'registrations', 'data']), 'existingTables.usageTable: received "acme-data"; the tables differ'],
    ['none', (stack) => ({ ...named(stack), registrationsTable: undefined! }), 'existingTables.registrationsTable: received nothing'],
  ])('existing tables fail at synth with %s', (_what, existingTables, message) => {
    const stack = newStack({ env: { region: 'us-east-1', account: '111122223333' } });
    expect(() => integrate({ existingTables: existingTables(stack) }, stack)).toThrow(message);
  });
});
