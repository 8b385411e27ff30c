import { Token } from 'aws-cdk-lib';
import { DimensionConfig } from './names';
import { invalidProp } from './private/validate';
import { UsageMetric } from './usage-metric';

/** Options of a metered dimension. */
export interface MeteredDimensionOptions {
  /**
   * Internal metrics of the app that are billed as this dimension. Usage may then be reported in these metrics too.
   *
   * @default - usage is reported in units of the dimension itself
   */
  readonly metrics?: UsageMetric[];
}

/**
 * A pricing dimension of the product, by its API name. Neither the name nor the unit of a published dimension can be
 * changed, so names are plain strings, never tokens.
 *
 * @see https://docs.aws.amazon.com/marketplace/latest/userguide/saas-product-settings.html
 */
export class Dimension {
  /**
   * A dimension billed by metering.
   *
   * @param name API name of the dimension: 1 to 255 letters, digits, `_`, `.` or `-`
   */
  public static metered(name: string, options: MeteredDimensionOptions = {}): Dimension {
    return new Dimension(name, 'METERED', options.metrics);
  }

  /**
   * A dimension the buyer pays for up front. Only contract pricing models have these.
   *
   * @param name API name of the dimension: 1 to 255 letters, digits, `_`, `.` or `-`
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
      throw invalidProp(`${path}.name`, this.name, 'a dimension is named by 1 to 255 letters, digits, "_", "." or "-", as a plain string');
    }
    if (!this.metrics) {
      return { name: this.name, kind: this.kind };
    }
    if (this.metrics.length === 0) {
      throw invalidProp(`${path}.metrics`, [], 'give at least one UsageMetric, or leave metrics out to report in the dimension itself');
    }
    return { name: this.name, kind: this.kind, metrics: this.metrics.map((metric, i) => metric._config(`${path}.metrics[${i}]`)) };
  }
}
