/**
 * How the product is priced on AWS Marketplace. AWS does not allow a change once the product is published as Limited.
 *
 * @see https://docs.aws.amazon.com/marketplace/latest/userguide/saas-pricing-models.html
 */
export enum SaasPricingModel {
  /** Pay as you go: all usage is metered. */
  SUBSCRIPTION = 'SUBSCRIPTION',

  /** Paid up front for entitlements; no usage is metered: docs/contracts.md. */
  CONTRACT = 'CONTRACT',

  /** Entitlements paid up front, and usage metered beside them: docs/contracts.md. */
  CONTRACT_WITH_CONSUMPTION = 'CONTRACT_WITH_CONSUMPTION',
}

/**
 * How AWS Marketplace identifies the buyers of the product. No API returns which of the two a product uses; products
 * created since 1 June 2026 are CONCURRENT.
 */
export enum AgreementMode {
  /** Concurrent Agreements: buyer account id and license ARN, events through EventBridge. */
  CONCURRENT = 'CONCURRENT',

  /** Customer identifier and product code, notifications through SNS topics that AWS Marketplace owns: subscriptions older than June 2026. */
  LEGACY = 'LEGACY',

  /**
   * From LEGACY to CONCURRENT, buyer by buyer: the stack takes notifications and events, meters each buyer in one of the two ways, and changes from
   * the one to the other in an hour of your choice. docs/legacy-migration.md has the steps.
   */
  MIGRATING = 'MIGRATING',
}
