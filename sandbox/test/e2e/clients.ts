import type { SandboxClient } from 'cdk-marketplace-saas-sandbox';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

export function awsConfig(sandbox: SandboxClient) {
  return {
    endpoint: sandbox.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
}

export function queueUrl(sandbox: SandboxClient, name: string): string {
  return `${sandbox.endpoint}/000000000000/${name}`;
}

export async function send(sandbox: SandboxClient, queue: string, ...bodies: unknown[]): Promise<void> {
  const sqs = new SQSClient(awsConfig(sandbox));
  for (const body of bodies) await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl(sandbox, queue), MessageBody: JSON.stringify(body) }));
}

export async function receive(sandbox: SandboxClient, queue: string): Promise<string[]> {
  const sqs = new SQSClient(awsConfig(sandbox));
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl(sandbox, queue), MaxNumberOfMessages: 10 }));
  return Messages.map((message) => message.Body ?? '');
}

/** What handlers counted (`n`) and kept (`value`) in the table, by key. */
export async function notes(sandbox: SandboxClient): Promise<Record<string, unknown>> {
  const { Items = [] } = await new DynamoDBClient(awsConfig(sandbox)).send(new ScanCommand({ TableName: 'Table', ConsistentRead: true }));
  return Object.fromEntries(Items.map((item) => [item.pk.S!, item.n ? Number(item.n.N) : JSON.parse(item.value.S!)]).sort());
}
