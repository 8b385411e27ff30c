import { isGiven } from './invalid';
import { isCustomerIdentifier, legacyIdOf } from '../../subscription/legacy-customer';

/**
 * A usage record of a legacy product may name its buyer by `customerIdentifier`, as AWS does; it is then read as a record
 * with the key of that buyer's subscription as its `license`. Every other record stays as it is.
 */
export function withLegacyLicense(input: unknown, productCode: string): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return input;
  }
  const { license, customerIdentifier } = input as Readonly<Record<string, unknown>>;
  return !isGiven(license) && typeof customerIdentifier === 'string' && isCustomerIdentifier(customerIdentifier)
    ? { ...input, license: legacyIdOf({ productCode, customerIdentifier }) }
    : input;
}
