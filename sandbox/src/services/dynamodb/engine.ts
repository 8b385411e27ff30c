import * as http from 'node:http';
import { KnownAnswers } from './known-answers';
import type { TableModel } from './model';
import { StartupError } from '../../errors';

/** DynamoDB Local keeps one database per key and region: everything goes into one. */
const AUTHORIZATION = 'AWS4-HMAC-SHA256 Credential=sandbox/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0';

/** What a function gets of them, the stream's own setting says. */
const BOTH_IMAGES = { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' };

export interface EngineAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export type Item = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface TableDescription {
  readonly TableStatus?: string;
  readonly DeletionProtectionEnabled?: boolean;
}

/** Items of one BatchWriteItem. */
const BATCH = 25;

/** A running DynamoDB engine: dynoxide, dynalite or DynamoDB Local. */
export class DynamoDb {
  private readonly agent = new http.Agent({ keepAlive: true });
  private readonly base: URL;

  /** @param known absent: others write to the engine too */
  constructor(url: string, private readonly known?: KnownAnswers) {
    this.base = new URL(url);
  }

  /** Passes a request on as it is. */
  forward(target: string, body: Buffer | string): Promise<EngineAnswer> {
    const send = () => this.send(target, body);
    return this.known ? this.known.ask(target, body, send) : send();
  }

  private send(target: string, body: Buffer | string): Promise<EngineAnswer> {
    return new Promise((resolve, reject) => {
      const request = http.request(this.base, {
        agent: this.agent,
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'content-length': Buffer.byteLength(body),
          'x-amz-target': target,
          'x-amz-date': '20260101T000000Z',
          'authorization': AUTHORIZATION,
        },
      }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 500, headers: kept(response.headers), body: Buffer.concat(chunks) }));
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  call<T>(operation: string, input: unknown): Promise<T> {
    return this.callApi<T>('DynamoDB_20120810', operation, input);
  }

  /** An operation of DynamoDB Streams. */
  callStreams<T>(operation: string, input: unknown): Promise<T> {
    return this.callApi<T>('DynamoDBStreams_20120810', operation, input);
  }

  private async callApi<T>(api: string, operation: string, input: unknown): Promise<T> {
    const answer = await this.forward(`${api}.${operation}`, JSON.stringify(input));
    if (answer.status >= 300) {
      throw new Error(`DynamoDB ${operation}: ${answer.body.toString()}`);
    }
    return JSON.parse(answer.body.toString());
  }

  /** Creates the tables anew, empty. */
  async deploy(tables: readonly TableModel[]): Promise<void> {
    await this.checkAnswers();
    const existing = await this.tableNames();
    for (const { name, definition, streamViewType } of tables) {
      if (existing.includes(name)) {
        await this.deleteTable(name);
      }
      const stream = streamViewType === undefined ? {} : { StreamSpecification: BOTH_IMAGES };
      await this.createTable({ TableName: name, BillingMode: 'PAY_PER_REQUEST', ...definition, ...stream });
    }
  }

  /** Of all tables, page by page. */
  async tableNames(): Promise<string[]> {
    const names: string[] = [];
    let ExclusiveStartTableName: string | undefined;
    do {
      const page: { TableNames: string[]; LastEvaluatedTableName?: string } = await this.call('ListTables', { ExclusiveStartTableName });
      names.push(...page.TableNames);
      ExclusiveStartTableName = page.LastEvaluatedTableName;
    } while (ExclusiveStartTableName !== undefined);
    return names;
  }

  /** @param input of CreateTable; ends when the table can be used */
  async createTable(input: { readonly TableName: string; readonly [property: string]: unknown }): Promise<void> {
    let { TableDescription: table } = await this.call<{ TableDescription: TableDescription }>('CreateTable', input);
    while (table.TableStatus === 'CREATING') {
      table = await this.describeTable(input.TableName);
    }
  }

  /** Also of a table with deletion protection. Ends when there is no such table any more. */
  async deleteTable(name: string): Promise<void> {
    // dynalite knows no deletion protection, and refuses a request that changes nothing else.
    if ((await this.describeTable(name)).DeletionProtectionEnabled === true) {
      await this.call('UpdateTable', { TableName: name, DeletionProtectionEnabled: false });
    }
    await this.call('DeleteTable', { TableName: name });
    let existing: readonly string[];
    do {
      existing = await this.tableNames();
    } while (existing.includes(name));
  }

  private async describeTable(name: string): Promise<TableDescription> {
    return (await this.call<{ Table: TableDescription }>('DescribeTable', { TableName: name })).Table;
  }

  /** Ends when all of them are stored. */
  async putItems(name: string, items: readonly Item[]): Promise<void> {
    for (let from = 0; from < items.length; from += BATCH) {
      let requests: readonly unknown[] = items.slice(from, from + BATCH).map((item) => ({ PutRequest: { Item: item } }));
      while (requests.length > 0) {
        const { UnprocessedItems: left } = await this.call<{ UnprocessedItems?: Readonly<Record<string, readonly unknown[]>> }>(
          'BatchWriteItem', { RequestItems: { [name]: requests } });
        requests = left?.[name] ?? [];
      }
    }
  }

  /** Every item, page by page. */
  async *scan(input: { readonly TableName: string; readonly [option: string]: unknown }): AsyncGenerator<Item> {
    let ExclusiveStartKey: Item | undefined;
    do {
      const page: { Items: Item[]; LastEvaluatedKey?: Item } = await this.call('Scan', { ...input, ExclusiveStartKey });
      yield* page.Items;
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
  }

  close(): void {
    this.agent.destroy();
  }

  private async checkAnswers(): Promise<void> {
    try {
      await this.call('ListTables', {});
    } catch (error) {
      throw new StartupError(`no DynamoDB engine answers at ${this.base.href}: ${(error as Error).message}`);
    }
  }
}

function kept(headers: http.IncomingHttpHeaders): Record<string, string> {
  const names = ['content-type', 'x-amzn-requestid', 'x-amz-crc32'];
  return Object.fromEntries(names.flatMap((name) => typeof headers[name] === 'string' ? [[name, headers[name]]] : []));
}
