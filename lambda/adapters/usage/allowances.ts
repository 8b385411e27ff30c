import { allowanceAttributes, allowanceKey, allowanceOf, drawItem } from './draw-items';
import { bucketPk, DRAWS } from './items';
import type { UsageTable } from './table';
import type { Bucket } from '../../domain/usage/ledger/bucket';
import type { Allowance, AllowanceKey, Draw } from '../../domain/usage/overage/allowance';
import type { AllowanceStore } from '../../domain/usage/ports';

/** Draws on entitlements, in the usage table. */
export class UsageTableAllowances implements AllowanceStore {
  constructor(private readonly table: UsageTable) {}

  async readAllowance(key: AllowanceKey): Promise<Allowance | undefined> {
    const item = await this.table.get(allowanceKey(key));
    return item && allowanceOf(item, key);
  }

  async saveAllowance(key: AllowanceKey, allowance: Allowance, at: number): Promise<boolean> {
    const before = allowance.revision - 1;
    return this.table.update(allowanceKey(key), {
      set: allowanceAttributes(key, allowance, at),
      condition: before === 0 ? 'attribute_not_exists(#revision)' : '#revision = :before',
      ...(before > 0 && { values: { before } }),
    });
  }

  async putDraw(draw: Draw, at: number): Promise<void> {
    await this.table.putIfAbsent(drawItem(draw, at));
  }

  async countDraws(bucket: Bucket): Promise<number> {
    let count = 0;
    for await (const item of this.table.query({
      KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#pk': 'pk', '#sk': 'sk' },
      ExpressionAttributeValues: { ':pk': bucketPk(bucket), ':from': DRAWS.from, ':to': DRAWS.to },
      ConsistentRead: true,
    })) {
      count += item.type === 'CoveredUsage' ? 1 : 0;
    }
    return count;
  }
}
