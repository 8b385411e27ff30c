import { Token } from 'aws-cdk-lib';
import { DimensionConfig, OverageConfig, UsageMetricConfig } from './names';
import { checkEnum, invalidProp } from './private/validate';
import { UsageMetric } from './usage-metric';

/**
 * Options of a metered dimension.
 *
 * @example
 * Dimension.metered('Units', { metrics: [UsageMetric.of('BackupGb', { unitsPerQuantity: '0.01' })] });
 */
export interface MeteredDimensionOptions {
  /**
   * Usage metrics of the app that are billed as this dimension. Usage records may then name one of them instead.
   *
   * @default - usage records name the dimension itself
   */
  readonly metrics?: UsageMetric[];
}

/** For how long an entitlement is there to be used before it begins anew. Hours and months are those of UTC. */
export enum OveragePeriod {
  /** Every hour: what is used at a time, such as users or machines. */
  HOUR = 'HOUR',

  /** Every calendar month. */
  MONTH = 'MONTH',

  /** Once for the term of an agreement: a renewal begins anew. */
  CONTRACT = 'CONTRACT',
}

/**
 * Options of a dimension of which only what exceeds an entitlement is billed.
 *
 * @example
 * Dimension.overage('ExtraUsers', { of: Dimension.entitled('Users'), per: OveragePeriod.MONTH });
 */
export interface OverageOptions extends MeteredDimensionOptions {
  /** The entitled dimension. It need not be among the dimensions of the product as well, and one overage draws on it. */
  readonly of: Dimension;

  /** For how long an entitlement is there to be used before it begins anew. */
  readonly per: OveragePeriod;
}

/**
 * A pricing dimension of the product, by its API name. The name and the unit of a published dimension cannot be changed, so
 * names are plain strings, never tokens.
 *
 * @see https://docs.aws.amazon.com/marketplace/latest/userguide/saas-product-settings.html
 * @example
 * const dimensions = [
 *   Dimension.metered('ApiCalls'),
 *   Dimension.metered('Units', {
 *     metrics: [UsageMetric.of('BackupGb', { unitsPerQuantity: '0.01' }), UsageMetric.of('Seats')],
 *   }),
 * ];
 */
export class Dimension {
  /**
   * A dimension that is billed by metering.
   *
   * @param name API name of the dimension: 1 to 255 letters, digits, `_`, `.` or `-`
   * @param options usage metrics that are billed as this dimension
   */
  public static metered(name: string, options: MeteredDimensionOptions = {}): Dimension {
    return new Dimension(name, 'METERED', options.metrics);
  }

  /**
   * A dimension that the buyer pays for up front. Contracts have these. What AWS says of dimensions that are not declared
   * reaches the app too.
   *
   * @param name API name of the dimension: 1 to 255 letters, digits, `_`, `.` or `-`
   * @example
   * new MarketplaceSaasIntegration(this, 'Marketplace', {
   *   productCode: '4ml54db8vrmjuykaw1psroool',
   *   pricingModel: SaasPricingModel.CONTRACT,
   *   dimensions: [Dimension.entitled('Users')],
   * });
   */
  public static entitled(name: string): Dimension {
    return new Dimension(name, 'ENTITLED');
  }

  /**
   * A dimension that is billed by metering, but only what exceeds an entitlement. Report all usage under its name: each unit draws on
   * what is left of the entitlement in its own hour's period, and is billed if nothing is left. What was covered stays covered, and what
   * was billed stays billed, whatever the buyer is entitled to later. For contracts with consumption: docs/metering.md#overage.
   *
   * @param name API name of the dimension: 1 to 255 letters, digits, `_`, `.` or `-`
   * @param options the entitlement, and for how long it lasts
   * @example
   * new MarketplaceSaasIntegration(this, 'Marketplace', {
   *   productCode: '4ml54db8vrmjuykaw1psroool',
   *   pricingModel: SaasPricingModel.CONTRACT_WITH_CONSUMPTION,
   *   dimensions: [Dimension.overage('ExtraUsers', { of: Dimension.entitled('Users'), per: OveragePeriod.MONTH })],
   * });
   */
  public static overage(name: string, options: OverageOptions): Dimension {
    return new Dimension(name, 'METERED', options.metrics, options);
  }

  /** API name of the dimension. */
  public readonly name: string;

  private constructor(
    name: string, private readonly kind: DimensionConfig['kind'], private readonly metrics?: UsageMetric[], private readonly exceeds?: OverageOptions,
  ) {
    this.name = name;
  }

  /**
   * The entitled dimension that this one exceeds, if it is an overage.
   *
   * @internal
   */
  public get _of(): Dimension | undefined {
    return this.exceeds?.of;
  }

  /** @internal */
  public _config(path: string): DimensionConfig {
    if (Token.isUnresolved(this.name) || !/^[A-Za-z0-9_.-]{1,255}$/.test(this.name)) {
      throw invalidProp(`${path}.name`, this.name, 'the API name of a dimension is 1 to 255 letters, digits, "_", "." or "-", as a plain string');
    }
    const overage = this.exceeds && { overage: overageConfig(this.exceeds, path) };
    if (!this.metrics) {
      return { name: this.name, kind: this.kind, ...overage };
    }
    if (!Array.isArray(this.metrics)) {
      throw invalidProp(`${path}.metrics`, this.metrics, 'give a list of UsageMetric.of()');
    }
    if (this.metrics.length === 0) {
      throw invalidProp(`${path}.metrics`, [], 'give at least one UsageMetric, or leave metrics out so that usage records name the dimension itself');
    }
    return { name: this.name, kind: this.kind, metrics: this.metrics.map((metric, i) => metricConfig(metric, `${path}.metrics[${i}]`)), ...overage };
  }

  /** @internal */
  public get _kind(): DimensionConfig['kind'] {
    return this.kind;
  }
}

function overageConfig({ of, per }: OverageOptions, path: string): OverageConfig {
  if (!(of instanceof Dimension) || of._kind !== 'ENTITLED') {
    throw invalidProp(`${path}.of`, of instanceof Dimension ? of.name : of, 'give the dimension that the buyer pays for up front, such as Dimension.entitled(\'Users\')');
  }
  checkEnum(`${path}.per`, per, OveragePeriod);
  return { of: of._config(`${path}.of`).name, per };
}

function metricConfig(metric: UsageMetric, path: string): UsageMetricConfig {
  if (!(metric instanceof UsageMetric)) {
    throw invalidProp(path, metric, 'give a UsageMetric, such as UsageMetric.of(\'BackupGb\')');
  }
  return metric._config(path);
}
