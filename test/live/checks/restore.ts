import { DescribeContinuousBackupsCommand, DescribeTableCommand, DescribeTimeToLiveCommand, DynamoDBClient, RestoreTableToPointInTimeCommand, TableDescription } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { usageRecord, usageStored } from './usage-item';
import { LiveContext, until } from '../context';
import { asExpected, Check, notTried, otherwise } from '../observation';
import { RESTORED_TABLES, STACKS } from '../stacks';

const TYPE = 'AWS::DynamoDB::GlobalTable';
const RESTORED_WITHIN = { everyMs: 20_000, forMs: 60 * 60_000 };
/** Point-in-time recovery of a new table starts some minutes after its creation. */
const RESTORABLE_WITHIN = { everyMs: 30_000, forMs: 20 * 60_000 };

interface Restore {
  readonly from: string;
  readonly to: string;
}

/** What restored tables have, and what has to be set again before the integration uses them. */
export const restoreTables: Check = {
  id: 'restore-tables',
  question: 'Can the integration\'s tables be restored from point-in-time recovery, and which settings do the restored tables lack?',
  source: 'docs/marketplace-facts.md#f-11-6',
  needs: ['EXAMPLE'],
  async run(context) {
    const restores = await restoresOf(context);
    if (restores.length < Object.keys(RESTORED_TABLES).length) {
      return notTried('the stack has no tables of its own');
    }
    const { clock } = context;
    const started = clock.now();
    const outcomes = await Promise.allSettled(restores.map((restore) => restored(context, restore)));
    // Thrown only when all have ended: a restore that begins after the removal would leave its table.
    const tables = outcomes.map((outcome) => {
      if (outcome.status === 'rejected') {
        throw outcome.reason;
      }
      return outcome.value;
    });
    const missing = restores.filter((_, index) => tables[index] === undefined).map(({ to }) => to);
    if (missing.length > 0) {
      return otherwise(`not restored: ${missing.join(', ')}`);
    }
    const minutes = Math.ceil((clock.now() - started) / 60_000);
    const settings = await Promise.all(tables.map((table) => describe(context.clientsOf(context.region).dynamodb, table!)));
    const saw = `restored in ${minutes} minutes: ${settings.join('; ')}`;
    return asExpected(saw, { fact: `Tables restored from point-in-time recovery: ${settings.join('; ')}.` });
  },
};

async function restoresOf({ stacks }: LiveContext): Promise<Restore[]> {
  const tables = (await stacks.resources(STACKS.EXAMPLE)).filter(({ type }) => type === TYPE);
  return Object.entries(RESTORED_TABLES).flatMap(([part, to]) => (
    tables.filter(({ logicalId }) => logicalId.includes(part)).map(({ physicalId }) => ({ from: physicalId, to }))
  ));
}

/** The restored table; undefined when it takes too long. */
async function restored({ stacks, clientsOf, region, clock }: LiveContext, { from, to }: Restore): Promise<TableDescription | undefined> {
  const { dynamodb } = clientsOf(region);
  const isRestorable = async () => {
    const { ContinuousBackupsDescription: backups } = await dynamodb.send(new DescribeContinuousBackupsCommand({ TableName: from }));
    return backups?.PointInTimeRecoveryDescription?.LatestRestorableDateTime !== undefined || undefined;
  };
  if (!await until(clock, RESTORABLE_WITHIN, isRestorable)) {
    return undefined;
  }
  stacks.willCreate({ type: TYPE, physicalId: to });
  await dynamodb.send(new RestoreTableToPointInTimeCommand({ SourceTableName: from, TargetTableName: to, UseLatestRestorableTime: true }));
  return until(clock, RESTORED_WITHIN, async () => {
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: to }));
    return Table?.TableStatus === 'ACTIVE' ? Table : undefined;
  });
}

/** Indexes of a restored table, and which settings that the stack gives each table it lacks. */
async function describe(dynamodb: DynamoDBClient, { TableName = '', DeletionProtectionEnabled, GlobalSecondaryIndexes }: TableDescription): Promise<string> {
  const { ContinuousBackupsDescription: backups } = await dynamodb.send(new DescribeContinuousBackupsCommand({ TableName }));
  const { TimeToLiveDescription: ttl } = await dynamodb.send(new DescribeTimeToLiveCommand({ TableName }));
  const settings = {
    'point-in-time recovery': backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED',
    'time to live': ttl?.TimeToLiveStatus === 'ENABLED',
    'deletion protection': DeletionProtectionEnabled === true,
  };
  const lacks = Object.entries(settings).filter(([, isThere]) => !isThere).map(([name]) => name);
  return `${TableName} has ${GlobalSecondaryIndexes?.length ?? 0} indexes and lacks ${lacks.join(', ') || 'nothing'}`;
}

const STORED_WITHIN = { everyMs: 2_000, forMs: 2 * 60_000 };

/** What the page on recovery ends in: the tables are those that were restored, and the integration works with them. */
export const deployOverTables: Check = {
  id: 'deploy-over-existing-tables',
  question: 'Does an integration deploy over restored tables, and work with them?',
  source: 'docs/recovery.md#restore-from-point-in-time-recovery',
  needs: ['CLOUDFORMATION', 'EXAMPLE'],
  async run(context) {
    const { clientsOf, clock, cloud, region, request } = context;
    const missing = await missingTables(clientsOf(region).dynamodb);
    if (missing.length > 0) {
      return notTried(`there is no restored table ${missing.join(', ')}`);
    }
    const { succeeded, lastLines, outputs } = await cloud!.deploy(STACKS.OVER_TABLES);
    if (!succeeded) {
      return otherwise(`the deployment over the restored tables failed: ${lastLines}`);
    }
    const { status } = await request({ method: 'GET', url: outputs.FulfillmentUrl, headers: { accept: 'text/html' } });
    const record = usageRecord(context, 'over-tables');
    await clientsOf(region).sqs.send(new SendMessageCommand({ QueueUrl: outputs.UsageQueueUrl, MessageBody: JSON.stringify(record) }));
    const stored = await until(clock, STORED_WITHIN, async () => (await usageStored(context, record.id, RESTORED_TABLES.UsageTable)) || undefined);
    const saw = `${STACKS.OVER_TABLES} was created; its page answered ${status}; a usage record was ${stored ? '' : 'not '}stored in ${RESTORED_TABLES.UsageTable}`;
    const fact = `An integration over three restored tables: ${saw}.`;
    return status === 200 && stored ? asExpected(saw, { fact }) : otherwise(saw, { fact });
  },
};

async function missingTables(dynamodb: DynamoDBClient): Promise<string[]> {
  const missing: string[] = [];
  for (const TableName of Object.values(RESTORED_TABLES)) {
    const exists = await dynamodb.send(new DescribeTableCommand({ TableName })).then(() => true, (error: Error) => {
      if (error.name === 'ResourceNotFoundException') {
        return false;
      }
      throw error;
    });
    if (!exists) {
      missing.push(TableName);
    }
  }
  return missing;
}
