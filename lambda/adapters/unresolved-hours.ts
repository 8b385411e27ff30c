import { type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { queryIndex } from './index-query';
import { UsageIndex } from '../../src/contract';

/** Hours of the ledger that wait for a person: whether AWS took them only CloudTrail tells. */
export class UnresolvedHours {
  constructor(private readonly documentClient: DynamoDBDocumentClient, private readonly tableName: string) {}

  /** Eventually consistent. `elsewhere`: those that somebody else has metered. */
  async count(mayGoOn: () => boolean): Promise<{ readonly all: number; readonly elsewhere: number }> {
    let all = 0;
    let elsewhere = 0;
    for await (const { reason } of queryIndex<{ reason?: string }>(this.documentClient, this.tableName, UsageIndex.ATTENTION, 'UNRESOLVED')) {
      if (!mayGoOn()) break;
      all += 1;
      if (reason === 'MeteredElsewhere') elsewhere += 1;
    }
    return { all, elsewhere };
  }
}
