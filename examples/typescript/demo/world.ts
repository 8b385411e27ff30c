import { PurchaseResult, SandboxClient } from 'cdk-marketplace-saas-sandbox';
import { randomUUID } from 'node:crypto';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { Buyer } from './buyer';

export interface UsageRecord {
  readonly id: string;
  readonly license: string;
  readonly dimension: string;
  readonly quantity: number;
  readonly time: string;
}

/** An event that the product's app received. */
export interface DomainEvent {
  readonly 'detail-type': string;
  readonly 'detail': { readonly eventId: string; readonly [field: string]: unknown };
}

type PurchaseRequest = NonNullable<Parameters<SandboxClient['purchase']>[0]>;

/** The product as its users and its operator see it, in a running sandbox. */
export class World {
  readonly reported: UsageRecord[] = [];
  private readonly known = new Set<string>();
  private readonly sqs: SQSClient;
  private readonly lambda: LambdaClient;
  readonly dynamodb: DynamoDBClient;

  constructor(readonly sandbox: SandboxClient) {
    const client = {
      endpoint: sandbox.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'operator', secretAccessKey: 'operator' },
    };
    this.sqs = new SQSClient(client);
    this.lambda = new LambdaClient(client);
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

  /** Moves the clock over a stretch in which little happens: schedules without a reason to run do so once a day. */
  async pass(duration: string): Promise<void> {
    await this.sandbox.advance(duration, { thin: 'P1D' });
  }

  async purchase(request: PurchaseRequest): Promise<PurchaseResult> {
    return this.sandbox.purchase(request);
  }

  /** A buyer buys, and AWS Marketplace's events arrive. */
  async subscriber(request: PurchaseRequest = {}): Promise<PurchaseResult> {
    const bought = await this.purchase({ customerAwsAccountId: '111122223333', ...request });
    await this.advance('PT2M');
    return bought;
  }

  /** A buyer chooses "Set up your account" and fills in the registration page. Returns the heading that they see then. */
  async register(bought: Pick<PurchaseResult, 'fulfillment'>, name = 'Ada'): Promise<string> {
    const buyer = new Buyer(name);
    const form = await buyer.setUpAccount(bought.fulfillment);
    return (await buyer.register(form, { company: 'Lovelace Ltd', contactName: name, email: `${name.toLowerCase()}@example.com` })).title;
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

  /** Calls a function as the seller's backend or an operator would. */
  async invoke<T = Record<string, unknown>>(functionOutput: string, payload: unknown): Promise<T> {
    const answer = await this.lambda.send(new InvokeCommand({ FunctionName: this.output(functionOutput), Payload: JSON.stringify(payload) }));
    const text = Buffer.from(answer.Payload ?? []).toString();
    if (answer.FunctionError) throw new Error(`${functionOutput} failed: ${text}`);
    return JSON.parse(text) as T;
  }

  async statusOf(licenseId: string): Promise<string> {
    const { subscriptions } = await this.sandbox.state();
    return String(subscriptions.find((subscription) => subscription.licenseId === licenseId)?.status);
  }

  /** Why a purchase is not active yet. */
  async pendingReasonOf(licenseId: string): Promise<unknown> {
    const { subscriptions } = await this.sandbox.state();
    return subscriptions.find((subscription) => subscription.licenseId === licenseId)?.pendingReason;
  }

  async tenantOf(licenseId: string): Promise<string> {
    const { Item: tenant } = await this.dynamodb.send(new GetItemCommand({
      TableName: this.output('TenantsTableName'),
      Key: { licenseId: { S: licenseId } },
    }));
    if (!tenant) return 'not there';
    return tenant.closedAt ? `closed at ${tenant.closedAt.S}` : `opened at ${tenant.activatedAt?.S}`;
  }

  /** What the app's function keeps of a contract: values by dimension. */
  async planOf(licenseId: string): Promise<Record<string, unknown>> {
    const plan = await this.get('PlansTableName', { licenseId });
    return valuesOf(plan?.entitlements);
  }

  /** What one `GetItem` says that a buyer may use: values by dimension. */
  async entitled(licenseId: string): Promise<Record<string, unknown>> {
    const item = await this.get('SubscriptionsTableName', { pk: `L#${licenseId}`, sk: 'ENTITLEMENTS' });
    return valuesOf(item?.entitlements);
  }

  /** What the app was sent, in the order of its arrival; of one license where it is given. */
  async events(detailType?: string, licenseId?: string): Promise<DomainEvent[]> {
    const { events } = await this.sandbox.state();
    return (events as unknown as DomainEvent[]).filter((event) => (detailType === undefined || event['detail-type'] === detailType)
      && (licenseId === undefined || event.detail.licenseId === licenseId));
  }

  /** Types of the events of a license, in the order of their arrival. */
  async sent(licenseId: string, ...types: readonly string[]): Promise<string[]> {
    const all = (await this.events(undefined, licenseId)).map((event) => event['detail-type']);
    return types.length === 0 ? all : all.filter((type) => types.includes(type));
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

  /** Quantities that AWS Marketplace accepted, by hour; hours of 0 are left out. */
  async billedHours(licenseId: string, dimension = 'ApiCalls'): Promise<Record<string, number>> {
    const { meteringRecords } = await this.sandbox.state();
    const mine = meteringRecords.filter((record) => record.licenseId === licenseId && record.dimension === dimension && record.quantity > 0);
    return Object.fromEntries(mine.map(({ hour, quantity }) => [hour.slice(0, 13), quantity] as const).sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  async billedTotal(licenseId: string, dimension = 'ApiCalls'): Promise<number> {
    return Object.values(await this.billedHours(licenseId, dimension)).reduce((sum, quantity) => sum + quantity, 0);
  }

  /** What an alarm on the metric's maximum would see. */
  async highest(name: string): Promise<number> {
    const { metrics } = await this.sandbox.state();
    return Math.max(...metrics.filter((metric) => metric.name === name).map(({ max }) => max));
  }

  private async get(tableOutput: string, key: Record<string, string>): Promise<Record<string, unknown> | undefined> {
    const client = DynamoDBDocumentClient.from(this.dynamodb);
    const { Item: item } = await client.send(new GetCommand({ TableName: this.output(tableOutput), Key: key, ConsistentRead: true }));
    return item;
  }

  private note(record: UsageRecord): void {
    if (this.known.has(record.id)) return;
    this.known.add(record.id);
    this.reported.push(record);
  }
}

function valuesOf(entitlements: unknown): Record<string, unknown> {
  const all = (entitlements ?? {}) as Record<string, { readonly value?: unknown }>;
  return Object.fromEntries(Object.entries(all).map(([name, { value }]) => [name, value]));
}
