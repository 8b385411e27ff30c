import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import * as path from 'node:path';
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDocumentClient } from '../../lambda/adapters/aws/document-client';
import { type IndexConfig, RegistrationIndex, SubscriptionIndex, UsageIndex } from '../../src/names';

const BINARY = path.join(__dirname, '../../node_modules/@dynoxide/linux-x64/dynoxide');

export interface LocalDynamo {
  readonly endpoint: string;
  readonly documentClient: DynamoDBDocumentClient;
  readonly stop: () => Promise<void>;
  /** Creates the three tables under names of their own: tests share the server, not data. */
  readonly createTables: () => Promise<{ subscriptions: string; registrations: string; usage: string }>;
}

/** An in-memory DynamoDB of its own, on a free port. */
export async function startDynamo(): Promise<LocalDynamo> {
  const port = await freePort();
  const child = spawn(BINARY, ['serve', '--port', String(port)], { stdio: 'ignore' });
  const config = {
    endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const client = new DynamoDBClient({ ...config, maxAttempts: 50, retryMode: 'standard' });
  await ready(client, child);
  const documentClient = createDocumentClient(config);
  let tables = 0;
  const create = async (name: string, indexes: readonly IndexConfig[]) => {
    const keys = ['pk', 'sk', ...indexes.flatMap((index) => [index.partitionKey, index.sortKey])];
    await client.send(new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [...new Set(keys)].map((key) => ({ AttributeName: key, AttributeType: 'S' as const })),
      KeySchema: schema('pk', 'sk'),
      ...indexes.length === 0 ? {} : {
        GlobalSecondaryIndexes: indexes.map((index) => ({
          IndexName: index.name,
          KeySchema: schema(index.partitionKey, index.sortKey),
          Projection: index.attributes ? { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: [...index.attributes] } : { ProjectionType: 'ALL' as const },
        })),
      },
    }));
    return name;
  };
  return {
    endpoint: config.endpoint,
    documentClient,
    createTables: async () => {
      tables += 1;
      return {
        subscriptions: await create(`subscriptions-${tables}`, Object.values(SubscriptionIndex)),
        registrations: await create(`registrations-${tables}`, Object.values(RegistrationIndex)),
        usage: await create(`usage-${tables}`, Object.values(UsageIndex)),
      };
    },
    stop: async () => {
      client.destroy();
      documentClient.destroy();
      await new Promise((resolve) => {
        child.once('exit', resolve);
        child.kill();
      });
    },
  };
}

function schema(partitionKey: string, sortKey: string) {
  return [{ AttributeName: partitionKey, KeyType: 'HASH' as const }, { AttributeName: sortKey, KeyType: 'RANGE' as const }];
}

async function ready(client: DynamoDBClient, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    try {
      await client.send(new ListTablesCommand({}));
      return;
    } catch (error) {
      if (child.exitCode !== null || performance.now() > deadline) {
        throw error;
      }
    }
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
