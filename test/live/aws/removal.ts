import { DeleteTableCommand, DescribeTableCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { DeleteQueueCommand } from '@aws-sdk/client-sqs';
import type { Clients } from './clients';
import { deleteLogGroups } from './log-groups';
import type { StackResource } from './stack-resources';
import { Clock, until } from '../context';

export type Leftover = Pick<StackResource, 'type' | 'physicalId'>;

/** A restore under way has to end before its table can be deleted. */
const TABLE_READY = { everyMs: 5_000, forMs: 60 * 60_000 };
const GONE = ['ResourceNotFoundException', 'QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'];

/**
 * Deletes tables, queues and log groups that stacks retained. An error does not stop it.
 * @returns what is still there, and why
 */
export async function removeLeftovers(clients: Clients, clock: Clock, leftovers: readonly Leftover[]): Promise<string[]> {
  const failures: string[] = [];
  const attempt = async (what: string, remove: () => Promise<void>): Promise<void> => {
    try {
      await remove();
    } catch (error) {
      if (!GONE.includes((error as Error).name)) {
        failures.push(`${what}: ${(error as Error).name}: ${(error as Error).message}`);
      }
    }
  };
  const logGroups: string[] = [];
  for (const { type, physicalId } of leftovers) {
    switch (type) {
      case 'AWS::DynamoDB::Table':
      case 'AWS::DynamoDB::GlobalTable':
        await attempt(`table ${physicalId}`, () => removeTable(clients, clock, physicalId));
        break;
      case 'AWS::SQS::Queue':
        await attempt(`queue ${physicalId}`, async () => {
          await clients.sqs.send(new DeleteQueueCommand({ QueueUrl: physicalId }));
        });
        break;
      case 'AWS::Logs::LogGroup':
        logGroups.push(physicalId);
        break;
      default:
        failures.push(`${type} ${physicalId}: the live check does not know how to delete it`);
    }
  }
  if (logGroups.length > 0) {
    await attempt(`log groups ${logGroups.join(', ')}`, () => deleteLogGroups(clients.cloudFormation, logGroups));
  }
  return failures;
}

/** Deletion protection stands in the way of deletion, and so does an update of the table that is not finished. */
async function removeTable({ dynamodb }: Clients, clock: Clock, TableName: string): Promise<void> {
  const active = () => until(clock, TABLE_READY, async () => {
    const { Table: table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
    return table?.TableStatus === 'ACTIVE' ? table : undefined;
  });
  const table = await active();
  if (table?.DeletionProtectionEnabled) {
    await dynamodb.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
    await active();
  }
  await dynamodb.send(new DeleteTableCommand({ TableName }));
}
