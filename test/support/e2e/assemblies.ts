import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, LambdaFunctionProps } from 'aws-cdk-lib/aws-events-targets';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Dimension, MarketplaceSaasIntegration, MarketplaceSaasIntegrationProps, SaasPricingModel } from '../../../src';

const EXAMPLE = path.join(__dirname, '..', '..', '..', 'examples', 'typescript');

const folders: string[] = [];

/** Removes what this process synthesized. */
export function removeAssemblies(): void {
  folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true }));
}

function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'marketplace-e2e-'));
  folders.push(folder);
  return folder;
}

/** The app a reader of examples/typescript gets, synthesized as `cdk synth` does. */
export function synthesizeExample(): string {
  const folder = newFolder();
  const { status, stderr } = spawnSync(process.execPath, ['-r', 'ts-node/register/transpile-only', '-r', 'tsconfig-paths/register', 'app.ts'], {
    cwd: EXAMPLE,
    env: { ...process.env, CDK_OUTDIR: folder, TS_NODE_PROJECT: path.join(EXAMPLE, 'demo', 'tsconfig.json') },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the example does not synthesize:\n${stderr}`);
  return folder;
}

export function synthesize(build: (stack: Stack) => void): string {
  return synthesizeApp((app) => build(new Stack(app, 'Product')));
}

/** An app of several stacks. */
export function synthesizeApp(build: (app: App) => void): string {
  const app = new App({ outdir: newFolder(), builtinCloudFormationValidation: false });
  build(app);
  return app.synth().directory;
}

export interface IntegrateOptions extends Partial<MarketplaceSaasIntegrationProps> {
  /** Construct id, and what the names of the outputs begin with. @default '' */
  readonly prefix?: string;
  /** Runs of metering and reconciliation in place of every 5 minutes, for stories that take days. */
  readonly runEvery?: Duration;
}

/** An integration as a seller would make it, with an output for each thing a test reaches. */
export function integrate(stack: Stack, { prefix = '', runEvery, ...props }: IntegrateOptions = {}): MarketplaceSaasIntegration {
  const integration = new MarketplaceSaasIntegration(stack, `${prefix}Marketplace`, {
    productCode: '4ml54db8vrmjuykaw1psroool',
    pricingModel: SaasPricingModel.SUBSCRIPTION,
    dimensions: [Dimension.metered('ApiCalls'), Dimension.metered('StorageGb')],
    ...props,
  });
  const outputs = {
    FulfillmentUrl: integration.registrationUrl,
    ...props.pricingModel !== SaasPricingModel.CONTRACT && {
      UsageQueueUrl: integration.usageQueue.queueUrl,
      UsageTableName: integration.usageTable.tableName,
      IntakeFunctionName: integration.usageIntakeFunction.functionName,
      MeteringFunctionName: integration.meteringFunction.functionName,
    },
    SubscriptionsTableName: integration.subscriptionsTable.tableName,
    RegistrationsTableName: integration.registrationsTable.tableName,
    RegistrationFunctionName: integration.registrationFunction.functionName,
    ReconciliationFunctionName: integration.reconciliationFunction.functionName,
  };
  for (const [name, value] of Object.entries(outputs)) new CfnOutput(stack, `${prefix}${name}`, { value });
  if (runEvery) slowDown(integration, runEvery);
  return integration;
}

/** The app's reaction to new subscriptions: it prints each event, so its log shows which function received what. */
export function provisioning(stack: Stack, integration: MarketplaceSaasIntegration, id: string, delivery: LambdaFunctionProps = {}): lambda.Function {
  const provision = new lambda.Function(stack, id, {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async (event) => console.log(`${event["detail-type"]} ${event.detail.licenseId}`);'),
    timeout: Duration.seconds(10),
  });
  integration.onSubscriptionActivated(`${id}OnActivated`, { target: new LambdaFunction(provision, delivery) });
  return provision;
}

function slowDown(integration: MarketplaceSaasIntegration, runEvery: Duration): void {
  for (const rule of integration.node.findAll()) {
    if (rule instanceof CfnRule && rule.scheduleExpression) rule.scheduleExpression = `rate(${runEvery.toMinutes()} minutes)`;
  }
}
