import { BREAKER_KEY, header, isoTime, LEASE_KEY, ZERO_USAGE_KEY } from './items';
import type { UsageTable } from './table';
import { bucketId, parseBucketId } from '../../domain/usage/ledger/bucket';
import type { BreakerState, ControlStore, ZeroProgress } from '../../domain/usage/ports';

/** What runs of metering leave for later runs. */
export class UsageTableControl implements ControlStore {
  constructor(private readonly table: UsageTable) {}

  async acquireLease(owner: string, now: number, until: number): Promise<boolean> {
    return this.table.update(LEASE_KEY, {
      set: { ...header('Lease'), owner, until: isoTime(until) },
      condition: 'attribute_not_exists(#owner) OR #owner = :owner OR #until <= :now',
      values: { owner, now: isoTime(now) },
    });
  }

  async releaseLease(owner: string): Promise<void> {
    await this.table.update(LEASE_KEY, { remove: ['owner', 'until'], condition: '#owner = :owner', values: { owner } });
  }

  async readBreaker(): Promise<BreakerState> {
    const item = await this.table.get(BREAKER_KEY);
    return { open: item?.open === true, ...(item?.probe !== undefined && { probe: parseBucketId(item.probe as string) }) };
  }

  async writeBreaker({ open, probe }: BreakerState, at: number): Promise<void> {
    await this.table.update(BREAKER_KEY, {
      set: { ...header('Breaker'), open, at: isoTime(at), ...(probe && { probe: bucketId(probe) }) },
      ...(!probe && { remove: ['probe'] }),
    });
  }

  async readZeroProgress(): Promise<ZeroProgress | undefined> {
    const item = await this.table.get(ZERO_USAGE_KEY);
    return item && { hour: item.hour as string, ...(item.after !== undefined && { after: item.after as string }) };
  }

  async writeZeroProgress({ hour, after }: ZeroProgress): Promise<void> {
    await this.table.update(ZERO_USAGE_KEY, { set: { ...header('ZeroUsage'), hour, after }, ...(after === undefined && { remove: ['after'] }) });
  }
}
