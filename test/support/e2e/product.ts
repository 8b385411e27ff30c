import type { SandboxClient } from 'cdk-marketplace-saas-sandbox';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import {
  DeleteMessageCommand, GetQueueAttributesCommand, GetQueueUrlCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient,
} from '@aws-sdk/client-sqs';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, paginateScan, PutCommand } from '@aws-sdk/lib-dynamodb';
import { World } from '../../../examples/typescript/demo/world';

export type { DomainEvent } from '../../../examples/typescript/demo/world';

export type Item = Readonly<Record<string, unknown>>;

/** A product in a sandbox, and more of its insides than a demo needs. */
export class Product extends World {
  private readonly queues: SQSClient;

  /** @param prefix what the outputs of this integration begin with, where a stack has several */
  constructor(sandbox: SandboxClient, private readonly prefix = '') {
    super(sandbox);
    const client = { endpoint: sandbox.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'operator', secretAccessKey: 'operator' } };
    this.queues = new SQSClient(client);
  }

  override output(name: string): string {
    const value = this.sandbox.outputs[this.prefix + name];
    if (value === undefined) throw new Error(`the stack has no output ${this.prefix}${name}`);
    return String(value);
  }

  /** Without runs of schedules that have nothing to do: they are most of what a story of hours would take. */
  override async advance(duration: string): Promise<void> {
    await this.sandbox.advance(duration, { thin: 'PT1H' });
  }

  /** One message to the usage queue: a record, an array of them, or anything else. */
  async send(body: unknown): Promise<void> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    await this.queues.send(new SendMessageCommand({ QueueUrl: this.output('UsageQueueUrl'), MessageBody: text }));
  }

  /** Bodies of up to ten messages of a queue, which stay in it. */
  async received(queueOutput: string): Promise<string[]> {
    return this.bodies(this.output(queueOutput));
  }

  /** Bodies of up to ten messages of the dead-letter queue whose name has this text, which stay in it. */
  async deadLetters(name: string): Promise<string[]> {
    const QueueName = Object.keys((await this.sandbox.state()).deadLetters).find((known) => known.includes(name));
    const { QueueUrl: url = '' } = await this.queues.send(new GetQueueUrlCommand({ QueueName }));
    return this.bodies(url);
  }

  /** Usage by direct invocation: what became of each record. */
  async take(...records: unknown[]): Promise<readonly { readonly id?: string; readonly status: string; readonly reason?: string }[]> {
    const { results } = await this.invoke<{ results: { id?: string; status: string; reason?: string }[] }>('IntakeFunctionName', { records });
    return results;
  }

  async items(tableOutput: string): Promise<Item[]> {
    return this.scan(this.output(tableOutput));
  }

  /** Loses all items of a table. */
  async empty(tableOutput: string): Promise<void> {
    const client = DynamoDBDocumentClient.from(this.dynamodb);
    for (const { pk, sk } of await this.items(tableOutput)) {
      await client.send(new DeleteCommand({ TableName: this.output(tableOutput), Key: { pk, sk } }));
    }
  }

  /** Every item of every table, by table name. */
  async tables(): Promise<Record<string, readonly Item[]>> {
    const { TableNames: names = [] } = await this.dynamodb.send(new ListTablesCommand({}));
    return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await this.scan(name)] as const)));
  }

  /** How an hour stands in the ledger. */
  async hour(licenseId: string, dimension: string, time: string): Promise<Item | undefined> {
    const items = await this.items('UsageTableName');
    return items.find(({ pk, sk }) => pk === `B#${licenseId}#${dimension}#${time.slice(0, 13)}` && sk === 'META');
  }

  /** Sum of a metric since the start. */
  async metric(name: string): Promise<number> {
    const { metrics } = await this.sandbox.state();
    return metrics.filter((metric) => metric.name === name).reduce((sum, metric) => sum + metric.sum, 0);
  }

  /** Makes the app believe that a license belongs to another account. */
  async changeAccount(licenseId: string, customerAwsAccountId: string): Promise<void> {
    const client = DynamoDBDocumentClient.from(this.dynamodb);
    const key = { pk: `L#${licenseId}`, sk: 'SUBSCRIPTION' };
    const { Item: item } = await client.send(new GetCommand({ TableName: this.output('SubscriptionsTableName'), Key: key }));
    const text = JSON.stringify(item).replaceAll(String(item?.customerAwsAccountId), customerAwsAccountId);
    await client.send(new PutCommand({ TableName: this.output('SubscriptionsTableName'), Item: JSON.parse(text) }));
  }

  /** What an operator does when the cause is fixed: moves every dead letter of the usage queue back into it. */
  async redriveDeadLetters(): Promise<number> {
    const QueueUrl = this.output('UsageQueueUrl');
    const { Attributes: attributes = {} } = await this.queues.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['RedrivePolicy'] }));
    const deadName = String(JSON.parse(attributes.RedrivePolicy ?? '{}').deadLetterTargetArn).split(':').at(-1);
    const { QueueUrl: deadUrl } = await this.queues.send(new GetQueueUrlCommand({ QueueName: deadName }));
    for (let moved = 0; ; moved++) {
      const { Messages: [message] = [] } = await this.queues.send(new ReceiveMessageCommand({ QueueUrl: deadUrl }));
      if (!message) return moved;
      await this.queues.send(new SendMessageCommand({ QueueUrl, MessageBody: message.Body }));
      await this.queues.send(new DeleteMessageCommand({ QueueUrl: deadUrl, ReceiptHandle: message.ReceiptHandle }));
    }
  }

  private async bodies(QueueUrl: string): Promise<string[]> {
    const request = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 };
    const { Messages: messages = [] } = await this.queues.send(new ReceiveMessageCommand(request));
    return messages.map(({ Body: body = '' }) => body);
  }

  private async scan(tableName: string): Promise<Item[]> {
    const client = DynamoDBDocumentClient.from(this.dynamodb);
    const found: Item[] = [];
    for await (const page of paginateScan({ client }, { TableName: tableName, ConsistentRead: true })) found.push(...page.Items ?? []);
    return found;
  }
}
