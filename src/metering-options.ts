import { Duration } from 'aws-cdk-lib';

/** Whether metering sends usage to AWS Marketplace. */
export enum MeteringMode {
  /** Usage is sent to AWS Marketplace, and billed. */
  LIVE = 'LIVE',

  /**
   * Usage is stored, closed and checked, and not sent. Use it for every further deployment of one product, such as staging:
   * AWS Marketplace takes each hour once, so a second live deployment would bill hours in place of the first.
   * It receives the events of every real buyer: its own domain events say so, with `metering: DRY_RUN` in their detail.
   */
  DRY_RUN = 'DRY_RUN',
}

/** What metering does with usage that is reported after its hour was closed. */
export enum LateUsagePolicy {
  /** Bills it in a later hour that is still open. */
  CARRY_FORWARD = 'CARRY_FORWARD',

  /** Rejects it, with a stored reason, a metric and an event. */
  REJECT = 'REJECT',
}

/**
 * Options of metering: part of the props of the integration.
 *
 * @example
 * // A staging deployment beside the live product, which keeps hours open for half an hour.
 * new MarketplaceSaasIntegration(this, 'Marketplace', {
 *   productCode: '4ml54db8vrmjuykaw1psroool',
 *   pricingModel: SaasPricingModel.SUBSCRIPTION,
 *   dimensions: [Dimension.metered('ApiCalls')],
 *   metering: MeteringMode.DRY_RUN,
 *   closeGrace: Duration.minutes(30),
 *   lateUsagePolicy: LateUsagePolicy.REJECT,
 * });
 */
export interface MeteringOptions {
  /**
   * Whether metering sends usage to AWS Marketplace.
   *
   * @default MeteringMode.LIVE
   */
  readonly metering?: MeteringMode;

  /**
   * Region in which BatchMeterUsage is called. AWS detects duplicates per region, so never change it for a live product.
   *
   * @default 'us-east-1'
   * @see https://docs.aws.amazon.com/marketplace/latest/developerguide/metering-regions.html
   */
  readonly meteringRegion?: string;

  /**
   * Calls of BatchMeterUsage per second, 1 to 10. AWS allows 10 per account and region: divide them among all integrations
   * of one seller account.
   *
   * @default 10
   */
  readonly maxCallsPerSecond?: number;

  /**
   * How long an hour stays open for usage after its end: 0 to 4 hours, in whole seconds.
   *
   * @default Duration.minutes(10)
   */
  readonly closeGrace?: Duration;

  /**
   * How long the app may still report usage after a subscription has ended: 0 to 45 minutes, in whole seconds. AWS
   * accepts usage for 60 minutes.
   *
   * @default Duration.minutes(10)
   */
  readonly finalUsageGrace?: Duration;

  /**
   * What metering does with usage that is reported after its hour was closed.
   *
   * @default LateUsagePolicy.CARRY_FORWARD
   */
  readonly lateUsagePolicy?: LateUsagePolicy;

  /**
   * Whether metering sends a record of 0 for each hour in which an active subscription has no usage, as AWS recommends.
   *
   * @default true
   */
  readonly reportZeroUsage?: boolean;
}
