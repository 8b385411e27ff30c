import type { UsageRecord } from './usage-record';
import { WireError } from './wire';
import type { Settings } from '../settings/settings';
import type { MarketplaceState } from '../world/marketplace-state';
import { HOUR } from '../world/time';
import type { License, ProductConfig } from '../world/types';

/** Whose usage a record is. */
export interface Metered {
  readonly license: License;
  /** Usage from before is refused. */
  readonly start: number;
  /** The record will not count: per-record `CustomerNotSubscribed`. */
  readonly refused: boolean;
  /**
   * What deduplication compares: docs/marketplace-facts.md#f-6-3. The two ways to meter a legacy product are separate, and bill twice:
   * docs/marketplace-facts.md#f-2-3.
   */
  readonly keys: readonly ('license' | 'product')[];
}

/**
 * Finds license and customer of records (docs/marketplace-facts.md#f-2-3, docs/marketplace-facts.md#f-6-1), and whether they may be
 * metered (docs/marketplace-facts.md#f-3-7, docs/marketplace-facts.md#f-6-6).
 */
export class MeteredLicenses {
  constructor(
    private readonly state: MarketplaceState,
    private readonly settings: Settings,
  ) {}

  /** @throws WireError InvalidProductCodeException */
  product(productCode: string): ProductConfig {
    const product = this.state.products.get(productCode);
    if (!product) {
      throw new WireError('InvalidProductCodeException',
        'The product code passed does not match the product code used for publishing the product.');
    }
    return product;
  }

  /**
   * `product` is the one the call states.
   * @returns undefined when the customer is not known, so that the record does not count
   * @throws WireError when the record makes its whole call fail
   */
  find(record: UsageRecord, product: ProductConfig | undefined, now: number): Metered | undefined {
    const license = record.licenseArn === undefined ? undefined : this.licenseOf(record, record.licenseArn, product);
    return license ? this.byLicense(record, license, product, now) : this.byProduct(record, product, now);
  }

  private byLicense(record: UsageRecord, license: License, product: ProductConfig | undefined, now: number): Metered {
    const foreign = this.accountOf(record, license.product) !== license.customerAwsAccountId;
    if (foreign && this.settings.get('metering.foreignLicense') === 'InvalidLicenseException') {
      throw invalidLicense(record, 'the license is not one of this customer');
    }
    return {
      license,
      start: license.startTime,
      refused: foreign || this.notSubscribed(license, record, now),
      keys: product ? ['license', 'product'] : ['license'],
    };
  }

  private byProduct(record: UsageRecord, product: ProductConfig | undefined, now: number): Metered | undefined {
    if (!product) {
      throw new WireError('InvalidProductCodeException', `Neither LicenseArn nor ProductCode names the product (${record.path})`);
    }
    if (product.agreementMode === 'CONCURRENT') {
      throw invalidLicense(record, 'records of a product with concurrent agreements need a LicenseArn');
    }
    const account = this.accountOf(record, product);
    const licenses = account === undefined ? [] : this.state.licensesOf(product.productCode, account);
    const license = [...licenses].reverse().find((one) => one.endedAt === undefined) ?? licenses.at(-1);
    if (!license) {
      if (this.settings.get('metering.unknownCustomer') === 'CustomerNotSubscribed') {
        return undefined;
      }
      throw invalidCustomer(record, 'You have metered usage for a CustomerIdentifier that does not exist');
    }
    return { license, start: licenses[0].startTime, refused: this.notSubscribed(license, record, now), keys: ['product'] };
  }

  private licenseOf(record: UsageRecord, licenseArn: string, product: ProductConfig | undefined): License {
    if (product?.agreementMode === 'CONCURRENT') {
      throw new WireError(this.settings.get('metering.productCodeWithLicenseArn'),
        'ProductCode is not supported together with LicenseArn for a product with concurrent agreements');
    }
    const license = this.state.licensesByArn.get(licenseArn);
    if (!license) {
      throw invalidLicense(record, 'there is no such license');
    }
    if (product && product !== license.product) {
      throw invalidLicense(record, 'the license is one of another product');
    }
    return license;
  }

  private accountOf(record: UsageRecord, product: ProductConfig): string | undefined {
    if (record.customerAwsAccountId !== undefined) {
      return record.customerAwsAccountId;
    }
    if (record.customerIdentifier === undefined) {
      throw invalidCustomer(record, 'A usage record needs a CustomerAWSAccountId');
    }
    if (product.agreementMode === 'CONCURRENT') {
      throw invalidCustomer(record, 'CustomerIdentifier is not supported for a product with concurrent agreements');
    }
    return this.state.accountOf(record.customerIdentifier);
  }

  private notSubscribed(license: License, record: UsageRecord, now: number): boolean {
    if (license.activeAt === undefined || this.state.suspended.has(license.customerAwsAccountId)) {
      return true;
    }
    if (!this.windowClosed(license, now)) {
      return false;
    }
    if (this.settings.get('metering.afterWindow') === 'InvalidLicenseException') {
      throw invalidLicense(record, 'the usage is outside the license activation period');
    }
    return true;
  }

  private windowClosed({ endedAt = Infinity, deprovisionedAt = Infinity }: License, now: number): boolean {
    switch (this.settings.get('metering.finalWindow')) {
      case 'ended': return now >= endedAt + HOUR;
      case 'none': return now >= deprovisionedAt;
      default: return now >= deprovisionedAt + HOUR;
    }
  }
}

export function invalidLicense(record: UsageRecord, detail: string): WireError {
  return new WireError('InvalidLicenseException',
    `Ensure the LicenseArn is valid, matches the customer, and usage is within the license activation period: ${detail} (${record.path})`);
}

function invalidCustomer(record: UsageRecord, message: string): WireError {
  return new WireError('InvalidCustomerIdentifierException', `${message} (${record.path})`);
}
