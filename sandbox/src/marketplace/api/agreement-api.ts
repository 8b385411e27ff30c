import { decodePosition, encodePosition } from './paging';
import { searchFilters, type SearchFilter } from './search-filters';
import { optionalInteger, optionalString, requiredString, structure } from './shapes';
import { unsupported, WireError } from './wire';
import type { Settings } from '../settings/settings';
import { acceptedTerms, agreementOutput, licenseStatus, productResource } from '../world/agreement-views';
import type { MarketplaceState } from '../world/marketplace-state';
import type { Agreement } from '../world/types';

const PAGE = 50;
const NAMES: Readonly<Record<string, string>> = { EndTime: 'endTime', StartTime: 'startTime', LastUpdateTime: 'lastUpdateTime' };

/** What of the Agreement API serves to reconcile: reading, as the proposer. */
export class AgreementApi {
  constructor(
    private readonly state: MarketplaceState,
    private readonly settings: Settings,
  ) {}

  run(operation: string, input: Record<string, unknown>, now: number): Record<string, unknown> {
    switch (operation) {
      case 'DescribeAgreement': return this.describe(input);
      case 'SearchAgreements': return this.search(input);
      case 'GetAgreementTerms': return page(input, 'acceptedTerms', acceptedTerms(this.find(input)));
      case 'GetAgreementEntitlements': return this.entitlements(input, now);
      default: throw unsupported(`The sandbox does not emulate ${operation} of the AWS Marketplace Agreement API`);
    }
  }

  private describe(input: Record<string, unknown>): Record<string, unknown> {
    const agreement = this.find(input);
    return { ...agreementOutput(agreement), estimatedCharges: { currencyCode: 'USD', agreementValue: '0' } };
  }

  private entitlements(input: Record<string, unknown>, now: number): Record<string, unknown> {
    const agreement = this.find(input);
    if (!this.settings.get('agreements.entitlementsForProposer')) {
      throw new WireError('AccessDeniedException', 'Only the acceptor may read the entitlements of an agreement');
    }
    const status = agreement.license.agreementId === agreement.agreementId ? licenseStatus(agreement.license, now) : 'DEPROVISIONED';
    return page(input, 'agreementEntitlements', [{
      resource: productResource(agreement), type: 'License', status, licenseArn: agreement.license.licenseArn,
    }]);
  }

  private search(input: Record<string, unknown>): Record<string, unknown> {
    optionalString(input, 'catalog', 'catalog', { minimum: 1, maximum: 64 });
    const filters = searchFilters(input.filters);
    const sort = sorting(input.sort);
    const found = [...this.state.agreements.values()]
      .filter((agreement) => isProposed(agreement) && filters.every((filter: SearchFilter) => filter(agreement)))
      .sort(sort);
    return page(input, 'agreementViewSummaries', found.map((agreement) => ({
      ...agreementOutput(agreement),
      lastUpdateTime: agreement.lastUpdateTime / 1_000,
      entitlements: [{ licenseArn: agreement.license.licenseArn }],
      initialAgreementId: agreement.initialAgreementId,
      ...agreement.endTime !== undefined && { endTimeBehaviorType: agreement.autoRenewal ? 'RENEW' : 'EXPIRE' },
    })));
  }

  private find(input: Record<string, unknown>): Agreement {
    const agreementId = requiredString(input, 'agreementId', 'agreementId', { minimum: 1, maximum: 64, pattern: /^[A-Za-z0-9_/-]+$/ });
    const agreement = this.state.agreements.get(agreementId);
    if (!agreement || !isProposed(agreement)) {
      throw new WireError('ResourceNotFoundException', `There is no agreement ${agreementId}`, { resourceId: agreementId, resourceType: 'Agreement' });
    }
    return agreement;
  }
}

/** Where a channel partner resells, the seller is the manufacturer, and no party of the agreement: docs/marketplace-facts.md#f-3-3. */
function isProposed(agreement: Agreement): boolean {
  return agreement.resaleAuthorizationId === undefined;
}

function sorting(value: unknown): (a: Agreement, b: Agreement) => number {
  const sort = value === undefined || value === null ? {} : structure(value, 'sort');
  const sortBy = optionalString(sort, 'sortBy', 'sort.sortBy') ?? 'EndTime';
  const sortOrder = optionalString(sort, 'sortOrder', 'sort.sortOrder') ?? 'ASCENDING';
  if (!Object.hasOwn(NAMES, sortBy)) {
    throw new WireError('ValidationException', `sortBy '${sortBy}' is none of ${Object.keys(NAMES).join(', ')}`, { reason: 'INVALID_SORT_BY' });
  }
  if (sortOrder !== 'ASCENDING' && sortOrder !== 'DESCENDING') {
    throw new WireError('ValidationException', `sortOrder '${sortOrder}' is neither ASCENDING nor DESCENDING`, { reason: 'INVALID_SORT_ORDER' });
  }
  const key = NAMES[sortBy] as 'endTime' | 'startTime' | 'lastUpdateTime';
  const direction = sortOrder === 'ASCENDING' ? 1 : -1;
  return (a, b) => direction * compare(a[key] ?? Infinity, b[key] ?? Infinity);
}

function compare(a: number, b: number): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}

function page(input: Record<string, unknown>, name: string, items: readonly unknown[]): Record<string, unknown> {
  const maxResults = optionalInteger(input, 'maxResults', 'maxResults', 1, PAGE) ?? PAGE;
  const nextToken = optionalString(input, 'nextToken', 'nextToken', { maximum: 8_192 });
  const query = JSON.stringify([name, input.agreementId, input.filters, input.sort]);
  const position = nextToken === undefined ? 0 : decodePosition(nextToken, query);
  if (position === undefined) {
    throw new WireError('ValidationException', 'nextToken is not one of this query', { reason: 'INVALID_NEXT_TOKEN' });
  }
  const end = position + maxResults;
  return { [name]: items.slice(position, end), ...end < items.length && { nextToken: encodePosition(end, query) } };
}
