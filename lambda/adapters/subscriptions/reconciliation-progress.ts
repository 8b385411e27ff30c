import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { AGREEMENT_SCAN_KEY, epochMs, RECONCILIATION_PK, UNREGISTERED_KEY } from './items';
import { Keys, SCHEMA_VERSION } from '../../../src/names';
import { defined } from '../../domain/defined';
import type { AgreementScan, Progress, ReconciliationProgress } from '../../domain/subscription/ports';
import { isoTime, optionalIsoTime } from '../../domain/time';
import { query } from '../aws/query';

interface Item {
  readonly [attribute: string]: unknown;
  readonly unregisteredCheckedUntil?: string;
  readonly checkedUntil?: string;
  readonly retryAt?: string;
}

/** The progress of reconciliation: items of one partition of the subscriptions table, which one call reads. */
export class ReconciliationProgressItems implements ReconciliationProgress {
  constructor(private readonly documentClient: DynamoDBDocumentClient, private readonly tableName: string) {}

  async read(): Promise<Progress> {
    const items = new Map<unknown, Item>();
    const ofPartition = { TableName: this.tableName, KeyConditionExpression: '#pk = :pk', ExpressionAttributeNames: { '#pk': Keys.PK } };
    for await (const item of query<Item>(this.documentClient, { ...ofPartition, ExpressionAttributeValues: { ':pk': RECONCILIATION_PK } })) {
      items.set(item[Keys.SK], item);
    }
    return defined({
      unregisteredCheckedUntil: epochMs(items.get(UNREGISTERED_KEY.sk)?.unregisteredCheckedUntil),
      agreements: agreementScanOf(items.get(AGREEMENT_SCAN_KEY.sk)),
    });
  }

  async writeUnregisteredCheckedUntil(activeSince: number): Promise<void> {
    await this.put({ ...UNREGISTERED_KEY, type: 'ReconciliationProgress', unregisteredCheckedUntil: isoTime(activeSince) });
  }

  async writeAgreementScan({ checkedUntil, productId, open, retryAt }: AgreementScan): Promise<void> {
    await this.put(defined({
      ...AGREEMENT_SCAN_KEY, type: 'AgreementScan', checkedUntil: isoTime(checkedUntil), productId, open, retryAt: optionalIsoTime(retryAt),
    }));
  }

  private async put(item: Item): Promise<void> {
    await this.documentClient.send(new PutCommand({ TableName: this.tableName, Item: { ...item, v: SCHEMA_VERSION } }));
  }
}

function agreementScanOf(item: Item | undefined): AgreementScan | undefined {
  if (item === undefined) {
    return undefined;
  }
  const { checkedUntil, productId, open, retryAt } = item;
  return defined({ checkedUntil: epochMs(checkedUntil), productId, open, retryAt: epochMs(retryAt) }) as AgreementScan;
}
