import { Token } from 'aws-cdk-lib';
import { Dimension, OveragePeriod } from '../dimension';
import { DimensionConfig } from '../names';
import { checkEnum, invalidProp } from './validate';
import { AgreementMode, SaasPricingModel } from '../pricing';

/** What is sold, after validation. */
export interface Product {
  readonly productCode: string;
  readonly pricingModel: SaasPricingModel;
  readonly agreementMode: AgreementMode;
  readonly dimensions: readonly DimensionConfig[];
}

export interface ProductOptions {
  readonly productCode: string;
  readonly pricingModel: SaasPricingModel;
  readonly agreementMode?: AgreementMode;
  readonly dimensions: Dimension[];
}

/** Product codes are 25 lower-case letters and digits in practice; AWS does not document the length, so any length passes. */
const PRODUCT_CODE = /^[a-z0-9]{1,255}$/;

export function validProduct(options: ProductOptions): Product {
  const { productCode, pricingModel, agreementMode = AgreementMode.CONCURRENT } = options;
  checkProductCode(productCode);
  checkEnum('pricingModel', pricingModel, SaasPricingModel);
  checkEnum('agreementMode', agreementMode, AgreementMode);
  if (!Array.isArray(options.dimensions)) {
    throw invalidProp('dimensions', options.dimensions, 'give a list of Dimension.metered() or Dimension.entitled()');
  }
  const dimensions = [...dimensionConfigs(options.dimensions), ...undeclaredEntitlements(options.dimensions)];
  checkOverages(pricingModel, agreementMode, dimensions);
  checkKinds(pricingModel, dimensions);
  return { productCode, pricingModel, agreementMode, dimensions };
}

export function checkProductCode(productCode: string): void {
  if (Token.isUnresolved(productCode) || (typeof productCode === 'string' && PRODUCT_CODE.test(productCode))) {
    return;
  }
  throw invalidProp('productCode', productCode,
    'a product code is lower-case letters and digits only, such as 4ml54db8vrmjuykaw1psroool (not the product id prod-…), or a token');
}

/** Whether usage is metered. */
export function hasMetering({ pricingModel }: Pick<Product, 'pricingModel'>): boolean {
  return pricingModel !== SaasPricingModel.CONTRACT;
}

/** Whether AWS is asked what a buyer is entitled to. */
export function hasEntitlements({ pricingModel }: Pick<Product, 'pricingModel'>): boolean {
  return pricingModel !== SaasPricingModel.SUBSCRIPTION;
}

/** Whether AWS Marketplace publishes notifications of its buyers, by SNS topics. */
export function hasNotifications({ agreementMode }: Pick<Product, 'agreementMode'>): boolean {
  return agreementMode !== AgreementMode.CONCURRENT;
}

/** Whether AWS Marketplace sends agreement and license events about its buyers, through EventBridge. */
export function hasAgreementEvents({ agreementMode }: Pick<Product, 'agreementMode'>): boolean {
  return agreementMode !== AgreementMode.LEGACY;
}

/** Each kind of dimension with the method that makes it. */
const KINDS: Readonly<Record<DimensionConfig['kind'], string>> = { METERED: 'Dimension.metered()', ENTITLED: 'Dimension.entitled()' };

/** Entitled dimensions may be left out: AWS answers with all of them. */
function checkKinds(pricingModel: SaasPricingModel, dimensions: readonly DimensionConfig[]): void {
  const allowed: Readonly<Record<DimensionConfig['kind'], boolean>> = {
    METERED: hasMetering({ pricingModel }), ENTITLED: hasEntitlements({ pricingModel }),
  };
  const wrong = dimensions.findIndex(({ kind }) => !allowed[kind]);
  if (wrong >= 0) {
    const right = dimensions[wrong].kind === 'METERED' ? 'ENTITLED' : 'METERED';
    throw invalidProp(`dimensions[${wrong}]`, dimensions[wrong].name,
      `a product with SaasPricingModel.${pricingModel} has ${right.toLowerCase()} dimensions only: use ${KINDS[right]}`);
  }
  if (allowed.METERED && !dimensions.some(({ kind }) => kind === 'METERED')) {
    throw invalidProp('dimensions', dimensions.map(({ name }) => name),
      `a product with SaasPricingModel.${pricingModel} needs at least one ${KINDS.METERED}`);
  }
}

/** Entitled dimensions that are named by an overage only. */
function undeclaredEntitlements(dimensions: readonly Dimension[]): DimensionConfig[] {
  const names = dimensions.flatMap(({ _of }) => _of?.name ?? []).filter((name) => !dimensions.some((dimension) => dimension.name === name));
  return names.map((name) => ({ name, kind: 'ENTITLED' }));
}

/** Two dimensions that exceed one entitlement would have to agree on which of them it covers. */
function checkOverages(pricingModel: SaasPricingModel, agreementMode: AgreementMode, dimensions: readonly DimensionConfig[]): void {
  const overages = dimensions.flatMap(({ name, overage }, index) => (overage ? [{ name, ...overage, index }] : []));
  for (const { name, of, per, index } of overages) {
    if (hasNotifications({ agreementMode }) && per === OveragePeriod.CONTRACT) {
      throw invalidProp(`dimensions[${index}].per`, per, `AWS Marketplace sends nothing about a product with AgreementMode.${agreementMode} by which a renewed `
        + 'contract differs from an amended one: give OveragePeriod.MONTH or OveragePeriod.HOUR');
    }
    if (!hasEntitlements({ pricingModel })) {
      throw invalidProp(`dimensions[${index}]`, name, `a product with SaasPricingModel.${pricingModel} has no entitlements to exceed: use ${KINDS.METERED}`);
    }
    const first = overages.find((other) => other.of === of)!;
    if (first.index !== index) {
      throw invalidProp(`dimensions[${index}].of`, of, `each entitled dimension is exceeded by one overage, and dimensions[${first.index}] already exceeds this one`);
    }
    if (dimensions.some((other) => other.name === of && other.kind === 'METERED')) {
      throw invalidProp(`dimensions[${index}].of`, of, 'a dimension of this name is metered: give the one that the buyer pays for up front');
    }
  }
}

/** Checks every dimension, and that all names are unique: a usage record has nothing but the name. */
function dimensionConfigs(dimensions: readonly Dimension[]): DimensionConfig[] {
  const seen = new Map<string, string>();
  const unique = (name: string, kind: string, path: string) => {
    const first = seen.get(`${kind} ${name}`);
    if (first) {
      throw invalidProp(path, name, `${kind} names are unique, and ${first} already has this one`);
    }
    seen.set(`${kind} ${name}`, path);
  };
  return dimensions.map((dimension, d) => {
    if (!(dimension instanceof Dimension)) {
      throw invalidProp(`dimensions[${d}]`, dimension, 'give a Dimension, such as Dimension.metered(\'ApiCalls\')');
    }
    const config = dimension._config(`dimensions[${d}]`);
    unique(config.name, 'dimension', `dimensions[${d}].name`);
    config.metrics?.forEach((metric, m) => unique(metric.name, 'metric', `dimensions[${d}].metrics[${m}].name`));
    return config;
  });
}
