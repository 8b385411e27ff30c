import { App, CfnOutput, CfnParameter, CustomResource, NestedStack, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { LambdaRestApi } from 'aws-cdk-lib/aws-apigateway';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { DatabaseInstance, DatabaseInstanceEngine, PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Provider } from 'aws-cdk-lib/custom-resources';

const account = '111111111111';
const app = new App({ outdir: process.env.CDK_OUTDIR ?? 'cdk.out' });

// What has to be in us-east-1, used from another region.
const edge = new Stack(app, 'Edge', { env: { account, region: 'us-east-1' }, crossRegionReferences: true });
const announcements = new Topic(edge, 'Announcements');

const stack = new Stack(app, 'Product', { env: { account, region: 'eu-west-1' }, crossRegionReferences: true });
const stage = new CfnParameter(stack, 'Stage', { description: 'Chosen when the app is deployed' });

const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 });
const database = new DatabaseInstance(stack, 'Database', {
  engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17 }),
  vpc,
  vpcSubnets: { subnetType: 'Isolated' },
  databaseName: 'product',
  storageEncrypted: true,
});

const storage = new NestedStack(stack, 'Storage', { parameters: { Stage: stage.valueAsString } });
new CfnParameter(storage, 'Stage');
const table = new TableV2(storage, 'Buyers', {
  partitionKey: { name: 'id', type: AttributeType.STRING },
  removalPolicy: RemovalPolicy.DESTROY,
});

const code = (folder) => ({
  runtime: Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: Code.fromAsset(new URL(`functions/${folder}`, import.meta.url).pathname),
});

const plan = new CustomResource(stack, 'Plan', {
  resourceType: 'Custom::Plan',
  serviceToken: new Provider(stack, 'PlanProvider', { onEventHandler: new Function(stack, 'PlanHandler', code('plan')) }).serviceToken,
  properties: { Stage: stage.valueAsString },
});

const product = new Function(stack, 'ProductHandler', {
  ...code('product'),
  environment: {
    TABLE: table.tableName,
    TOPIC_ARN: announcements.topicArn,
    DATABASE_SECRET_ARN: database.secret.secretArn,
    PLAN: plan.getAttString('Name'),
  },
});
table.grantReadWriteData(product);
database.secret.grantRead(product);
product.addToRolePolicy(new PolicyStatement({
  actions: ['aws-marketplace:ResolveCustomer', 'aws-marketplace:BatchMeterUsage'],
  resources: ['*'],
}));

const api = new LambdaRestApi(stack, 'Api', { handler: product, cloudWatchRole: false });
new CfnOutput(stack, 'FulfillmentUrl', { value: api.url });
app.synth();
