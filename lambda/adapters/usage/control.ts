import { header, isoTime, type ItemKey, type UsageTable } from './table';
import { bucketId, parseBucketId } from '../../domain/usage/ledger/bucket';
import type { BreakerState, ControlStore, ZeroProgress } from '../../domain/usage/ports';

const LEASE: ItemKey = { pk: 'LEASE', sk: 'metering' };
const BREAKER: ItemKey = { pk: 'LEASE', sk: 'breaker' };
const ZERO: ItemKey = { pk: 'LEASE', sk: 'zero-usage' };

/** What runs of metering tell each other. */
export class UsageTableControl implements ControlStore {
  constructor(private readonly table: UsageTable) {}

  async acquireLease(owner: string, now: number, until: number): Promise<boolean> {
    return this.table.update(LEASE, {
      set: { ...header('Lease'), owner, until: isoTime(until) },
      condition: 'attribute_not_exists(#owner) OR #owner = :owner OR #until <= :now',
      values: { owner, now: isoTime(now) },
    });
  }

  async releaseLease(owner: string): Promise<void> {
    await this.table.update(LEASE, { remove: ['owner', 'until'], condition: '#owner = :owner', values: { owner } });
  }

  async readBreaker(): Promise<BreakerState> {
    const item = await this.table.get(BREAKER);
    return { open: item?.open === true, ...(item?.probe !== undefined && { probe: parseBucketId(item.probe as string) }) };
  }

  async writeBreaker({ open, probe }: BreakerState, at: number): Promise<void> {
    await this.table.update(BREAKER, {
      set: { ...header('Breaker'), open, at: isoTime(at), ...(probe && { probe: bucketId(probe) }) },
      ...(!probe && { remove: ['probe'] }),
    });
  }

  async readZeroProgress(): Promise<ZeroProgress | undefined> {
    const item = await this.table.get(ZERO);
    return item && { hour: item.hour as string, ...(item.after !== undefined && { after: item.after as string }) };
  }

  async writeZeroProgress({ hour, after }: ZeroProgress): Promise<void> {
    await this.table.update(ZERO, { set: { ...header('ZeroUsage'), hour, after }, ...(after === undefined && { remove: ['after'] }) });
  }
}
