import type { PurchaseResult, SandboxClient } from 'cdk-marketplace-saas-sandbox';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { BatchMeterUsageCommand, MarketplaceMeteringClient } from '@aws-sdk/client-marketplace-metering';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { shiftDates } from './calendar';
import { Buyer, type Page } from '../../../examples/typescript/demo/buyer';
import { DETAILS } from '../../support/buyer-details';

export type Item = Readonly<Record<string, unknown>>;

/** What a buyer may choose of a product. */
export type Offer = Pick<Required<Parameters<SandboxClient['purchase']>>[0], 'quantities' | 'freeTrial'>;

interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** A buyer's browser that dies with a request is opened again; a person gives up after this many times. */
const PATIENCE = 4;

/** The product's own side of a story: what its app, its buyers and AWS Marketplace do. */
export class Product {
  /** In the order in which they were bought. */
  readonly purchases: PurchaseResult[] = [];
  private readonly client: ClientConfig;
  private readonly sqs: SQSClient;
  private readonly lambda: LambdaClient;
  private readonly dynamodb: DynamoDBDocumentClient;

  /** @param days by which the dates of the story are to be moved */
  constructor(readonly sandbox: SandboxClient, private readonly days = 0) {
    this.client = {
      endpoint: sandbox.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'operator', secretAccessKey: 'operator' },
    };
    this.sqs = new SQSClient(this.client);
    this.lambda = new LambdaClient({ ...this.client, maxAttempts: 1 });
    this.dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient(this.client));
  }

  /** Begins the story: nothing has happened yet. */
  async begin(time: string): Promise<void> {
    await this.sandbox.reset({ keepProcesses: true, time: shiftDates(time, this.days) });
  }

  async advance(duration: string): Promise<void> {
    await this.sandbox.advance(duration);
  }

  /** Time goes by in which nothing happens: schedules without a reason to run do so once a day. */
  async pass(duration: string): Promise<void> {
    await this.sandbox.advance(duration, { thin: 'P1D' });
  }

  async until(time: string): Promise<void> {
    await this.sandbox.setClock(shiftDates(time, this.days));
  }

  async purchase(customerAwsAccountId = '111122223333', offer: Offer = {}): Promise<PurchaseResult> {
    const purchase = await this.sandbox.purchase({ customerAwsAccountId, ...offer });
    this.purchases.push(purchase);
    return purchase;
  }

  /** A buyer subscribes; two minutes later all of AWS Marketplace's events are here. */
  async subscribe(customerAwsAccountId?: string, offer?: Offer): Promise<void> {
    await this.purchase(customerAwsAccountId, offer);
    await this.advance('PT2M');
  }

  /** The buyer has more of a contract from now on, or less. */
  async amend(quantities: Required<Offer>['quantities'], index = 0): Promise<void> {
    await this.sandbox.agreement(this.purchases[index].agreementId, 'amend', { quantities });
  }

  async cancel(index = 0): Promise<void> {
    await this.sandbox.agreement(this.purchases[index].agreementId, 'cancel');
  }

  /** A usage record of the first license, unless `more` says otherwise. */
  usage(id: string, time: string, quantity: number, more: Item = {}): Item {
    return { id, license: this.purchases[0].licenseId, quantity, time, ...(more.metric ? {} : { dimension: 'ApiCalls' }), ...more };
  }

  /** The app sends a message with one record or several. */
  async report(...records: readonly Item[]): Promise<void> {
    await this.send(JSON.stringify(records.length === 1 ? records[0] : records));
  }

  async send(body: string): Promise<void> {
    await this.sqs.send(new SendMessageCommand({ QueueUrl: String(this.sandbox.outputs.UsageQueueUrl), MessageBody: shiftDates(body, this.days) }));
  }

  /** Invokes a function as a person or the app does, again and again until it answers. */
  async invoke(output: string, payload: unknown): Promise<unknown> {
    return persistently(async () => {
      const answer = await this.lambda.send(new InvokeCommand({
        FunctionName: String(this.sandbox.outputs[output]), Payload: Buffer.from(shiftDates(JSON.stringify(payload), this.days)),
      }));
      const text = Buffer.from(answer.Payload ?? []).toString();
      if (answer.FunctionError) throw new Error(text);
      return JSON.parse(text) as unknown;
    });
  }

  /** The buyer clicks "Set up your account" and fills in the form. */
  async signUp(purchase: PurchaseResult, name: string): Promise<Page> {
    const buyer = new Buyer(name);
    const page = await persistently(async () => buyer.setUpAccount(purchase.fulfillment));
    const answers = { ...DETAILS, company: `${name} Ltd`, contactName: name, email: `${name.toLowerCase()}@example.com` };
    return persistently(async () => buyer.register(page, answers));
  }

  /** The buyer clicks "Set up your account" and is sent to the seller's own page; answers the code that comes along. */
  async arrive({ fulfillment }: PurchaseResult): Promise<string> {
    return persistently(async () => {
      const { status, headers } = await fetch(fulfillment.url, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fulfillment.fields) });
      const code = new URL(headers.get('location') ?? '', fulfillment.url).searchParams.get('code');
      if (status !== 303 || code === null) throw new Error(`the buyer was not sent to the sign-up page: ${status}`);
      return code;
    });
  }

  /** The seller's backend claims the code until it gets an answer, each time with the same claim id. */
  async claim(code: string, claimId: string): Promise<void> {
    const answer = await this.invoke('RegistrationFunctionName', { claimRegistration: { code, claimId } });
    const { registrationId } = answer as Item;
    if (typeof registrationId !== 'string') throw new Error(`the code was not claimed: ${JSON.stringify(answer)}`);
  }

  /** A program of the seller that sends usage of the first license by itself, past the integration. */
  async meterElsewhere(dimension: string, time: string, quantity: number): Promise<void> {
    const { licenseArn, customerAwsAccountId } = this.purchases[0];
    const client = new MarketplaceMeteringClient(this.client);
    await client.send(new BatchMeterUsageCommand({
      UsageRecords: [{
        LicenseArn: licenseArn,
        CustomerAWSAccountId: customerAwsAccountId,
        Dimension: dimension,
        Timestamp: new Date(shiftDates(time, this.days)),
        Quantity: quantity,
      }],
    }));
    client.destroy();
  }

  /** The key of the only buyer of a legacy product. */
  async legacyBuyer(): Promise<{ readonly licenseId: string; readonly customerIdentifier: string }> {
    const { subscriptions } = await this.sandbox.state();
    const buyers = subscriptions.flatMap(({ licenseId = '', customerIdentifier }) =>
      (customerIdentifier !== undefined && licenseId.startsWith('legacy-') ? [{ licenseId, customerIdentifier: String(customerIdentifier) }] : []));
    if (buyers.length !== 1) throw new Error(`there are ${buyers.length} legacy buyers`);
    return buyers[0];
  }

  /** All items of a table, named by the output of the stack; none where the product has no such table. */
  async table(output: string): Promise<Item[]> {
    const items: Item[] = [];
    const TableName = this.sandbox.outputs[output];
    if (typeof TableName !== 'string') return items;
    for await (const page of paginateScan({ client: this.dynamodb }, { TableName })) items.push(...page.Items ?? []);
    return items;
  }

  /** As the story would have it at home. */
  atHome<T>(value: T): T {
    return JSON.parse(shiftDates(JSON.stringify(value), -this.days)) as T;
  }

  close(): void {
    this.sqs.destroy();
    this.lambda.destroy();
    this.dynamodb.destroy();
  }
}

async function persistently<T>(act: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act();
    } catch (error) {
      if (attempt === PATIENCE) throw error;
    }
  }
}
