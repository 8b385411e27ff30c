import { type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { UsageIndex } from '../../../src/names';
import { queryIndex } from '../aws/query';

/** Hours of the ledger that wait for a person: whether AWS took them only CloudTrail tells. */
export class UnresolvedHours {
  constructor(private readonly documentClient: DynamoDBDocumentClient, private readonly tableName: string) {}

  /** Eventually consistent. `elsewhere`: those that somebody else has metered; `all`: nothing was left out. */
  async count(mayGoOn: () => boolean): Promise<{ readonly count: number; readonly elsewhere: number; readonly all: boolean }> {
    let count = 0;
    let elsewhere = 0;
    for await (const { reason } of queryIndex<{ reason?: string }>(this.documentClient, this.tableName, UsageIndex.ATTENTION, 'UNRESOLVED')) {
      if (!mayGoOn()) {
        return { count, elsewhere, all: false };
      }
      count += 1;
      if (reason === 'MeteredElsewhere') {
        elsewhere += 1;
      }
    }
    return { count, elsewhere, all: true };
  }
}
