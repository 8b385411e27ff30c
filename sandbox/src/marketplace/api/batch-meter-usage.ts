import { invalidLicense, type Metered, MeteredLicenses } from './metered-license';
import { type BatchMeterUsageInput, parseBatchMeterUsage, type UsageRecord } from './usage-record';
import { checkTimestamp } from './usage-time';
import { WireError } from './wire';
import type { Settings } from '../settings/settings';
import type { MarketplaceState } from '../world/marketplace-state';
import { dedupeKey, type MeteringLedger } from '../world/metering-ledger';
import type { ProductConfig } from '../world/types';

export interface MeteringCall {
  readonly body: Record<string, unknown>;
  readonly bytes: number;
  readonly region: string;
  readonly now: number;
  /** Hand back so many records unprocessed, from the first on. */
  readonly unprocessed: number;
}

interface Judged {
  readonly usage: UsageRecord;
  /** Absent: the customer is unknown, so the record does not count. */
  readonly metered?: Metered;
}

/** BatchMeterUsage: docs/marketplace-facts.md#f-6. An invalid record makes the call fail before any of its records counts. */
export class BatchMeterUsage {
  private readonly licenses: MeteredLicenses;

  constructor(
    private readonly state: MarketplaceState,
    private readonly ledger: MeteringLedger,
    private readonly settings: Settings,
  ) {
    this.licenses = new MeteredLicenses(state, settings);
  }

  run(call: MeteringCall): Record<string, unknown> {
    if (call.bytes >= this.settings.get('metering.maxRequestBytes')) {
      throw new WireError('RequestEntityTooLargeException', `The request has ${call.bytes} bytes; it must be smaller than 1 MB`);
    }
    const input = parseBatchMeterUsage(call.body);
    const judged = this.judge(input, call.now);
    this.checkSameKeys(judged, call.region);
    const unprocessed = judged.slice(0, call.unprocessed);
    return {
      Results: judged.slice(call.unprocessed).map((one) => this.process(one, call)),
      UnprocessedRecords: unprocessed.map((one) => one.usage.raw),
    };
  }

  private judge({ productCode, records }: BatchMeterUsageInput, now: number): Judged[] {
    const stated = productCode === undefined ? undefined : this.licenses.product(productCode);
    let product: ProductConfig | undefined;
    return records.map((usage) => {
      const metered = this.licenses.find(usage, stated, now);
      if (!metered) {
        return { usage };
      }
      product ??= metered.license.product;
      if (metered.license.product !== product) {
        throw invalidLicense(usage, 'the licenses of a call must be of one product');
      }
      checkDimension(usage, product);
      this.checkOffer(usage, metered);
      checkTimestamp(usage.timestamp, metered.start, now, this.settings, usage.path);
      return { usage, metered };
    });
  }

  private checkOffer(usage: UsageRecord, { license }: Metered): void {
    const offered = this.state.agreements.get(license.agreementId)?.dimensions ?? [];
    if (usage.quantity > 0 && !offered.includes(usage.dimension) && this.settings.get('metering.dimensionOutsideOffer') !== 'accepted') {
      throw invalidDimension(usage);
    }
  }

  private process({ usage, metered }: Judged, { region, now }: MeteringCall): Record<string, unknown> {
    if (!metered || metered.refused) {
      return { UsageRecord: usage.raw, Status: 'CustomerNotSubscribed' };
    }
    const { status, meteringRecordId } = this.ledger.record(usage, metered, region, now);
    return { UsageRecord: usage.raw, ...meteringRecordId && { MeteringRecordId: meteringRecordId }, Status: status };
  }

  private checkSameKeys(judged: readonly Judged[], region: string): void {
    if (this.settings.get('metering.sameKeyInOneCall') !== 'refuse') {
      return;
    }
    const keys = judged.flatMap(({ usage, metered }) => (metered ? [dedupeKey(metered.keys[0], usage, metered, region)] : []));
    if (new Set(keys).size < keys.length) {
      throw new WireError('ValidationException', 'Two records of the call have the same customer, dimension and hour');
    }
  }
}

function checkDimension(usage: UsageRecord, product: ProductConfig): void {
  if (product.pricingModel === 'CONTRACT' || !product.dimensions.includes(usage.dimension)) {
    throw invalidDimension(usage);
  }
}

function invalidDimension({ dimension, path }: UsageRecord): WireError {
  return new WireError('InvalidUsageDimensionException',
    `The usage dimension does not match one of the UsageDimensions associated with products: '${dimension}' (${path})`);
}
