import { Token } from 'aws-cdk-lib';
import { DimensionConfig, UsageMetricConfig } from './names';
import { invalidProp } from './private/validate';
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

  /** API name of the dimension. */
  public readonly name: string;

  private constructor(name: string, private readonly kind: DimensionConfig['kind'], private readonly metrics?: UsageMetric[]) {
    this.name = name;
  }

  /** @internal */
  public _config(path: string): DimensionConfig {
    if (Token.isUnresolved(this.name) || !/^[A-Za-z0-9_.-]{1,255}$/.test(this.name)) {
      throw invalidProp(`${path}.name`, this.name, 'the API name of a dimension is 1 to 255 letters, digits, "_", "." or "-", as a plain string');
    }
    if (!this.metrics) {
      return { name: this.name, kind: this.kind };
    }
    if (!Array.isArray(this.metrics)) {
      throw invalidProp(`${path}.metrics`, this.metrics, 'give a list of UsageMetric.of()');
    }
    if (this.metrics.length === 0) {
      throw invalidProp(`${path}.metrics`, [], 'give at least one UsageMetric, or leave metrics out so that usage records name the dimension itself');
    }
    return { name: this.name, kind: this.kind, metrics: this.metrics.map((metric, i) => metricConfig(metric, `${path}.metrics[${i}]`)) };
  }
}

function metricConfig(metric: UsageMetric, path: string): UsageMetricConfig {
  if (!(metric instanceof UsageMetric)) {
    throw invalidProp(path, metric, 'give a UsageMetric, such as UsageMetric.of(\'BackupGb\')');
  }
  return metric._config(path);
}
