import type { DynamoDb } from './engine';
import type { TableModel } from './model';
import { streamRecord, type EngineRecord, type StreamRecord } from './stream-record';
import type { WorkSource } from '../../clock/work-loop';
import type { LostEvents } from '../../control/lost-events';
import { StartupError } from '../../errors';
import type { IdSequence } from '../../ids';
import type { FunctionModel } from '../../model';
import type { Clock, InvocationResult, Timers } from '../../ports';
import type { Destinations } from '../../wiring/destinations';
import { compileFilters, type RecordFilter } from '../lambda/event-filter';
import type { EventSourceMappingModel } from '../lambda/model';

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;
/** A stream keeps its records for a day. */
const KEPT_MS = 24 * 3_600_000;
const PAGE = 1_000;

export interface StreamPollerInput {
  readonly mapping: EventSourceMappingModel;
  readonly table: TableModel;
  readonly fn: FunctionModel;
  readonly engine: DynamoDb;
  readonly timers: Timers;
  readonly clock: Clock;
  readonly ids: IdSequence;
  readonly lost: LostEvents;
  readonly destinations: Destinations;
  readonly invoke: (fn: FunctionModel, payload: string) => Promise<InvocationResult>;
  /** Whether the mapping is on at present. */
  readonly isEnabled: () => boolean;
  /** Called when there may be work. */
  readonly wake: () => void;
}

interface Arrived {
  readonly record: StreamRecord;
  readonly at: number;
}

/** An event source mapping from the stream of a table to a function: in order, a batch again until it succeeds or is given up. */
export class StreamPoller implements WorkSource {
  private iterator: string | undefined;
  private mayHaveMore = false;
  /** Records since the table was made: the engine counts on across tables. */
  private sequence = 0;
  private arrived: Arrived[] = [];
  /** Size of the next batch after one was divided. */
  private limit = Infinity;
  private attempts = 0;
  private isWaiting = false;
  private windowIsOver = false;
  private readonly timerIds = new Set<number>();
  private readonly label: string;
  private readonly matches: RecordFilter;

  constructor(private readonly input: StreamPollerInput) {
    this.label = `stream of ${input.table.name} to function ${input.fn.name}`;
    this.matches = compileFilters(input.mapping.filters ?? []);
  }

  get fn(): FunctionModel {
    return this.input.fn;
  }

  get streamArn(): string {
    return this.input.mapping.eventSourceArn;
  }

  /** Starts at the beginning of the table's new stream. */
  async deploy(): Promise<void> {
    const { engine, table } = this.input;
    const { Table: { LatestStreamArn: StreamArn } } = await engine.call<{ Table: { LatestStreamArn?: string } }>('DescribeTable', { TableName: table.name });
    if (StreamArn === undefined) {
      throw new StartupError(`the DynamoDB engine has no streams, which the table ${table.logicalId} in stack ${table.stack} needs: `
        + 'use dynoxide, or DynamoDB Local (--dynamodb http://127.0.0.1:8000)');
    }
    const { StreamDescription } = await engine.callStreams<{ StreamDescription: { Shards: { ShardId: string }[] } }>('DescribeStream', { StreamArn });
    const ShardId = StreamDescription.Shards[0]?.ShardId;
    const input = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
    this.iterator = (await engine.callStreams<{ ShardIterator: string }>('GetShardIterator', input)).ShardIterator;
    // The engine keeps the records of the table of this name that was there before.
    for await (const _records of this.pages()) {
      // Nothing has been written to the new table.
    }
    this.sequence = 0;
  }

  /** Something was written to the table. */
  notice(): void {
    this.mayHaveMore = true;
    this.input.wake();
  }

  async step(): Promise<string | undefined> {
    const { mapping } = this.input;
    if (!this.input.isEnabled() || this.iterator === undefined) {
      return undefined;
    }
    if (this.mayHaveMore) {
      await this.read();
    }
    const size = Math.min(mapping.batchSize, this.limit);
    if (this.isWaiting || this.arrived.length === 0) {
      return undefined;
    }
    if (this.arrived.length < size && mapping.maximumBatchingWindowSeconds > 0 && !this.windowIsOver && this.attempts === 0) {
      this.wait(mapping.maximumBatchingWindowSeconds * 1000, () => {
        this.windowIsOver = true;
      }, false);
      return undefined;
    }
    this.windowIsOver = false;
    await this.deliver(this.arrived.slice(0, size));
    return this.label;
  }

  reset(): void {
    this.timerIds.clear();
    this.arrived = [];
    this.iterator = undefined;
    this.isWaiting = false;
    this.windowIsOver = false;
    this.succeed(0);
  }

  private async read(): Promise<void> {
    const { clock, table, mapping } = this.input;
    this.mayHaveMore = false;
    for await (const records of this.pages()) {
      const now = clock.now();
      const made = records.flatMap((record) => {
        this.sequence++;
        return streamRecord({ table, streamArn: mapping.eventSourceArn, record, sequence: this.sequence, now }) ?? [];
      });
      this.arrived.push(...made.filter((record) => this.matches(record)).map((record) => ({ record, at: now })));
    }
  }

  private async *pages(): AsyncGenerator<readonly EngineRecord[]> {
    for (;;) {
      const page: { Records: EngineRecord[]; NextShardIterator?: string } = await this.input.engine
        .callStreams('GetRecords', { ShardIterator: this.iterator, Limit: PAGE });
      this.iterator = page.NextShardIterator ?? this.iterator;
      if (page.Records.length === 0) {
        return;
      }
      yield page.Records;
    }
  }

  private async deliver(batch: readonly Arrived[]): Promise<void> {
    const { fn, invoke, mapping } = this.input;
    const result = await invoke(fn, JSON.stringify({ Records: batch.map(({ record }) => record) }));
    const done = result.failure ? 0 : mapping.reportBatchItemFailures ? firstFailed(result.payload, batch) : batch.length;
    this.arrived.splice(0, done);
    if (done === batch.length) {
      return this.succeed();
    }
    if (done > 0) {
      this.attempts = 0;
    }
    await this.retry(batch.slice(done));
  }

  private async retry(batch: readonly Arrived[]): Promise<void> {
    const { clock, mapping: { stream } } = this.input;
    this.attempts++;
    const attemptsAreOver = stream!.maximumRetryAttempts >= 0 && this.attempts > stream!.maximumRetryAttempts;
    const longest = stream!.maximumRecordAgeSeconds >= 0 ? Math.min(stream!.maximumRecordAgeSeconds * 1000, KEPT_MS) : KEPT_MS;
    const isTooOld = clock.now() - batch[0]!.at >= longest;
    if (stream!.bisects && batch.length > 1 && !isTooOld) {
      this.limit = Math.ceil(batch.length / 2);
      this.attempts = 0;
      return;
    }
    if (attemptsAreOver || isTooOld) {
      await this.giveUp(batch, isTooOld ? 'RecordAgeExceeded' : 'RetryAttemptsExhausted');
      return this.succeed();
    }
    this.wait(Math.min(FIRST_RETRY_MS * 2 ** (this.attempts - 1), LONGEST_RETRY_MS), () => undefined, true);
  }

  private async giveUp(batch: readonly Arrived[], condition: string): Promise<void> {
    const { clock, destinations, fn, ids, lost, mapping } = this.input;
    this.arrived.splice(0, batch.length);
    const { onFailureArn } = mapping.stream!;
    const body = JSON.stringify({
      requestContext: { requestId: ids.next('request'), functionArn: `${fn.arn}:$LATEST`, condition, approximateInvokeCount: this.attempts },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      timestamp: new Date(clock.now()).toISOString(),
      DDBStreamBatchInfo: {
        shardId: 'shardId-00000000000000000000-00000001',
        startSequenceNumber: batch[0]!.record.dynamodb.SequenceNumber,
        endSequenceNumber: batch.at(-1)!.record.dynamodb.SequenceNumber,
        approximateArrivalOfFirstRecord: new Date(batch[0]!.at).toISOString(),
        approximateArrivalOfLastRecord: new Date(batch.at(-1)!.at).toISOString(),
        batchSize: batch.length,
        streamArn: mapping.eventSourceArn,
      },
    });
    if (onFailureArn === undefined || !await destinations.send(onFailureArn, { body })) {
      lost.add(clock.now(), { from: this.label, ...onFailureArn !== undefined && { to: onFailureArn }, reason: `${batch.length} records of a stream were given up: ${condition}` });
    }
  }

  private succeed(attempts = 0): void {
    this.attempts = attempts;
    this.limit = Infinity;
  }

  private wait(millis: number, then: () => void, blocks: boolean): void {
    const { clock, timers } = this.input;
    if (!blocks && this.timerIds.size > 0) {
      return;
    }
    this.isWaiting ||= blocks;
    const id = timers.at(clock.now() + millis, `retry or batching window of ${this.label}`, () => {
      if (this.timerIds.delete(id)) {
        this.isWaiting = false;
        then();
      }
    });
    this.timerIds.add(id);
  }
}

/** How many records before the first that failed; none when the answer cannot be understood, as Lambda does. */
function firstFailed(payload: string, batch: readonly Arrived[]): number {
  const answer = JSON.parse(payload) as { batchItemFailures?: readonly { itemIdentifier?: unknown }[] | null } | null;
  const failures = answer?.batchItemFailures ?? [];
  const positions = failures.map(({ itemIdentifier }) => batch.findIndex(({ record }) => record.dynamodb.SequenceNumber === itemIdentifier));
  return positions.includes(-1) ? 0 : Math.min(batch.length, ...positions);
}
