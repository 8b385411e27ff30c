import { att, fn, handler, queue, start } from './app';
import { notes } from './clients';
import { writeAssembly } from '../template/assemblies';

/** An integration as a seller wrote it without the construct: it registers buyers and meters. */
const INTEGRATION = handler(`
  const call = async (service, target, body) => (await fetch(process.env.AWS_ENDPOINT_URL, { method: 'POST', body: JSON.stringify(body), headers: {
    'x-amz-target': target,
    'content-type': 'application/x-amz-json-1.1',
    'authorization': 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20261123/us-east-1/' + service + '/aws4_request, SignedHeaders=host, Signature=0',
  } })).json();
  const metering = (operation, body) => call('aws-marketplace', 'AWSMPMeteringService.' + operation, body);
  const token = new URLSearchParams(event.body).get('x-amzn-marketplace-token');
  const { CustomerAWSAccountId, LicenseArn, ProductCode } = await metering('ResolveCustomer', { RegistrationToken: token });
  await note('buyer', { CustomerAWSAccountId, ProductCode });
  const { Results } = await metering('BatchMeterUsage', { UsageRecords: [
    { Timestamp: Math.floor(Date.now() / 1000), Dimension: 'ApiCalls', Quantity: 5, CustomerAWSAccountId, LicenseArn },
  ] });
  await note('metered', Results[0].Status);
  return { statusCode: 200, body: 'welcome' };`);

function app(): string {
  const api = { RestApiId: { Ref: 'Api' } };
  const uri = { 'Fn::Sub': 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${Register.Arn}/invocations' };
  return writeAssembly({
    Own: {
      template: {
        Resources: {
          ...queue('Unused'),
          Table: {
            Type: 'AWS::DynamoDB::Table',
            Properties: { TableName: 'Table', KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }], AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }] },
          },
          ...fn('Register', { code: INTEGRATION }),
          Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'own' } },
          Post: {
            Type: 'AWS::ApiGateway::Method',
            Properties: { ...api, ResourceId: att('Api', 'RootResourceId'), HttpMethod: 'POST', Integration: { Type: 'AWS_PROXY', Uri: uri } },
          },
          Stage: { Type: 'AWS::ApiGateway::Stage', Properties: { ...api, StageName: 'prod' } },
        },
        Outputs: { Url: { Value: { 'Fn::Sub': 'https://${Api}.execute-api.us-east-1.amazonaws.com/prod/' } } },
      },
    },
  });
}

test('the product of an app that does not use the construct can be bought, registered and metered', async () => {
  const products = [{ code: 'own-product', model: 'SUBSCRIPTION' as const, dimensions: ['ApiCalls', 'StorageGb'], url: 'output:Url' }];
  const sandbox = await start(app(), { products });
  expect(sandbox.registrationUrl).toBe(sandbox.outputs.Url);
  const { fulfillment } = await sandbox.purchase({ customerAwsAccountId: '111122223333' });
  await sandbox.advance('PT2M');
  const page = await fetch(fulfillment.url, { method: 'POST', body: new URLSearchParams(fulfillment.fields) });
  expect([page.status, await page.text()]).toEqual([200, 'welcome']);
  expect(await notes(sandbox)).toEqual({ buyer: { CustomerAWSAccountId: '111122223333', ProductCode: 'own-product' }, metered: 'Success' });
  expect((await sandbox.state()).meteringRecords).toMatchObject([{ dimension: 'ApiCalls', quantity: 5, customerAwsAccountId: '111122223333' }]);
});
