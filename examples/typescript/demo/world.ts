import { PurchaseResult, SandboxClient } from 'cdk-marketplace-saas-sandbox';
import { randomUUID } from 'node:crypto';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

export interface UsageRecord {
  readonly id: string;
  readonly license: string;
  readonly dimension: string;
  readonly quantity: number;
  readonly time: string;
}

/** The product as its users and its operator see it, in a running sandbox. */
export class World {
  readonly reported: UsageRecord[] = [];
  private readonly known = new Set<string>();
  private readonly sqs: SQSClient;
  readonly dynamodb: DynamoDBClient;

  constructor(readonly sandbox: SandboxClient) {
    const client = {
      endpoint: sandbox.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'operator', secretAccessKey: 'operator' },
    };
    this.sqs = new SQSClient(client);
    this.dynamodb = new DynamoDBClient(client);
  }

  output(name: string): string {
    return String(this.sandbox.outputs[name]);
  }

  async now(): Promise<string> {
    return this.sandbox.clock();
  }

  async hoursAgo(hours: number): Promise<string> {
    return new Date(Date.parse(await this.now()) - hours * 3_600_000).toISOString();
  }

  async advance(duration: string): Promise<void> {
    await this.sandbox.advance(duration);
  }

  async purchase(request: { readonly customerAwsAccountId: string }): Promise<PurchaseResult> {
    return this.sandbox.purchase(request);
  }

  async cancel(agreementId: string): Promise<void> {
    await this.sandbox.agreement(agreementId, 'cancel');
  }

  async fault(fault: { readonly service: string; readonly error: string; readonly times: number }): Promise<void> {
    await this.sandbox.addFault(fault);
  }

  async clearFaults(): Promise<void> {
    await this.sandbox.clearFaults();
  }

  /** A user calls the product's API, and the product reports the call. */
  async use(license: string, dimension: string, quantity: number): Promise<void> {
    const id = randomUUID();
    const time = await this.now();
    const response = await fetch(new URL(`${license}/${dimension}`, this.output('ProductApiUrl')), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id, quantity, time }),
    });
    if (response.status !== 202) throw new Error(`the product answered ${response.status}: ${await response.text()}`);
    this.note({ id, license, dimension, quantity, time });
  }

  /** The product's own worker reports usage. */
  async report(record: UsageRecord): Promise<void> {
    await this.sqs.send(new SendMessageCommand({ QueueUrl: this.output('UsageQueueUrl'), MessageBody: JSON.stringify(record) }));
    this.note(record);
  }

  async statusOf(licenseId: string): Promise<string> {
    const { subscriptions } = await this.sandbox.state();
    return String(subscriptions.find((subscription) => subscription.licenseId === licenseId)?.status);
  }

  async tenantOf(licenseId: string): Promise<string> {
    const { Item: tenant } = await this.dynamodb.send(new GetItemCommand({
      TableName: this.output('TenantsTableName'),
      Key: { licenseId: { S: licenseId } },
    }));
    if (!tenant) return 'not there';
    return tenant.closedAt ? `closed at ${tenant.closedAt.S}` : `opened at ${tenant.activatedAt?.S}`;
  }

  async meteringRecords(): Promise<number> {
    return (await this.sandbox.state()).meteringRecords.length;
  }

  async throttledCalls(): Promise<number> {
    return (await this.sandbox.state()).meteringCalls.throttled;
  }

  /** What AWS Marketplace accepted for the hour of `time`. */
  async billed(licenseId: string, dimension: string, time: string): Promise<number | undefined> {
    const { meteringRecords } = await this.sandbox.state();
    const hour = time.slice(0, 13);
    return meteringRecords.find((record) => record.licenseArn.endsWith(licenseId)
      && record.dimension === dimension && record.timestamp.startsWith(hour))?.quantity;
  }

  private note(record: UsageRecord): void {
    if (this.known.has(record.id)) return;
    this.known.add(record.id);
    this.reported.push(record);
  }
}
