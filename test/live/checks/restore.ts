import { DescribeContinuousBackupsCommand, DescribeTableCommand, DescribeTimeToLiveCommand, DynamoDBClient, RestoreTableToPointInTimeCommand } from '@aws-sdk/client-dynamodb';
import { until } from '../context';
import { asExpected, Check, notTried, otherwise } from '../observation';
import { RESTORED_TABLE, STACKS } from '../stacks';

const TYPE = 'AWS::DynamoDB::GlobalTable';
const RESTORED_WITHIN = { everyMs: 20_000, forMs: 60 * 60_000 };
/** Point-in-time recovery of a new table starts some minutes after its creation. */
const RESTORABLE_WITHIN = { everyMs: 30_000, forMs: 20 * 60_000 };

/** What a restored table has, and what has to be set again before the integration uses it. */
export const restoreTable: Check = {
  id: 'restore-table',
  question: 'Can the subscriptions table be restored from point-in-time recovery, and which settings does the restored table lack?',
  source: 'docs/marketplace-facts.md#f-11-6',
  needs: ['BACKUPS', 'EXAMPLE'],
  async run({ cloud, clientsOf, region, clock }) {
    const { dynamodb } = clientsOf(region);
    const original = (await cloud!.resources(STACKS.EXAMPLE)).find(({ logicalId, type }) => type === TYPE && logicalId.includes('SubscriptionsTable'));
    if (!original) {
      return notTried('the stack has no subscriptions table of its own');
    }
    const SourceTableName = original.physicalId;
    if (!await until(clock, RESTORABLE_WITHIN, async () => (await isRestorable(dynamodb, SourceTableName)) || undefined)) {
      return otherwise('point-in-time recovery of the table was not available 20 minutes after its creation');
    }
    cloud!.willCreate({ type: TYPE, physicalId: RESTORED_TABLE });
    await dynamodb.send(new RestoreTableToPointInTimeCommand({ SourceTableName, TargetTableName: RESTORED_TABLE, UseLatestRestorableTime: true }));
    const started = clock.now();
    const active = await until(clock, RESTORED_WITHIN, async () => {
      const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: RESTORED_TABLE }));
      return Table?.TableStatus === 'ACTIVE' ? Table : undefined;
    });
    if (!active) {
      return otherwise('the table was not restored within an hour');
    }
    const minutes = Math.ceil((clock.now() - started) / 60_000);
    const lacks = await lackingSettings(dynamodb, active.DeletionProtectionEnabled);
    const indexes = active.GlobalSecondaryIndexes?.length ?? 0;
    const saw = `restored in ${minutes} minutes with ${indexes} indexes; it lacks ${lacks.join(', ') || 'nothing'}`;
    return asExpected(saw, { fact: `A table restored from point-in-time recovery keeps its indexes (${indexes}) and lacks: ${lacks.join(', ') || 'nothing'}.` });
  },
};

async function isRestorable(dynamodb: DynamoDBClient, TableName: string): Promise<boolean> {
  const { ContinuousBackupsDescription: backups } = await dynamodb.send(new DescribeContinuousBackupsCommand({ TableName }));
  return backups?.PointInTimeRecoveryDescription?.LatestRestorableDateTime !== undefined;
}

/** Settings that the stack gives each table. */
async function lackingSettings(dynamodb: DynamoDBClient, deletionProtection: boolean | undefined): Promise<string[]> {
  const TableName = RESTORED_TABLE;
  const { ContinuousBackupsDescription: backups } = await dynamodb.send(new DescribeContinuousBackupsCommand({ TableName }));
  const { TimeToLiveDescription: ttl } = await dynamodb.send(new DescribeTimeToLiveCommand({ TableName }));
  const settings = {
    'point-in-time recovery': backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED',
    'time to live': ttl?.TimeToLiveStatus === 'ENABLED',
    'deletion protection': deletionProtection === true,
  };
  return Object.entries(settings).filter(([, isThere]) => !isThere).map(([name]) => name);
}

/** Needs a prop of the construct that takes existing tables. */
export const deployOverTables: Check = {
  id: 'deploy-over-existing-tables',
  question: 'Does an integration deploy over tables that exist already, such as restored ones?',
  source: 'docs/marketplace-facts.md#f-11-6',
  needs: ['BACKUPS', 'EXAMPLE'],
  run: async () => notTried('the construct has no prop for existing tables yet'),
};
