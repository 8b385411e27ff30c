import { ENDPOINT, modelOf, modelOfTemplate, resolved, writeAssembly } from './assemblies';

const role = (properties: object = {}) => ({
  Type: 'AWS::IAM::Role',
  Properties: { AssumeRolePolicyDocument: { Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '*' } } }, ...properties },
});

const allow = (action: string) => ({ Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] });

describe('names', () => {
  test('names are made of stack, logical id and a hash, unless given', () => {
    const model = modelOfTemplate({
      Resources: {
        Given: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'orders' } },
        Made: { Type: 'AWS::SQS::Queue' },
        Fifo: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } },
        UpperCase: { Type: 'AWS::S3::Bucket' },
      },
    });
    expect(model.queues.map((queue) => queue.name)).toEqual(['orders', expect.stringMatching(/^Demo-Made-[0-9a-f]{8}$/), expect.stringMatching(/^Demo-Fifo-[0-9a-f]{8}\.fifo$/)]);
    expect(model.queues[0]?.url).toBe(`${ENDPOINT}/000000000000/orders`);
    expect(model.buckets).toMatchObject([{ name: expect.stringMatching(/^demo-uppercase-[0-9a-f]{8}$/) }]);
  });

  test('fit the limits of the service, and still differ', () => {
    const long = (end: string) => `Queue${'x'.repeat(100)}${end}`;
    const { queues } = modelOfTemplate({ Resources: { [long('A')]: { Type: 'AWS::SQS::Queue' }, [long('B')]: { Type: 'AWS::SQS::Queue' } } });
    expect(queues.map((queue) => queue.name.length)).toEqual([80, 80]);
    expect(queues[0]?.name).not.toBe(queues[1]?.name);
  });
});

test('a bucket has the host names and the website URL that AWS gives it', () => {
  const template = { Resources: { Site: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'site' } } } };
  const attribute = (name: string) => resolved({ 'Fn::GetAtt': ['Site', name] }, template);
  expect(attribute('DualStackDomainName')).toBe('site.s3.dualstack.us-east-1.amazonaws.com');
  expect(attribute('WebsiteURL')).toBe('http://site.s3-website-us-east-1.amazonaws.com');
});

test('metadata of an integration is resolved', () => {
  const model = modelOfTemplate({
    Parameters: { Code: { Type: 'String', Default: 'abc' } },
    Resources: {
      T: {
        Type: 'AWS::DynamoDB::Table',
        Properties: { KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }], AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }] },
        Metadata: { 'cdk-marketplace-saas': { role: 'subscriptions-table', product: { productCode: { Ref: 'Code' } } }, 'aws:cdk:path': 'x' },
      },
    },
  });
  expect(model.tables[0]?.metadata).toEqual({ role: 'subscriptions-table', product: { productCode: 'abc' } });
});

test('resources whose condition is false are not deployed', () => {
  const template = {
    Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
    Resources: { Q: { Type: 'AWS::SQS::Queue', Condition: 'Never' }, P: { Type: 'AWS::SQS::Queue' } },
  };
  expect(modelOfTemplate(template).queues.map((queue) => queue.logicalId)).toEqual(['P']);
  expect(() => resolved({ Ref: 'Q' }, template)).toThrow('"Q" is not deployed, as its condition "Never" is false');
});

test('a role has its inline, attached and customer managed policies', () => {
  const model = modelOfTemplate({
    Resources: {
      R: role({
        Policies: [{ PolicyName: 'inline', PolicyDocument: allow('sqs:A') }],
        ManagedPolicyArns: [{ Ref: 'Listed' }, 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
      }),
      Attached: { Type: 'AWS::IAM::Policy', Properties: { PolicyName: 'p', PolicyDocument: allow('sqs:B'), Roles: [{ Ref: 'R' }] } },
      Listed: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: allow('sqs:C') } },
      Attaching: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: allow('sqs:D'), Roles: [{ Ref: 'R' }] } },
      Other: role(),
    },
  });
  expect(model.roles[0]?.policies.flatMap((policy) => policy.Statement.map((statement) => statement.Action))).toEqual(['sqs:A', 'sqs:B', 'sqs:C', 'sqs:D']);
  expect(model.roles[0]?.managedPolicyArns).toEqual(['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']);
  expect(model.roles[1]?.policies).toEqual([]);
});

test('a subscription to a topic of someone else makes the topic', () => {
  const arn = 'arn:aws:sns:us-east-1:287250355862:aws-mp-subscription-notification-abc';
  const { topics } = modelOfTemplate({
    Resources: {
      Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'orders' } },
      S: { Type: 'AWS::SNS::Subscription', Properties: { TopicArn: arn, Protocol: 'sqs', Endpoint: { 'Fn::GetAtt': ['Q', 'Arn'] } } },
    },
  });
  expect(topics).toMatchObject([{
    arn,
    name: 'aws-mp-subscription-notification-abc',
    subscriptions: [{ protocol: 'sqs', endpoint: 'arn:aws:sqs:us-east-1:000000000000:orders', rawMessageDelivery: false }],
  }]);
});

test('a schedule of EventBridge Scheduler becomes a rule', () => {
  const { rules } = modelOfTemplate({
    Resources: {
      S: {
        Type: 'AWS::Scheduler::Schedule',
        Properties: {
          ScheduleExpression: 'rate(1 hour)',
          FlexibleTimeWindow: { Mode: 'OFF' },
          Target: { Arn: 'arn:aws:lambda:us-east-1:000000000000:function:f', RoleArn: 'arn:aws:iam::000000000000:role/r', Input: '{"a":1}' },
        },
      },
    },
  });
  expect(rules).toMatchObject([{
    arn: expect.stringMatching(/^arn:aws:scheduler:us-east-1:000000000000:schedule\/default\/Demo-S-/),
    schedule: 'rate(1 hour)',
    targets: [{ arn: 'arn:aws:lambda:us-east-1:000000000000:function:f', input: '{"a":1}', maximumRetryAttempts: 185 }],
  }]);
});

test('numbers and truths written as text are understood', () => {
  const { queues } = modelOfTemplate({ Resources: { Q: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: '90', FifoQueue: 'true' } } } });
  expect(queues).toMatchObject([{ visibilityTimeoutSeconds: 90, fifo: true }]);
});

test('a property of the wrong type is an error', () => {
  expect(() => modelOfTemplate({ Resources: { Q: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 'soon' } } } }))
    .toThrow('Stack Demo, resource Q (AWS::SQS::Queue), VisibilityTimeout: a number is needed, but this is "soon"');
});

describe('what the sandbox does not support', () => {
  const template = {
    Resources: {
      Stream: { Type: 'AWS::Kinesis::Stream' },
      Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::Sub': '${Stream}-${Stream.Arn}' } } },
      Custom: { Type: 'Custom::Thing', Properties: { ServiceToken: 'x' } },
    },
  };

  test('everything that the sandbox does not support is refused at once', () => {
    expect(() => modelOfTemplate(template)).toThrow(
      /does not support.*\n  AWS::Kinesis::Stream Stream in stack Demo: unknown resource type\n  Custom::Thing Custom in stack Demo: a custom resource whose function the app does not deploy \(its ServiceToken is x\)$/,
    );
  });

  test('a type that is not known does nothing when stubs are allowed, and its attributes have placeholders', () => {
    const model = modelOfTemplate(template, { unsupported: 'stub' });
    expect(model.stubs).toEqual([
      { stack: 'Demo', logicalId: 'Stream', type: 'AWS::Kinesis::Stream', reason: 'unknown resource type' },
      { stack: 'Demo', logicalId: 'Custom', type: 'Custom::Thing', reason: 'a custom resource whose function the app does not deploy (its ServiceToken is x)' },
    ]);
    expect(model.queues[0]?.name).toMatch(/^Demo-Stream-[0-9a-f]{8}-arn:aws:kinesis:us-east-1:000000000000:stream\/Demo-Stream-[0-9a-f]{8}$/);
  });

  test('references of a type that is not known have to resolve all the same', () => {
    const broken = { Resources: { Custom: { Type: 'Custom::Thing', Properties: { Deep: [{ Value: { Ref: 'Missing' } }] } } } };
    expect(() => modelOfTemplate(broken, { unsupported: 'stub' }))
      .toThrow('Stack Demo, resource Custom (Custom::Thing), Deep[0].Value.Ref: there is no resource or parameter "Missing" in the template');
  });
});

describe('managed policies the sandbox does not know', () => {
  const ADMIN = 'arn:aws:iam::aws:policy/AdministratorAccess';
  const att = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
  const fn = (Role: unknown) => ({ Type: 'AWS::Lambda::Function', Properties: { Code: { ZipFile: '' }, Handler: 'index.handler', Runtime: 'nodejs24.x', Role } });
  const assuming = (id: string) => ({
    Policies: [{
      PolicyName: 'p',
      PolicyDocument: {
        Statement: [{
          Effect: 'Allow', Action: 'sts:*', Resource: att(id), Condition: { StringEquals: { 'sts:ExternalId': 'x' } },
        }],
      },
    }],
  });

  test('managed policies that the sandbox does not know are refused in the role of a function, and in what it may assume in the end', () => {
    const refusal = (Resources: object) => () => modelOfTemplate({ Resources });
    expect(refusal({ F: fn(att('R')), R: role({ ManagedPolicyArns: [ADMIN] }) })).toThrow(`AWS::IAM::Role R in stack Demo: the managed policy ${ADMIN}`);
    expect(refusal({ F: fn(att('R')), R: role(assuming('S')), S: role(assuming('T')), T: role({ ManagedPolicyArns: [ADMIN] }) }))
      .toThrow(`AWS::IAM::Role T in stack Demo: the managed policy ${ADMIN}`);
  });

  test('managed policies that the sandbox does not know do not matter in a role that no function gets', () => {
    const { roles, stubs } = modelOfTemplate({ Resources: { F: fn(att('R')), R: role(), Task: role({ ManagedPolicyArns: [ADMIN] }) } });
    expect([roles.length, stubs]).toEqual([2, []]);
  });

  test('managed policies that the sandbox does not know can be stubs', () => {
    const model = modelOfTemplate({ Resources: { F: fn(att('R')), R: role({ ManagedPolicyArns: [ADMIN] }) } }, { unsupported: 'stub' });
    expect(model.stubs).toMatchObject([{ stack: 'Demo', logicalId: 'R', type: 'AWS::IAM::Role', reason: expect.stringContaining(ADMIN) }]);
  });
});

test('two tables with one name are refused, as one engine serves all regions', () => {
  const table = { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'orders', KeySchema: [], AttributeDefinitions: [] } };
  const app = writeAssembly({
    East: { template: { Resources: { T: table } }, environment: 'aws://111111111111/us-east-1' },
    West: { template: { Resources: { T: table } }, environment: 'aws://111111111111/us-west-2' },
  });
  expect(() => modelOf(app)).toThrow('"orders" is the name of two: T in stack East and T in stack West');
  expect(modelOf(app, { stacks: ['West'] }).tables).toHaveLength(1);
});

describe('a queue that feeds a function', () => {
  const fed = (visibility: object, timeout: object) => ({
    Resources: {
      Orders: { Type: 'AWS::SQS::Queue', Properties: visibility },
      R: role(),
      Reader: { Type: 'AWS::Lambda::Function', Properties: { Runtime: 'nodejs22.x', Handler: 'index.handler', Role: { 'Fn::GetAtt': ['R', 'Arn'] }, Code: { ZipFile: '' }, ...timeout } },
      Feed: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { EventSourceArn: { 'Fn::GetAtt': ['Orders', 'Arn'] }, FunctionName: { Ref: 'Reader' } } },
    },
  });

  test('hides messages for at least as long as the function may run', () => {
    expect(() => modelOfTemplate(fed({}, { Timeout: 60 }))).toThrow('Stack Demo, resource Feed (AWS::Lambda::EventSourceMapping): '
      + 'Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds. '
      + 'Give the queue Orders a VisibilityTimeout of at least 60, better six times that, or the function Reader a Timeout of at most 30.');
    expect(() => modelOfTemplate(fed({ VisibilityTimeout: 2 }, {}))).toThrow('2 seconds is less than Function timeout: 3 seconds');
  });

  test('a queue may hide messages just as long as its function may run', () => {
    expect(modelOfTemplate(fed({}, { Timeout: 30 })).eventSourceMappings).toHaveLength(1);
  });
});

describe('rules EventBridge would refuse', () => {
  test.each<[string, object, string]>([
    ['a pattern', { EventPattern: { source: 'aws.s3' } }, 'EventPattern: source: a list of values, or an object, is needed, but this is "aws.s3".'],
    ['a schedule', { ScheduleExpression: 'rate(1 minutes)' }, 'ScheduleExpression: "rate(1 minutes)" is not a schedule expression'],
  ])('%s', (_, properties, message) => {
    expect(() => modelOfTemplate({ Resources: { R: { Type: 'AWS::Events::Rule', Properties: properties } } })).toThrow(message);
  });
});
