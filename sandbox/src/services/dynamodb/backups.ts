import { gunzipSync, gzipSync } from 'node:zlib';
import type { DynamoDb, Item } from './engine';
import type { TableModel } from './model';
import { RestorePoints } from './restore-points';
import type { SweptTable } from './ttl-sweep';
import { AwsError } from '../../errors';
import { jsonAnswer } from '../../gateway/answers';
import type { AwsCall, HttpAnswer } from '../../gateway/aws-call';
import { record, text } from '../../iam/action-request';
import { uuidOf } from '../../ids';
import type { Clock } from '../../ports';
import type { Fauxqs } from '../fauxqs/fauxqs';
import { listKeys, objectUrl } from '../s3/objects';

type Parameters = AwsCall['parameters'];

interface TableDescription {
  readonly TableName: string;
  readonly TableArn: string;
  readonly KeySchema: TableModel['definition']['KeySchema'];
  readonly AttributeDefinitions: TableModel['definition']['AttributeDefinitions'];
  readonly GlobalSecondaryIndexes?: readonly { readonly IndexName: string; readonly KeySchema: unknown; readonly Projection: unknown }[];
}

interface TimeToLive {
  readonly TimeToLiveDescription: { readonly TimeToLiveStatus?: string; readonly AttributeName?: string };
}

export interface BackupsInput {
  readonly engine: DynamoDb;
  readonly tables: readonly TableModel[];
  readonly clock: Clock;
  /** Where exports are. */
  readonly s3: () => Fauxqs;
}

/** Point-in-time recovery, exports to S3 and imports from there: what the engine does not have. All of it is done at once. */
export class Backups {
  readonly points: RestorePoints;
  private readonly recoverable = new Map<string, boolean>();
  private readonly exports = new Map<string, Readonly<Record<string, unknown>>>();
  /** Tables that the template does not have. */
  private readonly made = new Set<string>();

  private readonly operations: Readonly<Record<string, (parameters: Parameters) => Promise<HttpAnswer>>> = {
    DescribeContinuousBackups: async ({ TableName }) => this.continuousBackups(await this.describe(TableName)),
    UpdateContinuousBackups: async ({ TableName, PointInTimeRecoverySpecification: specification }) => {
      const table = await this.describe(TableName);
      this.recoverable.set(table.TableName, record(specification).PointInTimeRecoveryEnabled === true);
      return this.continuousBackups(table);
    },
    RestoreTableToPointInTime: (parameters) => this.restore(parameters),
    ExportTableToPointInTime: (parameters) => this.export(parameters),
    DescribeExport: async ({ ExportArn }) => jsonAnswer({ ExportDescription: this.exports.get(String(ExportArn)) ?? notFound(`Export not found: ${String(ExportArn)}`) }),
    ImportTable: (parameters) => this.import(parameters),
  };

  constructor(private readonly input: BackupsInput) {
    this.points = new RestorePoints(input.engine, input.clock);
  }

  serves(operation: string): boolean {
    return Object.hasOwn(this.operations, operation);
  }

  handle({ operation, parameters }: AwsCall): Promise<HttpAnswer> {
    return this.operations[operation]!(parameters);
  }

  /** The tables that were restored or imported, and since then got a time to live. */
  async swept(): Promise<readonly SweptTable[]> {
    const found: SweptTable[] = [];
    for (const name of await this.presentlyMade()) {
      const { TimeToLiveDescription: { TimeToLiveStatus: status, AttributeName: ttlAttribute } } = await this.input.engine.call<TimeToLive>('DescribeTimeToLive', { TableName: name });
      if (status === 'ENABLED' && ttlAttribute !== undefined) {
        const { KeySchema } = await this.describe(name);
        found.push({ name, ttlAttribute, keys: KeySchema.map(({ AttributeName }) => AttributeName) });
      }
    }
    return found;
  }

  /** Removes the tables that were restored or imported, and all that is known about backups. */
  async reset(): Promise<void> {
    for (const name of await this.presentlyMade()) {
      await this.input.engine.deleteTable(name);
    }
    [this.made, this.recoverable, this.exports, this.points].forEach((part) => part.clear());
  }

  private async presentlyMade(): Promise<string[]> {
    return this.made.size === 0 ? [] : (await this.input.engine.tableNames()).filter((name) => this.made.has(name));
  }

  private continuousBackups({ TableName }: TableDescription): HttpAnswer {
    const isOn = this.isRecoverable(TableName);
    const now = this.input.clock.now() / 1000;
    return jsonAnswer({
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: {
          PointInTimeRecoveryStatus: isOn ? 'ENABLED' : 'DISABLED',
          ...isOn && { EarliestRestorableDateTime: this.points.earliest(now), LatestRestorableDateTime: now },
        },
      },
    });
  }

  private isRecoverable(name: string): boolean {
    return this.recoverable.get(name) ?? this.input.tables.find((table) => table.name === name)?.pointInTimeRecovery === true;
  }

  private async restore(parameters: Parameters): Promise<HttpAnswer> {
    const source = await this.describe(parameters.SourceTableName ?? parameters.SourceTableArn);
    this.checkRecoverable(source.TableName);
    const items = parameters.UseLatestRestorableTime === true
      ? await this.points.present(source.TableName)
      : this.points.at(Number(parameters.RestoreDateTime), source.TableName);
    const target = await this.create({ ...definitionOf(source), TableName: parameters.TargetTableName }, 'TableAlreadyExistsException', items);
    return jsonAnswer({ TableDescription: target });
  }

  private async export({ TableArn, S3Bucket, S3Prefix = '', ExportFormat = 'DYNAMODB_JSON' }: Parameters): Promise<HttpAnswer> {
    const source = await this.describe(TableArn);
    this.checkRecoverable(source.TableName);
    if (ExportFormat !== 'DYNAMODB_JSON') {
      throw new AwsError('ValidationException', `the sandbox exports DYNAMODB_JSON only, not ${String(ExportFormat)}`);
    }
    const items = await this.points.present(source.TableName);
    const id = `0${Math.floor(this.input.clock.now())}-${uuidOf(source.TableName, String(this.exports.size)).slice(0, 8)}`;
    const folder = [String(S3Prefix), 'AWSDynamoDB', id].filter((part) => part !== '').join('/');
    const body = gzipSync(items.map((item) => `${JSON.stringify({ Item: item })}\n`).join(''));
    const url = objectUrl(String(S3Bucket), `${folder}/data/sandbox.json.gz`);
    const { status } = await this.input.s3().request({ method: 'PUT', url, headers: {}, body });
    const description = {
      ExportArn: `${source.TableArn}/export/${id}`,
      ExportStatus: status < 300 ? 'COMPLETED' : 'FAILED',
      ...status >= 300 && { FailureCode: 'S3NoSuchBucket', FailureMessage: `The specified bucket does not exist: ${String(S3Bucket)}` },
      ExportFormat,
      ItemCount: items.length,
      S3Bucket,
      TableArn: source.TableArn,
    };
    this.exports.set(description.ExportArn, description);
    return jsonAnswer({ ExportDescription: description });
  }

  private async import({ S3BucketSource, TableCreationParameters, InputFormat, InputCompressionType = 'NONE' }: Parameters): Promise<HttpAnswer> {
    if (InputFormat !== 'DYNAMODB_JSON') {
      throw new AwsError('ValidationException', `the sandbox imports DYNAMODB_JSON only, not ${String(InputFormat)}`);
    }
    const { S3Bucket, S3KeyPrefix = '' } = record(S3BucketSource);
    const unpack = InputCompressionType === 'GZIP' ? gunzipSync : (body: Buffer) => body;
    const lines = (await this.objects(String(S3Bucket), String(S3KeyPrefix))).flatMap((body) => unpack(body).toString().split('\n').filter(Boolean));
    const items = lines.map((line) => (JSON.parse(line) as { Item: Item }).Item);
    const table = await this.create(record(TableCreationParameters), 'ResourceInUseException', items);
    return jsonAnswer({ ImportTableDescription: { ImportArn: `${table.TableArn}/import/1`, ImportStatus: 'COMPLETED', TableArn: table.TableArn, ImportedItemCount: items.length } });
  }

  private async objects(bucket: string, prefix: string): Promise<Buffer[]> {
    const keys = await listKeys(this.input.s3(), bucket, prefix);
    if (keys.length === 0) {
      throw new AwsError('ImportConflictException', `there is nothing at s3://${bucket}/${prefix}`);
    }
    return Promise.all(keys.map(async (key) => (await this.input.s3().request({ method: 'GET', url: objectUrl(bucket, key), headers: {} })).body));
  }

  /** @param exists code of the error when there is a table of that name */
  private async create(definition: Readonly<Record<string, unknown>>, exists: string, items: readonly Item[]): Promise<TableDescription> {
    const { engine } = this.input;
    const TableName = String(definition.TableName);
    if ((await engine.tableNames()).includes(TableName)) {
      throw new AwsError(exists, `Table already exists: ${TableName}`);
    }
    try {
      await engine.createTable({ ...definition, TableName });
    } catch (error) {
      throw new AwsError('ValidationException', (error as Error).message);
    }
    this.made.add(TableName);
    await engine.putItems(TableName, items);
    return this.describe(TableName);
  }

  /** By name or ARN. */
  private async describe(reference: unknown): Promise<TableDescription> {
    const name = text(reference)?.split('table/').at(-1);
    try {
      return (await this.input.engine.call<{ Table: TableDescription }>('DescribeTable', { TableName: name })).Table;
    } catch {
      throw new AwsError('TableNotFoundException', `Table not found: ${String(name)}`);
    }
  }

  private checkRecoverable(name: string): void {
    if (!this.isRecoverable(name)) {
      throw new AwsError('PointInTimeRecoveryUnavailableException', `Point in time recovery is not enabled for table '${name}'`);
    }
  }
}

function definitionOf({ KeySchema, AttributeDefinitions, GlobalSecondaryIndexes }: TableDescription): Readonly<Record<string, unknown>> {
  const indexes = GlobalSecondaryIndexes?.map(({ IndexName, KeySchema: keys, Projection }) => ({ IndexName, KeySchema: keys, Projection }));
  return { KeySchema, AttributeDefinitions, BillingMode: 'PAY_PER_REQUEST', ...indexes && { GlobalSecondaryIndexes: indexes } };
}

function notFound(message: string): never {
  throw new AwsError('ExportNotFoundException', message);
}
