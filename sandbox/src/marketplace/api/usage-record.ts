import { MAX_QUANTITY, MAX_RECORDS } from './limits';
import { optionalInteger, optionalList, optionalString, requiredString, requiredTimestamp, structure, violation } from './shapes';
import { parseAllocations } from './usage-allocations';
import { WireError } from './wire';
import type { UsageAllocation } from '../world/types';

const LICENSE_ARN =
  /^arn:aws[a-zA-Z-]*:[A-Za-z0-9][A-Za-z0-9_/.-]{0,62}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9][A-Za-z0-9:_/+=,@.-]{0,1023}$/;

/** A record within the limits of AWS's model: docs/marketplace-facts.md#f-6-1. */
export interface UsageRecord {
  /** As received: results repeat it. */
  readonly raw: unknown;
  /** Where it stands in the request, for messages. */
  readonly path: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly dimension: string;
  readonly quantity: number;
  readonly customerIdentifier?: string;
  readonly customerAwsAccountId?: string;
  readonly licenseArn?: string;
  readonly usageAllocations?: readonly UsageAllocation[];
}

export interface BatchMeterUsageInput {
  /** `''` is as good as none. */
  readonly productCode?: string;
  readonly records: readonly UsageRecord[];
}

/** @throws WireError when anything of the request breaks a limit: then none of its records counts */
export function parseBatchMeterUsage(body: Record<string, unknown>): BatchMeterUsageInput {
  const productCode = optionalString(body, 'ProductCode', 'productCode', { maximum: 255, pattern: /^[-a-zA-Z0-9/=:_.@]*$/ });
  const list = optionalList(body, 'UsageRecords', 'usageRecords');
  if (!list) {
    throw violation(undefined, 'usageRecords', 'Member must not be null');
  }
  if (list.length > MAX_RECORDS) {
    throw violation(`[${list.length} records]`, 'usageRecords', `Member must have length less than or equal to ${MAX_RECORDS}`);
  }
  return {
    ...productCode && { productCode },
    records: list.map((item, index) => parseRecord(item, `usageRecords.${index + 1}.member`)),
  };
}

function parseRecord(raw: unknown, path: string): UsageRecord {
  const members = structure(raw, path);
  const record = {
    raw,
    path,
    timestamp: requiredTimestamp(members, 'Timestamp', `${path}.timestamp`),
    dimension: requiredString(members, 'Dimension', `${path}.dimension`, { minimum: 1, maximum: 255 }),
    quantity: optionalInteger(members, 'Quantity', `${path}.quantity`, 0, MAX_QUANTITY) ?? 0,
    customerIdentifier: optionalString(members, 'CustomerIdentifier', `${path}.customerIdentifier`, { maximum: 255 }) || undefined,
    customerAwsAccountId: optionalString(members, 'CustomerAWSAccountId', `${path}.customerAWSAccountId`,
      { minimum: 1, maximum: 255, pattern: /^[0-9]+$/ }),
    licenseArn: optionalString(members, 'LicenseArn', `${path}.licenseArn`, { pattern: LICENSE_ARN }),
  };
  if (record.customerIdentifier && record.customerAwsAccountId) {
    throw new WireError('InvalidCustomerIdentifierException', `CustomerIdentifier and CustomerAWSAccountId are mutually exclusive (${path})`);
  }
  const allocations = optionalList(members, 'UsageAllocations', `${path}.usageAllocations`);
  return allocations ? { ...record, usageAllocations: parseAllocations(allocations, record.quantity, `${path}.usageAllocations`) } : record;
}
