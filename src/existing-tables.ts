import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';

/**
 * Tables that an earlier stack left behind, or that were restored from a backup, in the account and region of the
 * integration. They have the keys and indexes that an integration of this release would create: see docs/recovery.md.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery.Tutorial.html
 * @example
 * const existingTables: ExistingTables = {
 *   subscriptionsTable: dynamodb.TableV2.fromTableName(this, 'Subscriptions', 'acme-subscriptions-restored'),
 *   registrationsTable: dynamodb.TableV2.fromTableName(this, 'Registrations', 'acme-registrations-restored'),
 *   usageTable: dynamodb.TableV2.fromTableName(this, 'Usage', 'acme-usage-restored'),
 * };
 * new MarketplaceSaasIntegration(this, 'Marketplace', {
 *   productCode: '4ml54db8vrmjuykaw1psroool',
 *   pricingModel: SaasPricingModel.SUBSCRIPTION,
 *   dimensions: [Dimension.metered('ApiCalls')],
 *   existingTables: existingTables,
 * });
 */
export interface ExistingTables {
  /** The table of subscriptions and agreements. */
  readonly subscriptionsTable: dynamodb.ITableV2;

  /** The table of buyers' registrations. */
  readonly registrationsTable: dynamodb.ITableV2;

  /**
   * The ledger of usage.
   *
   * @default - none: only for a product whose usage is not metered, which has none
   */
  readonly usageTable?: dynamodb.ITableV2;
}
