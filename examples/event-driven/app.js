import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AttributeType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Code, FilterCriteria, FilterRule, Function, FunctionUrlAuthType, LayerVersion, Runtime, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket, EventType } from 'aws-cdk-lib/aws-s3';
import { LambdaDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Dimension, MarketplaceSaasIntegration, SaasPricingModel } from 'cdk-marketplace-saas';

const app = new App({ outdir: process.env.CDK_OUTDIR ?? 'cdk.out' });
const stack = new Stack(app, 'EventDriven');
const asset = (folder) => Code.fromAsset(new URL(folder, import.meta.url).pathname);

const marketplace = new MarketplaceSaasIntegration(stack, 'Marketplace', {
  productCode: '4ml54db8vrmjuykaw1psroool',
  pricingModel: SaasPricingModel.SUBSCRIPTION,
  dimensions: [Dimension.metered('ApiCalls'), Dimension.metered('Files'), Dimension.metered('Imports')],
});

// What was used, until it has been reported.
const uses = new Table(stack, 'Uses', {
  partitionKey: { name: 'id', type: AttributeType.STRING },
  stream: StreamViewType.NEW_IMAGE,
  removalPolicy: RemovalPolicy.DESTROY,
});
const shared = new LayerVersion(stack, 'Shared', { code: asset('layers/shared'), compatibleRuntimes: [Runtime.NODEJS_24_X] });

function use(id, folder) {
  const fn = new Function(stack, id, {
    runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: asset(`functions/${folder}`), layers: [shared], environment: { USES_TABLE: uses.tableName },
  });
  uses.grantWriteData(fn);
  return fn;
}

// Users of the product call its API with a token of their identity provider.
const api = new HttpApi(stack, 'Api', { corsPreflight: { allowOrigins: ['https://app.example.com'], allowHeaders: ['authorization'] } });
api.addRoutes({
  path: '/licenses/{license}/calls',
  methods: [HttpMethod.POST],
  integration: new HttpLambdaIntegration('Calls', use('ApiHandler', 'api')),
  authorizer: new HttpJwtAuthorizer('Users', 'https://identity.example.com', { jwtAudience: ['product'] }),
});

const uploads = new Bucket(stack, 'Uploads', { removalPolicy: RemovalPolicy.DESTROY });
uploads.addEventNotification(EventType.OBJECT_CREATED, new LambdaDestination(use('FileHandler', 'files')), { suffix: '.csv' });

const webhook = use('WebhookHandler', 'webhook').addFunctionUrl({ authType: FunctionUrlAuthType.NONE });

const billing = new Function(stack, 'BillingHandler', {
  runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: asset('functions/billing'), environment: { USAGE_QUEUE_URL: marketplace.usageQueue.queueUrl },
});
marketplace.grantReportUsage(billing);
billing.addEventSource(new DynamoEventSource(uses, {
  startingPosition: StartingPosition.TRIM_HORIZON,
  batchSize: 10,
  filters: [FilterCriteria.filter({ eventName: FilterRule.isEqual('INSERT') })],
}));

new CfnOutput(stack, 'ApiUrl', { value: api.apiEndpoint });
new CfnOutput(stack, 'WebhookUrl', { value: webhook.url });
new CfnOutput(stack, 'UploadsBucket', { value: uploads.bucketName });
app.synth();
