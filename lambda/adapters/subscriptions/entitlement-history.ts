import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { entitlementPeriodKey, type EntitlementsItem, entitlementsKey, toEntitlementPeriod, toLicenseEntitlements } from './items';
import { defined } from '../../domain/defined';
import type { EntitlementHistory, EntitlementPeriod, KnownEntitlements } from '../../domain/entitlements/ports';
import { isoTime } from '../../domain/time';
import { query } from '../aws/query';

/** Reads entitlements and their past from the subscriptions table. */
export class DynamoEntitlementHistory implements EntitlementHistory {
  constructor(private readonly documentClient: DynamoDBDocumentClient, private readonly tableName: string) {}

  async during(licenseId: string, from: number, until: number): Promise<KnownEntitlements> {
    const { Item: item } = await this.documentClient.send(new GetCommand({
      TableName: this.tableName, Key: entitlementsKey(licenseId), ConsistentRead: true,
    }));
    if (item === undefined) {
      return { periods: [] };
    }
    const { askedAt } = toLicenseEntitlements(item as EntitlementsItem);
    const current = toEntitlementPeriod(item as EntitlementsItem);
    return defined({ periods: current === undefined ? [] : await this.periods(licenseId, current, from, until), askedAt });
  }

  private async periods(licenseId: string, current: EntitlementPeriod, from: number, until: number): Promise<EntitlementPeriod[]> {
    const found = current.since < until ? [current] : [];
    if (current.since > from) {
      for await (const period of this.past(licenseId, { until: until - 1, latestFirst: true })) {
        found.unshift(period);
        if (period.since <= from) {
          break;
        }
      }
    }
    if (found.length > 0) {
      return found;
    }
    for await (const first of this.past(licenseId, { until: current.since, latestFirst: false })) {
      return [first];
    }
    return [current];
  }

  private async *past(licenseId: string, { until, latestFirst }: { until: number; latestFirst: boolean }): AsyncIterable<EntitlementPeriod> {
    const { pk, sk } = entitlementPeriodKey(licenseId, isoTime(until));
    for await (const item of query<EntitlementsItem>(this.documentClient, {
      TableName: this.tableName,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :until',
      ExpressionAttributeValues: { ':pk': pk, ':from': `${entitlementsKey(licenseId).sk}#`, ':until': sk },
      ScanIndexForward: !latestFirst,
      ConsistentRead: true,
      Limit: 10,
    })) {
      const period = toEntitlementPeriod(item);
      if (period !== undefined) {
        yield period;
      }
    }
  }
}
