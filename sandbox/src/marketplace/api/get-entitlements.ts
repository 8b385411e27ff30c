import { decodePosition, encodePosition } from './paging';
import { optionalInteger, optionalString, requiredString, structure, wrongType } from './shapes';
import { WireError } from './wire';
import type { Settings } from '../settings/settings';
import { customerIdentifierOf } from '../world/ids';
import type { MarketplaceState } from '../world/marketplace-state';
import { SECOND } from '../world/time';
import type { Entitlement, EntitlementValue, License } from '../world/types';

const PAGE = 25;
/** Position of the page after an empty first one. */
const START = 0;

const READERS: Readonly<Record<string, (license: License, entitlement: Entitlement) => string | undefined>> = {
  CUSTOMER_IDENTIFIER: legacyIdentifier,
  CUSTOMER_AWS_ACCOUNT_ID: (license) => license.customerAwsAccountId,
  DIMENSION: (_, entitlement) => entitlement.dimension,
  LICENSE_ARN: (license) => license.licenseArn,
};

/** GetEntitlements: values of a filter key are united, keys intersected. See docs/marketplace-facts.md#f-5. */
export function getEntitlements(input: Record<string, unknown>, state: MarketplaceState, settings: Settings): Record<string, unknown> {
  const productCode = requiredString(input, 'ProductCode', 'productCode', { minimum: 1, maximum: 255 });
  const filter = parseFilter(input.Filter);
  const maxResults = optionalInteger(input, 'MaxResults', 'maxResults', 1, PAGE) ?? PAGE;
  const nextToken = optionalString(input, 'NextToken', 'nextToken', { minimum: 1 });
  if (!state.products.has(productCode) && settings.get('entitlements.unknownProduct') !== 'empty') {
    throw invalidParameter(`There is no product with the code '${productCode}'`);
  }
  const query = JSON.stringify([productCode, [...filter].sort()]);
  if (nextToken === undefined && settings.get('entitlements.emptyFirstPage')) {
    return { Entitlements: [], NextToken: encodePosition(START, query) };
  }
  const position = nextToken === undefined ? START : decodePosition(nextToken, query);
  if (position === undefined) {
    throw invalidParameter('NextToken is not one of this query');
  }
  const found = entitlementsOf(candidates(state, productCode, filter)).filter(([license, entitlement]) => (
    [...filter].every(([key, values]) => values.includes(READERS[key](license, entitlement) ?? ''))
  ));
  const end = position + maxResults;
  return {
    Entitlements: found.slice(position, end).map(([license, entitlement]) => output(license, entitlement)),
    ...end < found.length && { NextToken: encodePosition(end, query) },
  };
}

/** Entitlements in force, oldest license first. */
export function entitlementsOf(licenses: Iterable<License>): (readonly [License, Entitlement])[] {
  return [...licenses].flatMap((license) => license.entitlements.map((entitlement) => [license, entitlement] as const));
}

/** Asking for one license or account must not cost a walk over all of them. */
function candidates(state: MarketplaceState, productCode: string, filter: ReadonlyMap<string, readonly string[]>): Iterable<License> {
  const accounts = filter.get('CUSTOMER_AWS_ACCOUNT_ID');
  if (accounts) {
    return [...new Set(accounts)].flatMap((account) => state.licensesOf(productCode, account));
  }
  const arns = filter.get('LICENSE_ARN');
  const licenses = arns ? [...new Set(arns)].flatMap((arn) => state.licensesByArn.get(arn) ?? []) : [...state.licensesByArn.values()];
  return licenses.filter((license) => license.product.productCode === productCode);
}

function parseFilter(value: unknown): Map<string, readonly string[]> {
  if (value === undefined || value === null) {
    return new Map();
  }
  const filter = new Map(Object.entries(structure(value, 'filter')).map(([key, values]) => [key, parseValues(key, values)]));
  if (filter.has('CUSTOMER_IDENTIFIER') && filter.has('CUSTOMER_AWS_ACCOUNT_ID')) {
    throw invalidParameter('CUSTOMER_IDENTIFIER and CUSTOMER_AWS_ACCOUNT_ID are mutually exclusive filters');
  }
  return filter;
}

function parseValues(key: string, values: unknown): readonly string[] {
  if (!Object.hasOwn(READERS, key)) {
    throw invalidParameter(`There is no filter '${key}'; there are: ${Object.keys(READERS).join(', ')}`);
  }
  if (!Array.isArray(values) || values.some((value) => typeof value !== 'string')) {
    throw wrongType(`filter.${key}`, 'a list of strings');
  }
  if (values.length === 0) {
    throw invalidParameter(`Filter '${key}' needs at least one value`);
  }
  return values as string[];
}

function output(license: License, entitlement: Entitlement): Record<string, unknown> {
  const identifier = legacyIdentifier(license);
  return {
    ProductCode: license.product.productCode,
    Dimension: entitlement.dimension,
    ...identifier !== undefined && { CustomerIdentifier: identifier },
    CustomerAWSAccountId: license.customerAwsAccountId,
    Value: valueOf(entitlement.value),
    ExpirationDate: entitlement.expirationDate / SECOND,
    LicenseArn: license.licenseArn,
  };
}

/** One of the four members: docs/marketplace-facts.md#f-5. */
function valueOf(value: EntitlementValue): Record<string, unknown> {
  switch (typeof value) {
    case 'boolean': return { BooleanValue: value };
    case 'string': return { StringValue: value };
    default: return Number.isInteger(value) ? { IntegerValue: value } : { DoubleValue: value };
  }
}

function legacyIdentifier(license: License): string | undefined {
  return license.product.agreementMode === 'LEGACY' ? customerIdentifierOf(license.customerAwsAccountId) : undefined;
}

function invalidParameter(message: string): WireError {
  return new WireError('InvalidParameterException', message);
}
