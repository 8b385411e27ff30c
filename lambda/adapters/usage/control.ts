import { circuitItem, circuitOf, CIRCUITS_PK, closedCircuitItem, LEASE_KEY, ZERO_USAGE_KEY } from './control-items';
import { header } from './items';
import type { UsageTable } from './table';
import { defined } from '../../domain/defined';
import { isoTime } from '../../domain/time';
import type { Circuit } from '../../domain/usage/ledger/circuit';
import type { ControlStore, ZeroProgress } from '../../domain/usage/ports';

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

  async readCircuits(): Promise<Circuit[]> {
    const circuits: Circuit[] = [];
    const query = { KeyConditionExpression: '#pk = :pk', ExpressionAttributeNames: { '#pk': 'pk' }, ExpressionAttributeValues: { ':pk': CIRCUITS_PK } };
    for await (const item of this.table.query({ ...query, ConsistentRead: true })) {
      const circuit = circuitOf(item);
      if (circuit) {
        circuits.push(circuit);
      }
    }
    return circuits;
  }

  async writeCircuit(circuit: Circuit): Promise<void> {
    await this.table.put(circuitItem(circuit));
  }

  async closeCircuit(key: string, at: number): Promise<void> {
    await this.table.put(closedCircuitItem(key, at));
  }

  async readZeroProgress(): Promise<ZeroProgress | undefined> {
    const item = await this.table.get(ZERO_USAGE_KEY);
    return item && defined({ hour: item.hour as string, after: item.after as string | undefined });
  }

  async writeZeroProgress({ hour, after }: ZeroProgress): Promise<void> {
    await this.table.update(ZERO_USAGE_KEY, { set: { ...header('ZeroUsage'), hour, after }, remove: after === undefined ? ['after'] : [] });
  }
}
