import { AlarmActionOptions } from './alarm-actions';
import { SaasPricingModel } from './pricing';

/**
 * What an app needs of an integration that another stack or app has deployed, in the same account and region. What is left
 * out cannot be used: its members then throw an error that names the attribute. Alarms of the app are on events that its functions
 * fail to process.
 *
 * @example
 * // The app that deploys the integration exports what the other one imports.
 * new CfnOutput(this, 'IntegrationId', { value: marketplace.integrationId });
 * new CfnOutput(this, 'EventBusArn', { value: marketplace.eventBus.eventBusArn });
 * new CfnOutput(this, 'UsageQueueArn', { value: marketplace.usageQueue.queueArn });
 */
export interface MarketplaceSaasIntegrationAttributes extends AlarmActionOptions {
  /** `integrationId` of the integration, by which its metrics are found. */
  readonly integrationId: string;

  /** Product code of the listing, by which rules find the events of this product. */
  readonly productCode: string;

  /** How the product is priced. */
  readonly pricingModel: SaasPricingModel;

  /** ARN of `eventBus`. */
  readonly eventBusArn: string;

  /**
   * ARN of `subscriptionsTable`, for `grantReadSubscriptions`.
   *
   * @default - the app does not read subscriptions
   */
  readonly subscriptionsTableArn?: string;

  /**
   * ARN of `usageQueue`, for `grantReportUsage`.
   *
   * @default - the app does not report usage by the queue
   */
  readonly usageQueueArn?: string;

  /**
   * ARN of `usageIntakeFunction`, for `grantInvokeIntake`.
   *
   * @default - the app does not report usage by direct invocation
   */
  readonly usageIntakeFunctionArn?: string;

  /**
   * ARN of `registrationFunction`, for `grantClaimRegistration`.
   *
   * @default - the app redeems no codes
   */
  readonly registrationFunctionArn?: string;

  /**
   * ARN of `buyerDataFunction`, for `grantManageBuyerData`.
   *
   * @default - the app does not export or delete data of buyers
   */
  readonly buyerDataFunctionArn?: string;

  /**
   * ARN of `reconciliationFunction`, for `grantInvokeReconciliation`.
   *
   * @default - the app rebuilds no subscriptions
   */
  readonly reconciliationFunctionArn?: string;

  /**
   * ARN of the `encryptionKey` of the integration, so that grants let the app use it. Its key policy lets identities of the
   * account use it, as that of a key from CDK does.
   *
   * @default - the integration has keys that AWS manages
   */
  readonly encryptionKeyArn?: string;
}
