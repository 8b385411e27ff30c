import { Duration } from 'aws-cdk-lib';

/** Whether metering sends. */
export enum MeteringMode {
  /** Usage is sent to AWS Marketplace, and billed. */
  LIVE = 'LIVE',

  /**
   * Everything is done but sending. For every further deployment of one product (staging, say): it would take the hours
   * of the one that bills.
   */
  DRY_RUN = 'DRY_RUN',
}

/** What happens to usage that is reported after its hour was closed. */
export enum LateUsagePolicy {
  /** It is billed in a later hour that is still open. */
  CARRY_FORWARD = 'CARRY_FORWARD',

  /** It is rejected, with a stored reason, a metric and an event. */
  REJECT = 'REJECT',
}

/** Options of metering: part of the props of the integration. */
export interface MeteringOptions {
  /**
   * Whether metering sends.
   *
   * @default MeteringMode.LIVE
   */
  readonly metering?: MeteringMode;

  /**
   * Region whose BatchMeterUsage is called. AWS deduplicates per region, so it must never change for a live product.
   *
   * @default 'us-east-1'
   * @see https://docs.aws.amazon.com/marketplace/latest/developerguide/metering-regions.html
   */
  readonly meteringRegion?: string;

  /**
   * BatchMeterUsage calls a second, 1 to 10. AWS allows 10 an account and region: share them between all integrations
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
   * accepts usage for one hour.
   *
   * @default Duration.minutes(10)
   */
  readonly finalUsageGrace?: Duration;

  /**
   * What happens to usage that is reported after its hour was closed.
   *
   * @default LateUsagePolicy.CARRY_FORWARD
   */
  readonly lateUsagePolicy?: LateUsagePolicy;

  /**
   * Whether active subscriptions without usage get a record of 0 for the hour, as AWS strongly recommends.
   *
   * @default true
   */
  readonly reportZeroUsage?: boolean;
}
