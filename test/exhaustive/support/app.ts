import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { Dimension, MarketplaceSaasIntegration, SaasPricingModel, UsageMetric } from '../../../src';

export const PRODUCT_CODE = '4ml54db8vrmjuykaw1psroool';

export interface AppOptions {
  /** EventBridge schedule of metering; default: the integration's own, every five minutes. */
  readonly metering?: string;
  /** EventBridge schedule of reconciliation; default: the integration's own, every five minutes. */
  readonly reconciliation?: string;
  readonly reportZeroUsage?: boolean;
}

const folders: string[] = [];

afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** Synthesizes an app with the integration and nothing else; returns the folder of its cloud assembly. */
export function synthesize({ metering, reconciliation, reportZeroUsage = false }: AppOptions = {}): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'exhaustive-'));
  folders.push(folder);
  const app = new App({ outdir: path.join(folder, 'cdk.out') });
  const stack = new Stack(app, 'Product');
  const marketplace = new MarketplaceSaasIntegration(stack, 'Marketplace', {
    productCode: PRODUCT_CODE,
    pricingModel: SaasPricingModel.SUBSCRIPTION,
    dimensions: [
      Dimension.metered('ApiCalls'),
      Dimension.metered('Units', { metrics: [UsageMetric.of('BackupMb', { unitsPerQuantity: '0.01' })] }),
    ],
    reportZeroUsage,
  });
  reschedule(marketplace, 'Metering', metering);
  reschedule(marketplace, 'Reconciliation', reconciliation);
  new CfnOutput(stack, 'UsageQueueUrl', { value: marketplace.usageQueue.queueUrl });
  new CfnOutput(stack, 'UsageTableName', { value: marketplace.usageTable.tableName });
  new CfnOutput(stack, 'SubscriptionsTableName', { value: marketplace.subscriptionsTable.tableName });
  new CfnOutput(stack, 'RegistrationsTableName', { value: marketplace.registrationsTable.tableName });
  new CfnOutput(stack, 'IntakeFunctionName', { value: marketplace.usageIntakeFunction.functionName });
  new CfnOutput(stack, 'MeteringFunctionName', { value: marketplace.meteringFunction.functionName });
  return app.synth().directory;
}

function reschedule(marketplace: MarketplaceSaasIntegration, part: string, expression: string | undefined): void {
  if (expression === undefined) return;
  const rules = marketplace.node.findChild(part).node.findAll()
    .filter((child): child is CfnRule => child instanceof CfnRule && child.scheduleExpression !== undefined);
  if (rules.length !== 1) throw new Error(`${part} has ${rules.length} schedules`);
  rules[0].scheduleExpression = expression;
}
