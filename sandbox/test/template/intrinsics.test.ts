import { resolved } from './assemblies';

const queue = { Resources: { Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'orders' } } } };

describe('references', () => {
  test('Ref and Fn::GetAtt of a resource', () => {
    expect(resolved({ Ref: 'Q' }, queue)).toBe('http://127.0.0.1:4566/000000000000/orders');
    expect(resolved({ 'Fn::GetAtt': ['Q', 'Arn'] }, queue)).toBe('arn:aws:sqs:us-east-1:000000000000:orders');
    expect(resolved({ 'Fn::GetAtt': 'Q.Arn' }, queue)).toBe('arn:aws:sqs:us-east-1:000000000000:orders');
  });

  test('parameters answer their defaults', () => {
    const template = {
      Parameters: {
        Stage: { Type: 'String', Default: 'prod' },
        Zones: { Type: 'CommaDelimitedList', Default: 'a, b' },
        BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/hnb659fds/version' },
      },
    };
    expect(resolved({ Ref: 'Stage' }, template)).toBe('prod');
    expect(resolved({ Ref: 'Zones' }, template)).toEqual(['a', 'b']);
    expect(Number(resolved({ Ref: 'BootstrapVersion' }, template))).toBeGreaterThanOrEqual(6);
  });

  test('an SSM parameter of the same deployment answers its value', () => {
    const template = {
      Parameters: { Code: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/product/code' } },
      Resources: { P: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/product/code', Type: 'String', Value: 'abc' } } },
    };
    expect(resolved({ Ref: 'Code' }, template)).toBe('abc');
    expect(resolved('{{resolve:ssm:/product/code:1}}', template)).toBe('abc');
    expect(() => resolved('{{resolve:ssm:/product/other}}', template)).toThrow('no chosen stack creates the SSM parameter "/product/other"');
  });

  test('pseudo parameters are those of the stack', () => {
    expect(resolved({ 'Fn::Sub': '${AWS::Partition} ${AWS::AccountId} ${AWS::Region} ${AWS::URLSuffix} ${AWS::StackName}' }))
      .toBe('aws 000000000000 us-east-1 amazonaws.com Demo');
    expect(resolved({ list: ['a', { Ref: 'AWS::NoValue' }, 'b'], gone: { Ref: 'AWS::NoValue' } })).toEqual({ list: ['a', 'b'] });
  });
});

describe('texts and lists', () => {
  test.each<[string, unknown, unknown]>([
    ['Fn::Join', { 'Fn::Join': ['-', ['a', 1, true]] }, 'a-1-true'],
    ['Fn::Join over Fn::Split', { 'Fn::Join': ['+', { 'Fn::Split': [',', 'a,b'] }] }, 'a+b'],
    ['Fn::Sub with a literal', { 'Fn::Sub': '${!Name} ${AWS::Region}' }, '${Name} us-east-1'],
    ['Fn::Sub with variables', { 'Fn::Sub': ['${x}/${AWS::Region}', { x: { 'Fn::Join': ['', ['a', 'b']] } }] }, 'ab/us-east-1'],
    ['Fn::Select', { 'Fn::Select': ['1', ['a', 'b']] }, 'b'],
    ['Fn::Select over Fn::Split', { 'Fn::Select': [2, { 'Fn::Split': [':', 'a:b:c'] }] }, 'c'],
    ['Fn::GetAZs', { 'Fn::GetAZs': '' }, ['us-east-1a', 'us-east-1b', 'us-east-1c']],
    ['Fn::Base64', { 'Fn::Base64': 'hello' }, 'aGVsbG8='],
    ['Fn::Cidr', { 'Fn::Cidr': ['10.0.0.0/16', 2, 8] }, ['10.0.0.0/24', '10.0.1.0/24']],
    ['Fn::ToJsonString', { 'Fn::ToJsonString': { region: { Ref: 'AWS::Region' } } }, '{"region":"us-east-1"}'],
    ['Fn::Length', { 'Fn::Length': ['a', 'b'] }, 2],
  ])('%s', (_, expression, expected) => {
    expect(resolved(expression)).toEqual(expected);
  });

  test('Fn::Sub of resources and attributes', () => {
    expect(resolved({ 'Fn::Sub': '${Q.QueueName} at ${Q}' }, queue)).toBe('orders at http://127.0.0.1:4566/000000000000/orders');
  });

  test('Fn::FindInMap', () => {
    const template = { Mappings: { Sizes: { 'us-east-1': { small: 7 } } } };
    expect(resolved({ 'Fn::FindInMap': ['Sizes', { Ref: 'AWS::Region' }, 'small'] }, template)).toBe(7);
    expect(resolved({ 'Fn::FindInMap': ['Sizes', 'eu-west-1', 'small', { DefaultValue: 1 }] }, template)).toBe(1);
    expect(() => resolved({ 'Fn::FindInMap': ['Sizes', 'eu-west-1', 'small'] }, template)).toThrow('there is no mapping Sizes.eu-west-1.small');
  });
});

describe('conditions', () => {
  const template = {
    Parameters: { Stage: { Type: 'String', Default: 'prod' } },
    Conditions: {
      IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
      IsEurope: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] },
      Neither: { 'Fn::Not': [{ 'Fn::Or': [{ Condition: 'IsProd' }, { Condition: 'IsEurope' }] }] },
      Both: { 'Fn::And': [{ Condition: 'IsProd' }, { Condition: 'IsEurope' }] },
      Loop: { 'Fn::Not': [{ Condition: 'Loop' }] },
    },
  };
  const chosen = (condition: string) => resolved({ 'Fn::If': [condition, 'yes', 'no'] }, template);

  test('Fn::If picks by condition', () => {
    expect(['IsProd', 'IsEurope', 'Neither', 'Both'].map(chosen)).toEqual(['yes', 'no', 'no', 'no']);
  });

  test('what an untaken branch refers to does not matter', () => {
    expect(resolved({ 'Fn::If': ['IsProd', 'yes', { Ref: 'Missing' }] }, template)).toBe('yes');
  });

  test('unknown and circular conditions are errors', () => {
    expect(() => chosen('Missing')).toThrow('there is no condition "Missing"');
    expect(() => chosen('Loop')).toThrow('the condition "Loop" depends on itself');
  });
});

describe('what cannot be resolved', () => {
  test.each<[string, unknown, string]>([
    ['an unknown resource', { Ref: 'Missing' }, 'Stack Demo, output Result, Ref: there is no resource or parameter "Missing"'],
    ['an unknown attribute', { 'Fn::GetAtt': ['Q', 'Colour'] }, 'AWS::SQS::Queue has no attribute "Colour" the sandbox knows (Q has: Arn, QueueName, QueueUrl)'],
    ['an unknown pseudo parameter', { Ref: 'AWS::Planet' }, 'there is no pseudo parameter AWS::Planet'],
    ['an unknown function', { 'Fn::Transform': {} }, 'Fn::Transform is not supported'],
    ['an unknown export', { 'Fn::ImportValue': 'nobody' }, 'no chosen stack exports "nobody" in account 000000000000, region us-east-1'],
    ['an index past the end', { 'Fn::Select': [2, ['a']] }, 'there is no element 2 in a list of 1'],
    ['a list inside a text', { 'Fn::Join': ['', ['a', ['b']]] }, 'a text is needed, but this is ["b"]'],
    ['a secret of someone else', '{{resolve:secretsmanager:token}}', 'no chosen stack creates the secret "token"'],
  ])('%s', (_, expression, message) => {
    expect(() => resolved(expression, queue)).toThrow(message);
  });

  test('a parameter without a default', () => {
    expect(() => resolved({ Ref: 'Stage' }, { Parameters: { Stage: { Type: 'String' } } })).toThrow('the parameter "Stage" has no default. Give it: --parameter \'Stage=…\'.');
  });

  test('a property that depends on itself', () => {
    const template = { Resources: { Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::GetAtt': ['Q', 'QueueName'] } } } } };
    expect(() => resolved('x', template)).toThrow('resource Q (AWS::SQS::Queue), QueueName: the property depends on itself');
  });
});
