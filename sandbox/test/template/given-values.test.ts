import { modelOfTemplate } from './assemblies';
import type { BuildModelOptions } from '../../src/template';

const parameter = (value: unknown) => ({ Copy: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/copy', Type: 'String', Value: value } } });

function valueOf(value: unknown, given: BuildModelOptions['given'], template: object = {}): string | undefined {
  return modelOfTemplate({ ...template, Resources: parameter(value) }, { given }).parameters.find(({ name }) => name === '/copy')?.value;
}

const STAGE = { Parameters: { Stage: { Type: 'String' }, Zones: { Type: 'CommaDelimitedList', Default: 'a' } } };

test.each<[string, unknown, BuildModelOptions['given'], string]>([
  ['a parameter', { Ref: 'Stage' }, { parameters: { Stage: 'prod' } }, 'prod'],
  ['a parameter of one stack', { Ref: 'Stage' }, { parameters: { 'Stage': 'any', 'Demo:Stage': 'own' } }, 'own'],
  ['a list, in place of its default', { 'Fn::Select': [1, { Ref: 'Zones' }] }, { parameters: { Zones: 'x,y' } }, 'y'],
  ['an SSM parameter', '{{resolve:ssm:/vpc/id}}', { ssm: { '/vpc/id': 'vpc-1' } }, 'vpc-1'],
  ['a field of a secret', '{{resolve:secretsmanager:db:SecretString:user}}', { secrets: { db: '{"user":"me"}' } }, 'me'],
  ['a secret by its ARN', '{{resolve:secretsmanager:arn:aws:secretsmanager:us-east-1:1:secret:db-AbCdEf:SecretString:::}}', { secrets: { db: 'x' } }, 'x'],
  ['an export of a stack that is not here', { 'Fn::ImportValue': 'Shared' }, { exports: { Shared: 'yes' } }, 'yes'],
])('the person who deploys can give %s', (_, value, given, expected) => {
  expect(valueOf(value, given, STAGE)).toBe(expected);
});

test.each<[unknown, string]>([
  [{ Ref: 'Stage' }, 'the parameter "Stage" has no default. Give it: --parameter \'Stage=…\'.'],
  ['{{resolve:ssm:/x}}', 'no chosen stack creates the SSM parameter "/x". Give it: --ssm \'/x=…\'.'],
  ['{{resolve:secretsmanager:db}}', 'no chosen stack creates the secret "db", or gives it a value. Give it: --secret \'db=…\'.'],
  [{ 'Fn::ImportValue': 'Shared' }, 'Give it: --export \'Shared=…\'.'],
])('what is not given is named with its option: %j', (value, message) => {
  expect(() => valueOf(value, {}, STAGE)).toThrow(message);
});

test('what only inert resources need is made up, and listed', () => {
  const model = modelOfTemplate({
    Parameters: { Vpc: { Type: 'AWS::EC2::VPC::Id' } },
    Resources: {
      Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: { Ref: 'Vpc' }, GroupDescription: { 'Fn::ImportValue': 'Shared:Name' } } },
      Db: { Type: 'AWS::RDS::DBInstance', Properties: { MasterUserPassword: '{{resolve:secretsmanager:db:SecretString:password}}' } },
    },
  });
  expect(model.madeUp).toEqual([
    { option: '--parameter', name: 'Vpc', value: 'vpc-0123456789abcdef0' },
    { option: '--export', name: 'Shared:Name', value: 'made-up-Shared-Name' },
    { option: '--secret', name: 'db', value: 'made-up-db' },
  ]);
});

test('functions can read given SSM parameters and secrets', () => {
  const { parameters, secrets } = modelOfTemplate({ Resources: {} }, { given: { ssm: { '/a': '1' }, secrets: { token: 'hush' } } });
  expect(parameters).toMatchObject([{ name: '/a', arn: 'arn:aws:ssm:us-east-1:000000000000:parameter/a', type: 'String', value: '1' }]);
  expect(secrets).toMatchObject([{ name: 'token', arn: expect.stringMatching(/:secret:token-[0-9a-f]{6}$/), value: 'hush' }]);
});
