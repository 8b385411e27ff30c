import { customerIdentifierOf } from './ids';
import type { Agreement, License, ProductConfig } from './types';

/** A registration token: resolves to a license for as long as it lives. */
export interface IssuedToken {
  readonly license: License;
  readonly issuedAt: number;
  /** Got from the buyer's browser, or through the Agreement API: their lifetimes differ: docs/marketplace-facts.md#f-1-2. */
  readonly source: 'browser' | 'agreement-api';
  resolved: boolean;
}

/** Agreements, licenses and tokens. Every look-up that a request needs is by key. */
export class MarketplaceState {
  readonly products: ReadonlyMap<string, ProductConfig>;
  readonly agreements = new Map<string, Agreement>();
  readonly licensesByArn = new Map<string, License>();
  readonly tokens = new Map<string, IssuedToken>();
  /** AWS accounts suspended by AWS. */
  readonly suspended = new Set<string>();
  private readonly licensesByCustomer = new Map<string, License[]>();
  private readonly accountsByIdentifier = new Map<string, string>();

  constructor(products: readonly ProductConfig[]) {
    this.products = new Map(products.map((product) => [product.productCode, product]));
  }

  addLicense(license: License): void {
    this.licensesByArn.set(license.licenseArn, license);
    this.accountsByIdentifier.set(customerIdentifierOf(license.customerAwsAccountId), license.customerAwsAccountId);
    const key = customerKey(license.product.productCode, license.customerAwsAccountId);
    const others = this.licensesByCustomer.get(key);
    if (others) {
      others.push(license);
    } else {
      this.licensesByCustomer.set(key, [license]);
    }
  }

  /** Licenses of one buyer for one product, oldest first. */
  licensesOf(productCode: string, customerAwsAccountId: string): readonly License[] {
    return this.licensesByCustomer.get(customerKey(productCode, customerAwsAccountId)) ?? [];
  }

  accountOf(customerIdentifier: string): string | undefined {
    return this.accountsByIdentifier.get(customerIdentifier);
  }

  reset(): void {
    this.agreements.clear();
    this.licensesByArn.clear();
    this.tokens.clear();
    this.suspended.clear();
    this.licensesByCustomer.clear();
    this.accountsByIdentifier.clear();
  }
}

function customerKey(productCode: string, customerAwsAccountId: string): string {
  return `${productCode}|${customerAwsAccountId}`;
}
