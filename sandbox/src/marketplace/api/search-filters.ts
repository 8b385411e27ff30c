import { optionalList, requiredString, structure } from './shapes';
import { WireError } from './wire';
import { productIdOf } from '../world/ids';
import type { Agreement } from '../world/types';

export type SearchFilter = (agreement: Agreement) => boolean;

const STATUSES = ['ACTIVE', 'ARCHIVED', 'CANCELLED', 'EXPIRED', 'RENEWED', 'REPLACED', 'ROLLED_BACK', 'SUPERSEDED', 'TERMINATED'];

/** Filters of SearchAgreements that a proposer may combine. */
const FILTERS: Readonly<Record<string, (value: string) => SearchFilter>> = {
  AgreementType: (value) => () => value === 'PurchaseAgreement',
  PartyType: proposerOnly,
  ResourceIdentifier: (value) => (agreement) => productIdOf(agreement.product.productCode) === value,
  ResourceType: (value) => () => value === 'SaaSProduct',
  AcceptorAccountId: (value) => (agreement) => agreement.customerAwsAccountId === value,
  OfferId: (value) => (agreement) => agreement.offerId === value,
  Status: byStatus,
  LicenseArn: (value) => (agreement) => agreement.license.licenseArn === value,
  InitialAgreementId: (value) => (agreement) => agreement.initialAgreementId === value,
  EndTimeBehaviorType: (value) => (agreement) => agreement.endTime !== undefined && value === (agreement.autoRenewal ? 'RENEW' : 'EXPIRE'),
  BeforeEndTime: before((agreement) => agreement.endTime ?? Infinity),
  AfterEndTime: after((agreement) => agreement.endTime ?? Infinity),
  BeforeStartTime: before((agreement) => agreement.startTime),
  AfterStartTime: after((agreement) => agreement.startTime),
  BeforeLastUpdateTime: before((agreement) => agreement.lastUpdateTime),
  AfterLastUpdateTime: after((agreement) => agreement.lastUpdateTime),
};

/** @throws WireError ValidationException; AgreementType is required */
export function searchFilters(value: unknown): SearchFilter[] {
  const list = optionalList({ value }, 'value', 'filters') ?? [];
  const parsed = list.map((item, index) => parseFilter(item, `filters.${index + 1}.member`));
  if (!parsed.some(({ name }) => name === 'AgreementType')) {
    throw invalid('The filter AgreementType is required', 'MISSING_FILTER_NAME');
  }
  return parsed.map(({ name, value: wanted }) => FILTERS[name](wanted));
}

function parseFilter(item: unknown, path: string): { name: string; value: string } {
  const members = structure(item, path);
  const name = requiredString(members, 'name', `${path}.name`, { minimum: 1 });
  if (!Object.hasOwn(FILTERS, name)) {
    throw invalid(`The filter '${name}' is none of ${Object.keys(FILTERS).join(', ')}`, 'INVALID_FILTER_NAME');
  }
  const values = optionalList(members, 'values', `${path}.values`) ?? [];
  if (values.length !== 1 || typeof values[0] !== 'string') {
    throw invalid(`The filter '${name}' takes exactly one value`, 'INVALID_FILTER_VALUES');
  }
  return { name, value: values[0] };
}

function proposerOnly(value: string): SearchFilter {
  if (value !== 'Proposer') {
    throw invalid(`PartyType '${value}': the sandbox answers as the seller, a Proposer`, 'INVALID_PARTY_TYPE');
  }
  return () => true;
}

function byStatus(value: string): SearchFilter {
  if (!STATUSES.includes(value)) {
    throw invalid(`Status '${value}' is none of ${STATUSES.join(', ')}`, 'INVALID_FILTER_VALUES');
  }
  return (agreement) => agreement.status === value;
}

function before(read: (agreement: Agreement) => number): (value: string) => SearchFilter {
  return (value) => {
    const limit = instant(value);
    return (agreement) => read(agreement) < limit;
  };
}

function after(read: (agreement: Agreement) => number): (value: string) => SearchFilter {
  return (value) => {
    const limit = instant(value);
    return (agreement) => read(agreement) > limit;
  };
}

function instant(value: string): number {
  const time = Date.parse(value);
  if (Number.isNaN(time)) {
    throw invalid(`'${value}' is not a time`, 'INVALID_FILTER_VALUES');
  }
  return time;
}

function invalid(message: string, reason: string): WireError {
  return new WireError('ValidationException', message, { reason });
}
