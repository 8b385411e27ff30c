import { header, isoTime, type ItemKey, type UsageTable } from './usage-table';
import type { ControlStore, ZeroProgress } from '../domain/usage/store';

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

  async isBreakerOpen(): Promise<boolean> {
    return (await this.table.get(BREAKER))?.open === true;
  }

  async setBreaker(open: boolean, at: number): Promise<void> {
    await this.table.update(BREAKER, { set: { ...header('Breaker'), open, at: isoTime(at) } });
  }

  async readZeroProgress(): Promise<ZeroProgress | undefined> {
    const item = await this.table.get(ZERO);
    return item && { hour: item.hour as string, position: item.position as number };
  }

  async writeZeroProgress(progress: ZeroProgress): Promise<void> {
    await this.table.update(ZERO, { set: { ...header('ZeroUsage'), ...progress } });
  }
}
