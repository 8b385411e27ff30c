import { Token } from 'aws-cdk-lib';
import { UsageMetricConfig } from './names';
import { invalidProp } from './private/validate';

/**
 * Options of a usage metric.
 *
 * @example
 * UsageMetric.of('BackupGb', { unitsPerQuantity: '0.01' });
 */
export interface UsageMetricOptions {
  /**
   * Units of the dimension that a quantity of 1 of this metric is billed as: a decimal above 0 as a string, with at most 12
   * digits before and 12 after the point. Fractions of a unit are carried to the next hour, never rounded away.
   *
   * @default '1'
   */
  readonly unitsPerQuantity?: string;
}

/**
 * Something that the app counts, billed as units of a dimension. One dimension can have many metrics.
 *
 * @example
 * // 100 GB of backup, or one seat, are billed as one unit.
 * Dimension.metered('Units', {
 *   metrics: [UsageMetric.of('BackupGb', { unitsPerQuantity: '0.01' }), UsageMetric.of('Seats')],
 * });
 */
export class UsageMetric {
  /**
   * A metric by the name that it has in usage records.
   *
   * @param name unique within the product: 1 to 255 letters, digits, `_`, `.`, `:`, `/` or `-`
   * @param options what the metric is worth
   */
  public static of(name: string, options: UsageMetricOptions = {}): UsageMetric {
    return new UsageMetric(name, options.unitsPerQuantity ?? '1');
  }

  /** Name of the metric in usage records. */
  public readonly name: string;

  /** Units of the dimension that a quantity of 1 of this metric is billed as. */
  public readonly unitsPerQuantity: string;

  private constructor(name: string, unitsPerQuantity: string) {
    this.name = name;
    this.unitsPerQuantity = unitsPerQuantity;
  }

  /** @internal */
  public _config(path: string): UsageMetricConfig {
    const { name, unitsPerQuantity } = this;
    if (Token.isUnresolved(name) || !/^[A-Za-z0-9_.:/-]{1,255}$/.test(name)) {
      throw invalidProp(`${path}.name`, name, 'the name of a usage metric is 1 to 255 letters, digits, "_", ".", ":", "/" or "-", as a plain string');
    }
    if (typeof unitsPerQuantity !== 'string' || !/^(0|[1-9]\d{0,11})(\.\d{1,12})?$/.test(unitsPerQuantity) || /^[0.]+$/.test(unitsPerQuantity)) {
      throw invalidProp(`${path}.unitsPerQuantity`, unitsPerQuantity,
        'give a decimal above 0 as a string, such as \'0.01\', with at most 12 digits on each side of the point');
    }
    return { name, unitsPerQuantity };
  }
}
