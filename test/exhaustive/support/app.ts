import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { CfnRule, EventBus } from 'aws-cdk-lib/aws-events';
import {
  AgreementEventSource, AgreementMode, Dimension, MarketplaceSaasIntegration, MarketplaceSaasIntegrationProps, MarketplaceSellerAccount, MeteringMode,
  OveragePeriod, Registration, SaasPricingModel, SellerAccess, UsageMetric,
} from '../../../src';

export const PRODUCT_CODE = '4ml54db8vrmjuykaw1psroool';

const SELLER = '222222222222';
const WORKLOAD = '444444444444';
const SELLER_ROLE = { roleName: 'marketplace-seller', externalId: 'shared-secret' };

const BACKUP = { metrics: [UsageMetric.of('BackupMb', { unitsPerQuantity: '0.01' })] };

const KINDS = {
  subscription: { pricingModel: SaasPricingModel.SUBSCRIPTION, dimensions: [Dimension.metered('ApiCalls'), Dimension.metered('Units', BACKUP)] },
  contract: { pricingModel: SaasPricingModel.CONTRACT, dimensions: [Dimension.entitled('Users')] },
  consumption: {
    pricingModel: SaasPricingModel.CONTRACT_WITH_CONSUMPTION,
    dimensions: [
      Dimension.overage('ApiCalls', { of: Dimension.entitled('PaidCalls'), per: OveragePeriod.MONTH }),
      Dimension.overage('Units', { of: Dimension.entitled('PaidUnits'), per: OveragePeriod.HOUR, ...BACKUP }),
    ],
  },
  legacy: {
    pricingModel: SaasPricingModel.CONTRACT_WITH_CONSUMPTION,
    agreementMode: AgreementMode.LEGACY,
    dimensions: [Dimension.overage('ApiCalls', { of: Dimension.entitled('PaidCalls'), per: OveragePeriod.MONTH })],
  },
  migrating: { pricingModel: SaasPricingModel.SUBSCRIPTION, agreementMode: AgreementMode.MIGRATING, dimensions: [Dimension.metered('ApiCalls')] },
} satisfies Readonly<Record<string, Pick<MarketplaceSaasIntegrationProps, 'pricingModel' | 'agreementMode' | 'dimensions'>>>;

export interface AppOptions {
  /** Pricing model, agreement mode and dimensions of the product. @default subscription */
  readonly kind?: keyof typeof KINDS;
  /** EventBridge schedule of metering; default: the integration's own, every five minutes. */
  readonly metering?: string;
  /** EventBridge schedule of reconciliation; default: the integration's own, every five minutes. */
  readonly reconciliation?: string;
  readonly reportZeroUsage?: boolean;
  /** Sends nothing, as a second deployment. */
  readonly dryRun?: boolean;
  /** Buyers arrive at the sign-up page of the seller, whose backend claims their codes. */
  readonly ownSignUp?: boolean;
  /** The integration is in another account than the seller's: it calls AWS Marketplace with a role there, which forwards the events. */
  readonly twoAccounts?: boolean;
}

/** Rarer than the integration's own: a story consists of runs that have something to do. */
export const STORY_SCHEDULES = { metering: 'cron(2/10 * * * ? *)', reconciliation: 'cron(7/30 * * * ? *)' };

const folders: string[] = [];

afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** Synthesizes an app with the integration and nothing else; returns the folder of its cloud assembly. */
export function synthesize(options: AppOptions = {}): string {
  const { kind = 'subscription', metering, reconciliation, reportZeroUsage = false, dryRun, ownSignUp, twoAccounts } = options;
  const meters = kind !== 'contract';
  const folder = mkdtempSync(path.join(tmpdir(), 'exhaustive-'));
  folders.push(folder);
  const app = new App({ outdir: path.join(folder, 'cdk.out') });
  const stack = new Stack(app, 'Product', twoAccounts ? { env: { account: WORKLOAD, region: 'us-east-1' } } : {});
  const marketplace = new MarketplaceSaasIntegration(stack, 'Marketplace', {
    productCode: PRODUCT_CODE,
    ...KINDS[kind],
    ...meters && { reportZeroUsage },
    ...dryRun && { metering: MeteringMode.DRY_RUN },
    ...ownSignUp && { registration: Registration.ownSignUp('https://app.example.com/sign-up') },
    ...twoAccounts && throughSellerAccount(app, stack),
  });
  reschedule(marketplace, 'Reconciliation', reconciliation);
  const outputs = {
    SubscriptionsTableName: marketplace.subscriptionsTable.tableName,
    RegistrationsTableName: marketplace.registrationsTable.tableName,
    RegistrationFunctionName: marketplace.registrationFunction.functionName,
    ReconciliationFunctionName: marketplace.reconciliationFunction.functionName,
    ...meters && {
      UsageQueueUrl: marketplace.usageQueue.queueUrl,
      UsageTableName: marketplace.usageTable.tableName,
      IntakeFunctionName: marketplace.usageIntakeFunction.functionName,
      MeteringFunctionName: marketplace.meteringFunction.functionName,
    },
  };
  if (meters) reschedule(marketplace, 'Metering', metering);
  for (const [name, value] of Object.entries(outputs)) new CfnOutput(stack, name, { value });
  return app.synth().directory;
}

/** The seller's account, as a stack of the same app, and what the integration needs to know of it. */
function throughSellerAccount(app: App, workload: Stack): Partial<MarketplaceSaasIntegrationProps> {
  const bus = new EventBus(workload, 'AgreementEvents', { eventBusName: 'agreement-events' });
  new MarketplaceSellerAccount(new Stack(app, 'Seller', { env: { account: SELLER, region: 'us-east-1' } }), 'Seller', {
    ...SELLER_ROLE,
    workloadAccount: WORKLOAD,
    workloadEventBusArn: `arn:aws:events:us-east-1:${WORKLOAD}:event-bus/agreement-events`,
  });
  return {
    sellerAccess: SellerAccess.assumeRole(`arn:aws:iam::${SELLER}:role/${SELLER_ROLE.roleName}`, { externalId: SELLER_ROLE.externalId }),
    agreementEvents: AgreementEventSource.eventBus(bus),
  };
}

function reschedule(marketplace: MarketplaceSaasIntegration, part: string, expression: string | undefined): void {
  if (expression === undefined) return;
  const rules = marketplace.node.findChild(part).node.findAll()
    .filter((child): child is CfnRule => child instanceof CfnRule && child.scheduleExpression !== undefined);
  if (rules.length !== 1) throw new Error(`${part} has ${rules.length} schedules`);
  rules[0].scheduleExpression = expression;
}
