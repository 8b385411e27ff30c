import { createHash } from 'node:crypto';
import type { Findings } from './findings';
import { hourOf, isoMilliseconds, isoSeconds } from './time';
import type { MeteringRecord } from './types';
import type { Metered } from '../api/metered-license';
import type { UsageRecord } from '../api/usage-record';
import type { Settings } from '../settings/settings';

export interface Outcome {
  readonly status: 'Success' | 'DuplicateRecord';
  readonly meteringRecordId?: string;
}

/** The usage that Marketplace accepted: one record an hour, and the first one stands. See docs/marketplace-facts.md#f-6-3. */
export class MeteringLedger {
  private readonly accepted: MeteringRecord[] = [];
  private readonly byKey = new Map<string, MeteringRecord>();
  /** How the usage of an hour was metered first, to find usage that is metered twice. */
  private readonly firstWay = new Map<string, string>();

  constructor(
    private readonly settings: Settings,
    private readonly findings: Findings,
  ) {}

  record(usage: UsageRecord, metered: Metered, region: string, now: number): Outcome {
    const outcomes = metered.keys.map((kind) => this.recordUnder(kind, usage, metered, region, now));
    return outcomes[0];
  }

  records(): MeteringRecord[] {
    return [...this.accepted];
  }

  reset(): void {
    this.accepted.length = 0;
    this.byKey.clear();
    this.firstWay.clear();
  }

  private recordUnder(kind: 'license' | 'product', usage: UsageRecord, metered: Metered, region: string, now: number): Outcome {
    const key = dedupeKey(kind, usage, metered, region);
    const standing = this.byKey.get(key);
    if (standing) {
      return this.repeated(usage, standing);
    }
    const record = meteringRecord(key, usage, metered, region, now);
    this.byKey.set(key, record);
    this.accepted.push(record);
    this.noticeDoubleBilling(kind, record);
    return { status: 'Success', meteringRecordId: record.meteringRecordId };
  }

  private repeated(usage: UsageRecord, standing: MeteringRecord): Outcome {
    const status = this.statusOfRepeated(usage, standing);
    if (!sameUsage(usage, standing)) {
      this.findings.add('warning', 'QUANTITY_NOT_BILLED',
        `${standing.dimension} of ${standing.licenseId} at ${standing.hour}: ${usage.quantity} stamped ${isoMilliseconds(usage.timestamp)} got ${status}, `
        + `but an hour has one record: ${standing.quantity} stamped ${standing.timestamp} stands`);
    }
    return {
      status,
      ...(status === 'Success' || this.settings.get('metering.duplicateRecordId')) && { meteringRecordId: standing.meteringRecordId },
    };
  }

  private statusOfRepeated(usage: UsageRecord, standing: MeteringRecord): Outcome['status'] {
    if (sameUsage(usage, standing)) {
      return this.settings.get('metering.identicalResend');
    }
    return usage.quantity === standing.quantity ? this.settings.get('metering.sameQuantityAtAnotherTime') : 'DuplicateRecord';
  }

  private noticeDoubleBilling(kind: string, record: MeteringRecord): void {
    const what = `${record.licenseId}|${record.dimension}|${record.hour}`;
    const way = `${kind} in ${record.region}`;
    const first = this.firstWay.get(what);
    if (first === undefined) {
      this.firstWay.set(what, way);
    } else if (first !== way) {
      this.findings.add('error', 'DOUBLE_BILLING',
        `${record.dimension} of account ${record.customerAwsAccountId} (${record.licenseId}) at ${record.hour} is billed twice: metered by ${first} and by ${way}`);
    }
  }
}

/** AWS calls only identical records idempotent: docs/marketplace-facts.md#f-6-3. */
function sameUsage(usage: UsageRecord, standing: MeteringRecord): boolean {
  return usage.quantity === standing.quantity && isoMilliseconds(usage.timestamp) === standing.timestamp;
}

/** What two records must share to be one: account, license or product, dimension, hour, region. */
export function dedupeKey(kind: 'license' | 'product', usage: UsageRecord, { license }: Metered, region: string): string {
  const sold = kind === 'license' ? license.licenseArn : license.product.productCode;
  return `${region}|${kind}|${sold}|${license.customerAwsAccountId}|${hourOf(usage.timestamp)}|${usage.dimension}`;
}

function meteringRecord(key: string, usage: UsageRecord, { license }: Metered, region: string, now: number): MeteringRecord {
  return {
    // One key, one id, whatever else was metered before.
    meteringRecordId: meteringRecordIdOf(key),
    productCode: license.product.productCode,
    licenseArn: license.licenseArn,
    licenseId: license.licenseId,
    customerAwsAccountId: license.customerAwsAccountId,
    ...usage.customerIdentifier !== undefined && { customerIdentifier: usage.customerIdentifier },
    dimension: usage.dimension,
    timestamp: isoMilliseconds(usage.timestamp),
    hour: isoSeconds(hourOf(usage.timestamp)),
    quantity: usage.quantity,
    region,
    ...usage.usageAllocations && { usageAllocations: usage.usageAllocations },
    acceptedAt: isoMilliseconds(now),
  };
}

function meteringRecordIdOf(key: string): string {
  const hex = createHash('sha256').update(key).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
