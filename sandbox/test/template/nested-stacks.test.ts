import { modelOf, modelOfTemplate, writeAssembly } from './assemblies';

const NESTED = {
  Parameters: { QueueName: { Type: 'String' }, Zones: { Type: 'CommaDelimitedList', Default: 'x' } },
  Resources: {
    Orders: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::Join': ['-', [{ Ref: 'QueueName' }, { 'Fn::Select': [1, { Ref: 'Zones' }] }]] } } },
    Own: { Type: 'AWS::SQS::Queue' },
    F: {
      Type: 'AWS::Lambda::Function',
      Properties: { Code: { S3Bucket: 'assets', S3Key: 'code.zip' }, Handler: 'index.handler', Runtime: 'nodejs24.x', Role: 'arn:aws:iam::000000000000:role/r' },
    },
  },
  Outputs: { OrdersArn: { Value: { 'Fn::GetAtt': ['Orders', 'Arn'] } } },
};

const parent = (properties: object = {}) => ({
  Parameters: { Name: { Type: 'String', Default: 'orders' } },
  Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
  Resources: {
    Inner: {
      Type: 'AWS::CloudFormation::Stack',
      Properties: {
        TemplateURL: { 'Fn::Sub': 'https://s3.${AWS::Region}.amazonaws.com/assets/nested.json' },
        Parameters: { QueueName: { Ref: 'Name' }, Zones: 'a,b' },
      },
      ...properties,
    },
    Copy: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/arn', Type: 'String', Value: { 'Fn::GetAtt': ['Inner', 'Outputs.OrdersArn'] } } },
  },
});

const assembly = (template: object) => writeAssembly(
  { Demo: { template, assets: { 'nested.json': 'Inner.nested.template.json', 'code.zip': 'code' } } },
  { 'Inner.nested.template.json': JSON.stringify(NESTED), 'code/index.js': '' },
);

test('a nested stack gets parameters from its parent, and gives it its outputs', () => {
  const model = modelOf(assembly(parent()));
  expect(model.queues.map(({ name }) => name)).toEqual(['orders-b', expect.stringMatching(/^Demo-Inner-[0-9A-F]{12}-Own-[0-9a-f]{8}$/)]);
  expect(model.parameters).toMatchObject([{ value: 'arn:aws:sqs:us-east-1:000000000000:orders-b' }]);
});

test('its functions run the assets of the parent', () => {
  expect(modelOf(assembly(parent())).functions).toMatchObject([{ logicalId: 'F', codeDirectory: expect.stringMatching(/\/code$/) }]);
});

test('a nested template is found by the path that the CDK writes beside it, too', () => {
  const template = parent({ Metadata: { 'aws:asset:path': 'Inner.nested.template.json' } });
  expect(modelOf(assembly(template)).queues).toHaveLength(2);
});

test('its outputs are none of the app, and it is not deployed when its condition is false', () => {
  expect(modelOf(assembly(parent())).stacks.map(({ name }) => name)).toEqual(['Demo']);
  const template = parent({ Condition: 'Never' });
  const { Copy: _, ...Resources } = template.Resources;
  expect(modelOf(assembly({ ...template, Resources })).queues).toEqual([]);
});

test('a template from elsewhere is refused', () => {
  const Resources = { Inner: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'https://example.com/x.json' } } };
  expect(() => modelOfTemplate({ Resources })).toThrow('Inner (AWS::CloudFormation::Stack), TemplateURL: the template is not an asset of this stack');
});

test('values cross regions by the resources that the CDK adds for it', () => {
  const KEY = '/cdk/exports/West/EastQueueArn';
  const east = {
    Resources: {
      Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'east' } },
      Writer: {
        Type: 'Custom::CrossRegionExportWriter',
        Properties: { ServiceToken: 'arn:x', WriterProps: { region: 'eu-west-1', exports: { [KEY]: { 'Fn::GetAtt': ['Q', 'Arn'] } } } },
      },
    },
  };
  const west = {
    Resources: {
      Reader: {
        Type: 'Custom::CrossRegionExportReader',
        Properties: { ServiceToken: 'arn:y', ReaderProps: { region: 'eu-west-1', prefix: 'West', imports: { [KEY]: `{{resolve:ssm:${KEY}}}` } } },
      },
      Copy: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/arn', Type: 'String', Value: { 'Fn::GetAtt': ['Reader', KEY] } } },
    },
  };
  const app = writeAssembly({
    East: { template: east, environment: 'aws://111111111111/us-east-1' },
    West: { template: west, environment: 'aws://111111111111/eu-west-1' },
  });
  expect(modelOf(app).parameters).toMatchObject([{ value: 'arn:aws:sqs:us-east-1:111111111111:east' }]);
});

test('functions that only serve resources of the CDK are left out, whatever they need', () => {
  const fn = (properties: object = {}) => ({
    Type: 'AWS::Lambda::Function',
    Properties: { Code: { ZipFile: '' }, Handler: 'index.handler', Runtime: 'python3.13', Role: 'arn:aws:iam::000000000000:role/r', ...properties },
  });
  const { functions } = modelOfTemplate({
    Resources: {
      Copier: fn({ Layers: ['arn:aws:lambda:us-east-1:000000000000:layer:awscli:1'] }),
      Other: fn(),
      Clean: { Type: 'Custom::S3AutoDeleteObjects', Properties: { ServiceToken: { 'Fn::GetAtt': ['Copier', 'Arn'] }, BucketName: 'b' } },
    },
  });
  expect(functions.map(({ logicalId }) => logicalId)).toEqual(['Other']);
});
