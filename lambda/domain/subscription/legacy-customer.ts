/** A buyer of a legacy product, as AWS Marketplace names it (docs/marketplace-facts.md#f-2-1). */
export interface LegacyCustomer {
  readonly productCode: string;
  readonly customerIdentifier: string;
}

/** Letters and digits in practice. Separators of keys are not among these. */
const CUSTOMER_IDENTIFIER = /^[A-Za-z0-9_.-]{1,128}$/;
const LEGACY_ID = /^legacy-([a-z0-9]{1,255})-([A-Za-z0-9_.-]{1,128})$/;

/** Whether the text can be a customer identifier. */
export function isCustomerIdentifier(text: string): boolean {
  return CUSTOMER_IDENTIFIER.test(text);
}

/** The key of a subscription of a legacy product, in place of a license id: product code and customer identifier. */
export function legacyIdOf({ productCode, customerIdentifier }: LegacyCustomer): string {
  return `legacy-${productCode}-${customerIdentifier}`;
}

/** @returns undefined for the key of a license */
export function legacyCustomerOf(licenseId: string): LegacyCustomer | undefined {
  const match = LEGACY_ID.exec(licenseId);
  return match === null ? undefined : { productCode: match[1] as string, customerIdentifier: match[2] as string };
}
