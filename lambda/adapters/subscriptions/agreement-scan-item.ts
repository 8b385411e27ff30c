import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { AGREEMENT_SCAN_KEY } from './items';
import { SCHEMA_VERSION } from '../../../src/names';
import { defined } from '../../domain/defined';
import type { AgreementScan, AgreementScanStore } from '../../domain/subscription/ports';
import { isoTime, optionalIsoTime } from '../../domain/time';

/** The scan of agreements, one item of the subscriptions table. */
export class AgreementScanItem implements AgreementScanStore {
  constructor(private readonly documentClient: DynamoDBDocumentClient, private readonly tableName: string) {}

  async read(): Promise<AgreementScan | undefined> {
    const { Item: item } = await this.documentClient.send(new GetCommand({ TableName: this.tableName, Key: AGREEMENT_SCAN_KEY }));
    if (item === undefined) {
      return undefined;
    }
    const { checkedUntil, productId, open, retryAt } = item;
    return defined({
      checkedUntil: Date.parse(String(checkedUntil)),
      productId,
      open,
      retryAt: retryAt === undefined ? undefined : Date.parse(String(retryAt)),
    }) as AgreementScan;
  }

  async write({ checkedUntil, productId, open, retryAt }: AgreementScan): Promise<void> {
    await this.documentClient.send(new PutCommand({
      TableName: this.tableName,
      Item: defined({
        ...AGREEMENT_SCAN_KEY,
        type: 'AgreementScan',
        v: SCHEMA_VERSION,
        checkedUntil: isoTime(checkedUntil),
        productId,
        open,
        retryAt: optionalIsoTime(retryAt),
      }),
    }));
  }
}
